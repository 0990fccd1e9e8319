"""P8: what is published is what is computed, and a new version gives what the old one gave where it says so."""

from __future__ import annotations

from fidelity.language.tree import Compare, Magnitude, add, negate
from fidelity.proofs.model import Model
from fidelity.proofs.obligations.asking import Asking, all_hold

__all__ = ["equivalent", "publishing"]


def publishing(asking: Asking) -> None:
    """``P8.promise:NAME``: each rate is what events in its scope earn; ``P8.cost:REWARD``: so is each cost."""
    model = asking.model
    for each in model.announced:
        op = "<" if each.at_least else "!="
        asking.ask(
            f"P8.promise:{each.name}",
            all_hold([each.scope, Compare(op, model.points, each.points)]),
            shows={"computed": model.points, "published": each.points},
            objective=Magnitude(add(model.points, negate(each.points))),
            cause=[rule.name for rule in model.rules],
        )
    for reward in model.rewards:
        if reward.announced is not None:
            asking.ask(
                f"P8.cost:{reward.name}",
                Compare("!=", reward.cost, reward.announced),
                shows={"cost": reward.cost, "published": reward.announced},
                cause=(reward.name,),
            )


def equivalent(old: Model, new: Model) -> Asking:
    """
    ``P8.equiv``: whether both versions give every event the same points.

    Returns:
        The one obligation, or why it cannot be asked. The fields are those of both; where they differ, as *new* says.
    """
    both = Model(
        name=new.name,
        mark=new.mark,
        kinds={**old.kinds, **new.kinds},
        roles=new.roles,
        points=new.points,
        groups=new.groups,
        assuming=tuple(dict.fromkeys((*old.assuming, *new.assuming))),
    )
    asking = Asking(both)
    changed = dict.fromkeys([*_unlike(new, old), *_unlike(old, new)])
    asking.ask(
        "P8.equiv",
        Compare("!=", new.points, old.points),
        shows={"old": old.points, "new": new.points},
        objective=Magnitude(add(new.points, negate(old.points))),
        cause=changed,
    )
    return asking


def _unlike(one: Model, other: Model) -> list[str]:
    """The rules of *one* that *other* does not have in the same words."""
    known = {(each.name, each.fires, each.gives) for each in other.rules}
    return [each.name for each in one.rules if (each.name, each.fires, each.gives) not in known]
