"""The difference as a plan: what stands otherwise, who loses, who gains, by how much, and by which rule."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fidelity.proofs.telling.values import Teller, cases_of_fields
from fidelity.wording import numbers
from fidelity.wording.phrasebook import code, listing
from fidelity.wording.problems import sentence_in

if TYPE_CHECKING:
    from fidelity.proofs.difference import Case, Change, Difference
    from fidelity.proofs.edits import Edit

__all__ = ["plan"]

_MOST_BLAMED = 3


def plan(found: Difference, language: str) -> str:
    """*found* in words; see `Difference.explain`."""
    teller = Teller(found.new, language)
    versions = {"program": found.new.name, "old": found.old.version, "new": found.new.version}
    lines = [teller.say("plan.title", **versions), teller.say(f"plan.{found.status}")]
    if found.edits:
        lines += ["", teller.say("plan.edits"), *map(_edit, found.edits)]
    for mark, changes in (("-", found.loses), ("+", found.gains), ("?", found.unknown)):
        for each in changes:
            lines += ["", f"{mark} {_headline(found, language, each)}"]
            lines += [f"  {line}" for line in _details(found, language, each)]
    return "\n".join(lines) + "\n"


def _edit(edit: Edit) -> str:
    if edit.before is None:
        return f"+ {edit.path}: {_shown(edit.after)}"
    if edit.after is None:
        return f"- {edit.path}: {_shown(edit.before)}"
    return f"~ {edit.path}: {_shown(edit.before)} → {_shown(edit.after)}"


def _shown(value: Any) -> str:  # noqa: ANN401 -- plain values
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _teller(found: Difference, language: str, change: Change) -> Teller:
    # What only the old version knows is said in its words.
    program = found.new if change.on in found.new.declared.events else found.old
    return Teller(program, language, change.on, change.wallet, change.sums)


def _headline(found: Difference, language: str, change: Change) -> str:
    teller = _teller(found, language, change)
    key = f"plan.{change.what}.{change.direction}" if change.status == "some" else f"plan.{change.what}.unknown"
    return teller.say(key, about=teller.name(change.about), on=code(teller.tongue, change.on))


def _details(found: Difference, language: str, change: Change) -> Iterable[str]:
    teller = _teller(found, language, change)
    if change.status == "unknown" and change.what != "terms":
        why = sentence_in(teller.tongue, change.why)
        yield teller.say("by", how=teller.say(f"how.{change.how or 'not asked'}"), why=why)
    small, worst = change.smallest, change.worst
    if small is not None:
        yield teller.say("plan.smallest" if small.certain else "plan.small", case=_case(teller, change, small))
        if worst is not None and worst.values != small.values:
            yield teller.say("plan.worst", case=_case(teller, change, worst))
        elif worst is None and change.what != "door":
            yield teller.say("plan.worst unknown")
        yield from _cause(teller, worst or small)


def _case(teller: Teller, change: Change, case: Case) -> str:
    values = cases_of_fields(teller, case.values, change.kinds)
    if change.what == "door":
        return values
    before, after = (_amount(teller, change, value) for value in (case.before, case.after))
    return teller.say("plan.case", values=values, before=before, after=after)


def _amount(teller: Teller, change: Change, value: Any) -> str:  # noqa: ANN401 -- an exact number
    if change.what == "tier" and teller.program.tiers is not None:
        return code(teller.tongue, teller.program.tiers.names[int(value)])
    return teller.points(value)


def _cause(teller: Teller, case: Case) -> Iterable[str]:
    parts = [
        teller.say(
            "plan.rule",
            rule=teller.name(each.rule),
            before=numbers.number(teller.tongue, each.before),
            after=numbers.number(teller.tongue, each.after),
        )
        for each in case.blamed[:_MOST_BLAMED]
    ]
    if parts:
        yield teller.say("cause", what=listing(teller.tongue, parts) + ".")
