"""P9: every rule can apply, none hides another, bands neither overlap nor leave a gap, every tier can be reached."""

from __future__ import annotations

from collections.abc import Sequence

from fidelity.language.tree import Case, Compare, Extreme, Literal, Node, add, negate, not_
from fidelity.proofs.model import NO, NOTHING, YES, Earning, Meeting
from fidelity.proofs.obligation import second, twin
from fidelity.proofs.obligations.asking import Asking, all_hold, any_holds, rank, up_to
from fidelity.proofs.obligations.blocks import Blocks

__all__ = ["ruling"]


def ruling(asking: Asking) -> None:
    """
    Whether every rule, band and tier has its use.

    ``P9.dead:RULE``, ``P9.shadow:RULE``, ``P9.overlap:RULE``, ``P9.gap:GROUP``, ``P9.window:RULE``; ``P9.tier_reach``
    of each tier, and ``P9.flap``: no state in which each of two tiers follows the other.
    """
    for group in asking.model.groups:
        _group(asking, group)
    if asking.model.next_tier is not None:
        _tiers(asking, asking.model.next_tier)


def _group(asking: Asking, group: Meeting) -> None:
    names = [each.name for each in group.rules]
    fires = [each.fires for each in group.rules]
    fired, best = Blocks(fires, any_holds), Blocks([_given(each) for each in group.rules], _greatest)
    for place, rule in enumerate(group.rules):
        name, earlier = rule.name, names[:place]
        asking.ask(f"P9.dead:{name}", rule.fires, wants="some", cause=(name,))
        before = any_holds(fired.of(0, place)) if group.combine == "first" or group.exclusive else NO
        if group.combine == "first" and place:
            alone = all_hold([rule.fires, not_(before)])
            asking.ask(f"P9.shadow:{name}", alone, wants="some", cause=(name, *earlier))
        if group.combine == "best" and len(names) > 1:
            others = [*best.of(0, place), *best.of(place + 1, len(names))]
            wins = Compare(">", rule.gives, Extreme("max", (NOTHING, *others)))
            asking.ask(f"P9.shadow:{name}", all_hold([rule.fires, wins]), wants="some", cause=(name,))
        if group.exclusive and place:
            asking.ask(f"P9.overlap:{name}", all_hold([rule.fires, before]), cause=(name, *earlier))
    if group.complete:
        asking.ask(f"P9.gap:{group.name}", not_(any_holds(fires)), cause=names)
    for rule in group.rules:
        if rule.dated:
            asking.ask(f"P9.window:{rule.name}", YES if rule.never_opens else NO, cause=(rule.name,))


def _given(rule: Earning) -> Node:
    """What *rule* gives, whether it fires or not."""
    return rule.gives if rule.fires == YES else Case(((rule.fires, rule.gives),), NOTHING)


def _greatest(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Extreme("max", tuple(terms))


def _tiers(asking: Asking, following: Node) -> None:
    model, path = asking.model, asking.model.roles.tier
    order = model.order
    for place, name in enumerate(order):
        reached = all_hold([up_to(path, order, place), Compare("==", following, Literal(place))])
        asking.ask(f"P9.tier_reach:{name}", reached, wants="some", cause=(name,))
    then, here, there = twin(following, path), rank(path, order), rank(second(path), order)
    flaps = [Compare("==", there, following), Compare("!=", here, there), Compare("==", then, here)]
    asking.ask(
        "P9.flap",
        all_hold(flaps),
        shows={"next": following, "then": then},
        objective=add(following, negate(here)),
        cause=order,
        pairs={second(path): path},
    )
