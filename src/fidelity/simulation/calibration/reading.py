"""Reading: a history, whatever it comes in, as plain columns: who bought, when, for how much, and what was redeemed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from attrs import frozen

from fidelity.errors import MoneyError, SimulationError, TableError
from fidelity.events import Event
from fidelity.language.clock import local_parts
from fidelity.language.kinds import Amount
from fidelity.metrics.arguments import days, end_of
from fidelity.metrics.instants import tells_zone, whole_days
from fidelity.replays.reading import coded, exact, names_of, present
from fidelity.rules.admitting import Coded, Naive, admit, bad_rows, instants
from fidelity.rules.frames import FrameTable, opened
from fidelity.rules.row_columns import rows_of, table_of, taken
from fidelity.values.money import minor_digits
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.rules.program import Program

    Numbers = NDArray[np.int64]

__all__ = ["Log", "Redeemed", "read"]

DAY = 86_400_000_000
#: Each column by the name that a log has it under, or a list of purchases.
_MEMBER, _AT, _AMOUNT = ("member", "customer"), ("at", "day"), ("amount", "cents")
_BESIDE = frozenset({*_MEMBER, *_AT, *_AMOUNT, "kind", "currency", "now", "id", "order", "sequence", "reward"})
_REDEMPTION = "redemption"
#: What tells of a day, until it is over, when the log says no hour.
_NOON = DAY // 2
_Table: TypeAlias = "Mapping[str, Any]"


@frozen(eq=False)
class Redeemed:
    """
    What was redeemed; one row a redemption, in the order of time.

    Attributes:
        member: By whom: places among the members of the log.
        at: When, in microseconds since 1970.
        reward: What, by name; empty where nobody told.
    """

    member: Numbers
    at: Numbers
    reward: Coded


@frozen(eq=False)
class Log:
    """
    What was bought; one row a visit, in the order of time.

    Attributes:
        names: What members are called.
        member: Whose visit it is: a place among them.
        at: When, in microseconds since 1970; of a day without an hour at noon.
        day: The day, in the zone of the program, since 1970-01-01.
        amount: What it came to, in the smallest unit.
        columns: What else is told of the visits.
        kind: What kind of event they are.
        currency: Of the amounts, and `unit`, how many of the smallest unit a major one has.
        hours: Whether the log tells hours, or days only.
        redeemed: The redemptions; None where nobody told of any.
        left_out: What was not read, and how many rows.
        gaps: The columns that are not read, since some visits do not tell them.
    """

    names: NDArray[np.generic]
    member: Numbers
    at: Numbers
    day: Numbers
    amount: Numbers
    columns: Mapping[str, Any]
    kind: str
    currency: str
    unit: int
    hours: bool
    redeemed: Redeemed | None
    left_out: Mapping[str, int]
    gaps: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.at)

    def places_of(self, names: NDArray[np.generic]) -> Numbers:
        """The places of the members that are called *names*."""
        place = {name: number for number, name in enumerate(self.names.tolist())}
        return np.array([place[each] for each in names.tolist()], np.int64)


def read(
    history: object, *, program: Program | None, redemptions: object, kind: str, currency: str | None
) -> Log:  # fmt: skip
    """
    The log that *history* is.

    Raises:
        TableError: If a column is missing or holds what it cannot.
        SimulationError: If it is no history, or nobody bought.
        MetricError: If a date is none.
    """
    if program is not None and not hasattr(program, "declared"):
        message = f"program: is {type(program).__name__}; give a Program, such as fidelity.load(path) reads"
        raise SimulationError(message, argument="program", column="")
    table = _table(history, "history")
    rows = _rows(table)
    money = _currency(table, program, currency)
    chosen = np.arange(rows)
    kinds = None
    left_out: dict[str, int] = {}
    if "kind" in table:
        kinds = coded("kind", table["kind"])
        words = np.array([*kinds.words, ""], object)[kinds.codes]
        chosen = np.flatnonzero(words == kind)
        others = words[(words != kind) & (words != _REDEMPTION)]
        left_out = {str(each): int((others == each).sum()) for each in dict.fromkeys(others.tolist())}
    if not len(chosen):
        said = "has no rows" if kinds is None else f'has no rows of the kind "{kind}"'
        message = f"history: {said}; give what was bought, or name the kind of the visits with kind="
        raise SimulationError(message, argument="history", column="kind" if kinds is not None else "")
    found = names_of("member", _named(table, _MEMBER, "who came"), rows)
    at, hours = _when(table, rows)
    told = _redeemed(table, kinds, redemptions, found, at)
    # Rows of other kinds may tell nothing of what visits tell.
    shops = table if len(chosen) == rows else table_of(table, chosen)
    paid = exact(_named(shops, _AMOUNT, "what a visit came to"), gaps=len(chosen) < rows)
    amount = np.asarray(admit("amount", paid, Amount(), money)).astype(np.int64)
    if (amount < 0).any():
        remedy = "returns are rows of the kind return, or leave them out"
        raise bad_rows("amount", amount < 0, amount, "is negative", remedy)
    member, used = found.codes.astype(np.int64)[chosen], np.unique(found.codes[chosen])
    place = np.full(len(found.words) + 1, -1)
    place[used] = np.arange(len(used))
    order = np.argsort(at[chosen], kind="stable")
    visits = chosen[order]
    zone = None if program is None else program.zone
    day = at[visits] // DAY
    if hours and zone is not None:
        day = local_parts(at[visits], zone, ("date",))["date"].astype(np.int64)
    beside = [each for each in shops if str(each) not in _BESIDE]
    whole = [each for each in beside if bool(present(shops, each, len(chosen)).all())]
    columns = {each: taken(shops[each], order) for each in whole}
    return Log(
        names=np.array([found.words[each] for each in used.tolist()]), member=place[member[order]], at=at[visits],
        day=day, amount=amount[order], columns=columns, kind=kind, currency=money, unit=10 ** minor_digits(money),
        hours=hours, redeemed=_placed(told, place), left_out=left_out,
        gaps=tuple(str(each) for each in beside if each not in whole),
    )  # fmt: skip


# -- what a history may be


def _table(history: object, argument: str) -> _Table:
    """*history* as columns by name."""
    log: dict[str, Any] = {name: getattr(history, name, None) for name in ("customer", "day", "cents", "currency")}
    if isinstance(log["currency"], str) and all(each is not None for each in log.values()):
        # A PurchaseLog: it stands above this room, which knows it by its columns.
        many = len(log["cents"])
        return {**{name: log[name] for name in ("customer", "day", "cents")}, "currency": [log["currency"]] * many}
    if isinstance(history, Sequence) and not isinstance(history, str | bytes):
        return _of_events(history, argument)
    if isinstance(history, str | bytes) or not (isinstance(history, Mapping) or hasattr(history, "columns")):
        message = (
            f"{argument}: is {type(history).__name__}; give a dict of columns, a dataframe, a PurchaseLog or a list of "
            "events"
        )
        raise SimulationError(message, argument=argument, column="")
    return opened(history)


def _of_events(events: Sequence[object], argument: str) -> _Table:
    wrong = next((each for each in events if not isinstance(each, Event)), None)
    if wrong is not None:
        message = f"{argument}: holds {type(wrong).__name__} among its events; give Purchase(…) and the like"
        raise SimulationError(message, argument=argument, column="")
    told: list[Any] = [*events]
    spent = [getattr(each, "amount", None) for each in told]
    currencies = {each.currency for each in spent if each is not None}
    if len(currencies) > 1:
        message = f"{argument}: holds {', '.join(sorted(currencies))}; convert them to one currency first"
        raise SimulationError(message, argument=argument, column="currency")
    own = dict.fromkeys(name for each in told for name in each.fields)
    whole = [name for name in own if all(name in each.fields for each in told)]
    return {
        "member": [each.member for each in told],
        "at": [each.at for each in told],
        "kind": [each.kind for each in told],
        "amount": [0 if each is None else each.minor for each in spent],
        **({"currency": [next(iter(currencies))] * len(told)} if currencies else {}),
        **{name: [each.fields[name] for each in told] for name in whole},
    }


def _rows(table: _Table) -> int:
    try:
        return rows_of(table)
    except (TypeError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        message = f"history: columns cannot be counted ({error}); give each of them one value a row"
        raise SimulationError(message, argument="history", column="") from None


def _named(table: _Table, names: tuple[str, ...], what: str) -> Any:  # noqa: ANN401 -- a column of any kind
    for each in names:
        if each in table:
            return table[each]
    hint = suggest(names[0], [str(each) for each in table]) or f"it has {', '.join(map(str, table)) or 'none'}"
    message = f'a history needs a column "{names[0]}": {what}; {hint}'
    raise TableError(message, column=names[0])


def _when(table: _Table, rows: int) -> tuple[Numbers, bool]:
    """When each row happened, and whether the log tells hours."""
    values = _named(table, _AT, "when")
    if not rows:
        return np.zeros(0, np.int64), False
    if isinstance(values, Naive):
        if not whole_days(values.values):
            return instants("at", values), True  # which refuses them, and says what to do
        values = values.values
    if isinstance(values, Coded):
        values = np.array([*values.words, ""])[values.codes]
    found = days("at", values)
    if len(found) != rows:
        message = f'column "at" has {len(found):,} rows and the table {rows:,}'
        raise TableError(message, column="at")
    at = found.astype("datetime64[us]").astype(np.int64)
    if whole_days(found):
        return at + _NOON, False
    if getattr(values, "dtype", np.dtype(object)).kind != "M" and not tells_zone("at", values):
        message = 'column "at" holds instants without a zone; write it: datetime(…, tzinfo=ZoneInfo("Europe/Madrid"))'
        raise TableError(message, column="at")
    return at, True


def _currency(table: _Table, program: Program | None, told: str | None) -> str:
    """The currency of the amounts: of the program, of the table, or as it was told."""
    said = {"currency=": told, "the program": None if program is None else program.currency}
    if "currency" in table:
        words = coded("currency", table["currency"])
        used = sorted({words.words[each] for each in np.unique(words.codes).tolist()})
        if len(used) > 1:
            message = f"history: holds {', '.join(used)}; convert them to one currency first"
            raise SimulationError(message, argument="history", column="currency")
        said["the history"] = used[0] if used else None
    known = {who: each for who, each in said.items() if each is not None}
    if not known:
        message = 'currency: nobody says it; write currency="EUR", give a program, or a column "currency"'
        raise SimulationError(message, argument="currency", column="currency")
    if len(set(known.values())) > 1:
        both = ", ".join(f"{who} says {each}" for who, each in known.items())
        message = f"currency: {both}; convert the amounts first"
        raise SimulationError(message, argument="currency", column="currency")
    found = next(iter(known.values()))
    try:
        minor_digits(found)
    except MoneyError as error:
        message = f"currency: {error}"
        raise SimulationError(message, argument="currency", column="currency") from None
    return found


# -- redemptions


def _redeemed(
    table: _Table, kinds: Coded | None, redemptions: object, names: Coded, at: Numbers
) -> Redeemed | None:  # fmt: skip
    """The redemptions, of rows of their kind or of a table of their own; members by the places in *names*."""
    if redemptions is not None:
        other = _table(redemptions, "redemptions")
        rows = _rows(other)
        found = names_of("member", _named(other, _MEMBER, "who redeemed"), rows)
        when, _ = _when(other, rows)
        place = {str(word): number for number, word in enumerate(names.words)}
        own = np.array([place.get(str(each), -1) for each in (*found.words, "")])
        return Redeemed(own[found.codes], when, _rewards(other, np.arange(rows)))
    if kinds is None or _REDEMPTION not in kinds.words:
        return None
    rows_told = np.flatnonzero(kinds.codes == kinds.words.index(_REDEMPTION))
    return Redeemed(names.codes[rows_told].astype(np.int64), at[rows_told], _rewards(table, rows_told))


def _rewards(table: _Table, places: Numbers) -> Coded:
    if "reward" not in table:
        return Coded(np.zeros(len(places), np.int64), ("",))
    if isinstance(table, FrameTable):
        table, places = table.taken(places), np.arange(len(places))
        if not present(table, "reward", len(places)).all():
            # One row after the other, since some have a name and some have none.
            table = {"reward": table.frame.get_column("reward").to_list()}
    values = table["reward"]
    if isinstance(values, Coded):
        return Coded(values.codes[places], values.words)
    listed = [values[int(each)] for each in places]
    texts = ["" if each is None or each != each else each for each in listed]  # noqa: PLR0124 -- NaN
    if not texts:
        return Coded(np.zeros(0, np.int64), ())
    words = list(dict.fromkeys(map(str, texts)))
    number = {word: place for place, word in enumerate(words)}
    return Coded(np.array([number[str(each)] for each in texts]), tuple(words))


def _placed(told: Redeemed | None, place: Numbers) -> Redeemed | None:
    """*told*, in the order of time, of members who bought, as the log numbers them."""
    if told is None:
        return None
    member = place[told.member]
    rows = np.flatnonzero(member >= 0)
    rows = rows[np.argsort(told.at[rows], kind="stable")]
    return Redeemed(member[rows], told.at[rows], Coded(told.reward.codes[rows], told.reward.words))


def last_day(log: Log, until: str | date | datetime | np.datetime64 | None) -> int:
    """
    The last day that is known, since 1970-01-01.

    Raises:
        MetricError: If *until* is no date.
        SimulationError: If it lies before everything.
    """
    if until is None:
        return int(log.day.max())
    found = int(end_of("until", until).last.astype("datetime64[D]").astype(np.int64))
    if found < int(log.day.min()):
        message = f"until: {until} lies before every purchase; give a later day"
        raise SimulationError(message, argument="until", column="")
    return found


def told_of(log: Log) -> Iterable[str]:
    """What was left out of *log*, as notes say it."""
    for each in log.gaps:
        yield f'the column "{each}" is left out: some visits do not tell it'
    for kind, count in log.left_out.items():
        yield f'{count:,} rows of the kind "{kind}" are left out: visits are what is calibrated'
