"""Checking a program: every problem with its path and remedy, in the order of the program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fidelity.errors import FidelityError, Problem
from fidelity.language.kinds import LARGEST
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.rules.amounts import Times
from fidelity.rules.earning import MAIN_WALLET, EarnRule, Group
from fidelity.rules.filters import filter_problems
from fidelity.rules.hardlines import paid_access_problems
from fidelity.rules.measures import Measure
from fidelity.rules.tier_score import score_parts
from fidelity.rules.tiers import COUNTABLE, Relationship, TierSet
from fidelity.values.money import Money, minor_digits
from fidelity.values.spelling import suggest
from fidelity.values.zones import zone

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["problems_of"]

_PARTS = ("tax", "shipping", "tip")
_ROUNDINGS = ("floor", "half even", "half up", "ceil")
_MEETINGS = ("add", "compound", "best")
_FALLS = ("one level at a time", "to what is earned", "never")


def problems_of(program: Program) -> list[Problem]:
    """Everything that is wrong with *program*; an empty list if nothing is."""
    found = list(_frame(program))
    if found:
        # Without a currency, a zone or real parts nothing else can be judged.
        return found
    found.extend(_names(program))
    found.extend(program.declared.problems)
    found.extend(_tiers(program))
    found.extend(_references(program))
    found.extend(_rules(program))
    redemption = program.declared.redemption()
    found.extend(paid_access_problems(program, redemption))
    found.extend(filter_problems(program, redemption))
    found.extend(_promises(program))
    return list(dict.fromkeys(found))


def _frame(program: Program) -> Iterator[Problem]:
    """What everything else stands on: texts, currency, zone, parts of the right type."""
    for name in ("name", "version"):
        value = getattr(program, name)
        if not isinstance(value, str) or not value.strip():
            yield Problem(name, f"a program needs a {name}, not {value!r:.60}", f'write {name}="…"')
    for name, check in (("currency", minor_digits), ("timezone", zone)):
        try:
            check(getattr(program, name))
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(name, message, remedy)
    for place, each in enumerate(program.earn):
        if not isinstance(each, EarnRule | Group):
            yield Problem(f"earn[{place}]", f"{each!r:.60} is neither an EarnRule nor a Group", "write EarnRule(…)")
    for place, each in enumerate(program.measures):
        if not isinstance(each, Measure):
            yield Problem(
                f"measures[{place}]", f"{each!r:.60} is not a Measure", "write Measure(name, total(…), over=…)"
            )
    if program.tiers is not None and not isinstance(program.tiers, TierSet):
        yield Problem("tiers", f"{program.tiers!r:.60} is not a TierSet", "write TierSet([Tier(…), …], counts=…)")
    for name, allowed in (("rounding", _ROUNDINGS), ("multipliers", _MEETINGS)):
        if getattr(program, name) not in allowed:
            value = getattr(program, name)
            yield Problem(
                name, f"{name} {value!r} is not known", suggest(value, allowed) or f"write {', '.join(allowed)}"
            )
    for part in program.basis_without:
        if part not in _PARTS:
            yield Problem(
                "basis_without", f"a purchase has no part {part!r}", suggest(part, _PARTS) or "tax, shipping, tip"
            )


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _names(program: Program) -> Iterator[Problem]:
    """Names that stand twice."""
    listed = {
        "earn": (each.name for each in program.rules),
        "rewards": (each.name for each in program.rewards),
        "measures": (each.name for each in program.measure_terms),
        "wallets": (each.name for each in program.wallets),
    }
    for part, names in listed.items():
        for name in _twice(names):
            yield Problem(part, f'the name "{name}" stands twice', "give each one its own")
    for name in _twice(each.name for each in program.groups):
        if name not in _twice(each.name for each in program.rules):
            yield Problem("earn", f'a group and a rule are both called "{name}"', "give each one its own name")


def _tiers(program: Program) -> Iterator[Problem]:
    tiers = program.tiers
    if tiers is None:
        return
    if len(tiers.tiers) < 2:  # noqa: PLR2004 -- one level is no levels
        yield Problem("tiers", "one tier is no tiers", "list at least two, from low to high, or leave tiers out")
        return
    for name in _twice(tiers.names):
        yield Problem("tiers", f'the tier "{name}" stands twice', "give each one its own name")
    if tiers.tiers[0].at not in (0, Money(0, program.currency)):
        message = f"the first tier, {tiers.names[0]}, starts at {tiers.tiers[0].at}"
        yield Problem("tiers[0].at", message, "it is where everybody begins: leave at= out")
    yield from _thresholds(program, tiers)
    if isinstance(tiers.counts, str) and tiers.counts not in COUNTABLE:
        remedy = suggest(tiers.counts, COUNTABLE) or f"write {', '.join(COUNTABLE)}, a measure or relationship(…)"
        if "balance" in tiers.counts:
            remedy = 'count "points earned": redeeming must not demote'
        yield Problem("tiers.counts", f'"{tiers.counts}" cannot be counted', remedy)
    if isinstance(tiers.counts, Measure) and tiers.counts.terms not in program.measure_terms:
        name = tiers.counts.terms.name
        yield Problem(
            "tiers.counts", f'the measure "{name}" is not declared', f"add it: measures=[{name}]", code="reference"
        )
    if isinstance(tiers.counts, Measure) == (tiers.over is not None):
        if tiers.over is None:
            yield Problem(
                "tiers.over",
                "it is not said over which time is counted",
                'write over="12 months" or over="calendar year"',
            )
        else:
            yield Problem("tiers.over", "the measure has its own window already", "leave over= out")
    if tiers.falls not in _FALLS:
        yield Problem("tiers.falls", f"{tiers.falls!r} is not known", f"write {', '.join(_FALLS)}")
    if any(each.earns != 1 for each in tiers.tiers) and tiers.of not in {each.name for each in program.groups}:
        names = [each.name for each in program.groups]
        remedy = (
            suggest(tiers.of, names) or f'say which it multiplies: TierSet(…, of="{names[0] if names else "base"}")'
        )
        yield Problem("tiers.of", f'there is no group "{tiers.of}" for a tier to multiply', remedy, code="reference")
    for place, tier in enumerate(tiers.tiers):
        if tier.earns < 1:
            yield Problem(f"tiers[{place}].earns", f"{tier.name} would earn less than the base", "write 1 or more")


def _thresholds(program: Program, tiers: TierSet) -> Iterator[Problem]:
    money = tiers.counts_money
    scale = 10 ** minor_digits(program.currency)
    last = -1
    for place, tier in enumerate(tiers.tiers):
        at = tier.at
        if isinstance(at, Money) and not money:
            yield Problem(
                f"tiers[{place}].at",
                f"{tier.name} starts at {at}, and money is not what is counted",
                "write a whole number",
            )
            return
        if isinstance(at, Money) and at.currency != program.currency:
            yield Problem(
                f"tiers[{place}].at",
                f"{tier.name} starts at {at} in a program in {program.currency}",
                "convert it first",
            )
            return
        value = at.minor if isinstance(at, Money) else at * scale if money else at
        if value <= last and place:
            before = tiers.names[place - 1]
            yield Problem(
                f"tiers[{place}].at", f"{tier.name} does not start above {before}", "order tiers from low to high"
            )
        last = value


def _references(program: Program) -> Iterator[Problem]:
    """Names that refer to nothing."""
    groups = {each.name: each for each in program.groups}
    wallets = {MAIN_WALLET, *(each.name for each in program.wallets), *(each.wallet for each in program.rules)}
    for rule in program.rules:
        path = program.lowering.places[rule.name]
        if (problem := program.declared.kind_problem(rule.on, f"{path}.on")) is not None:
            yield Problem(problem.path, problem.message, problem.remedy, code="reference")
        if isinstance(rule.gives, Times):
            yield from _multiplied(rule, groups, path)
    for group in program.groups:
        for name in ("wallet", "on"):
            if len({getattr(each, name) for each in group.rules if not isinstance(each.gives, Times)}) > 1:
                yield Problem(
                    f'group "{group.name}"',
                    f"its rules differ in {name}",
                    "rules that meet belong to one; make two groups",
                )
    for place, reward in enumerate(program.rewards):
        if reward.wallet not in wallets:
            remedy = suggest(reward.wallet, wallets) or f"there are {', '.join(sorted(wallets))}"
            yield Problem(f"rewards[{place}].wallet", f'no rule fills a wallet "{reward.wallet}"', remedy)
    for place, measure in enumerate(program.measure_terms):
        if (problem := program.declared.kind_problem(measure.aggregate.on, f"measures[{place}]")) is not None:
            yield Problem(problem.path, problem.message, problem.remedy, code="reference")


def _multiplied(rule: EarnRule, groups: dict[str, Group], path: str) -> Iterator[Problem]:
    assert isinstance(rule.gives, Times)  # noqa: S101 -- the caller saw to it
    target = groups.get(rule.gives.of)
    if target is None:
        remedy = suggest(rule.gives.of, groups) or f"there are {', '.join(groups)}"
        yield Problem(f"{path}.gives", f'there is no group "{rule.gives.of}" to multiply', remedy, code="reference")
    elif all(isinstance(each.gives, Times) for each in target.rules):
        yield Problem(
            f"{path}.gives",
            f'"{target.name}" is a multiplier itself',
            "multiply the group that it multiplies",
            code="reference",
        )
    elif rule.on not in {each.on for each in target.rules}:
        yield Problem(
            f"{path}.on",
            f'"{target.name}" is about another kind of event',
            f'write on="{target.rules[0].on}"',
            code="reference",
        )


def _rules(program: Program) -> Iterator[Problem]:
    """What lowering refuses, kind by kind; the order of the program is restored."""
    lowering = program.lowering
    kinds = dict.fromkeys(
        [*(each.on for each in program.rules), *(each.aggregate.on for each in program.measure_terms)]
    )
    if program.tiers is not None and isinstance(program.tiers.counts, str | Relationship):
        kinds |= dict.fromkeys(["purchase"]) if score_parts(program.tiers) else {}
    for kind in [each for each in kinds if each in program.declared.events]:
        program.plan(kind)
    for wallet, highest in lowering.highest.items():
        if highest > LARGEST:
            message = f"one event could give {int(highest):,} {wallet}, more than books keep exactly"
            remedy = "put a cap on the group, or narrower bounds on its fields"
            lowering.problems.append(Problem("earn", message, remedy))
    yield from sorted(dict.fromkeys(lowering.problems), key=lambda each: _order(each.path))


def _order(path: str) -> tuple[object, ...]:
    return tuple(int(each) if each.isdigit() else -1 for each in re.findall(r"\d+|[a-z]+", path))


def _promises(program: Program) -> Iterator[Problem]:
    """What the program publishes must at least be readable."""
    declared = program.declared
    for place, each in enumerate(program.published):
        path = f"published[{place}]"
        if (problem := declared.kind_problem(each.on, f"{path}.on")) is not None:
            yield problem
            continue
        schema = declared.schema(each.on)
        try:
            resolve_number(each.points, schema, unit="number")
            if each.when is not None:
                resolve_condition(each.when, schema)
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(path, message, remedy, code=error.code)
    if program.base_benefit is not None:
        try:
            resolve_number(program.base_benefit, declared.schema("purchase"), unit="number")
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem("base_benefit", message, remedy, code=error.code)
    if program.pace is not None:
        for path in program.pace.event:
            kind = path.partition(".")[0]
            if (
                kind not in (*declared.events, "member")
                or path not in declared.schema("purchase" if kind == "member" else kind).kinds
            ):
                names = [name for each in declared.events for name in declared.schema(each).kinds]
                yield Problem("pace.event", f'there is no field "{path}"', suggest(path, names))
