"""Cases: a witness as the one or two members that it is about, with what each gets, and the rules that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from fidelity.language.interpret import interpret
from fidelity.language.kinds import Flag
from fidelity.language.tree import Node, fields_of
from fidelity.proofs.finding import Blamed, Told
from fidelity.proofs.model import Earning, Model
from fidelity.proofs.obligation import Value, Verdict

__all__ = ["blamed_of", "cases_of", "gives"]

_LOWER, _HIGHER = " (lower", " (higher"
_MORE = "points for 1 more"
#: Promises about doors, costs, tiers and filters: what rules give has no part in them.
_NO_POINTS = ("P1.", "P2.", "P3.reach", "P4.access.", "P6.", "P8.cost", "P9.tier_reach", "P9.flap")


def cases_of(kind: str, model: Model, verdict: Verdict, pairs: Mapping[str, str]) -> tuple[Told, ...]:
    """
    The cases of *verdict*, whoever comes off worse first; none without a witness.

    Args:
        kind: The kind of promise, such as ``"P4.tenure"``.
        pairs: The second copies that the witness holds, to the first.
    """
    witness = verdict.witness
    if witness is None:
        return ()
    first = {path: value for path, value in witness.items() if path not in pairs}
    other = {of: witness[path] for path, of in pairs.items() if path in witness}
    shown = {name: value for name, value in verdict.values.items() if name != "objective"}
    amount = model.roles.amount
    if kind == "P4.amount":
        more = {amount: _number(witness.get(amount, 0)) + 1}
        rest = {name: value for name, value in shown.items() if name != _MORE}
        return (
            Told(name="less", values={**first, **more}, comes_to={"points": shown[_MORE]}),
            Told(name="more", values={amount: witness.get(amount, 0)}, comes_to=rest),
        )
    if kind == "P7.split" and amount in first:
        whole = {path: _number(first[path]) + _number(value) for path, value in other.items()}
        parts = {path: value for path, value in witness.items() if path in first or path in pairs}
        return (
            Told(name="parts", values=parts, comes_to={"points": shown["points a"] + shown["points b"]}),
            Told(name="whole", values=whole, comes_to={"points": shown["points a+b"]}),
        )
    if kind.startswith("P4.") and other:
        low, rest = _apart(shown, lambda name: _LOWER in name)
        high, _ = _apart(rest, lambda name: _HIGHER in name)
        return (
            Told(name="less", values={**first, **other}, comes_to=_met(_bare(high))),
            Told(name="more", values={path: first[path] for path in other if path in first}, comes_to=_met(_bare(low))),
        )
    if kind.startswith("P6."):
        late, good = _apart(shown, lambda name: name.endswith("late"))
        on_time = {path: value for path, value in _on_time(model).items() if path in first}
        return (
            Told(name="less", values=first, comes_to=_bare(late)),
            Told(name="more", values=on_time, comes_to=_bare(good)),
        )
    return (Told(name="one", values=witness, comes_to=shown),)


def blamed_of(
    kind: str, model: Model, verdict: Verdict, cases: tuple[Told, ...], cause: tuple[str, ...]
) -> tuple[Blamed, ...]:
    """
    What rules give in the cases, those that make the most difference first; none where points are not what differs.

    Of two cases the rules that differ; of one case those in *cause* that give anything.

    Args:
        kind: The kind of promise, such as ``"P4.tenure"``.
    """
    if verdict.witness is None or not cases or kind.startswith(_NO_POINTS):
        return ()
    first = {path: value for path, value in verdict.witness.items() if not path.endswith("'")}
    sides = [[{**first, **each}] for each in map(_whole, cases)]
    if cases[0].name == "parts":
        later = {path.removesuffix("'"): value for path, value in cases[0].values.items() if path.endswith("'")}
        sides[0].append({**first, **later})
    # Of two cases every rule may make the difference, whatever it reads.
    two, found = len(cases) > 1, []
    for rule in model.rules:
        given = [[gives(rule, each) for each in side] for side in sides] if two or rule.name in cause else []
        known = [[each for each in side if each is not None] for side in given]
        if not known or known != given:
            continue
        less, more = sum(known[0], Fraction(0)), sum(known[-1], Fraction(0))
        if less != more or (not two and less):
            found.append(Blamed(rule=rule.name, less=less, more=more))
    if not two:
        return tuple(sorted(found, key=lambda each: -each.less))
    # Those that give the right one more are told only where none does the contrary.
    wrong = [each for each in found if each.less < each.more] or found
    return tuple(sorted(wrong, key=lambda each: each.less - each.more))


def _whole(case: Told) -> dict[str, Value]:
    return {path: value for path, value in case.values.items() if not path.endswith("'")}


def gives(rule: Earning, values: Mapping[str, Value]) -> Fraction | None:
    """What *rule* gives at *values* by itself; None where the values do not tell."""
    if any(path not in values for path in (*fields_of(rule.fires), *fields_of(rule.gives))):
        return None
    return Fraction(_at(rule.gives, values)) if _at(rule.fires, values) is True else Fraction(0)


def _at(node: Node, values: Mapping[str, Value]) -> int | Fraction | bool:
    return interpret(node, values)  # type: ignore[no-any-return]  # a number or a truth value


def _on_time(model: Model) -> dict[str, Value]:
    """What the fields of lateness say of somebody on time."""
    return {path: False if isinstance(model.kinds.get(path), Flag) else 0 for path in model.roles.late}


def _number(value: Value) -> int | Fraction:
    return value if isinstance(value, int | Fraction) else 0


def _apart(
    shown: Mapping[str, Fraction], chosen: Callable[[str], bool]
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """*shown*: what is *chosen*, and the rest."""
    picked = {name: value for name, value in shown.items() if chosen(name)}
    return picked, {name: value for name, value in shown.items() if name not in picked}


def _met(shown: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """*shown*, of a door that is shut without what it would cost, and of an open one without saying so."""
    shut = shown.get("door") == 0
    return {name: value for name, value in shown.items() if (name == "door") == shut}


def _bare(shown: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """*shown*, each name without which case it is of."""
    return {name.partition(" (")[0].partition(" when ")[0]: value for name, value in shown.items()}
