"""The page for all staff: what we promise, how we are doing, how we are judged, and thanks. Never last ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity.reports.parts import Figure, Listed, Note, Section, Table

if TYPE_CHECKING:
    from fidelity.journey import Journey
    from fidelity.reports.answers import Answers
    from fidelity.reports.history import History
    from fidelity.reports.saying import Saying
    from fidelity.reports.sections.care import Human

__all__ = ["staff_sections"]

#: So many places where most thanks came from are told; no list goes down to the last.
_FIRST = 3


def staff_sections(
    say: Saying, history: History | None, answers: Answers | None, human: Human | None, journey: Journey | None
) -> list[Section]:
    """The parts of the page, in their order."""
    found = [_thanks(say, human), _doing(say, history, answers, human), _judged(say, human), _promise(say, journey)]
    return [each for each in found if each is not None]


def _thanks(say: Saying, human: Human | None) -> Section | None:
    if human is None or not (human.praise.praises or human.thanks):
        return None
    lines = []
    if human.praise.praises:
        lines.append(say.count("staff.thanks.n", len(human.praise.praises)))
        places = sorted(human.praise.by_touchpoint.items(), key=lambda each: -each[1])
        named = [say.name(name) for name, _ in places[:_FIRST] if name]
        if named:
            lines.append(say("staff.thanks.where", names=say.listing(named)))
    # By name only where they agree to it.
    lines += [each.explain(say.where.tag, name=each.employee) for each in human.thanks]
    return Section(id="thanks", title=say("staff.thanks"), notes=[Note("thanks", each) for each in lines])


def _doing(say: Saying, history: History | None, answers: Answers | None, human: Human | None) -> Section:
    lines: list[str] = []
    if history is not None:
        active = say.estimate(history.active, "")[0].text if history.active is not None else "–"
        lines.append(say.count("staff.members", history.books.members, active=active))
        spent = history.books.totals[history.main]["redeemed"]
        if spent:
            told = say.points(spent, history.main)
            lines.append(say("staff.rewards", points=told, noun=say.noun(history.main)))
    for name in ("nps", "csat"):
        found = None if answers is None else answers.score(name)
        if found is not None:
            lines.append(say(f"staff.{name}", value=say.estimate(found, "")[0].text))
    if human is not None and human.kept is not None:
        lines.append(say("staff.kept", value=say.estimate(human.kept, "")[0].text))
    if human is not None and human.at_once is not None:
        lines.append(say("staff.first", value=say.estimate(human.at_once, "")[0].text))
    shown = lines or [say("staff.none")]
    return Section(id="doing", title=say("staff.doing"), lists=[Listed("", shown)])


def _judged(say: Saying, human: Human | None) -> Section:
    aspects = None if human is None else human.aspects
    if aspects is None:
        return Section(id="judged", title=say("staff.judged"), lead=say("staff.judged.none"))
    lead = say(
        "staff.judged.lead", published=say.day(aspects.published.astimezone(say.program.zone).date()),
        start=say.day(aspects.start), low=say.number(aspects.low), high=say.number(aspects.high),
    )  # fmt: skip
    rows = [
        (say.name(name), Figure(say.percent(float(share) * 100), float(share), f"aspect.{name}"))
        for name, share in aspects.shares.items()
    ]
    heads = (say("staff.judged.aspect"), say("staff.judged.weight"))
    return Section(
        id="judged", title=say("staff.judged"), lead=lead, tables=[Table(say("staff.judged.table"), heads, rows)]
    )


def _promise(say: Saying, journey: Journey | None) -> Section:
    from fidelity.reports.sections.terms import printed

    blocks = printed(say)
    notes = [Note("plain", say("staff.hard"))]
    moments = [] if journey is None else list(journey.moments_of_truth())
    if moments:
        notes.insert(0, Note("plain", say("staff.truth", names=say.listing(moments))))
    # How points come and what they become; the small print stands in the terms.
    return Section(id="promise", title=say("staff.promise"), notes=notes, lists=blocks[:1] + blocks[-3:-2])
