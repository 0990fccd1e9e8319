"""Which fields each kind of event, and each filter of a reward, may read in a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fidelity.errors import Problem
from fidelity.language.declare import CustomEvent, Fields
from fidelity.language.kinds import LARGEST, Amount, Choice, Kind, Whole
from fidelity.language.schema import BUILT_IN, LINE, MEMBER, REDEMPTION, Schema, calendar
from fidelity.language.tree import Node
from fidelity.rules.earning.measures import GIVEN, MeasureTerms
from fidelity.rules.tiers.tier_set import TierSet
from fidelity.values.spelling import suggest

__all__ = ["Declarations"]

#: Money that a measure or a cap may add up over a member's life: a thousand of the largest purchases.
_MUCH = 10**14
#: What no event of a host's own can be called.
_TAKEN = ("return", "confirmation", "group", "line", "member", "measure", "redemption")


class Declarations:
    """The fields that a program may read: built in, declared by the host, derived from its tiers and measures."""

    def __init__(
        self,
        *,
        currency: str,
        events: Iterable[type[CustomEvent]],
        fields: Iterable[type[Fields]],
        measures: Iterable[MeasureTerms],
        tiers: TierSet | None,
        groups: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.currency = currency
        #: By kind of event the names of the groups that give something for it.
        self.groups = groups or {}
        self.problems: list[Problem] = []
        self.events: dict[str, Mapping[str, Kind]] = {kind: dict(own) for kind, own in BUILT_IN.items()}
        for place, event in enumerate(events):
            self._event(event, f"events[{place}]")
        self.line: dict[str, Kind] = dict(LINE)
        self.member: dict[str, Kind] = dict(MEMBER)
        self.redeemed: dict[str, Kind] = dict(REDEMPTION)
        self.own: dict[str, dict[str, Kind]] = {}
        for place, declared in enumerate(fields):
            self._fields(declared, f"fields[{place}]")
        if tiers is not None:
            label = {"en": "tier", "es": "nivel"}
            self.member["tier"] = Choice(tiers.names, ordered=True, obtained="earned", label=label)
        self.measures: dict[str, Kind] = {}
        #: What each kind of event adds to the measures that count it.
        self.adds: dict[str, dict[str, Node]] = {}
        for measure in measures:
            if not measure.streak and not measure.given:
                # The present period does not count in a row yet, and what is given is not known before it is decided.
                self.adds.setdefault(measure.aggregate.on, {})[measure.path] = measure.adds
            label = {"en": measure.name, "es": measure.name}
            self.measures[measure.name] = (
                Amount(0, _MUCH, obtained="earned", label=label)
                if measure.aggregate.money
                else Whole(0, 10**12, obtained="earned", label=label)
            )

    def _event(self, event: type[CustomEvent], path: str) -> None:
        if not (isinstance(event, type) and issubclass(event, CustomEvent)):
            self.problems.append(Problem(path, f"{event!r} is not an event class", "write class Flight(CustomEvent)"))
        elif event.kind in self.events or event.kind in _TAKEN:
            self.problems.append(Problem(path, f'an event "{event.kind}" exists already', "give it another kind="))
        else:
            self.events[event.kind] = dict(event.declared)

    def _fields(self, declared: type[Fields], path: str) -> None:
        if not (isinstance(declared, type) and issubclass(declared, Fields) and declared.kind):
            message = f"{declared!r} is not a Fields class"
            self.problems.append(Problem(path, message, 'write class Fuel(Fields, of="purchase")'))
            return
        target = {"line": self.line, "member": self.member, "redemption": self.redeemed}.get(declared.kind)
        known = dict(self.events.get(declared.kind, {})) if target is None else target
        for name, kind in declared.declared.items():
            if name in known or name in calendar():
                self.problems.append(
                    Problem(path, f'{declared.kind} has a field "{name}" already', "choose another name")
                )
                continue
            known[name] = kind
            self.own.setdefault(declared.kind, {})[name] = kind
        if target is None:
            self.events[declared.kind] = known

    def kind_problem(self, kind: str, path: str) -> Problem | None:
        """The problem with a rule on events of this kind, if there is one."""
        if kind in self.events:
            return None
        if kind == "return":
            return Problem(path, "returns never earn", "they take back what their purchase earned")
        if kind == "confirmation":
            return Problem(path, "confirmations never earn", "they make usable what their purchase earned")
        hint = suggest(kind, self.events) or "declare it: events=[Flight]"
        return Problem(path, f'there is no event "{kind}"', hint)

    def schema(self, kind: str, *, counters: Mapping[str, Kind] | None = None) -> Schema:
        """What a rule on events of *kind* may read."""
        kinds: dict[str, Kind] = {f"{kind}.{name}": each for name, each in {**self.events[kind], **calendar()}.items()}
        if kind == "purchase":
            kinds |= {f"line.{name}": each for name, each in self.line.items()}
        kinds |= {f"member.{name}": each for name, each in self.member.items()}
        kinds |= {f"measure.{name}": each for name, each in self.measures.items()}
        return Schema(self.currency, {**kinds, **(counters or {})}, self.adds.get(kind, {}))

    def aggregates(self, kind: str) -> Schema:
        """What a measure may read of one event: the event alone."""
        full = self.schema(kind)
        given = {f"{GIVEN}.{name}": self.points_counter() for name in self.groups.get(kind, ())}
        return full.only((kind, "line")).with_kinds(given)

    def redemption(self) -> Schema:
        """What a filter of a reward may read."""
        kinds: dict[str, Kind] = {f"redemption.{name}": each for name, each in self.redeemed.items()}
        kinds |= {f"member.{name}": each for name, each in self.member.items()}
        kinds |= {f"measure.{name}": each for name, each in self.measures.items()}
        return Schema(self.currency, kinds)

    @staticmethod
    def points_counter() -> Kind:
        """A counter of points or of times."""
        return Whole(0, LARGEST)

    @staticmethod
    def spend_counter() -> Kind:
        """A counter of spend."""
        return Amount(0, _MUCH)
