"""Milestones: what a member is told when a balance or a measure comes to a value from below.

Pure: what was before, what an event adds, and which milestone that passes. Of several at once only the highest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import LanguageError, OperandError, Problem
from fidelity.rules.earning.measures import Measure
from fidelity.rules.earning.rules import MAIN_WALLET, is_text, named
from fidelity.values.money import Money, money
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import whole_number

if TYPE_CHECKING:
    from attrs import Attribute

    from fidelity.rules.program import Program

__all__ = ["Milestone", "milestone_problems", "milestones", "passed"]


def _at(value: int | str | Money) -> int | Money:
    if isinstance(value, Money | str):
        found = money(value)
        if found.minor < 1:
            message = f"a milestone is above nothing, not at {found}"
            raise OperandError(message, value=value)
        return found
    return whole_number(value, what="at", low=1)


def _of(value: str | Measure) -> str:
    if isinstance(value, Measure):
        return value.terms.path
    if not isinstance(value, str) or not value.strip():
        message = f'a milestone is of a wallet or of a measure: of="points", of=nights, not {shown(value)}'
        raise OperandError(message, value=value)
    return value


def _text(instance: object, attribute: Attribute[str], value: object) -> None:
    if not isinstance(value, str) or not is_text(value):
        message = f"{attribute.name} of {type(instance).__name__} is a text, not {shown(value)}"
        raise LanguageError(message, value=value)


@frozen
class Milestone:
    """
    What a member is told or gets when a balance or a measure comes to a value from below.

    Args:
        name: How the receipt calls it; unique among milestones.
        at: Which value: points, a number, or money of a measure in money.
        of: Of what: a wallet by its name, ``"points"`` unless told, with what waits and what is set aside, less what is
            owed; or a `Measure`, in text ``"measure.nights"``.
        message, benefit, recognition: As of an `EarnRule`.
    """

    name: str = field(validator=named)
    at: int | Money = field(kw_only=True, converter=_at)
    of: str = field(default=MAIN_WALLET, kw_only=True, converter=_of)
    message: str = field(default="", kw_only=True, validator=_text)
    benefit: str = field(default="", kw_only=True, validator=_text)
    recognition: str = field(default="", kw_only=True, validator=_text)

    def __attrs_post_init__(self) -> None:
        if not self.effects:
            message = f"milestone {self.name!r} tells nothing; add message=, benefit= or recognition="
            raise LanguageError(message, milestone=self.name)

    @property
    def effects(self) -> tuple[tuple[str, str, str], ...]:
        """What happens there: ``(kind, milestone, text)``."""
        said = (("message", self.message), ("benefit", self.benefit), ("recognition", self.recognition))
        return tuple((kind, self.name, text) for kind, text in said if text)

    @property
    def value(self) -> int:
        """Where it is, in whole base units."""
        return self.at if isinstance(self.at, int) else self.at.minor


def milestones(value: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """Milestones, in order."""
    if isinstance(value, Milestone):
        message = "milestones is a list; write milestones=[Milestone(…)]"
        raise OperandError(message, value=value)
    return tuple(value)


def passed(
    known: Iterable[Milestone], before: Mapping[str, int], added: Mapping[str, int]
) -> tuple[tuple[str, str, str], ...]:
    """
    The effects of the milestones that an event passes on its way up, of each balance and measure the highest one.

    Args:
        before: What each was before, by what it is a milestone of.
        added: What the event adds.
    """
    highest: dict[str, Milestone] = {}
    for each in known:
        was = before.get(each.of, 0)
        if was < each.value <= was + added.get(each.of, 0):
            best = highest.get(each.of)
            if best is None or best.value < each.value:
                highest[each.of] = each
    return tuple(effect for each in highest.values() for effect in each.effects)


def milestone_problems(program: Program) -> Iterator[Problem]:
    """Milestones of what there is not, in another unit than it has, or called alike."""
    measures = {each.path: each for each in program.measure_terms}
    filled = {each.name: None for each in program.wallets} | dict.fromkeys([MAIN_WALLET])
    wallets = filled | dict.fromkeys(each.wallet for each in program.rules)
    seen: set[str] = set()
    for place, each in enumerate(program.milestones):
        path = f"milestones[{place}]"
        if each.name in seen or each.name in {rule.name for rule in program.rules}:
            yield Problem(path, f'the name "{each.name}" stands twice', "give each one its own")
        seen.add(each.name)
        measure = measures.get(each.of)
        if measure is None and each.of not in wallets:
            known = [*wallets, *measures]
            remedy = suggest(each.of, known) or f"there are {', '.join(known)}"
            yield Problem(f"{path}.of", f'there is no wallet and no measure "{each.of}"', remedy, code="reference")
            continue
        if measure is not None and measure.streak:
            message = f"{each.of} is a streak, which grows when a period is over and not with an event"
            yield Problem(f"{path}.of", message, 'write a rule: when=streak >= 4, limit="once"')
            continue
        in_money = measure is not None and measure.aggregate.money
        if in_money != isinstance(each.at, Money):
            right = f'money, such as "100 {program.currency}"' if in_money else "a whole number"
            yield Problem(f"{path}.at", f"{each.at} is not what {each.of} counts", f"write {right}")
        elif isinstance(each.at, Money) and each.at.currency != program.currency:
            message = f"{each.at} stands in a program in {program.currency}"
            yield Problem(f"{path}.at", message, "convert it first", code="money")
