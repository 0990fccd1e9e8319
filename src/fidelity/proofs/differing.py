"""Differing: two versions asked of each other, for every event: who gains, who loses, how much, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.errors import ProofError
from fidelity.language.kinds import Amount, Choice, Kind, Tags, Whole
from fidelity.language.tree import Field, Node, add, negate, not_
from fidelity.proofs.cases import gives
from fidelity.proofs.difference import Blame, Case, Change, Difference, Direction
from fidelity.proofs.edits import edits_of
from fidelity.proofs.engines import decide_all
from fidelity.proofs.model import NOTHING, Access, Earning, Model
from fidelity.proofs.obligation import Obligation, Value, Verdict, substitute
from fidelity.proofs.obligations.asking import Asking, all_hold, less
from fidelity.proofs.otherwise import otherwise, tiers_asked
from fidelity.proofs.stated import stated_models

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["ASKED", "differences", "paired"]

#: The engines, in the order in which two versions are asked: the solver is quick where many terms are nearly the same.
ASKED = ("structure", "z3", "regions")
_DIRECTIONS: tuple[Direction, ...] = ("loses", "gains")


def differences(
    old: Program,
    new: Program,
    *,
    engines: Sequence[str] = ASKED,
    seconds: float = 10.0,
    clock: Callable[[], float] | None = None,
) -> Difference:
    """
    What *new* gives otherwise than *old*, for every event that either declares.

    Args:
        engines, seconds, clock: As of `fidelity.proofs.proving.proved`.

    Raises:
        ProofError: If they count different money.
        EngineDisagreement: If an engine says what the interpreter does not.
    """
    if old.currency != new.currency:
        message = (
            f"{old.name} counts {old.currency} and {new.name} counts {new.currency}; compare programs of one currency"
        )
        raise ProofError(message)
    began = 0.0 if clock is None else clock()
    pairs = tuple(paired(old, new))
    found = [each for pair in pairs for each in _compared(*pair, engines, seconds, clock)]
    found += otherwise(old, new, pairs)
    return Difference(
        old=old,
        new=new,
        changes=tuple(found),
        edits=edits_of(old.to_dict(), new.to_dict()),
        seconds=0.0 if clock is None else clock() - began,
    )


def paired(old: Program, new: Program) -> Iterator[tuple[Model, Model]]:
    """The models of both about the same events and points; of what only one is about, the other gives nothing."""
    before = {(each.on, each.wallet): each for each in stated_models(old)}
    after = {(each.on, each.wallet): each for each in stated_models(new)}
    for key in dict.fromkeys((*after, *before)):
        one, other = before.get(key), after.get(key)
        one, other = one or _nothing(other), other or _nothing(one)
        yield one, _same_sums(one, other)


def _nothing(model: Model | None) -> Model:
    """A program that knows what *model* knows, and gives nothing for it."""
    assert model is not None  # noqa: S101 -- one of two is there
    return evolve(model, points=NOTHING, groups=(), rewards=(), next_tier=None, earns=False)


def _same_sums(old: Model, new: Model) -> Model:
    """*new*, where the fields that stand for sums over lines are called as in *old*."""
    paths = {node: path for path, node in old.lines.items()}
    free = (f"lines.{place}" for place in range(len(old.lines) + 1, len(old.lines) + len(new.lines) + 1))
    called = {path: paths.get(node) or next(free) for path, node in new.lines.items()}
    if all(path == name for path, name in called.items()):
        return new

    def put(node: Node) -> Node:
        return substitute(node, {path: Field(name) for path, name in called.items()})

    groups = tuple(
        evolve(group, rules=tuple(evolve(each, fires=put(each.fires), gives=put(each.gives)) for each in group.rules))
        for group in new.groups
    )
    kinds = {called.get(path, path): kind for path, kind in new.kinds.items()}
    return evolve(
        new,
        points=put(new.points),
        groups=groups,
        kinds=kinds,
        lines={called[path]: node for path, node in new.lines.items()},
        assuming=tuple(map(put, new.assuming)),
        links=tuple(map(put, new.links)),
    )


def _compared(
    old: Model, new: Model, engines: Sequence[str], seconds: float, clock: Callable[[], float] | None
) -> Iterator[Change]:
    both = evolve(
        new,
        kinds=_wider(old.kinds, new.kinds),
        assuming=tuple(dict.fromkeys((*old.assuming, *new.assuming))),
        links=tuple(dict.fromkeys((*old.links, *new.links))),
    )
    asking = Asking(both)
    if old.points != new.points:
        _ask(asking, "points", new.points, old.points)
    if old.next_tier is not None and new.next_tier is not None and tiers_asked(old, new):
        _ask(asking, "tier", new.next_tier, old.next_tier)
    before = {each.name: each for each in old.rewards}
    for each in new.rewards:
        if each.name in before:
            _ask_reward(asking, before[each.name], each)
    verdicts = decide_all(asking.asked, engines=engines, seconds=seconds, worst=True, clock=clock)
    for asked, verdict in zip(asking.asked, verdicts, strict=True):
        yield _change(old, new, asked, verdict)
    for unasked in asking.unasked:
        what, direction, about = _read(unasked.id.removesuffix(new.mark) if new.mark else unasked.id)
        yield Change(
            what=what, direction=direction, about=about, on=new.on, wallet=new.wallet, status="unknown", why=unasked.why
        )


def _ask(asking: Asking, what: str, new: Node, old: Node, about: str = "") -> None:
    """Both directions: what is more now, and what is less."""
    for direction in _DIRECTIONS:
        low, high = (new, old) if direction == "loses" else (old, new)
        asking.ask(
            f"{what}.{direction}:{about}",
            less(low, high),
            shows={"old": old, "new": new},
            objective=add(high, negate(low)),
        )


def _ask_reward(asking: Asking, old: Access, new: Access) -> None:
    if old.cost != new.cost:
        # Who is asked for more loses.
        _ask(asking, "cost", negate(new.cost), negate(old.cost), new.name)
    doors = all_hold(old.conditions), all_hold(new.conditions)
    if doors[0] != doors[1]:
        for direction, (opened, shut) in zip(_DIRECTIONS, ((doors[0], doors[1]), (doors[1], doors[0])), strict=True):
            asking.ask(f"door.{direction}:{new.name}", all_hold([opened, not_(shut)]))


def _read(name: str) -> tuple[str, Direction, str]:
    kind, _, about = name.partition(":")
    what, _, direction = kind.partition(".")
    return what, "gains" if direction == "gains" else "loses", about


def _change(old: Model, new: Model, asked: Obligation, verdict: Verdict) -> Change:
    what, direction, about = _read(asked.id.removesuffix(new.mark) if new.mark else asked.id)
    found = Change(
        what=what,
        direction=direction,
        about=about,
        on=new.on,
        wallet=new.wallet,
        status={"proved": "none", "refuted": "some"}.get(verdict.status, "unknown"),  # type: ignore[arg-type]  # of three
        how=verdict.how,
        why=verdict.why,
        kinds=asked.kinds,
        sums={**old.lines, **new.lines},
        seconds=verdict.seconds,
    )
    if verdict.witness is None:
        return found
    sign = -1 if what == "cost" else 1
    small = _case(old, new, what, verdict.witness, verdict.values, sign, sure=verdict.smallest)
    worst = None
    if verdict.worst is not None:
        worst = _case(old, new, what, verdict.worst, verdict.worst_values, sign, sure=True)
    return evolve(found, smallest=small, worst=worst)


def _case(  # noqa: PLR0917 -- of one caller
    old: Model,
    new: Model,
    what: str,
    values: Mapping[str, Value],
    shown: Mapping[str, Fraction],
    sign: int,
    *,
    sure: bool,
) -> Case:
    blame = _blame(old, new, values) if what == "points" else ()
    before, after = (sign * shown.get(name, Fraction(0)) for name in ("old", "new"))
    return Case(values=values, before=before, after=after, certain=sure, blamed=blame)


def _blame(old: Model, new: Model, values: Mapping[str, Value]) -> tuple[Blame, ...]:
    """The rules that give otherwise at *values*, those that differ most first."""
    rules: tuple[dict[str, Earning], ...] = tuple({each.name: each for each in one.rules} for one in (old, new))
    found = []
    for name in dict.fromkeys((*rules[1], *rules[0])):
        before, after = (gives(each[name], values) if name in each else Fraction(0) for each in rules)
        if before is not None and after is not None and before != after:
            found.append(Blame(rule=name, before=before, after=after))
    return tuple(sorted(found, key=lambda each: -abs(each.after - each.before)))


def _wider(old: Mapping[str, Kind], new: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds of both; of a field that both declare, every value that either does."""
    found = dict(old)
    for path, kind in new.items():
        match old.get(path), kind:
            case (Whole(low, high) as one, Whole() as other) if one != other:
                found[path] = evolve(other, low=min(low, other.low), high=max(high, other.high))
            case (Amount(low, high) as one, Amount() as other) if one != other:
                found[path] = evolve(other, low=min(low, other.low), high=max(high, other.high))
            case (Choice(values), Choice(others)) if values != others:
                codes = None if values is None or others is None else tuple(dict.fromkeys((*others, *values)))
                found[path] = evolve(kind, values=codes)
            case (Tags(values), Tags(others)) if values != others:
                codes = None if values is None or others is None else tuple(dict.fromkeys((*others, *values)))
                found[path] = evolve(kind, values=codes)
            case _:
                found[path] = kind
    return found
