"""The page of the demo: tables and panels that read at a glance in 80 columns and use 120 when they are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fidelity.demo import riverside
from fidelity.ledger.receipts import EarnReceipt
from fidelity.values.money import Money
from fidelity.values.zones import local_date
from fidelity.wording.dates import day
from fidelity.wording.numbers import money, number, percent

if TYPE_CHECKING:
    from rich.console import Console

    from fidelity.cli.words import Say
    from fidelity.demo import Closing, History, People
    from fidelity.ledger.statement import Statement
    from fidelity.rules.audit import Audit

__all__ = ["Page"]

#: From how many columns on there is room for long bars.
_WIDE = 118
#: How many lines of a statement are shown.
_LATEST = 8
_TICK = timedelta(microseconds=1)
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class Page:
    """What is printed, part by part."""

    def __init__(self, console: Console, say: Say, language: str) -> None:
        self.console = console
        self.say = say
        self.language = language

    def _number(self, value: int) -> str:
        return number(self.language, value)

    def _heading(self, key: str) -> None:
        self.console.print()
        self.console.rule(f"[bold]{self.say(key)}[/]", align="left", style="dim")

    def title(self, past: History) -> None:
        """Whose program it is, over what, and how one earns."""
        members = self._number(len(past.purchases))
        self.console.print(Text(riverside.name, style="bold cyan"))
        self.console.print(self.say("subtitle", members=members), style="dim")
        self.console.print()
        # The second paragraph of the printed terms: how you earn points.
        heading, *rules = riverside.explain(self.language).split("\n\n")[1].splitlines()
        self.console.print(Text(heading, style="bold"))
        for rule in rules:
            self._text(rule.removeprefix("- "), first="• ", rest="  ")

    def _text(self, text: str, *, style: str = "", first: str = "", rest: str = "") -> None:
        """Wrapped here, so that nothing pads the lines and what hangs is indented."""
        lines = wrap(text, self.console.width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
        for line in lines:
            self.console.print(Text(line, style=style), soft_wrap=True)

    def points(self, books: Closing, rewards: Counter[str]) -> None:
        """Where all points ever issued are."""
        totals, issued = books.totals, books.totals.issued
        which = ", ".join(f"{self._number(many)} × {name}" for name, many in rewards.most_common())
        notes = {
            "issued": {"purchases": self._number(issued - books.gifts), "gifts": self._number(books.gifts)},
            "redeemed": {"which": which},
            "expired": {},
            "outstanding": {"day": day(self.language, local_date(books.at - _TICK, riverside.zone))},
        }
        amounts = {
            "issued": issued, "redeemed": totals.redeemed, "expired": totals.expired, "outstanding": books.outstanding,
        }  # fmt: skip
        styles = {"issued": "bold", "redeemed": "green", "expired": "red", "outstanding": "cyan"}
        self._heading("points")
        table = _table()
        for key, points in amounts.items():
            note = self.say(f"{key}.note", **notes[key])
            table.add_row(*self._share(self.say(key), points, issued, styles[key]), Text(note, style="dim"))
        self.console.print(table)

    def tiers(self, books: Closing) -> None:
        """How many members have each tier."""
        self._heading("tiers")
        table = _table()
        for name, many in reversed(books.tiers.items()):
            table.add_row(*self._share(name, many, books.accounts, "magenta"))
        self.console.print(table)

    def _share(self, name: str, value: int, whole: int, style: str) -> tuple[Text, ...]:
        share = Fraction(value, whole) if whole else Fraction(0)
        whole_percent = Fraction(round(share * 100), 100)
        return (
            Text(name),
            Text(self._number(value), style="bold"),
            Text(_bar(share, 32 if self.console.width >= _WIDE else 12), style=style),
            Text(percent(self.language, whole_percent), style="dim"),
        )

    def statements(self, stories: Sequence[Statement], past: History) -> None:
        """The latest lines of the statements of a few members."""
        self._heading("statements")
        for story in stories:
            # Printed, a statement is its title, an empty line, the headings, a rule, and a row a line.
            _title, _, heading, rule, *rows = str(story).splitlines()
            name = self.say("statement", member=story.member, purchases=self._number(past.purchases[story.member]))
            self.console.print(Text(f"\n{name}", style="bold"))
            self.console.print(Text(heading, style="dim"), no_wrap=True, overflow="ellipsis")
            self.console.print(Text(rule, style="dim"), no_wrap=True, overflow="ellipsis")
            if len(rows) > _LATEST:
                earlier = self.say("earlier", lines=self._number(len(rows) - _LATEST))
                self.console.print(Text(earlier, style="dim italic"))
            for row in rows[-_LATEST:]:
                self.console.print(Text(row), no_wrap=True, overflow="ellipsis")

    def receipt(self, receipt: EarnReceipt | None, past: History) -> None:
        """One receipt in both languages."""
        if receipt is None:
            return
        self._heading("receipt")
        sale = next(each for each in past.sales if receipt.event.endswith(f"CD-{each.number:05d}"))
        told = self.say(
            "receipt.of", member=receipt.member, quantity=self._number(sale.quantity), day=day(self.language, sale.day),
            amount=money(self.language, Money(sale.cents, past.currency)),
        )  # fmt: skip
        self.console.print(Text(told))
        panels = [
            Panel(Text(receipt.explain(language)), title=name, title_align="left", border_style="dim")
            for language, name in (("en", "English"), ("es", "Español"))
        ]
        self.console.print(Columns(panels, padding=(0, 1)))

    def audit(self, audit: Audit) -> None:
        """What a careful reader would ask about the program."""
        self._heading("audit")
        for line in str(audit).splitlines():
            indent = " " * (len(line) - len(line.lstrip()))
            self._text(line.lstrip(), first=indent, rest=f"{indent}  ")

    def conservation(self, books: Closing) -> None:
        """Whether every point is where it should be."""
        self._heading("conservation")
        names = ("issued", "pending", "available", "held", "redeemed", "expired", "reversed", "settled")
        places: Mapping[str, str] = {name: self._number(getattr(books.totals, name)) for name in names}
        self._text(self.say("where", **places), rest="  ")
        if not books.conserved:
            self.console.print(Text(f"✗ {self.say('broken')}", style="bold red"))
            for breach in books.breaches:
                self._text(breach, first="  • ", rest="    ")
            return
        counted = {name: self._number(getattr(books, name)) for name in ("lots", "accounts", "entries")}
        self._text(self.say("conserved", **counted), style="bold green", first="✓ ", rest="  ")

    def people(self, people: People) -> None:
        """What the shop did beside points: promises, hard times, a complaint, thanks."""
        self._heading("people")
        hard, say = people.hard, self.say
        lines = (
            say("people.promises", amends=self._number(people.amends)),
            say(
                "people.hard", owed=money(self.language, hard.owed), before=self._number(hard.before),
                after=self._number(hard.after), without=self._number(hard.without), tier=hard.tier_after,
                recovered=money(self.language, hard.recovered),
            ),
            say(
                "people.complaint", granted=money(self.language, people.granted),
                minutes=self._number(round(people.minutes)),
            ),
        )  # fmt: skip
        for line in lines:
            self._text(line, first="• ", rest="  ")
        if people.transactional is not None:
            share = percent(self.language, Fraction(people.transactional) / 100)
            self._text(say("people.transactional", share=share), first="• ", rest="  ")

    def end(self, past: History, *, seconds: float, size: int, path: Path | None) -> None:
        """How long it took, and where the journal is."""
        members, purchases = self._number(len(past.purchases)), self._number(len(past.sales))
        done = self.say(
            "done", members=members, purchases=purchases, seconds=self._number(round(seconds)),
            size=self._number(round(size / 1e6)),
        )  # fmt: skip
        place = self.say("gone") if path is None else self.say("kept", path=path)
        self.console.print()
        self._text(f"{done} {place}", style="dim")


def _table() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    return table


def _bar(share: Fraction, length: int) -> str:
    full, part = divmod(round(share * length * 8), 8)
    return ("█" * full + _EIGHTHS[part].strip()).ljust(length)
