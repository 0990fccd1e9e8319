"""Otherwise: what two versions say otherwise that no question about an event can tell.

Rewards that come or go, and how long points live, tell by themselves who gains and who loses. Of the rest (over which
time is counted, what a measure adds up, what a wallet takes back, what comes beside points) nobody knows; it is never
passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from fidelity.proofs.difference import Change
from fidelity.proofs.edits import edits_of
from fidelity.proofs.model import Model
from fidelity.proofs.modelling.lives import life_days
from fidelity.rules.earning.rules import EarnRule, Group

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["otherwise", "tiers_asked"]

#: What a program says of itself and asks of its proofs: members get nothing else by it.
_SAID = {
    "format", "name", "version", "effective", "words", "address", "published", "waivers", "limits", "pace",
    "base_benefit", "filter_budget",
}  # fmt: skip
#: What decides the points of an event, and is asked of every event there can be.
_OF_POINTS = {"excludes", "basis_without", "rounding", "rounded", "multiplied", "multipliers"}
_OF_RULES = {
    "name", "group", "campaign", "points", "per", "of", "each", "rate", "times", "when", "on", "wallet", "during",
    "priority", "combine", "cap", "limit", "partner", "billed",
}  # fmt: skip
#: Where a rule gives something beside points, when it applies is not asked of points alone.
_OF_EFFECTS = {"name", "points", "per", "of", "each", "rate", "times", "wallet", "priority", "cap", "partner", "billed"}
_EFFECTS = {"message", "benefit", "recognition", "voucher"}
#: What decides the cost of a reward and who may have it, and is asked of every redemption there can be.
_OF_REWARDS = {
    "name", "cost", "published_cost", "when", "minimum_balance", "minimum_basket", "channels", "blackouts", "during",
}  # fmt: skip
#: What decides which tier follows.
_OF_TIERS = {"at", "keep", "earns"}
#: How a field is called and come by.
_OF_FIELDS = {"label", "obtained"}
_WHY = "no question about one event can tell what members get by it"


def otherwise(old: Program, new: Program, pairs: Sequence[tuple[Model, Model]]) -> Iterator[Change]:
    """
    What *new* says otherwise than *old* beside what is asked of events.

    Args:
        pairs: The models of both that were asked about.
    """
    yield from _rewards(old, new)
    rest = _rest(old, new, pairs), _rest(new, old, pairs)
    if old.expiry != new.expiry:
        # The same way to end, but another length: then it is known who loses.
        same = evolve(old.expiry, life=new.expiry.life) == new.expiry
        before, after = life_days(old.expiry), life_days(new.expiry)
        if same and before is not None and after is not None and before != after:
            yield Change(what="life", direction="loses" if after < before else "gains", status="some", how="constant")
        else:
            rest[0]["expiry"], rest[1]["expiry"] = str(old.expiry), str(new.expiry)
    for edit in edits_of(*rest):
        yield Change(what="terms", direction="either", about=edit.path, status="unknown", how="not asked", why=_WHY)


def _rewards(old: Program, new: Program) -> Iterator[Change]:
    """What can no longer be had, and what can be had for the first time."""
    before, after = ({each.name: each for each in one.rewards} for one in (old, new))
    for name, reward in before.items():
        if name not in after:
            yield Change(
                what="door", direction="loses", about=name, wallet=reward.wallet, status="some", how="constant"
            )
    for name, reward in after.items():
        if name not in before:
            yield Change(
                what="door", direction="gains", about=name, wallet=reward.wallet, status="some", how="constant"
            )


def _rest(program: Program, other: Program, pairs: Sequence[tuple[Model, Model]]) -> dict[str, Any]:
    """What *program* says that no question is about; of parts that *other* does not have, only what is not asked."""
    plain = program.to_dict()
    rest = {key: value for key, value in plain.items() if key not in _SAID | _OF_POINTS}
    rest.pop("expiry", None)
    rest["cap"] = None
    rest |= _windows(program, other)
    rest["earn"] = list(_of_rules(plain.get("earn", [])))
    known = {each.name for each in other.rewards}
    asked = {name for one, two in pairs for name in _names(one) & _names(two)}
    rest["rewards"] = [
        _without(each, _OF_REWARDS, ("name",)) if each["name"] in asked else each
        for each in plain.get("rewards", [])
        if each["name"] in known
    ]
    rest["tiers"] = _of_tiers(plain.get("tiers"), asked=any(map(tiers_asked, *zip(*pairs, strict=True))))
    counted = {each.terms.name for each in other.measures}
    rest["measures"] = [each for each in plain.get("measures", []) if each["name"] in counted]
    for owner in ("events", "fields"):
        rest[owner] = _of_fields(plain.get(owner, {}), other.to_dict().get(owner, {}))
    return {key: value for key, value in rest.items() if value not in (None, [], {})}


def _names(model: Model) -> set[str]:
    return {each.name for each in model.rewards}


def _without(part: Mapping[str, Any], asked: set[str], kept: tuple[str, ...]) -> dict[str, Any]:
    """*part* without what is asked, under the names it is told apart by."""
    return {key: value for key, value in part.items() if key in kept or key not in asked}


def _of_rules(parts: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What comes beside points, and what a budget is counted in, by rule."""
    for part in parts:
        if "rules" in part:
            yield from _of_rules(part["rules"])
        name = part.get("name") or part.get("campaign") or part.get("group")
        asked = _OF_EFFECTS if _EFFECTS.intersection(part) else _OF_RULES
        found = _without({key: each for key, each in part.items() if key != "rules"}, asked, ())
        if "campaign" in part and isinstance(found.get("budget"), Mapping):
            found["budget"] = _without(found["budget"], {"most"}, ())
        elif "campaign" in part:
            found.pop("budget", None)
        found = {key: value for key, value in found.items() if value not in (None, {}, [])}
        if found:
            yield {"name": name, **found}


def _windows(program: Program, other: Program) -> dict[str, str]:
    """Over which time what is capped and limited in both versions is counted, by where it stands."""
    here, there = _counted(program), _counted(other)
    return {name: each for name, each in here.items() if name in there}


def _counted(program: Program) -> dict[str, str]:
    found = {}
    if program.cap is not None:
        found["cap.per"] = str(program.cap.per)
    parts: list[EarnRule | Group] = [*program.groups, *program.rules]
    for part in parts:
        if part.cap is not None:
            found[f"earn.{part.name}.cap.per"] = str(part.cap.per)
        if isinstance(part, EarnRule) and part.limit is not None:
            found[f"earn.{part.name}.limit"] = str(part.limit.window)
    return found


def tiers_asked(old: Model, new: Model) -> bool:
    """Whether it can be asked which tier follows in both versions: they have the same ones."""
    return old.next_tier is not None and new.next_tier is not None and old.order == new.order


def _of_tiers(plain: Mapping[str, Any] | None, *, asked: bool) -> dict[str, Any] | None:
    """What tiers say beside what it takes to have one; whole where that is not asked."""
    if plain is None or not asked:
        return None if plain is None else dict(plain)
    tiers = [_without(each, _OF_TIERS, ("name",)) for each in plain["tiers"]]
    return {**{key: value for key, value in plain.items() if key not in {"falls", "of"}}, "tiers": tiers}


def _of_fields(mine: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told in fields that both versions declare."""
    return {
        owner: {
            name: {key: value for key, value in told.items() if key not in _OF_FIELDS}
            for name, told in fields.items()
            if name in others.get(owner, {})
        }
        for owner, fields in mine.items()
        if owner in others
    }
