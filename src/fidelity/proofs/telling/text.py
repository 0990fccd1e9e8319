"""The report as text: what is refuted first, so that whoever answers for the program sees who would be wronged."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.language.tree import Node
from fidelity.proofs.finding import Blamed, Finding, Told
from fidelity.proofs.telling.values import Teller, cases_of_fields
from fidelity.rules.combining import owners
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import capital, listing
from fidelity.wording.problems import sentence_in

if TYPE_CHECKING:
    from fidelity.proofs.report import ProofReport
    from fidelity.rules.published import Waiver

__all__ = ["assumptions", "counts", "details", "headline", "idle", "told"]

_MARKS = {"refuted": "✗", "unknown": "?", "waived": "~", "proved": "✓"}
#: How many rules are told before it gets long.
_MOST_BLAMED = 3
#: Promises about the conditions of a reward, and the one that only counts them.
_COUNTED, _DOORS = "P2.count", ("P2.count", "P3.reach", "P4.access.")


def told(report: ProofReport, language: str, *, whole: bool = False) -> str:
    """*report* in words; see `ProofReport.explain`."""
    teller = Teller(report.program, language)
    lines = [title(report, teller), counts(report, teller)]
    for standing in ("refuted", "unknown", "waived"):
        for each in (found for found in report.findings if found.status == standing):
            lines += ["", headline(report, language, each), *(f"  {line}" for line in details(report, language, each))]
    if report.holds:
        lines += ["", teller.say("held")]
    proved = [each for each in report.findings if each.status == "proved"]
    if proved:
        lines.append("")
    for each in proved:
        lines.append(headline(report, language, each))
        if whole:
            lines += [f"  {line}" for line in details(report, language, each)]
    for waived in idle(report, language):
        lines += ["", f"! {waived}"]
    lines += ["", f"{teller.say('assumptions')}:", *(f"- {each}" for each in assumptions(report, language))]
    return "\n".join(lines) + "\n"


def title(report: ProofReport, teller: Teller) -> str:
    """Whose promises."""
    return teller.say("title", program=report.program.name, version=report.program.version)


def counts(report: ProofReport, teller: Teller) -> str:
    """How many stand how."""
    parts = {name: str(len([each for each in report.findings if each.status == name])) for name in _MARKS}
    seconds = numbers.number(teller.tongue, Fraction(round(report.seconds * 100), 100))
    return teller.say("counts", **parts, seconds=seconds)


def headline(report: ProofReport, language: str, found: Finding) -> str:
    """How one promise stands, and what it is."""
    teller = _teller(report, language, found)
    promise = teller.say(found.property, about=teller.name(found.about))
    return f"{_MARKS[found.status]} " + teller.say(
        "line", status=teller.say(found.status), id=found.id, promise=promise
    )


def details(report: ProofReport, language: str, found: Finding) -> list[str]:
    """Everything beside the promise: who loses, the cases, the cause, what to do, and how it is known."""
    teller = _teller(report, language, found)
    shown = found.status in {"refuted", "waived"} and found.how != "not asked"
    refuted = shown and (bool(found.cases) or not _is_unknown(found))
    lines = list(_refutation(teller, found)) if refuted else []
    lines.append(_how(teller, found))
    if found.waiver is not None:
        signed = found.waiver
        day = dates.day(teller.tongue, signed.on)
        lines.append(teller.say("waived.by", signed=signed.signed, day=day, reason=signed.reason))
    return lines


def assumptions(report: ProofReport, language: str) -> list[str]:
    """What is taken for granted, as sentences."""
    teller = Teller(report.program, language)
    stated = [
        teller.say("assumed.stated", condition=_condition(report, language, each)) for each in report.program.assume
    ]
    codes = dict.fromkeys(code for each in report.findings for code in each.assumed)
    return [*stated, teller.say("assumed.bounds"), *(teller.say(f"assumed.{each}") for each in codes)]


def _condition(report: ProofReport, language: str, node: Node) -> str:
    """An assumption in words, by the fields of the events that it is about."""
    about = owners(node)
    kind = next((each for each in report.program.declared.events if each in about), "purchase")
    return Teller(report.program, language, kind).condition(node)


def idle(report: ProofReport, language: str) -> list[str]:
    """The waivers that cover nothing, each with the reason."""
    teller = Teller(report.program, language)
    return [_idle(report, teller, each) for each in report.idle_waivers]


def _idle(report: ProofReport, teller: Teller, waiver: Waiver) -> str:
    """Why *waiver* covers nothing."""
    about = [
        each
        for each in report.findings
        if f"{each.property}.".startswith(f"{waiver.property}.") or each.id == waiver.property
    ]
    if not about:
        return teller.say("unasked", property=waiver.property)
    if all(each.status in {"proved", "waived"} for each in about):
        return teller.say("unneeded", property=waiver.property)
    return teller.say("uncovered", property=waiver.property, rule=teller.name(waiver.rule))


def _teller(report: ProofReport, language: str, found: Finding) -> Teller:
    return Teller(report.program, language, found.on, found.wallet, found.sums)


def _is_unknown(found: Finding) -> bool:
    """Whether what was signed for is something that nobody knows."""
    return found.witness is None and not found.why.startswith(_CERTAIN)


#: What engines say who found nothing, and are sure of it.
_CERTAIN = ("every region", "bounds of", "the question answers", "the solver found none")


def _how(teller: Teller, found: Finding) -> str:
    if found.kept:
        return capital(teller.say("by.alone", how=teller.say("kept")))
    how = teller.say(f"how.{found.how}")
    # What an engine says of an unknown is the reason; of what it knows the engine says enough.
    told = (
        found.status == "unknown"
        or found.how == "not asked"
        or (found.property == _COUNTED and found.status != "proved")
    )
    if found.why and told:
        return teller.say("by", how=how, why=sentence_in(teller.tongue, found.why))
    return teller.say("by.alone", how=how)


def _refutation(teller: Teller, found: Finding) -> Iterable[str]:
    yield teller.say("loses", who=_loses(teller, found))
    for place, case in enumerate(found.cases):
        yield _case(teller, found, case, first=place == 0)
    yield from _cause(teller, found)
    if not found.cases:
        if found.property != _COUNTED:
            yield teller.say("no case")
    else:
        yield teller.say("smallest" if found.smallest else "small")
    yield teller.say("do", what=teller.say(f"{found.property}.do", property=found.id))


def _loses(teller: Teller, found: Finding) -> str:
    less, more = _pair(found)
    if found.property == "P7.split" and less is not None and more is not None:
        # Of two parts and the whole, who gets less loses.
        who = teller.say(f"P7.split.loses.{'parts' if less < more else 'whole'}")
        stated = teller.points(teller.program.limits.split or 0)
        return teller.say("loses.beyond", who=who, points=teller.points(abs(more - less)), stated=stated)
    who = teller.say(f"{found.property}.loses", least=teller.money(1))
    if less is not None and more is not None and more > less:
        return teller.say("loses.by", who=who, points=teller.points(more - less))
    return who


def _pair(found: Finding) -> tuple[Fraction | None, Fraction | None]:
    """The points of the two cases."""
    if len(found.cases) == 1:
        one = found.cases[0].comes_to
        return one.get("points"), one.get("base")
    if len(found.cases) < 2:  # noqa: PLR2004 -- two cases
        return None, None
    less, more = (each.comes_to.get("points") for each in found.cases)
    return less, more


def _case(teller: Teller, found: Finding, case: Told, *, first: bool) -> str:
    name = teller.say(f"name.{case.name}")
    # What the cases differ in is told whatever it is.
    differ = frozenset(path for other in found.cases[1:] for path in other.values)
    values = cases_of_fields(teller, case.values, found.kinds, differ)
    if not first:
        values = teller.say("case.same", values=values)
    come = [teller.term(term, value) for term, value in case.comes_to.items()]
    if not come:
        return teller.say("case.bare", name=name, values=values)
    return teller.say("case", name=name, values=values, comes_to=", ".join(come))


def _cause(teller: Teller, found: Finding) -> Iterable[str]:
    for each in found.blamed[:_MOST_BLAMED]:
        yield teller.say("cause", what=_blamed(teller, found, each))
    door = teller.door(found.about) if found.property.startswith(_DOORS) else ""
    if door:
        yield teller.say("cause", what=teller.say("cause.door", reward=teller.name(found.about), condition=door))
    elif not found.blamed and found.cause:
        names = listing(teller.tongue, [teller.name(each) for each in found.cause])
        yield teller.say("cause", what=teller.say("cause.names", names=names))


def _blamed(teller: Teller, found: Finding, each: Blamed) -> str:
    condition = teller.rule_condition(each.rule)
    when = teller.say("cause.when", condition=condition) if condition else ""
    rule = teller.name(each.rule)
    if len(found.cases) == 1:
        return teller.say("cause.alone", rule=rule, less=teller.points(each.less), when=when)
    one, other = (teller.say(f"name.{case.name}") for case in found.cases)
    points = {"less": teller.points(each.less), "more": teller.points(each.more)}
    return teller.say("cause.rule", rule=rule, one=one, other=other, when=when, **points)
