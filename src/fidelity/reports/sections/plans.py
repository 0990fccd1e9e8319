"""Plans: what promotions brought beyond what would have been, and what a simulation says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fidelity.reports.charts import Dot, dots
from fidelity.reports.parts import Chart, Figure, Note, Section, Table

if TYPE_CHECKING:
    from fidelity.reports.promotions import Promotion
    from fidelity.reports.saying import Saying

__all__ = ["StudyLike", "promotions", "study"]


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
    told = [Note("plain", line.strip()) for line in found.explain(say.where.tag).splitlines() if line.strip()]
    heads, rows = _rows(found.table())
    cells = [tuple(_cell(say, value) for value in row) for row in rows]
    tables = [Table(say("study.table"), heads, cells)] if rows else []
    return Section(id="study", title=say("study"), lead=say("study.lead"), notes=told, tables=tables)


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
