"""The audit: what a careful reader would ask about a program, as findings with their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.language.boxes import is_never
from fidelity.language.tree import Compare, Field, IsIn, Literal, Node, Opaque, fields_of, walk
from fidelity.rules.doors import conditions
from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.rules import MAIN_WALLET, EarnRule
from fidelity.rules.rewards.filters import EffectiveFilter, effective_filters
from fidelity.wording.numbers import percent
from fidelity.wording.phrasebook import listing, phrase
from fidelity.wording.problems import sentence_in

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Audit", "Finding", "audit", "evaluation_class"]


@frozen
class Finding:
    """
    One thing about the program.

    Attributes:
        path: Where it stands.
        code: A short stable word.
        severity: ``"note"`` or ``"warning"``; errors never get this far.
        message: What it is, and what to do about it.
    """

    path: str
    code: str
    severity: str
    message: str

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{self.severity}: {place}{self.message}"


@frozen
class Audit:
    """
    The findings about one program.

    Attributes:
        program: Its name and version.
        evaluation_class: ``"A"`` to ``"D"``, and `because`, the clauses that cause it.
        findings: Everything found, warnings first.
        transactional_share: Share of the earning rules that pay for spending alone (principle E6), 0 to 1.
        filters: What stands between the points and each reward and counts as a filter (principle R2), by reward.
    """

    program: str
    evaluation_class: str
    because: tuple[str, ...]
    findings: tuple[Finding, ...]
    transactional_share: float
    filters: Mapping[str, tuple[EffectiveFilter, ...]] = {}

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: str = "en") -> str:
        """The audit in words: the class, what pays for spending alone, and every finding."""

        def say(key: str, **parts: str) -> str:
            return phrase(language, f"audit.{key}", parts)

        letter, causes = self.evaluation_class, [sentence_in(language, each) for each in self.because]
        because = say("because", causes=", ".join(causes)) if causes else ""
        spending = percent(language, Fraction(round(self.transactional_share * 100), 100))
        lines = [
            say("title", program=self.program),
            "  " + say("class", letter=letter, what=say(letter), because=because),
            "  " + say("spending", share=spending),
        ]
        for reward, counted in self.filters.items():
            if counted:
                named = listing(language, map(str, counted))
                lines.append("  " + say("filters", reward=reward, count=str(len(counted)), filters=named))
        for each in self.findings:
            where = f"{each.path}: " if each.path else ""
            lines.append(f"  {say(each.severity)}: {where}{sentence_in(language, each.message)}")
        return "\n".join(lines if self.findings else [*lines, "  " + say("nothing")])


def audit(program: Program) -> Audit:
    """The audit of *program*; see `Program.audit`."""
    letter, because = evaluation_class(program)
    findings = [
        *_budget(program), *_obtained(program), *_opaque(program), *_dead(program), *_newcomers(program),
        *_wallets(program), *_waivers(program), *_expiry(program), *_tier_order(program),
    ]  # fmt: skip
    findings.sort(key=lambda each: each.severity != "warning")
    spending = [each for each in program.rules if _is_transactional(each)]
    share = len(spending) / len(program.rules) if program.rules else 0.0
    schema = program.declared.redemption()
    filters = {each.name: effective_filters(each, schema) for each in program.rewards}
    return Audit(f"{program.name} {program.version}", letter, because, tuple(findings), share, filters)


def evaluation_class(  # noqa: C901, PLR0912 -- one branch a part of the program
    program: Program,
) -> tuple[str, tuple[str, ...]]:
    """The class of evaluation, and the clauses that cause it: see DESIGN's four classes in docs/explanation."""
    ordered: list[str] = []
    windowed: list[str] = []
    places = program.lowering.places
    reads_tier = _reads_tier(program)
    if program.tiers is not None and reads_tier:
        if program.tiers.crossing != "next event":
            ordered.append("tiers.crossing")
        if "points earned" in program.tiers.by_name:
            ordered.append("tiers.counts (points earned decide the tier that decides points)")
        else:
            windowed.append("tiers.counts")
    for rule in program.rules:
        if rule.limit is not None:
            windowed.append(f"{places[rule.name]}.limit")
        if rule.cap is not None and rule.cap.per is not None:
            (ordered if rule.cap.exceeded == "reject" else windowed).append(f"{places[rule.name]}.cap")
    for group in program.groups:
        if group.cap is not None and group.cap.per is not None:
            (ordered if group.cap.exceeded == "reject" else windowed).append(f'group "{group.name}".cap')
    if program.cap is not None and program.cap.per is not None:
        (ordered if program.cap.exceeded == "reject" else windowed).append("cap")
    for place, milestone in enumerate(program.milestones):
        (windowed if milestone.of.startswith("measure.") else ordered).append(f"milestones[{place}]")
    given = {each.path for each in program.measure_terms if each.given}
    for path, node, _ in conditions(program):
        if path.startswith("earn") and any(each.startswith("measure.") for each in fields_of(node)):
            (ordered if given & set(fields_of(node)) else windowed).append(path)
    shared = [f"{places[rule.name]}.on" for rule in program.rules if rule.on in ("referral", "referred")]
    shared += [f'campaign "{each.name}".budget' for each in program.campaigns if each.budget is not None]
    stocked = ((place, getattr(each, "stock", None)) for place, each in enumerate(program.rewards))
    shared += [f"rewards[{place}].stock" for place, stock in stocked if stock is not None]
    if shared:
        return "D", tuple(shared)
    if ordered:
        return "C", tuple(dict.fromkeys(ordered))
    return ("B", tuple(dict.fromkeys(windowed))) if windowed else ("A", ())


