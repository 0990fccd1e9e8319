"""What may be wrong with a reward beyond its filters: a cost that is no cost, or that falls when more is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from fidelity.errors import FidelityError, Problem
from fidelity.language.interpret import interpret
from fidelity.language.kinds import LARGEST, Whole
from fidelity.language.resolve import resolve_number
from fidelity.language.schema import Schema
from fidelity.language.tree import Node, fields_of
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.rewards.payments import Payment
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["reward_problems"]

#: How many formulas a program may charge by: each is followed over all that it reads.
_MOST_FORMULAS = 20
#: How many values of a field a formula is followed over; declared bounds must be as narrow.
_FOLLOWED = 1_000


def reward_problems(program: Program, schema: Schema) -> Iterator[Problem]:
    """What is wrong with what the rewards of *program* cost, and with the vouchers that its rules give."""
    yield from _costs(program, schema)
    yield from _conversions(program)
    known = program.rewards_by_name
    for rule in program.rules:
        given = known.get(rule.voucher)
        if rule.voucher and (given is None or given.voucher is None):
            path = f"{program.lowering.places[rule.name]}.voucher"
            if given is None:
                remedy = suggest(rule.voucher, known) or f"there are {', '.join(known) or 'none'}"
                yield Problem(path, f'there is no reward "{rule.voucher}"', remedy, code="reference")
            else:
                message = f'the reward "{rule.voucher}" does not come as a voucher'
                yield Problem(path, message, 'say how long one lasts: Reward(…, voucher="30 days")')


def _conversions(program: Program) -> Iterator[Problem]:
    wallets = {MAIN_WALLET, *(each.name for each in program.wallets), *(each.wallet for each in program.rules)}
    seen: set[str] = set()
    for place, each in enumerate(program.conversions):
        path = f"conversions[{place}]"
        if each.of not in wallets:
            remedy = suggest(each.of, wallets) or f"there are {', '.join(sorted(wallets))}"
            yield Problem(f"{path}.of", f'no rule fills a wallet "{each.of}"', remedy)
        if each.of in seen:
            yield Problem(path, f'the points of "{each.of}" are converted twice', "keep one conversion for a wallet")
        seen.add(each.of)
        if each.worth.currency != program.currency:
            message = f"{each.worth} stands in a program in {program.currency}"
            yield Problem(f"{path}.worth", message, "convert it first", code="money")


def _costs(program: Program, schema: Schema) -> Iterator[Problem]:
    known: dict[Node, list[tuple[str, str]]] = {}
    for place, reward in enumerate(program.rewards):
        if isinstance(reward, Payment) or isinstance(reward.cost, int):
            continue
        if reward.cost not in known:
            if len(known) == _MOST_FORMULAS:
                message = f"more than {_MOST_FORMULAS} different formulas are costs"
                yield Problem(f"rewards[{place}].cost", message, "let rewards that cost alike share one")
                return
            known[reward.cost] = list(_formula(reward.cost, schema))
        for message, remedy in known[reward.cost]:
            yield Problem(f"rewards[{place}].cost", message, remedy)


def _formula(cost: Node, schema: Schema) -> Iterator[tuple[str, str]]:
    try:
        found = resolve_number(cost, schema, unit="number")
    except FidelityError as error:
        message, _, remedy = error.message.partition("; ")
        yield message, remedy
        return
    fields = sorted(fields_of(found.node))
    for path in fields:
        kind = schema.kinds.get(path)
        owner, _, name = path.partition(".")
        if owner != "redemption" or name in ("balance", "month", "day", "hour") or not isinstance(kind, Whole):
            yield f"a cost cannot depend on `{path}`", "let it read redemption.quantity, or your own numbers of it"
            return
        if kind.high - kind.low >= _FOLLOWED:
            yield f"`{path}` takes too many values for a cost", f"declare at most {_FOLLOWED}, such as whole(1, 30)"
            return
    if not found.whole:
        yield "this cost is not a whole number of points", "round it: floor(…) or ceil(…)"
    elif not found.low >= 1 and _least(found.node, fields, schema) < 1:
        yield "this cost can be less than one point", "let it cost at least 1"
    elif found.high > LARGEST:
        yield "this cost can be more points than books keep exactly", "declare narrower bounds"
    else:
        yield from _falling(found.node, fields, schema)


def _bounds(path: str, schema: Schema) -> tuple[int, int]:
    kind = schema.kinds[path]
    assert isinstance(kind, Whole)  # noqa: S101  (asked before)
    return kind.low, kind.high


def _least(core: Node, fields: list[str], schema: Schema) -> Fraction:
    """What the formula gives where all that it reads is least; it never falls, so that nothing is less."""
    return Fraction(interpret(core, {path: _bounds(path, schema)[0] for path in fields}))


def _falling(core: Node, fields: list[str], schema: Schema) -> Iterator[tuple[str, str]]:
    """A field of which more costs less: each is followed alone, the others at both of their ends."""
    for path in fields:
        low, high = _bounds(path, schema)
        for end in (0, 1):
            beside = {other: _bounds(other, schema)[end] for other in fields}
            costs = [(each, interpret(core, {**beside, path: each})) for each in range(low, high + 1)]
            for (fewer, dearer), (more, cheaper) in pairwise(costs):
                if cheaper < dearer:
                    name = path.partition(".")[2]
                    message = f"{more} of {name} cost {cheaper} points, less than the {dearer} of {fewer}"
                    yield message, "let more never cost less"
                    return
            if len(fields) == 1:
                break
