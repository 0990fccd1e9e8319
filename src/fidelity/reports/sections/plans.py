"""Plans: what promotions brought beyond what would have been, and what a simulation says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve

from fidelity.reports.charts import Dot, dots
from fidelity.reports.parts import Cell, Chart, Figure, Listed, Note, Section, Table
from fidelity.reports.saying import signed
from fidelity.simulation.measures import MONEY, SHARES
from fidelity.values.money import Money, minor_digits

if TYPE_CHECKING:
    from fidelity.reports.promotions import Promotion
    from fidelity.reports.saying import Saying

__all__ = ["StudyLike", "promotions", "study"]

#: What stands behind the name of a program over the ends of its figures.
_ENDS = ("5 %", "95 %")


class StudyLike(Protocol):
    """What a simulation must tell to stand in a report."""

    def table(self) -> Any:  # noqa: ANN401 -- columns, or rows by name
        """Its figures, program by program."""

    def explain(self, language: str = "en") -> str:
        """What it comes to, in words."""


def promotions(say: Saying, found: Sequence[Promotion]) -> Section:
    """A paragraph each, and their sales with the doubt side by side."""
    tones = []
    for each in found:
        _, low, _ = each.whole_sales
        tones.append("good" if each.net[1].minor > 0 else "look" if low > 0 else "bad")
    notes = [Note(tone, each.told(say)) for tone, each in zip(tones, found, strict=True)]
    shown = []
    for each in found:
        sales, low, high = each.whole_sales
        shown.append(Dot(say.name(each.name), sales, low, high, say.number(sales)))
    svg = dots(
        "promotions-chart", say("promotion.chart"), say("promotion.chart.about"), shown,
        (0, max((each.high for each in shown), default=1)), say.short,
    )  # fmt: skip
    rows = []
    for each in found:
        sales, low, high = each.whole_sales
        net, least, most = each.net
        rows.append(
            (
                say.name(each.name),
                Figure(say.number(sales), sales, f"promotion.{each.name}.sales"),
                say.between(say.number(low), say.number(high)),
                Figure(say.money(net), net.minor, f"promotion.{each.name}.net"),
                say.between(say.money(least), say.money(most)),
            )
        )
    heads = (say("promotion.head"), say("sales"), say("interval"), say("left"), say("interval"))
    chart = Chart(say("promotion.chart"), svg, Table(say("promotion.chart"), heads, rows))
    return Section(id="promotions", title=say("promotions"), lead=say("promotions.lead"), notes=notes, charts=[chart])


def study(say: Saying, found: StudyLike) -> Section:
    """What the study says, and its table."""
    section = _told(say, signed(found.explain(say.where.tag)), _tone(found))
    table = found.table()
    programs = _programs(table)
    if programs:
        return _measured(say, found, table, programs, section)
    heads, rows = _rows(table)
    cells = [tuple(_cell(say, value) for value in row) for row in rows]
    return evolve(section, tables=[Table(say("study.table"), heads, cells)] if rows else [])


def _tone(found: StudyLike) -> str:
    """Whether a study says which program leaves more; its verdict then stands at the top with what it is."""
    compare, names = getattr(found, "compare", None), getattr(found, "names", ())
    if compare is None or not names:
        return "plain"
    verdicts = [compare(names[0], each) for each in names[1:]] or [compare()]
    return "good" if all(each.better in names for each in verdicts) else "look"


def _told(say: Saying, text: str, tone: str) -> Section:
    """What a study explains: paragraphs as notes, the first in *tone*; lists by heading; assumptions behind a line."""
    notes: list[Note] = []
    lists = []
    closed: tuple[str, list[str]] | None = None
    for block in text.strip().split("\n\n"):
        first, *rest = [line.strip() for line in block.splitlines() if line.strip()] or [""]
        if any(line.startswith("- ") for line in rest):
            closed = first, [line.removeprefix("- ") for line in rest]
        elif rest:
            lists.append(Listed(first, rest))
        elif first:
            notes.append(Note("plain" if notes else tone, first))
    return Section(
        id="study", title=say("study"), lead=say("study.lead"), notes=notes, lists=lists, closed=closed
    )  # fmt: skip


def _programs(table: Any) -> list[str]:  # noqa: ANN401 -- columns, or rows by name
    """The programs of a table of `fidelity.simulation`: each has a column for its figure, and one for each end."""
    if not isinstance(table, Mapping) or "measure" not in table:
        return []
    return [name for name in table if all(f"{name} {end}" in table for end in _ENDS)]


def _measured(
    say: Saying, found: StudyLike, table: Mapping[str, Any], programs: list[str], section: Section
) -> Section:
    """The study of `fidelity.simulation`: its figures side by side, each with where it lies in 90 of 100 cases."""
    currency = getattr(found, "currency", say.program.currency)
    spelled: dict[str, Callable[[float], str]] = {
        "": lambda value: say.number(round(value)),
        "money": lambda value: _money(say, value, currency),
        "share": say.percent,
    }
    measures = list(table["measure"])
    rows, charts = [], []
    for place, measure in enumerate(measures):
        kind = "money" if measure in MONEY else "share" if measure in SHARES else ""
        write = spelled[kind]
        ends = {name: [table[each][place] for each in (name, *(f"{name} {end}" for end in _ENDS))] for name in programs}
        cells: list[Cell] = []
        for name, (value, low, high) in ends.items():
            if None in {value, low, high}:
                cells.append("–")
            else:
                text = say("study.band", value=write(value), low=write(low), high=write(high))
                cells.append(Figure(text, value, f"study.{name}.{measure}"))
        rows.append((say(f"measure.{measure}"), *cells))
        if measure in {"margin", "uplift"} and all(None not in each for each in ends.values()):
            shown = [Dot(name, value, low, high, write(value)) for name, (value, low, high) in ends.items()]
            title, about = say(f"study.{measure}"), say(f"study.{measure}.about")
            scale = (min(0.0, *(each.low for each in shown)), max(0.0, *(each.high for each in shown)))
            axis: Callable[[float], str] = say.short if kind == "money" else lambda value: say.percent(value, 0)
            svg = dots(f"study-{measure}", title, about, shown, scale, axis)
            few = Table(title, (say("measure"), *programs), [(say(f"measure.{measure}"), *cells)])
            charts.append(Chart(title, svg, few))
    full = Table(say("study.table"), (say("measure"), *programs), rows)
    return evolve(section, charts=charts, tables=[full])


def _money(say: Saying, value: float, currency: str) -> str:
    return say.about(Money(round(value * 10 ** minor_digits(currency)), currency))


def _rows(table: Any) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:  # noqa: ANN401 -- columns, or rows by name
    """The heads and rows of a table of either form."""
    if isinstance(table, Mapping):
        heads = tuple(map(str, table))
        return heads, list(zip(*(list(each) for each in table.values()), strict=True))
    listed: Iterable[Mapping[str, object]] = list(table)
    heads = tuple(dict.fromkeys(str(name) for row in listed for name in row))
    return heads, [tuple(row.get(name) for name in heads) for row in listed]


def _cell(say: Saying, value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 -- NaN
        return "–"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int) or (hasattr(value, "item") and isinstance(value.item(), int)):
        return say.number(int(value))  # type: ignore[call-overload]  # a number of numpy too
    if isinstance(value, float) or (hasattr(value, "item") and isinstance(value.item(), float)):
        return say.decimal(float(value), 2, least=True)  # type: ignore[arg-type]  # a number of numpy too
    return str(value)
