"""What customers say, with what each score is worth; and the journey with the moments that decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from fidelity.metrics.results import Estimate
from fidelity.reports.answers import SCALES
from fidelity.reports.charts import Dot, Series, dots, lines
from fidelity.reports.parts import Cell, Chart, Figure, Note, Section, Table, Tile

if TYPE_CHECKING:
    from fidelity.journey import Impact, Journey
    from fidelity.reports.answers import Answers
    from fidelity.reports.saying import Saying

__all__ = ["experience", "journey"]

#: So many contacts a chart shows; the table beneath has all.
_MOST = 10
_FEW_QUARTERS = 2
_WHOLE = 100


def experience(say: Saying, answers: Answers) -> Section:
    """Recommending, satisfaction and effort, each with its interval; by contact and over time."""
    found = {name: each for name in SCALES if (each := answers.score(name)) is not None}
    tiles, rows = [], []
    for name, each in found.items():
        places = 2 if name == "ces" else 1
        figure, between = say.estimate(each, f"experience.{name}", places)
        tiles.append(Tile(say(name), figure, f"{between}; {say(f'{name}.note')}"))
        rows.append((say(name), figure, between, Figure(say.number(each.n), each.n, f"experience.{name}.n")))
    heads = (say("score"), say("value"), say("interval"), say("answers"))
    charts = [
        chart
        for chart in (_quarters(say, answers, "nps"), _quarters(say, answers, "csat"), _contacts(say, answers))
        if chart is not None
    ]
    notes = []
    by = answers.by_contact("csat")
    if by is not None and by.hidden:
        notes.append(Note("plain", say("few", names=say.listing(list(by.hidden)))))
    return Section(
        id="experience", title=say("experience"), lead=say.count("experience.lead", answers.rows), tiles=tiles,
        charts=charts, tables=[Table(say("experience.scores"), heads, rows)], notes=notes,
    )  # fmt: skip


def _ends(found: Estimate) -> tuple[float, float]:
    return (found.value, found.value) if found.interval is None else (found.interval.low, found.interval.high)


def _contacts(say: Saying, answers: Answers) -> Chart | None:
    found = answers.by_contact("csat")
    if found is None or not found.of:
        return None
    ordered = sorted(found.of.items(), key=lambda each: -each[1].value)
    shown = [Dot(name, each.value, *_ends(each), say.percent(each.value, 0)) for name, each in ordered[:_MOST]]
    svg = dots(
        "contacts", say("experience.where"), say("experience.where.about", best=ordered[0][0]), shown, (0, _WHOLE),
        lambda value: say.percent(value, 0),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for name, each in ordered:
        figure, between = say.estimate(each, f"experience.csat.{name}")
        rows.append((name, figure, between, say.number(each.n)))
    heads = (say("contact"), say("csat"), say("interval"), say("answers"))
    return Chart(say("experience.where"), svg, Table(say("experience.where"), heads, rows))


def _quarters(say: Saying, answers: Answers, name: str) -> Chart | None:
    found = answers.by_quarter(name)
    if len(found) < _FEW_QUARTERS:
        return None
    labels = [say("quarter.name", year=year, n=number) for (year, number), _ in found]
    last, _ = say.estimate(found[-1][1], "")
    svg = lines(
        f"{name}-quarters", say(f"experience.{name}"), say(f"experience.{name}.about", value=last.text), labels,
        [Series(say(name), [each.value for _, each in found], [_ends(each) for _, each in found])],
        (lambda value: say.percent(value, 0)) if name == "csat" else say.short,
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for label, (_, each) in zip(labels, found, strict=True):
        figure, between = say.estimate(each, f"experience.{name}.{label}")
        rows.append((label, figure, between, say.number(each.n)))
    heads = (say("quarter"), say("value"), say("interval"), say("answers"))
    return Chart(say(f"experience.{name}"), svg, Table(say(f"experience.{name}"), heads, rows))


def journey(
    say: Saying, found: Journey, answers: Answers | None, measured: Mapping[str, Impact] | None, today: date
) -> Section:
    """The map, the contacts that decide, and what nobody answers for yet."""
    moments = found.moments_of_truth(measured)
    told = None if answers is None else answers.on_journey(found.names)
    pictures = {
        theme: found.draw(told, measured, language=say.where.tag, theme=theme).svg for theme in ("light", "dark")
    }
    decide = list(moments)
    lead = say("journey.none")
    if decide:
        lead = say("journey.lead", n=say.number(len(decide)), all=say.number(len(found)), names=say.listing(decide))
    notes = []
    if found.review is not None:
        overdue = found.review.next < today
        key = "journey.overdue" if overdue else "journey.review"
        notes.append(Note("look" if overdue else "plain", say(key, day=say.day(found.review.next))))
    lacking = [each.name for each in found if not (each.owners and each.metric and each.target is not None)]
    if lacking:
        notes.append(Note("plain", say.count("journey.todo", len(lacking)), lacking))
    heads = (say("contact"), say("stage"), say("area"), say("loyalty"), say("felt"), say("target"))
    rows: list[tuple[Cell, ...]] = [
        (
            each.name, each.stage, each.area or "–", _impact(say, each.loyalty, f"journey.{each.name}.loyalty"),
            _impact(say, each.experience, f"journey.{each.name}.experience"),
            f"{each.metric}: {each.target}" if each.metric and each.target is not None else each.metric or "–",
        )
        for each in found
    ]  # fmt: skip
    chart = Chart(
        say("journey.chart", name=found.name), pictures["light"], Table(say("journey.table"), heads, rows),
        wide=True, dark=pictures["dark"],
    )  # fmt: skip
    return Section(id="journey", title=say("journey"), lead=lead, notes=notes, charts=[chart])


def _impact(say: Saying, value: int | None, of: str) -> Figure:
    return Figure("–" if value is None else say.number(value), value, of)
