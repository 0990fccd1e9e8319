"""An evaluation as the reasons behind it, in English and Spanish: what applied, what was capped, what said no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.language.sentences import sentence
from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.rules import MAIN_WALLET, EarnRule
from fidelity.rules.saying.campaigns import campaign_missed, campaigns_reduced
from fidelity.wording import program as said_program
from fidelity.wording import reasons as said_reasons
from fidelity.wording import terms as said
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.rules.evaluation import Evaluation, Missed

__all__ = ["explain_evaluation"]


def explain_evaluation(evaluation: Evaluation, language: str, *, formal: bool = False) -> str:
    """The reasons of an evaluation; see `Evaluation.explain`."""
    return "\n".join(_reasons(evaluation, evaluation.program.tongue(language), formal=formal))


def _reasons(evaluation: Evaluation, language: str, *, formal: bool) -> Iterator[str]:
    program = evaluation.program
    if evaluation.wallets:
        for wallet, points in evaluation.wallets.items():
            yield said_reasons.total(language, points, wallet, formal=formal)
    else:
        yield said_reasons.nothing(language)
    rules = {each.name: each for each in program.rules}
    groups = {rule.name: group for group in program.groups for rule in group.rules}
    winners = {groups[each.rule].name: each.rule for each in evaluation.applied if each.counted}
    told_below = {each.group for each in evaluation.reduced if each.what == "rule"}
    for each in evaluation.applied:
        gives = rules[each.rule].gives
        if not each.counted:
            group = groups[each.rule]
            yield f"- {said_reasons.overtaken(language, each.rule, winners.get(group.name, group.name), group.combine)}"
        elif gives is not None and each.rule not in told_below:
            factor = gives.factor if isinstance(gives, Times) else 0
            yield f"- {said_reasons.rule_applied(language, each.rule, each.points, each.wallet, factor=factor)}"
    if evaluation.tier_extra:
        yield f"- {said_reasons.rule_applied(language, evaluation.tier, evaluation.tier_extra)}"
    for kind, _, text in evaluation.notes:
        yield f"- {said_program.effect(language, kind, text, formal=formal)}"
    yield from _capped(evaluation, language)
    yield from (f"- {each}" for each in campaigns_reduced(evaluation, language))
    yield from _rounded(evaluation, language)
    for missed in evaluation.missed:
        yield f"- {_missed(evaluation, missed, rules[missed.rule], language, program.zone, formal=formal)}"


def _capped(evaluation: Evaluation, language: str) -> Iterator[str]:
    program = evaluation.program
    caps = {("group", group.name): (group.cap, group.rules[0].wallet) for group in program.groups}
    caps |= {("rule", rule.name): (rule.cap, rule.wallet) for rule in program.rules}
    caps["program", program.name] = (program.cap, MAIN_WALLET)
    for each in evaluation.reduced:
        cap, wallet = caps.get((each.what, each.group), (None, MAIN_WALLET))
        if cap is not None:
            yield "- " + said_reasons.cap_reached(
                language, each.group, each.desired, each.given, most=cap.most, window=cap.per, wallet=wallet,
                whole=cap.exceeded == "reject",
            )  # fmt: skip


def _rounded(evaluation: Evaluation, language: str) -> Iterator[str]:
    for wallet, whole in evaluation.wallets.items():
        exact = sum((each.points for each in evaluation.effects if each.wallet == wallet), Fraction(0))
        if exact.denominator != 1 and not evaluation.reduced:
            yield f"- {said_reasons.rounded(language, exact, whole, evaluation.program.rounding, wallet)}"


def _missed(
    evaluation: Evaluation, missed: Missed, rule: EarnRule, language: str, zone: tzinfo, *, formal: bool
) -> str:
    if said_so := campaign_missed(evaluation, missed, language):
        return said_so
    if missed.because == "limit" and rule.limit is not None:
        return said_reasons.limit_reached(language, rule.name, rule.limit.count, rule.limit.window)
    if missed.because == "during" and rule.during is not None:
        between = said.between_days(language, *rule.during)
        return said_reasons.missed(language, rule.name, phrase(language, "reason.during", between=between))
    if missed.condition is None:
        return said_reasons.missed(language, rule.name, phrase(language, "reason.excluded"))
    schema = evaluation.program.declared.schema(evaluation.event.kind)
    because = sentence(missed.condition, schema, language, zone=zone, formal=formal, negated=True, past=True)
    return said_reasons.missed(language, rule.name, because)
