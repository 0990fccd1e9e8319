"""People: promises, hard times and thanks, with nobody named; and what has to stand before any of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.metrics import proportion
from fidelity.metrics.results import Estimate
from fidelity.reports.charts import bars
from fidelity.reports.parts import Chart, Figure, Note, Section, Table, Tile
from fidelity.values.money import Money
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.care.dignity.recovery import Recovery
    from fidelity.care.promises.report import PromiseReport
    from fidelity.care.staff import Aspects, ComplaintReport, PraiseReport, PublicThanks
    from fidelity.care.worth.parity import ParityStanding
    from fidelity.care_desk import Care
    from fidelity.reports.history import History
    from fidelity.reports.saying import Saying

__all__ = ["Human", "human_of", "people", "standing"]

#: Of fewer people no figure is shown: somebody might be recognized.
FEWEST = 5
#: From what share of points for purchases alone somebody should look.
MUCH = 80
#: Below it a program is more than repetition.
HALF = 50
#: From what share of promises kept in time nobody has to look.
KEPT = 90
_WHOLE = 100


@frozen(kw_only=True)
class Human:
    """What was done for people, as known at the end of the report."""

    promises: PromiseReport
    complaints: ComplaintReport
    recovery: Recovery
    praise: PraiseReport
    thanks: tuple[PublicThanks, ...]
    aspects: Aspects | None
    parity: ParityStanding

    @property
    def kept(self) -> Estimate | None:
        """The share of promises kept in time."""
        overall = self.promises.overall
        return proportion(overall.kept, overall.counted) if overall.counted else None

    @property
    def at_once(self) -> Estimate | None:
        """The share of complaints that took one contact."""
        overall = self.complaints.overall
        return proportion(overall.first_contact, overall.ended) if overall.ended else None


def human_of(care: Care, since: datetime, until: datetime) -> Human:
    """What *care* knows at *until* of the time from *since* on."""
    program = care.loyalty.program
    start, end = local_date(since, program.zone), local_date(until, program.zone)
    return Human(
        promises=care.promise_report(at=until),
        complaints=care.complaint_report(at=until),
        recovery=care.recovery("report", since=since, until=until, cost=Money.zero(program.currency), at=until),
        praise=care.praise_report(since=since, at=until),
        thanks=care.public_thanks(start, end, at=until),
        aspects=care.aspects(end, at=until),
        parity=care.parity(at=until),
    )


def people(say: Saying, human: Human) -> Section:
    """Promises kept, complaints solved, people protected and thanked."""
    tiles, notes, charts = [], [], []
    kept, overall = human.kept, human.promises.overall
    if kept is not None:
        figure, between = say.estimate(kept, "people.kept")
        note = say("kept.note", kept=say.number(overall.kept), n=say.number(overall.counted))
        tiles.append(Tile(say("kept.tile"), figure, f"{note}; {between}", "plain" if kept.value >= KEPT else "look"))
        if human.promises.by_area:
            charts.append(_areas(say, human))
    if human.at_once is not None:
        told = human.complaints.overall
        figure, _ = say.estimate(human.at_once, "people.first contact")
        minutes = say.decimal(float(told.median_minutes or 0), 0)
        numbers = {"ended": say.number(told.ended), "told": say.number(told.told), "minutes": minutes}
        tiles.append(Tile(say("complaints"), figure, say("complaints.note", **numbers)))
    helped = human.recovery
    if helped.customers >= FEWEST:
        share = say.percent(float(helped.recovered_share or 0) * _WHOLE)
        note = say("hardship.note", share=share, still=say.number(helped.still_customers))
        figure = Figure(say.number(helped.customers), helped.customers, "people.protected")
        tiles.append(Tile(say("hardship"), figure, note))
    else:
        notes.append(Note("plain", say("hardship.few" if helped.customers else "hardship.none")))
    given = len(human.praise.praises)
    if given:
        tiles.append(Tile(say("thanks"), Figure(say.number(given), given, "people.thanks")))
    return Section(id="people", title=say("people"), lead=say("people.lead"), tiles=tiles, notes=notes, charts=charts)


def _areas(say: Saying, human: Human) -> Chart:
    found = {
        area: (each, float(each.rate_percent)) for area, each in human.promises.by_area.items()
        if each.rate_percent is not None
    }  # fmt: skip
    ordered = sorted(found.items(), key=lambda each: -each[1][1])
    best = say.name(ordered[0][0]) if ordered else "–"
    svg = bars(
        "kept-by-area", say("kept.area"), say("kept.area.about", best=best),
        [(say.name(area), rate, say.percent(rate, 0)) for area, (_, rate) in ordered], tone="c3",
    )  # fmt: skip
    rows = [
        (
            say.name(area), Figure(say.percent(rate), rate, f"people.kept.{area}"), say.number(each.kept),
            say.number(each.counted),
        )
        for area, (each, rate) in ordered
    ]  # fmt: skip
    heads = (say("area"), say("kept"), say("kept.kept"), say("kept.counted"))
    return Chart(say("kept.area"), svg, Table(say("kept.area"), heads, rows))


def parity_note(say: Saying, found: ParityStanding | None) -> Note:
    """Whether price and product are known to be at par."""
    if found is None or found.state == "missing" or found.last is None:
        return Note("look", say("parity.missing"))
    last = say.day(found.last)
    if found.state != "valid":
        return Note("look", say.count("parity.old", found.days_overdue, last=last))
    tone = "bad" if found.outcome == "worse" else "good"
    return Note(tone, say(f"parity.{found.outcome}", rivals=say.listing(list(found.rivals)), last=last))


def standing(say: Saying, history: History | None, parity: ParityStanding | None) -> Section:
    """The comparison with competitors, and the share of the program that only pays for repetition."""
    notes, charts, tiles = [parity_note(say, parity)], [], []
    rules = say.program.audit().transactional_share * _WHOLE
    told = say("share.rules", share=say.percent(rules))
    share = rules
    if history is not None and history.bought[1]:
        bought, issued = history.bought
        share = _WHOLE * bought / issued
        text = say.percent(share)
        tiles.append(Tile(say("share.tile"), Figure(text, bought / issued, "share.points"), told))
        told = f"{say('share.points', share=text)} {told}"
        charts.append(_given(say, history))
    if share >= MUCH:
        notes.append(Note("look", f"{told} {say('share.warn')}"))
    else:
        notes.append(Note("good" if share < HALF else "plain", told))
    return Section(id="fair", title=say("fair"), notes=notes, tiles=tiles, charts=charts)


def _given(say: Saying, history: History) -> Chart:
    bought, issued = history.bought
    wallet = history.main
    rows = [("purchase", bought), ("other", max(0, issued - bought))]
    texts = [say.points(many, wallet) for _, many in rows]
    svg = bars(
        "given-for", say("share.chart"), say("share.chart.about", bought=texts[0], other=texts[1]),
        [(say(f"for.{name}"), many, text) for (name, many), text in zip(rows, texts, strict=True)], tone="c4",
    )  # fmt: skip
    cells = [
        (say(f"for.{name}"), Figure(text, many, f"share.{name}"))
        for (name, many), text in zip(rows, texts, strict=True)
    ]
    return Chart(say("share.chart"), svg, Table(say("share.chart"), ("", say.noun(wallet)), cells))
