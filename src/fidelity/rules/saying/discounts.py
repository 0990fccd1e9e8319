"""Discounts as printed terms, and what a sale comes to as the sums behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.language.sentences import amount_phrase, sentence
from fidelity.language.tree import Field, OverLines
from fidelity.rules.rewards.discounts import Off
from fidelity.wording import discounts as said
from fidelity.wording import terms
from fidelity.wording.phrasebook import listing, phrase

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.rewards.discounting import Discounted

__all__ = ["discount_lines", "explain_discounted", "off_phrase"]


def off_phrase(program: Program, each: Off, language: str, *, formal: bool) -> str:
    """What comes off, as a noun phrase."""
    which = ""
    if not each.whole:
        schema = program.declared.schema("purchase")
        which = amount_phrase(OverLines(Field("line.amount"), each.of), schema, language, formal=formal)
    return said.takes(
        language, each.share, each.amount, which=which, most=each.most, units=each.units or 0, per=each.per
    )


def discount_lines(program: Program, language: str, *, formal: bool) -> Iterator[str]:
    """The discounts of *program* as lines of its terms."""
    if not program.discounts:
        return
    yield terms.heading(language, "discounts", formal=formal)
    schema = program.declared.schema("purchase")
    shared: dict[str, list[str]] = {}
    for each in program.discounts:
        when = ""
        if each.when is not None:
            words = sentence(each.when, schema, language, zone=program.zone, formal=formal)
            when = terms.condition(language, words)
        days = "" if each.during is None else terms.between_days(language, *each.during)
        yield f"- {said.terms(language, each.name, off_phrase(program, each.off, language, formal=formal), when, days)}"
        if each.one_of:
            shared.setdefault(each.one_of, []).append(each.name)
    for names in shared.values():
        if len(names) > 1:
            yield f"- {phrase(language, 'discount.one of', names=listing(language, names))}"
    yield f"- {phrase(language, 'discount.order')}"


def explain_discounted(found: Discounted, language: str) -> str:
    """The sums of a sale in words, line by line."""
    lines = [said.taken(language, each.name, each.amount) for each in found.taken]
    lines.append(said.payable(language, found.payable))
    lines += [said.missed(language, each.name, each.because) for each in found.missed]
    return "\n".join(lines)
