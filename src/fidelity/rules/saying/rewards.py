"""The rewards of a program as printed terms: what each costs, what it asks, and how its voucher lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.language.schema import Schema
from fidelity.language.sentences import amount_phrase, sentence
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.rewards.terms import Filter
from fidelity.rules.saying.discounts import off_phrase
from fidelity.wording import allowances, dates, phrasebook
from fidelity.wording import program as said_program
from fidelity.wording import rewards as said
from fidelity.wording import terms as said_terms
from fidelity.wording.tongue import own

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["reward_lines"]


def reward_lines(program: Program, language: str, *, formal: bool) -> Iterator[str]:
    """The lines of all rewards, in order."""
    schema = program.declared.redemption()
    for reward in program.rewards:
        if isinstance(reward, Payment):
            yield f"- {said.payment(language, reward.name, reward.points, reward.worth, reward.wallet, formal=formal)}"
            if reward.worth.minor % reward.points:
                yield f"  {phrasebook.phrase(language, 'payment.round')}"
            if reward.short == "clamp":
                yield f"  {phrasebook.phrase(language, 'payment.clamp', formal=formal)}"
        else:
            yield f"- {_cost(program, reward, schema, language, formal=formal)}"
        if isinstance(reward, Reward) and reward.off is not None:
            told = off_phrase(program, reward.off, language, formal=formal)
            yield f"  {phrasebook.phrase(language, 'discount.reward', off=told)}"
        if isinstance(reward, Reward) and reward.stock is not None:
            yield f"  {allowances.stock(language, reward.name, reward.stock)}"
        yield from (f"  {each}" for each in _asks(program, reward, schema, language, formal=formal))
        for term in reward.legal:
            yield f"  {own(language, term.text)}"
    yield from _conversions(program, language, formal=formal)


def _asks(program: Program, reward: Reward | Payment, schema: Schema, language: str, *, formal: bool) -> Iterator[str]:
    """What a reward asks for beside its cost: its filters, its blocks, and the steps that protect the points."""
    for each in reward.filters:
        # Blocks and security are said below, whether or not they count as filters.
        if each.name not in ("block", "second security step"):
            yield _filter(program, reward, each, schema, language, formal=formal)
    if isinstance(reward, Payment):
        if reward.limit is not None and reward.limit.exceeded == "reject":
            yield phrasebook.phrase(language, "filter.limit.reject", formal=formal)
    elif reward.block is not None and reward.block > 1:
        yield said.blocks(language, reward.block, reward.wallet)
    yield from (said.security(language, each.step, each.above, formal=formal) for each in reward.security)


def _conversions(program: Program, language: str, *, formal: bool) -> Iterator[str]:
    for each in program.conversions:
        life = said_program.life(language, each.voucher, "vouchers", formal=formal)
        most = each.value(each.least)
        how = said.conversion(language, each.every, each.least, most, each.of, block=each.blocks, step=each.worth)
        yield f"- {how}"
        yield f"  {phrasebook.phrase(language, 'conversion.rest', formal=formal)}"
        yield f"  {phrasebook.phrase(language, 'conversion.life', formal=formal, life=life)}"


def _cost(program: Program, reward: Reward, schema: Schema, language: str, *, formal: bool) -> str:
    if not isinstance(reward.cost, int):
        formula = amount_phrase(reward.cost, schema, language, zone=program.zone, formal=formal)
        return said.reward_formula(language, reward.name, formula, reward.worth)
    if reward.units > 1:
        return said.reward_units(language, reward.name, reward.cost, reward.units, reward.worth, reward.wallet)
    return said_program.reward(language, reward.name, reward.cost, reward.worth, reward.wallet)


def _filter(  # noqa: PLR0911  (one sentence a filter)
    program: Program, reward: Reward | Payment, asked: Filter, schema: Schema, language: str, *, formal: bool
) -> str:
    match asked.name:
        case "blackout":
            return phrasebook.phrase(language, "filter.blackout", between=_between(asked, language))
        case "during":
            return said.during(language, _between(asked, language), formal=formal)
        case "blocks":
            return said.blocks(language, int(asked.text), reward.wallet)
        case "at least":
            return said.at_least(language, int(asked.text), reward.wallet)
        case "share":
            return said.share(language, Fraction(asked.text), formal=formal)
        case "limit" if isinstance(reward, Payment):
            assert reward.limit is not None and isinstance(reward.limit.most, int)  # noqa: PT018,S101  (it is a filter)
            return said.limit_points(language, reward.limit.most, reward.limit.per, reward.wallet, formal=formal)
        case "limit":
            assert isinstance(reward, Reward) and reward.limit is not None  # noqa: PT018,S101  (it is a filter)
            return said.limit(language, reward.limit.count, reward.limit.window, formal=formal)
        case "voucher":
            assert reward.voucher is not None  # noqa: S101  (it is a filter)
            life = said_program.life(language, reward.voucher, "vouchers", formal=formal)
            return phrasebook.phrase(language, "filter.voucher", formal=formal, life=life)
    if asked.when is not None:
        words = sentence(asked.when, schema, language, zone=program.zone, formal=formal)
        return said_program.reward_condition(language, reward.name, words, formal=formal)
    span = {"waiting time": reward.wait, "expiring voucher": getattr(reward, "voucher_life", None)}.get(asked.name)
    text = asked.text if span is None else dates.duration(language, span)
    return phrasebook.phrase(language, f"filter.{asked.name}", text=text)


def _between(asked: Filter, language: str) -> str:
    first, last = (date.fromisoformat(each) for each in asked.text.split(" to "))
    return said_terms.between_days(language, first, last)
