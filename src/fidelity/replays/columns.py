"""Columns: a log replayed many members at once, one event of each in a round, with the vectorized step of the books.

Takes what columns of the books know; anything else is refused by its clause, and goes the exact way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import NotColumnar
from fidelity.language.clock import local_parts
from fidelity.language.declare import accept
from fidelity.language.kinds import Amount, Kind
from fidelity.language.quantities import EPOCH_DAY, micros
from fidelity.language.schema import BUILT_IN
from fidelity.ledger import BACKDATING_LIMIT
from fidelity.ledger.columns import Log as Events
from fidelity.ledger.columns import live
from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.replays.commands import Others, read_of
from fidelity.replays.fields import has_default, where_told
from fidelity.replays.flows import FLOWS, Flows
from fidelity.replays.found import BALANCES, Found
from fidelity.replays.log import COMMANDS, Log
from fidelity.replays.people import Known
from fidelity.replays.reading import coded, exact, present
from fidelity.replays.tables import Part, Table, objects
from fidelity.rules.admitting import Array, Coded, admit, array_of
from fidelity.rules.columnar import lines_within
from fidelity.rules.row_columns import table_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Columnwise"]

_PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")
#: What is read of a kind beside the fields that rules read.
_BESIDE: Mapping[str, tuple[str, ...]] = {
    "purchase": ("amount", "currency"),
    "return": ("purchase", "amount"),
    "redemption": ("reward", "points", "quantity"),
}
_BACKDATED = BACKDATING_LIMIT.days * 86_400_000_000
_REASONS = {
    "already enrolled": "the member is enrolled already",
    "event": "the purchase has come back in full, or more comes back than remains of it",
    "not enough points": "the member has fewer points than it takes",
    "not now": "a condition or the limit of the reward says no",
    "out of time": "goods come back before they were bought",
    "unknown origin": "the member has not bought what comes back",
}


class Columnwise:
    """
    The books of the members of one log, as arrays.

    Args:
        program: The rules.
        log: The log.
        known: What is known of members, by name.
        lines: The table of lines, if there is one beside the log.

    Raises:
        NotColumnar: If the program or the log says what columns of the books do not know; names the clause.
        TableError: If a column is missing, or holds what it cannot.
    """

    def __init__(
        self, program: Program, log: Log, known: Mapping[str, Known], lines: Mapping[str, Any] | None = None
    ) -> None:
        self._program, self._log, self._lines = program, log, lines
        self._refuse_what_is_told()
        order = None if log.sequence is None else log.order(by_member=False)
        in_order = order is not None or bool((log.now[1:] >= log.now[:-1]).all())
        self._facts = self._known(known)
        self._events = Events(
            log.member,
            len(log.names),
            {kind: self._table(kind) for kind in log.kinds},
            {kind: log.places(kind) for kind in log.kinds},
            self._of_purchases(),
            order,
            None if in_order else log.now,
        )
        #: What members are called, their places in the order of that, and where in this order each is.
        self._labels = objects(log.names)
        self._by_name = np.argsort(self._labels, kind="stable")
        self._rank = np.empty(len(self._by_name), np.int64)
        self._rank[self._by_name] = np.arange(len(self._by_name))

    def _refuse_what_is_told(self) -> None:
        log = self._log
        if log.keyed:
            message = "two rows are called alike, or may tell of one order, of which only one counts"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="id")
        for name in ("invitation", "wallet") if {"enrolment", "redemption"} & set(log.kinds) else ():
            if name in log.table:
                message = f'column "{name}" is read one event at a time'
                raise NotColumnar(message, clause=name)
        if "redemption" in log.kinds and "purchase" in log.table:
            spent = log.places("redemption")
            if present(log.table, "purchase", log.rows)[spent].any():
                message = "points that are spent on a purchase come back with it, which columns do not know"
                raise NotColumnar(f"{message}; replay it one event at a time", clause="purchase", kind="redemption")
        late = log.now - log.at
        if log.rows and (int(late.max()) > _BACKDATED or int(late.min()) < 0):
            message = "an event is dated in the future, or long before it was learned"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="at")

    # -- reading

    def _known(self, known: Mapping[str, Known]) -> dict[str, Any]:
        """What is known of the members, as they are numbered."""
        log = self._log
        since = np.full(len(log.names), FAR)
        if log.now is not log.at:
            # They are customers since their first row happened; where that is when it was learned the books say so.
            order = log.order(by_member=False)
            rows = np.arange(log.rows) if order is None else order
            first = np.empty(len(log.names), np.int64)
            first[log.member[rows[::-1]]] = rows[::-1]
            since = local_parts(log.at[first], self._program.zone, ("date",))["date"].astype(np.int64)
        found: dict[str, Any] = {"customer_since": since}
        if not known:
            return found
        nobody = Known()
        people = [known.get(str(name), nobody) for name in log.names]
        for place, each in enumerate(people):
            if each.customer_since is not None:
                since[place] = each.customer_since.toordinal() - EPOCH_DAY
        found["birth_month"] = np.array([each.birth_month or 0 for each in people], np.int8)
        for name, kind in self._program.declared.own.get("member", {}).items():
            if any(name in each.fields for each in people):
                default: Any = frozenset() if kind.default is None else kind.default
                values = [each.fields.get(name, default) for each in people]
                found[f"member.{name}"] = [getattr(value, "minor", value) for value in values]
        return found

    def _table(self, kind: str) -> dict[str, Any]:
        """What the events of *kind* tell, as the step takes it."""
        log, places = self._log, self._log.places(kind)
        if kind in COMMANDS:
            self._look_at(Others(self._program, log, kind))
        alone = len(log.kinds) == 1
        table: dict[str, Any] = {"at": (log.at if alone else log.at[places]).view("datetime64[us]")}
        if log.now is not log.at:
            table["now"] = (log.now if alone else log.now[places]).view("datetime64[us]")
        part = log.part(kind)
        for name in self._names(kind):
            if name in part:
                table[name] = self._column(kind, name, part, len(places))
        if kind == "purchase":
            self._one_whole(table)
        return table

    def _look_at(self, told: Others) -> None:
        """Refuse redemptions of which only one at a time says why they cannot be."""
        if (told.tells("reward") & told.tells("points")).any():
            message = "a redemption tells its reward, or how many points; what a reward costs is published"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="points", kind="redemption")

    def _of_purchases(self) -> dict[str, Any] | None:
        """The lines of the purchases, those of one side by side; None if nobody told any."""
        if "purchase" not in self._log.kinds:
            return None
        if self._lines is None:
            within = _nested(self._log.part("purchase"))
        elif len(self._log.kinds) > 1:
            within = lines_within(self._lines, self._log.places("purchase"))
        else:
            within = self._lines
        return None if within is None else {name: within[name] for name in within}

    def _names(self, kind: str) -> dict[str, None]:
        """The columns that are read of events of *kind*."""
        program = self._program
        names: list[str] = list(_BESIDE.get(kind, ()))
        if kind == "redemption":
            names += [each for each in program.declared.redeemed if each not in ("balance", "at")]
        elif kind in program.declared.events:
            names += [path.partition(".")[2] for path in read_of(program, kind)[0] if path.startswith(f"{kind}.")]
            if kind == "purchase" and "return" in self._log.kinds:
                names += _PARTS
            names += program.declared.own.get(kind, {})
        found = (each for name in names for each in (f"{kind}.{name}", name))
        return dict.fromkeys(each for each in found if each not in ("at", "now"))

    def _column(self, kind: str, name: str, part: Mapping[str, Any], count: int) -> Any:  # noqa: ANN401
        """The column *name* of *part*, which has *count* rows, as the step takes it."""
        field = name.rpartition(".")[2]
        told = present(part, name, count)
        if kind == "return" and field == "amount":
            return _filled(self._program, part, name, told, -1)
        if kind == "return" and field == "purchase":
            return self._bought(part[name])
        if kind == "purchase" and field in _PARTS:
            return _filled(self._program, part, name, told, 0)
        if kind == "redemption" and not told.all():
            return self._where_told(name, part, told)
        own_kind = self._own_kind(kind, field)
        if own_kind is not None and has_default(own_kind) and not told.all():
            usual = frozenset[str]()
            if own_kind.default is not None:
                usual = accept(own_kind, own_kind.default, name, currency=self._program.currency)  # type: ignore[assignment]
            found, _ = where_told(self._program, part, name, own_kind, count, usual)
            return [getattr(each, "minor", each) for each in found.at(np.arange(count))]
        return exact(part[name], gaps=len(self._log.kinds) > 1)

    def _own_kind(self, kind: str, field: str) -> Kind | None:
        """What the host declared the *field* of events of *kind* as; None if it did not."""
        declared = self._program.declared
        known = declared.own.get(kind, {}) if kind in BUILT_IN else declared.events.get(kind, {})
        return known.get(field)

    def _where_told(self, name: str, part: Mapping[str, Any], told: NDArray[np.bool_]) -> Any:  # noqa: ANN401 -- a column of any kind
        """A column of redemptions that not all of them tell, with what a redemption has that does not tell it."""
        field = name.rpartition(".")[2]
        kind = self._program.declared.redeemed.get(field)
        usual: Any = {"reward": "", "points": 0, "quantity": 1}.get(field, None if kind is None else kind.default)
        if isinstance(usual, int) and not isinstance(usual, bool):
            return _filled(self._program, part, name, told, usual)
        if not isinstance(usual, str):
            message = f'column "{name}" tells of some redemptions only'
            raise NotColumnar(f"{message}; replay it one event at a time", clause=name, kind="redemption")
        some = np.flatnonzero(told)
        words, codes = [usual], np.zeros(len(told), np.int64)
        if some.size:
            found = coded(name, table_of(part, some)[name])
            words += found.words
            codes[some] = found.codes.astype(np.int64) + 1
        return Coded(codes, tuple(words))

    def _bought(self, values: Any) -> NDArray[np.int64]:  # noqa: ANN401 -- a column of any kind
        """The rows of the purchases that returns call *values*; -1 where there is none."""
        ids, places = self._log.ids, self._log.places("purchase")
        texts = values.words if hasattr(values, "words") else None
        listed = [texts[code] for code in values.codes.tolist()] if texts is not None else array_of(values).tolist()
        asked = [str(int(each)) if isinstance(each, float) else str(each) for each in listed]
        wanted = set(asked)
        if ids.codes is None:
            numbers = (places if ids.rows is None else ids.rows[places]).tolist()
            named = {text: row for text, row in zip(map(str, numbers), places.tolist(), strict=True) if text in wanted}
        else:
            # Only what is asked for is looked at as a text: few purchases come back.
            row_of = np.full(len(ids.words), -1)
            row_of[ids.codes[places]] = places
            rows = row_of.tolist()
            named = {text: rows[code] for code, text in enumerate(map(str, ids.words)) if text in wanted}
        return np.array([named.get(each, -1) for each in asked], np.int64)

    def _one_whole(self, table: Mapping[str, Any]) -> None:
        """More cannot have been paid with points than there was to pay: such a row is refused, one at a time."""
        paid = next((table[each] for each in ("purchase.paid_with_points", "paid_with_points") if each in table), None)
        amount = next((table[each] for each in ("purchase.amount", "amount") if each in table), None)
        if paid is None or amount is None:
            return
        amounts = array_of(amount)
        if amounts.dtype.kind not in "iu" or (np.asarray(paid) > amounts).any():
            message = "more was paid with points than there was to pay"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="paid_with_points")

    # -- running

    def run(
        self, flows: Flows, until: datetime, progress: Callable[[int, int], None] | None = None, threads: int = 1
    ) -> Part:
        """
        The books of all members.

        Args:
            flows: Where what is issued, redeemed and so on is counted.
            until: Up to when the clocks run.
            progress: What is told how many rows are done, and of how many.
            threads: How many work on it.
        """
        log, found = self._log, Found(self._program, self._log)
        rows = 0
        told = live(self._program, self._events, found.take, until=micros(until), facts=self._facts, threads=threads)
        for some, issued in told:
            rows += some
            for name, months in issued.items():
                flows.add_months(name, months["month"], np.stack([months[each] for each in FLOWS], axis=1))
            if progress is not None:
                progress(rows, log.rows)
        return Part(
            found.points, {}, self._balances(found), self._lots(found), *self._tiers(found), self._refused(found),
            len(log.names), log.original, "columns",
        )  # fmt: skip

    # -- telling

    def _balances(self, found: Found) -> Table:
        """All wallets of each member, by name."""
        names, order = tuple(found.have), self._by_name
        told: Table = {
            "member": np.repeat(self._labels[order], len(names)),
            "wallet": np.tile(objects(names), len(order)),
        }
        for row, name in enumerate(BALANCES):
            told[name] = np.stack([each[row] for each in found.have.values()], axis=1)[order].ravel()
        return told

    def _lots(self, found: Found) -> Table:
        # They come wallet by wallet, each in the order in which lots end.
        joined = {name: np.concatenate([each[name] for each in found.lots]) for name in found.lots[0]}
        order = np.lexsort((joined["wallet"], self._rank[joined["member"]]))
        return {
            "member": self._labels[joined["member"][order]],
            "wallet": objects(tuple(found.have))[joined["wallet"][order]],
            "earned": joined["earned"][order].view("datetime64[us]"),
            "starts": joined["starts"][order].view("datetime64[us]"),
            "expires": _instants(joined["expires"][order]),
            "left": joined["points"][order],
        }

    def _tiers(self, found: Found) -> tuple[Table, Table]:
        """Every change, and how each member stands at the end."""
        if self._program.tiers is None:
            nothing, never = objects([]), np.zeros(0, "datetime64[us]")
            return {"member": nothing, "at": never, "tier": nothing}, {
                "member": nothing,
                "tier": nothing,
                "until": never,
            }
        names, order = objects(self._program.tiers.names), self._by_name
        member, at, tier = (np.concatenate([each[column] for each in found.changes]) for column in range(3))
        by_name = np.argsort(self._rank[member], kind="stable")
        return (
            {
                "member": self._labels[member[by_name]],
                "at": at[by_name].view("datetime64[us]"),
                "tier": names[tier[by_name].astype(np.int64)],
            },
            {
                "member": self._labels[order],
                "tier": names[found.tier[order].astype(np.int64)],
                "until": _instants(found.ends[order]),
            },
        )

    def _refused(self, found: Found) -> Table:
        rows, codes = (np.concatenate([each[column] for each in found.refused]) for column in range(2))
        order = np.argsort(rows, kind="stable")
        rows, codes = rows[order], codes[order]
        told = rows if self._log.original is None else self._log.original[rows]
        return {"row": told, "code": codes, "reason": objects([_REASONS.get(each, each) for each in codes.tolist()])}


def _instants(ends: NDArray[np.int64]) -> Array:
    found = np.where(ends == NEVER, np.iinfo(np.int64).min, ends)
    return found.view("datetime64[us]")


def _nested(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = part.lines() if hasattr(part, "lines") else None
    return found


def _filled(
    program: Program, part: Mapping[str, Any], name: str, told: NDArray[np.bool_], usual: int
) -> NDArray[np.int64]:
    """The column *name* as whole numbers, *usual* where nothing is told."""
    found = np.full(len(told), usual, np.int64)
    if told.any():
        some = part if told.all() else table_of(part, np.flatnonzero(told))
        found[told] = admit(name, exact(some[name], gaps=True), Amount(), program.currency)
    return found
