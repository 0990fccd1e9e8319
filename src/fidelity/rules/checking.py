"""Checking a program: every problem with its path and remedy, in the order of the program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields

from fidelity.errors import FidelityError, Problem
from fidelity.language.kinds import LARGEST
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.tree import Literal, OverLines
from fidelity.rules.assuming import assumption_problems
from fidelity.rules.combining import owners
from fidelity.rules.earning.amounts import Points, Step, Times
from fidelity.rules.earning.campaign_checks import campaign_problems
from fidelity.rules.earning.campaigns import Campaign, places
from fidelity.rules.earning.claims import Claims, claim_problems
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure
from fidelity.rules.earning.milestones import Milestone, milestone_problems
from fidelity.rules.earning.referrals import referral_problems
from fidelity.rules.earning.rules import MAIN_WALLET, EarnRule, Group, Wallet, is_name
from fidelity.rules.earning.wallet_checks import wallet_problems
from fidelity.rules.hardlines import clause_problems, paid_access_problems
from fidelity.rules.published import Limits, Pace, Published, Waiver, worth_problems
from fidelity.rules.rewards.checks import reward_problems
from fidelity.rules.rewards.discount_checks import discount_problems
from fidelity.rules.rewards.filters import filter_problems
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.rewards.vouchers import Conversion
from fidelity.rules.tiers.checks import tier_problems
from fidelity.rules.tiers.score import score_parts
from fidelity.rules.tiers.service import service_problems
from fidelity.rules.tiers.tier_set import Relationship, TierSet
from fidelity.rules.words import word_problems
from fidelity.values.money import Money, minor_digits
from fidelity.values.spelling import nearest, shown, suggest
from fidelity.values.zones import zone

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["in_order", "problems_of"]

_PARTS = ("tax", "shipping", "tip")
#: What a program may say of each policy; the first is what holds when it says nothing.
_POLICIES = {
    "points_part": ("after", "before", "nothing"),
    "order_discount": ("prorate", "lines in scope"),
    "rounding": ("floor", "half even", "half up", "ceil"),
    "rounded": ("once", "per rule", "per line"),
    "multiplied": ("whole points", "exact amount"),
    "multipliers": ("add", "compound", "best"),
}


def problems_of(program: Program) -> list[Problem]:
    """Everything that is wrong with *program*, in its order; an empty list if nothing is."""
    found = list(_frame(program))
    if found:
        # Without a currency, a zone or real parts little else can be judged, but a fee is a fee.
        found.extend(clause_problems(program))
        likely = _likely(program, found)
        found.extend([] if likely is None else _judged(likely))
        return in_order(found, _ORDER)
    return in_order(_judged(program), _ORDER)


def _step_currencies(part: object) -> Iterator[str]:
    """The currencies in which the steps of a rule, or of the rules of a group, are written."""
    for rule in part.rules if isinstance(part, Group) else (part,):
        match rule:
            case EarnRule(gives=Points(per=Step(size=Money(currency=currency)))):
                yield currency


def _likely(program: Program, found: Sequence[Problem]) -> Program | None:
    """*program* as it was probably meant, if only its names are wrong; the rest of it can be judged then."""
    meant: dict[str, object] = {"name": "program", "version": "0", "timezone": "UTC", "basis_without": ()}
    meant |= {name: allowed[0] for name, allowed in _POLICIES.items()}
    for each in found:
        if each.path == "currency":
            # What its own steps are written in is a better guess than the nearest code.
            spoken = {currency for part in program.earn for currency in _step_currencies(part)}
            match = re.search(r'"([A-Z]{3})"', each.remedy)
            if len(spoken) == 1:
                meant["currency"] = spoken.pop()
            elif match is not None:
                meant["currency"] = match[1]
    if any(each.path not in meant for each in found if each.code != "paid access"):
        return None
    likely = copy(program)
    for name in {each.path for each in found} & set(meant):
        object.__setattr__(likely, name, meant[name])
    return likely


def _apart(program: Program) -> tuple[Program, dict[str, str]]:
    """*program* with a name of its own for each rule, and what these are called: a place is known by its name."""
    called: dict[str, str] = {}
    seen: set[str] = set()

    def named(part: Any) -> Any:  # noqa: ANN401 -- a rule, or what holds some: the same kind comes back
        if not isinstance(part, EarnRule):
            return evolve(part, rules=tuple(map(named, part.rules)))
        if part.name not in seen:
            seen.add(part.name)
            return part
        own = f"{part.name[:80]} #{len(called) + 2}"
        called[own] = part.name
        return evolve(part, name=own)

    apart = copy(program)
    for name in set(vars(apart)) - {each.name for each in fields(type(program))}:
        # What was worked out of the names that stand twice.
        del vars(apart)[name]
    object.__setattr__(apart, "earn", tuple(named(each) for each in program.earn))
    return apart, called


def _judged(program: Program) -> list[Problem]:
    """What is wrong beyond the frame."""
    found = list(_names(program))
    if not _twice(each.name for each in program.rules):
        return [*found, *_judged_by_name(program)]
    apart, called = _apart(program)
    for each in _judged_by_name(apart):
        message = each.message
        for own, name in called.items():
            message = message.replace(own, name)
        found.append(evolve(each, message=message))
    return found


def _judged_by_name(program: Program) -> list[Problem]:
    """What is wrong with the parts, each known by its name."""
    found: list[Problem] = []
    found.extend(program.declared.problems)
    found.extend(tier_problems(program))
    found.extend(service_problems(program))
    found.extend(_references(program))
    found.extend(_exclusions(program))
    found.extend(_rules(program))
    found.extend(campaign_problems(program))
    found.extend(referral_problems(program))
    found.extend(wallet_problems(program))
    redemption = program.declared.redemption()
    found.extend(_currencies(program))
    found.extend(clause_problems(program))
    found.extend(paid_access_problems(program, redemption))
    found.extend(filter_problems(program, redemption))
    found.extend(_promises(program))
    found.extend(assumption_problems(program))
    found.extend(reward_problems(program, redemption))
    found.extend(milestone_problems(program))
    found.extend(claim_problems(program))
    found.extend(discount_problems(program))
    found.extend(word_problems(program))
    return found


#: The order of a program's parts when it is written in Python.
_ORDER = (
    "name", "version", "currency", "timezone", "effective",
    "membership_fee", "card_fee", "transfer_fee", "reinstatement_fee",
    "events", "fields", "measures", "earn", "excludes", "basis_without", "points_part",
    "order_discount", "cap", "rounding", "rounded", "multiplied", "multipliers", "tiers", "minimum_standard",
    "wallets", "expiry",
    "rewards", "conversions", "milestones", "claims", "filter_budget", "published", "pace", "base_benefit", "limits",
    "waivers", "assume", "referrals", "discounts", "words", "address",
)  # fmt: skip


def in_order(problems: Iterable[Problem], parts: Sequence[str]) -> list[Problem]:
    """*problems*, each once, in the order in which *parts* stand in the program."""
    ranks = {name: place for place, name in enumerate(parts)}

    def rank(problem: Problem) -> tuple[int, list[int]]:
        words = re.findall(r"\w+", problem.path)
        numbers = [int(each) for each in words[1:] if each.isdecimal() and len(each) < 10]  # noqa: PLR2004 -- a place
        return ranks.get(words[0], len(ranks)) if words else -1, numbers

    return sorted(dict.fromkeys(problems), key=rank)


def _frame(program: Program) -> Iterator[Problem]:
    """What everything else stands on: texts, currency, zone, parts of the right type."""
    for name in ("name", "version"):
        value = getattr(program, name)
        if not is_name(value):
            yield Problem(name, f"a program needs a {name}, not {shown(value)}", f'write {name}="…"')
    for name, check in (("currency", minor_digits), ("timezone", zone)):
        try:
            check(getattr(program, name))
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(name, message, remedy)
    yield from _parts(program)
    for name, allowed in _POLICIES.items():
        value = getattr(program, name)
        if value not in allowed:
            remedy = suggest(value, allowed) or f"write {', '.join(allowed)}"
            yield Problem(name, f"{name.replace('_', ' ')} {shown(value)} is not known", remedy)
    for part in program.basis_without:
        if part not in _PARTS:
            remedy = suggest(part, _PARTS) or "there are tax, shipping, tip"
            yield Problem("basis_without", f"a purchase has no part {shown(part)}", remedy)


def _parts(program: Program) -> Iterator[Problem]:
    """Parts of the right type."""
    listed: tuple[tuple[str, tuple[type, ...], str], ...] = (
        ("earn", (EarnRule, Group, Campaign), "an EarnRule, a Group or a Campaign"),
        ("measures", (Measure,), "a Measure"),
        ("rewards", (Reward, Payment), "a Reward or a Payment"),
        ("conversions", (Conversion,), "a Conversion"),
        ("wallets", (Wallet,), "a Wallet"),
        ("milestones", (Milestone,), "a Milestone"),
        ("claims", (Claims,), "a Claims window"),
        ("published", (Published,), "a Published"),
        ("waivers", (Waiver,), "a Waiver"),
    )
    for name, types, wanted in listed:
        for place, each in enumerate(getattr(program, name)):
            if not isinstance(each, types):
                remedy = f"write {types[0].__name__}(…)"
                yield Problem(f"{name}[{place}]", f"{shown(each)} is not {wanted}", remedy)
    for name, kind in (("tiers", TierSet), ("cap", Cap), ("pace", Pace), ("limits", Limits)):
        value = getattr(program, name)
        if value is not None and not isinstance(value, kind):
            yield Problem(name, f"{shown(value)} is not a {kind.__name__}", f"write {kind.__name__}(…)")
    if isinstance(program.cap, Cap) and program.cap.unit == "spend":
        remedy = 'cap the points of the program, Cap(500, "points"), or the spend of each rule'
        yield Problem("cap", "a cap of spend belongs to a rule", remedy)


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


def _exclusions(program: Program) -> Iterator[Problem]:
    """Exclusions that cannot be read."""
    for place, node in enumerate(program.excludes):
        about = owners(node)
        kind = next((each for each in program.declared.events if each in about), "purchase")
        try:
            schema = program.declared.schema(kind)
            if about == {"line"}:
                resolve_number(OverLines(Literal(1), node), schema)
            else:
                resolve_condition(node, schema)
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(f"excludes[{place}]", message, remedy, code=error.code)


def _currencies(program: Program) -> Iterator[Problem]:
    """Money of rewards, and of what partners pay, in another currency than the program's."""
    for rule in program.rules:
        if rule.billed is not None and rule.billed.currency != program.currency:
            path = f"{program.lowering.places[rule.name]}.billed"
            message = f"{rule.billed} stands in a program in {program.currency}"
            yield Problem(path, message, "convert it first", code="money")
    for place, reward in enumerate(program.rewards):
        said = [(f"rewards[{place}].worth", reward.worth)]
        said += [(f"rewards[{place}].security[{at}].above", each.above) for at, each in enumerate(reward.security)]
        for path, amount in said:
            if amount is not None and amount.currency != program.currency:
                message = f"{amount} stands in a program in {program.currency}"
                yield Problem(path, message, "convert it first", code="money")


