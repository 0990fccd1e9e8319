"""Replaying: a witness asked of a program again, and a report as tests that ask all of its witnesses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from fidelity.errors import ProofError
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Amount, Choice, Day, Flag, Kind, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.proofs.finding import PROPERTIES, Finding, plain, unplain
from fidelity.proofs.obligation import Obligation, Value
from fidelity.proofs.obligations import asked_of
from fidelity.proofs.stated import assumptions_met, narrowed, stated_models
from fidelity.values.spelling import shown, suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["inside_of", "keeps", "written"]


def keeps(program: Program, promise: str, witness: Mapping[str, Any]) -> bool:
    """
    Whether *program* keeps a promise in one case.

    Args:
        promise: Its id, such as ``"P4.tenure"``.
        witness: The fields of the case in base units, as in a report. What the program reads beside them says nothing:
            zero, no code, no tags, or the least that is declared.

    Returns:
        True also where the program no longer has anything that could break it: the rule is gone, or reads no tenure.

    Raises:
        ProofError: If there is no such promise, or *witness* holds what a field cannot.
    """
    asked = _asked(program, promise)
    if asked is None:
        return True
    if not isinstance(witness, Mapping):
        message = f'a witness is a mapping of fields to values, {{"member.tenure_days": 31}}, not {shown(witness)}'
        raise ProofError(message, promise=promise)
    told = {path: unplain(value) for path, value in witness.items()}
    values = {path: told.get(path, _quiet(asked.kinds.get(path))) for path in asked.reads}
    strange = next((path for path in asked.reads if path in told and not _is_of(asked.kinds[path], told[path])), "")
    if strange:
        message = f"{strange} cannot be {shown(witness[strange])}; write it in base units, as a report does"
        raise ProofError(message, promise=promise, path=strange)
    holds = all(interpret(each, values) is True for each in (*asked.assuming, asked.query))
    return holds if asked.wants == "some" else not holds


def _asked(program: Program, promise: str) -> Obligation | None:
    kind = promise.partition("@")[0].partition(":")[0]
    if kind not in PROPERTIES:
        hint = suggest(kind, PROPERTIES) or f"there are {', '.join(PROPERTIES)}"
        message = f'there is no promise "{promise}"; {hint}'
        raise ProofError(message, promise=promise)
    for model in stated_models(program):
        for each in (*narrowed(model, asked_of(model).asked), *assumptions_met(model).asked):
            if each.id == promise:
                return each
    return None


def _is_of(kind: Kind, value: Value) -> bool:
    """Whether *value* is of the sort that a field of *kind* holds, declared or not."""
    match kind:
        case Flag():
            return isinstance(value, bool)
        case Tags():
            return isinstance(value, frozenset) and all(isinstance(each, str) for each in value)
        case Choice():
            return isinstance(value, str)
    return isinstance(value, int) and not isinstance(value, bool)


def inside_of(kind: Kind, value: Value) -> bool:
    """Whether *kind* declares *value*."""
    if not _is_of(kind, value):
        return False
    match kind, value:
        case ((Whole(low, high) | Amount(low, high)), int()):
            return low <= value <= high
        case Day(low, high), int():
            return low.toordinal() <= value + EPOCH_DAY <= high.toordinal()
        case Choice(codes), str():
            return codes is None or value in codes
        case Tags(codes), frozenset():
            return codes is None or value <= set(codes)
    return True


def _quiet(kind: Kind | None) -> Value:
    """What a field holds that says nothing."""
    match kind:
        case Flag():
            return bool(kind.default)
        case Tags():
            return frozenset()
        case Choice(values):
            return values[0] if values else ""
        case Day(low, _):
            return low.toordinal() - EPOCH_DAY
        case Whole(low, _) | Amount(low, _) if low > 0:
            return low
    return 0


_HEAD = '''"""What proofs found about {program}, version {version}, asked again case by case.

Written by `ProofReport.as_tests`. Each case is one that a proof showed; a promise that was broken in it is kept once
the program is mended, and what somebody signed for is expected to be broken.
"""

import json

import pytest

from fidelity import Program{more}
from fidelity.proofs.replaying import keeps

{made}


'''
_CASE = '''{mark}def test_{name}():
    """{says}"""
    witness = json.loads({witness!r})

    assert keeps(PROGRAM, {promise!r}, witness)


'''


def written(program: Program, findings: Iterable[Finding], *, file: str = "") -> str:
    """
    A pytest file that asks *program* about the witnesses of *findings* again.

    Args:
        file: The program file that the tests load; without it they hold the program as it is.
    """
    if file:
        more, made = ", load", f"PROGRAM: Program = load({file!r})"
    else:
        text = json.dumps(program.to_dict(), ensure_ascii=False)
        more, made = "", f"PROGRAM = Program.from_dict(json.loads({text!r}))"
    parts: list[str] = []
    taken: set[str] = set()
    for each in findings:
        if each.witness is None or not each.digest:
            continue
        name = _name(each.id, taken)
        reason = "" if each.waiver is None else f"signed by {each.waiver.signed}: {each.waiver.reason}"
        mark = f"@pytest.mark.xfail(reason={reason!r}, strict=True)\n" if each.status == "waived" else ""
        witness = json.dumps({path: plain(value) for path, value in each.witness.items()}, ensure_ascii=False)
        says = f"{each.id}: {each.status}.".replace("\\", "\\\\").replace('"', '\\"')
        parts.append(_CASE.format(mark=mark, name=name, says=says, witness=witness, promise=each.id))
    head = _HEAD.format(program=_said(program.name), version=_said(program.version), more=more, made=made)
    if not any("pytest.mark" in each for each in parts):
        head = head.replace("import pytest\n\n", "")
    return (head + "".join(parts)).rstrip() + "\n"


def _said(text: str) -> str:
    """*text* inside of a docstring."""
    return text.replace("\\", "\\\\").replace('"', "'")


def _name(promise: str, taken: set[str]) -> str:
    """The name of a test; no two are alike."""
    name = base = re.sub(r"\W+", "_", promise).strip("_").lower()
    place = 1
    while name in taken:
        place += 1
        name = f"{base}_{place}"
    taken.add(name)
    return name
