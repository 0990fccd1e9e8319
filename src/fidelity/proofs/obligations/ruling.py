"""P9: every rule can apply, none hides another, bands neither overlap nor leave a gap, every tier can be reached."""

from __future__ import annotations

from fidelity.language.tree import Case, Compare, Extreme, Literal, Node, add, negate, not_
from fidelity.proofs.model import NO, NOTHING, YES, Earning, Meeting
from fidelity.proofs.obligation import second, twin
from fidelity.proofs.obligations.asking import Asking, all_hold, any_holds, rank, up_to

__all__ = ["ruling"]


def ruling(asking: Asking) -> None:
    """
    Whether every rule, band and tier has its use.

    ``P9.dead:RULE``, ``P9.shadow:RULE``, ``P9.overlap:RULE``, ``P9.gap:GROUP``, ``P9.window:RULE``; ``P9.tier_reach``
    of each tier, and ``P9.flap``: no state in which each of two tiers follows the other.
    """
    for group in asking.model.groups:
        for place, rule in enumerate(group.rules):
            _rule(asking, group, place, rule)
        if group.complete:
            some = any_holds(each.fires for each in group.rules)
            asking.ask(f"P9.gap:{group.name}", not_(some), cause=[each.name for each in group.rules])
        for rule in group.rules:
            if rule.dated:
                asking.ask(f"P9.window:{rule.name}", YES if rule.never_opens else NO, cause=(rule.name,))
    if asking.model.next_tier is not None:
        _tiers(asking, asking.model.next_tier)


def _rule(asking: Asking, group: Meeting, place: int, rule: Earning) -> None:
    name, before = rule.name, [each.fires for each in group.rules[:place]]
    asking.ask(f"P9.dead:{name}", rule.fires, wants="some", cause=(name,))
    hidden = f"P9.shadow:{name}"
    if group.combine == "first" and place:
        alone = all_hold([rule.fires, not_(any_holds(before))])
        asking.ask(hidden, alone, wants="some", cause=(name, *(each.name for each in group.rules[:place])))
    if group.combine == "best" and len(group.rules) > 1:
        others = [each for each in group.rules if each is not rule]
        rest = [each.gives if each.fires == YES else Case(((each.fires, each.gives),), NOTHING) for each in others]
        best = Compare(">", rule.gives, Extreme("max", (NOTHING, *rest)))
        asking.ask(hidden, all_hold([rule.fires, best]), wants="some", cause=(name, *(each.name for each in others)))
    if group.exclusive and place:
        both = all_hold([rule.fires, any_holds(before)])
        asking.ask(f"P9.overlap:{name}", both, cause=(name, *(each.name for each in group.rules[:place])))


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