def _references(program: Program) -> Iterator[Problem]:  # noqa: C901 -- one branch a part of the program
    """Names that refer to nothing."""
    groups = {each.name: each for each in program.groups}
    declared = {MAIN_WALLET, *(each.name for each in program.wallets)}
    wallets = {*declared, *(each.wallet for each in program.rules)}
    for rule in program.rules:
        path = program.lowering.places[rule.name]
        if (problem := program.declared.kind_problem(rule.on, f"{path}.on")) is not None:
            yield Problem(problem.path, problem.message, problem.remedy, code="reference")
        if isinstance(rule.gives, Times):
            yield from _multiplied(rule, groups, path)
        elif rule.wallet not in declared and (program.wallets or nearest(rule.wallet, [MAIN_WALLET], cutoff=0.8)):
            # Without wallets= a rule brings a wallet of its own, but hardly one called almost like the main one.
            remedy = suggest(rule.wallet, declared) or "add it to wallets="
            yield Problem(f"{path}.wallet", f'there is no wallet "{rule.wallet}"', remedy)
    for path, group in places(program.earn):
        for name in ("wallet", "on"):
            rules = group.rules if isinstance(group, Group) else ()
            if len({getattr(each, name) for each in rules if not isinstance(each.gives, Times)}) > 1:
                message = f'the rules of group "{group.name}" differ in {name}'
                yield Problem(path, message, "rules that meet belong to one; make two groups")
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
    elif rule.wallet not in (MAIN_WALLET, *(each.wallet for each in target.rules)):
        remedy = "leave wallet= out: a multiplier gives what its group gives"
        yield Problem(f"{path}.wallet", f'"{rule.name}" multiplies "{target.name}", which fills another wallet', remedy)


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
    yield from lowering.problems


def _promises(program: Program) -> Iterator[Problem]:
    """What the program publishes must at least be readable."""
    declared = program.declared
    yield from worth_problems(program.limits, program.currency)
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
