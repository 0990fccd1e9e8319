"""Statements: the story of an account, line by line, as a bank would print it.

Every line says what happened, by how much the available points changed and how many there were then: the column of
changes adds up to the balance. What is owed has a column of its own. Lines are codes with parameters; the words come
last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from attrs import field, frozen

from fidelity.entries import AccountClosed, AccountMerged, Enrolled, Entry, EventRecorded, HoldCaptured, HoldReleased
from fidelity.ledger.account import Account
from fidelity.ledger.desk import Derived
from fidelity.ledger.lots import Hold
from fidelity.ledger.posting import Pen
from fidelity.ledger.rulebook import MAIN_WALLET, Rulebook
from fidelity.ledger.statement_lines import about, about_account
from fidelity.ledger.statement_words import KINDS, PHRASES
from fidelity.values.zones import local_date
from fidelity.wording.numbers import points
from fidelity.wording.tongue import scale_of

__all__ = ["Line", "Statement", "statement"]


def _named(line: Line, language: str, spoken: str) -> dict[str, Any]:
    """
    The parameters of *line* as a person says them.

    ``purchase/T-1`` is "purchase T-1", "compra T-1"; one point of stamps is "1 stamp", "1 sello".
    """
    found = dict(line.parameters)
    if "points" in found and line.wallet:
        found["points"] = points(spoken, found["points"], line.wallet)
    for name in ("origin", "reason"):
        if name in found:
            kind, _, identity = str(found[name]).partition("/")
            found[name] = f"{KINDS.get(language, {}).get(kind, kind)} {identity}".rstrip()
    return found


#: What is told with its reason. Why an account is frozen or protected is nothing to read again in a table.
_REASONED = frozenset({"goodwill", "forgiven", "extended", "reinstated", "closed", "tier credited", "status matched"})


def _why(line: Line) -> str:
    """The reason of *line*: a code, read as words."""
    why = str(line.parameters.get("why", "")) if line.code in _REASONED else ""
    return f" ({re.sub('[-_]+', ' ', why)})" if why else ""


@frozen
class Line:
    """
    One line of a statement.

    Attributes:
        at: When it entered the books; for a change of tier, when it took effect.
        code: What happened, as a stable word: ``earned``, ``pending``, ``unconfirmed``, ``confirmed``, ``matured``,
            ``redeemed``, ``held``, ``captured``, ``released``, ``timed out``, ``taken back``, ``expired``,
            ``reversed``, ``owed``, ``settled``, ``enrolled``, ``effect``, ``voucher issued``, ``voucher used``,
            ``voucher restored``, ``voucher withdrawn``, ``voucher expired``, ``rose``, ``fell``; and for what staff or
            the member asked ``undone``, ``adjusted``, ``corrected``, ``goodwill``, ``forgiven``, ``extended``,
            ``reinstated``, ``sent``, ``received``, ``merged``, ``absorbed``, ``owed before``, ``household joined``,
            ``household left``, ``frozen``, ``unfrozen``, ``protected``, ``unprotected``, ``closed``.
        wallet: The wallet it touches; empty for what touches none.
        change: By how much the available points of the wallet changed.
        balance: How many there were then.
        parameters: What the words for it need; days are ISO dates of the program's zone. ``why`` is the reason's code.
        debt: How many were owed then.
    """

    at: datetime
    code: str
    wallet: str = ""
    change: int = 0
    balance: int = 0
    parameters: Mapping[str, Any] = field(factory=dict)
    debt: int = 0


@frozen
class Statement:
    """The story of one account until `at`. Printed it is a table of plain text; a notebook shows it as HTML."""

    member: str
    at: datetime
    lines: tuple[Line, ...]
    rulebook: Rulebook = field(repr=False)
    language: str = "en"

    def _said(self) -> tuple[str, int, list[str], list[list[str]]]:
        """Title, how many columns hold words and not numbers, headings and cells."""
        # A language that is not spoken here is answered in English; es-MX and es-ES share the words so far.
        language = self.language.partition("-")[0]
        words = PHRASES.get(language, PHRASES["en"])
        spoken = self.language if language in PHRASES else "en"
        several = any(line.wallet not in ("", MAIN_WALLET) for line in self.lines)
        headings = [words["date"], words["what"], words["change"], words["balance"]]
        if several:
            headings.insert(2, words["wallet"])
        if owing := any(line.debt for line in self.lines):
            headings.append(words["debt"])
        cells = []
        for line in self.lines:
            row = [
                str(local_date(line.at, self.rulebook.zone)),
                words[line.code].format(**_named(line, language, spoken)) + _why(line),
            ]
            if several:
                row.append(line.wallet)
            scale = scale_of(self.language, line.wallet)
            row += [
                _shown(line.change, scale, "+") if line.change else "",
                _shown(line.balance, scale) if line.wallet else "",
            ]
            if owing:
                row.append(_shown(line.debt, scale) if line.debt else "")
            cells.append(row)
        title = words["title"].format(member=self.member, day=local_date(self.at, self.rulebook.zone))
        return title, 2 + several, headings, cells or [["", words["nothing"], *[""] * (len(headings) - 2)]]

    def __str__(self) -> str:
        title, words, headings, cells = self._said()
        widths = [max(len(row[column]) for row in (headings, *cells)) for column in range(len(headings))]
        rows = [
            "  ".join(
                cell.rjust(width) if column >= words else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in (headings, ["-" * width for width in widths], *cells)
        ]
        return "\n".join([title, "", *rows])

    def _repr_html_(self) -> str:
        title, numbers, headings, cells = self._said()

        def row(tag: str, each: list[str]) -> str:
            styles = [' style="text-align:left"' if column < numbers else "" for column in range(len(each))]
            return "".join(f"<{tag}{style}>{escape(cell)}</{tag}>" for cell, style in zip(each, styles, strict=True))

        body = "".join(f"<tr>{row('td', each)}</tr>" for each in cells)
        head = f"<thead><tr>{row('th', headings)}</tr></thead>"
        return f"<table><caption>{escape(title)}</caption>{head}<tbody>{body}</tbody></table>"


def _shown(points: int, scale: int, sign: str = "") -> str:
    """*points* with the decimals of their wallet."""
    return format(Decimal(points).scaleb(-scale), f"{sign}f")


#: What makes more or less owed.
_DEBT = {"owed": 1, "owed before": 1, "settled": -1, "forgiven": -1}


class _Teller:
    """Follows a pen and writes down what it sees."""

    def __init__(self, rulebook: Rulebook, member: str) -> None:
        account = Account.open(rulebook, member)
        self.pen = Pen(account, account.almanac, watched=True)
        self.rulebook = rulebook
        self.lines: list[Line] = []
        self.balances: dict[str, int] = {}
        self.debts: dict[str, int] = {}
        self.forgiven: dict[str, int] = {}

    def _day(self, at: datetime) -> str:
        return str(local_date(at, self.rulebook.zone))

    def line(self, at: datetime, code: str, wallet: str = "", change: int = 0, **parameters: object) -> None:
        balance = self.balances[wallet] = self.balances.get(wallet, 0) + change
        debt = self.debts.get(wallet, 0)
        if code in _DEBT:
            debt = self.debts[wallet] = debt + _DEBT[code] * parameters["points"]  # type: ignore[operator]  # a number
        elif code == "merged":
            debt = self.debts[wallet] = 0
        self.lines.append(Line(at, code, wallet, change, balance, parameters, debt))

    def derived(self) -> int:
        """Tell what followed by itself; how much of the available points it changed."""
        facts: list[Derived] = self.pen.facts or []
        for fact in facts:
            self.line(fact.at, fact.what, fact.wallet, fact.change, points=fact.points, ref=fact.ref)
        changed = sum(fact.change for fact in facts)
        facts.clear()
        return changed

    def tell(self, entry: Entry) -> None:
        self.pen.advance(entry.now)
        self.derived()
        hold = self.pen.hold(entry.hold) if isinstance(entry, HoldCaptured | HoldReleased) else None
        tills = {till.name: till.available for till in self.pen.all_tills()}
        self.pen.write(entry)
        if isinstance(entry, Enrolled):
            self.line(entry.now, "enrolled", since=entry.customer_since)
        elif isinstance(entry, EventRecorded):
            for kind, rule, text in entry.effects:
                if kind == "voucher":
                    continue  # it has a line of its own
                self.line(entry.now, "effect", kind=kind, rule=rule, text=text)
        elif (without := about_account(entry)) is not None:
            code, parameters = without
            self.line(entry.now, code, **parameters)
        else:
            self._points(entry, hold, tills)
        self._let_go(entry)
        self.derived()

    def _points(self, entry: Entry, hold: Hold | None, tills: dict[str, int]) -> None:
        """Tell what *entry* did to points; *tills* says how many were available before, by wallet."""
        if isinstance(entry, AccountMerged):
            # Its rows do not say the wallets of the lots: the books do.
            for wallet, before in tills.items():
                self.line(entry.now, "merged", wallet, self.pen.tills[wallet].available - before, into=entry.into)
        for wallet, code, parameters in about(entry, hold, self._day):
            change = 0
            # What changed goes with the first line of the wallet that is no debt.
            if wallet in self.pen.tills and code not in ("owed", "owed before"):
                change = self.pen.tills[wallet].available - tills.pop(wallet, 0) - self._followed(wallet)
            self.line(entry.now, code, wallet, change, **parameters)

    def _let_go(self, entry: Entry) -> None:
        """Tell what closing the account forgave."""
        before = self.forgiven
        self.forgiven = {till.name: till.forgiven for till in self.pen.all_tills()}
        if isinstance(entry, AccountClosed):
            for wallet, points in self.forgiven.items():
                if points > before.get(wallet, 0):
                    self.line(entry.now, "forgiven", wallet, points=points - before.get(wallet, 0))

    def _followed(self, wallet: str) -> int:
        """By how much what followed by itself changed the available points of *wallet*."""
        return sum(fact.change for fact in self.pen.facts or () if fact.wallet == wallet)

    def vouchers(self, at: datetime) -> None:
        """Tell of the vouchers that nobody used in time, each where it belongs."""
        clock = self.pen.circumstances.rests_since or at
        over = [each for each in self.pen.circumstances.vouchers if each.state(clock) == "expired"]
        for each in over:
            assert each.expires is not None  # noqa: S101  (or it would not be over)
            self.line(each.expires, "voucher expired", voucher=each.code)
        if over:
            self.lines.sort(key=lambda line: line.at)

    def tiers(self, at: datetime) -> None:
        """Tell the changes of tier until *at*, each where it belongs."""
        pen, ladder = self.pen, Account.open(self.rulebook, self.pen.member).almanac.ladder
        if ladder is None or pen.state is None or pen.anchor is None:
            return
        for since, rose, tier in ladder.moves(pen.state, pen.tallies, pen.anchor, at):
            if since <= at:
                self.line(since, "rose" if rose else "fell", tier=tier)
        moment: Callable[[Line], datetime] = lambda line: line.at  # noqa: E731  (a key, named for its type)
        self.lines.sort(key=moment)


def statement(entries: Iterable[Entry], rulebook: Rulebook, at: datetime, *, language: str = "en") -> Statement:
    """
    The story of an account until *at*, from its entries.

    Args:
        entries: The member's points stream, in order; what was learned after *at* is left out.
        rulebook: The program.
        at: Until when, UTC; what time alone has done until then is told too.
        language: ``en`` or ``es``.
    """
    known = [entry for entry in entries if entry.now <= at]
    member = next((entry.member for entry in known if isinstance(entry, Enrolled)), "")
    teller = _Teller(rulebook, member)
    for entry in known:
        teller.tell(entry)
    teller.pen.advance(at)
    teller.derived()
    teller.vouchers(at)
    teller.tiers(at)
    return Statement(member, at, tuple(teller.lines), rulebook, language)