def _reads_tier(program: Program) -> bool:
    if program.tiers is not None and any(each.earns != 1 for each in program.tiers.tiers):
        return True
    return any("member.tier" in fields_of(node) for path, node, _ in conditions(program) if path.startswith("earn"))


def _is_transactional(rule: EarnRule) -> bool:
    """Pays for spending alone: no tenure, no feedback, no participation, nothing that is not points."""
    if rule.on != "purchase" or rule.effects:
        return False
    return rule.when is None or not any(each.startswith("member.") for each in fields_of(rule.when))


def _budget(program: Program) -> Iterator[Finding]:
    budget = program.filter_budget
    if budget.most > 2:  # noqa: PLR2004 -- the default
        message = (
            f'{budget.most} filters a reward are allowed since {budget.on}, signed {budget.signed}: "{budget.reason}"'
        )
        yield Finding("filter_budget", "raised budget", "warning", message)
    schema = program.declared.redemption()
    for place, reward in enumerate(program.rewards):
        counted = effective_filters(reward, schema)
        spare = len(reward.filters) - len(counted)
        if spare:
            yield Finding(
                f"rewards[{place}]",
                "idle filter",
                "note",
                f'{spare} filters of "{reward.name}" keep nobody out; remove them',
            )


def _obtained(program: Program) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, node, schema in conditions(program):
        for name in fields_of(node):
            kind = schema.kinds.get(name)
            if kind is not None and not kind.obtained and name not in seen:
                seen.add(name)
                message = (
                    f'`{name}` does not say how members come by it; declare obtained="earned", "declared" or "given"'
                )
                yield Finding(path, "undeclared", "warning", message)


def _opaque(program: Program) -> Iterator[Finding]:
    for path, node, _ in conditions(program):
        for each in walk(node):
            if isinstance(each, Opaque):
                message = f'"{each.name}" is a function of its own: not analysed, not proved, not printed as SQL'
                yield Finding(path, "not analysed", "warning", message)


def _dead(program: Program) -> Iterator[Finding]:
    for kind in dict.fromkeys(each.on for each in program.rules):
        for rule in program.plan(kind).rules:
            if rule.clauses and is_never(rule.fires):
                yield Finding(
                    rule.path,
                    "dead rule",
                    "warning",
                    f'"{rule.rule.name}" can never apply: its conditions exclude each other',
                )


def _newcomers(program: Program) -> Iterator[Finding]:
    """What favours a shorter relationship: the cheap structural check of parity (principle E2)."""
    places = program.lowering.places
    doors = [(f"{places[each.name]}.when", each.name, each.when) for each in program.rules]
    doors += [(f"discounts[{place}].when", each.name, each.when) for place, each in enumerate(program.discounts)]
    doors += [
        (f"rewards[{place}].when", each.name, node) for place, each in enumerate(program.rewards) for node in each.when
    ]
    for path, name, when in doors:
        if when is not None and any(_favors_newcomers(each) for each in walk(when)):
            message = f'"{name}" gives newcomers what long-time members do not get; give it to both (principle E2)'
            yield Finding(path, "parity", "warning", message)


def _favors_newcomers(node: Node) -> bool:
    match node:
        case Compare("<" | "<=" | "==", Field(path), Literal()) if path.startswith("member.tenure"):
            return True
        case Compare(">" | ">=", Literal(), Field(path)) if path.startswith("member.tenure"):
            return True
        case IsIn(Field(path), _) if path.startswith("member.tenure"):
            return True
    return False


def _wallets(program: Program) -> Iterator[Finding]:
    declared = {MAIN_WALLET, *(each.name for each in program.wallets)}
    for name in dict.fromkeys(each.wallet for each in program.rules if not isinstance(each.gives, Times)):
        if name not in declared:
            message = f'points go to the wallet "{name}", which nobody declared; add wallets=[Wallet("{name}")]'
            yield Finding("wallets", "undeclared wallet", "note", message)


def _waivers(program: Program) -> Iterator[Finding]:
    for each in program.waivers:
        about = f" for {each.rule}" if each.rule else ""
        yield Finding(
            "waivers",
            "waiver",
            "warning",
            f'{each.property}{about} waived on {each.on} by {each.signed}: "{each.reason}"',
        )


def _expiry(program: Program) -> Iterator[Finding]:
    if program.rewards and program.expiry.never:
        return
    if not program.rewards and program.rules:
        yield Finding(
            "rewards", "no rewards", "note", "points buy nothing yet; list rewards, or the points are a score only"
        )


def _tier_order(program: Program) -> Iterator[Finding]:
    tiers = program.tiers
    if tiers is None:
        return
    for below, above in zip(tiers.tiers, tiers.tiers[1:], strict=False):
        if above.earns < below.earns:
            yield Finding("tiers", "tier order", "warning", f"{above.name} earns less than {below.name} (principle E2)")
    if any(each != "visits" for each in tiers.by_name):
        message = "status counts buying alone; relationship(…) sees the person as well (principle R3)"
        yield Finding("tiers.counts", "buying alone", "note", message)
