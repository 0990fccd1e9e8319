"""The monitor: promises that one event can break, looked at in every event that is recorded.

What is proved cannot be broken; the monitor is for what is unknown or signed for, and to see that proofs speak of what
happens. It says nothing to members and refuses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from fidelity.events import Event
from fidelity.facts import NOTHING_KNOWN, Facts
from fidelity.language.quantities import denominator
from fidelity.language.scalar import compile_outputs
from fidelity.language.tree import Literal, Node, OverLines, fields_of, multiply
from fidelity.proofs.model import Model
from fidelity.proofs.obligation import Obligation, substitute
from fidelity.proofs.obligations import asked_of
from fidelity.proofs.obligations.asking import all_hold
from fidelity.proofs.stated import narrowed, stated_models
from fidelity.rules.running import loader

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Breach", "Monitor"]

#: Promises about one event and one member; the others compare members, versions or whole lives.
_OF_ONE = ("P4.amount", "P5.base", "P7.yield", "P8.promise", "P10.event")
#: What the facts of an event tell beside its fields.
_COUNTED = ("cap.", "limit.", "measure.", "budget.", "suspended.")
#: How many breaches are kept; all are counted.
_KEPT = 10_000


@frozen(kw_only=True)
class Breach:
    """
    A promise that one event broke.

    Attributes:
        promise: Its id, such as ``"P8.promise:one point a euro"``.
        version: The version of the program that decided.
        kind, event, member: The event, by its kind and id, and whose it is.
        signed: Who signed for it; empty if nobody did.
    """

    promise: str
    version: str
    kind: str
    event: str
    member: str
    signed: str = ""


@define(eq=False)
class Monitor:
    """
    Looks at events as they are decided.

    Attributes:
        looked: At how many.
        counts: How many events broke each promise.
    """

    looked: int = 0
    counts: Counter[str] = field(factory=Counter)
    _breaches: dict[tuple[str, str, str], Breach] = field(factory=dict)
    _made: dict[tuple[str, str], tuple[tuple[str, ...], Callable[..., tuple[bool, ...]]]] = field(factory=dict)

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """The latest breaches, each event once."""
        return tuple(self._breaches.values())

    def promises(self, program: Program, kind: str = "purchase") -> tuple[str, ...]:
        """The promises that are looked at in events of *kind*."""
        return self._looks(program, kind)[0]

    def look(self, program: Program, event: Event, facts: Facts = NOTHING_KNOWN) -> tuple[Breach, ...]:
        """The promises that *event* breaks under *program*; they are kept as well."""
        names, decide = self._looks(program, event.kind)
        self.looked += 1
        if not names:
            return ()
        return tuple(
            self._note(program, event, name) for name, broken in zip(names, decide(event, facts), strict=True) if broken
        )

    def _note(self, program: Program, event: Event, promise: str) -> Breach:
        name = str(getattr(event, "id", ""))
        key = (promise, event.kind, name)
        known = self._breaches.get(key)
        if known is not None:
            # Decided again, because another writer was first.
            return known
        kind = promise.partition("@")[0].partition(":")[0]
        signed = next(
            (
                each.signed
                for each in program.waivers
                if promise == each.property or f"{kind}.".startswith(f"{each.property}.")
            ),
            "",
        )
        member = str(getattr(event, "member", ""))
        found = Breach(
            promise=promise, version=program.version, kind=event.kind, event=name, member=member, signed=signed
        )
        if len(self._breaches) >= _KEPT:
            del self._breaches[next(iter(self._breaches))]
        self._breaches[key] = found
        self.counts[promise] += 1
        return found

    def _looks(self, program: Program, kind: str) -> tuple[tuple[str, ...], Callable[..., tuple[bool, ...]]]:
        key = (program.digest, kind)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _looks(program, kind)
        return made


def _looks(program: Program, kind: str) -> tuple[tuple[str, ...], Callable[..., tuple[bool, ...]]]:
    """The promises about one event of *kind*, and the generated function that tells which are broken."""
    known = program.plan(kind).schema.kinds
    found: list[tuple[str, Node]] = []
    for model in stated_models(program):
        if model.on != kind:
            continue
        for each in narrowed(model, asked_of(model).asked):
            query = _of_one(model, each)
            if query is not None and all(
                path in known or path.startswith((*_COUNTED, "line.")) for path in fields_of(query)
            ):
                found.append((each.id, query))
    decide = compile_outputs([(query, 0) for _, query in found], loader(program, kind), default=NOTHING_KNOWN)
    return tuple(name for name, _ in found), decide


def _of_one(model: Model, asked: Obligation) -> Node | None:
    """What breaks a promise, as a condition on one event and its lines; None if it is about more."""
    kind = asked.id.partition("@")[0].partition(":")[0]
    if kind not in _OF_ONE or asked.wants != "none" or asked.pairs:
        return None
    # A sum over lines was taken for one whole number: of its parts, where it is not whole.
    sums: dict[str, Node] = {}
    for path, node in model.lines.items():
        over = denominator(node.value) if isinstance(node, OverLines) else 1
        sums[path] = node if over == 1 else multiply(Literal(over), node)
    return substitute(all_hold([*asked.assuming, asked.query]), sums)
