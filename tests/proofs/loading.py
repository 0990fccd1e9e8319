"""Programs of the corpus of labelled programs, as programs and models of the library.

A `Program` says what it can: fields, tiers, rules, groups, caps, rewards, filters, fees. What no program of the library
can say (points that burn, conditions to keep a tier, refunds by a formula) is set on the `Model`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from attrs import field, frozen

from fidelity.errors import FidelityError, Problem, ProgramError
from fidelity.language.declare import CustomEvent, Fields, choice, day, flag, tags, whole
from fidelity.language.handles import Condition
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Choice, Day, Kind, Tags, Whole
from fidelity.language.numbers import NumberHandle
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.schema import MEMBER, calendar
from fidelity.language.tree import (
    Case,
    Extreme,
    Field,
    IsIn,
    Literal,
    Node,
    Rounded,
    add,
    all_of,
    any_of,
    extreme,
    fields_of,
    multiply,
)
from fidelity.proofs.model import (
    NO,
    NOTHING,
    YES,
    Access,
    Announced,
    Earning,
    Filter,
    Meeting,
    Model,
    Promised,
    Rhythm,
    Roles,
    Unmodelled,
)
from fidelity.proofs.modelling import model_of
from fidelity.proofs.obligation import Value
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import FilterBudget, Legal, Reward
from fidelity.rules.tiers.tier_set import Tier, TierSet
from tests.proofs.neutral import Translator, Untranslatable, constant, kind_of

__all__ = ["Loaded", "enlarged", "loaded"]

_MODES = {"sum": "sum", "max": "best", "first": "first"}
_ROUNDINGS = {"floor": "floor", "ceil": "ceil", "round": "half even"}
#: What the constructor refuses for, and the property that it is about.
_REFUSED = {"paid access": "P1", "excessive filters": "P2"}
#: What a program of the library calls its own, so that a field of an event cannot be called it.
_TAKEN = {*calendar(), "id", "member", "at", "fields", "kind", "declared"}
_EVENT = "sale"
#: The most filters that a budget of the library may allow.
_MOST_FILTERS = 4
#: How many events must earn the same as a program and as the corpus says.
_SAMPLES = 60


@frozen
class Loaded:
    """
    One program of the corpus.

    Attributes:
        program: As a program of the library, without what it refuses; None if it cannot say the rest either.
        refused: By the id of a property the clause for which the constructor refuses the program.
        model: What is asked about.
        later: The second version, where there is one.
        names: The field of the corpus that each path stands for.
        without: Why there is no program, if there is none.
    """

    program: Program | None
    refused: Mapping[str, Problem]
    model: Model
    later: Model | None = None
    names: Mapping[str, str] = field(factory=dict)
    without: str = ""


def enlarged(programme: Mapping[str, Any], scale: int) -> dict[str, Any]:
    """*programme* with every bound of a whole number *scale* times as large."""
    found = dict(programme)
    found["fields"] = {
        name: {**each, "min": each["min"] * scale, "max": each["max"] * scale} if each["type"] == "int" else each
        for name, each in programme["fields"].items()
    }
    return found


def loaded(entry: Mapping[str, Any], scale: int = 1) -> Loaded:
    """One entry of the corpus, with its bounds *scale* times as large."""
    reader = _Reader(enlarged(entry["programme"], scale))
    program, refused, without = reader.program()
    model = reader.model(program)
    later = None
    if entry.get("v2"):
        second = _Reader(enlarged(entry["v2"], scale), reader.paths)
        later = second.model(second.program()[0])
    names = {path: name for name, path in reader.paths.items()}
    return Loaded(program, refused, model, later, names, without)


class _Reader:
    """Reads one programme."""

    def __init__(self, programme: Mapping[str, Any], paths: Mapping[str, str] | None = None) -> None:
        self.all = programme
        self.fields: Mapping[str, Mapping[str, Any]] = programme["fields"]
        self.roles: Mapping[str, Any] = programme.get("roles", {})
        self.limits: Mapping[str, Any] = programme.get("limits", {})
        self.earn: Mapping[str, Any] = programme.get("earn", {})
        self.rewards: list[Mapping[str, Any]] = programme.get("rewards", [])
        self.paths = {name: each for name, each in (paths or {}).items() if name in self.fields} or self._paths()
        self.paths |= {name: f"{_EVENT}.{name}" for name in self.fields if name not in self.paths}
        self.spelled = Translator(self.fields, self.paths)
        self.core = Translator(self.fields, self.paths, core=True)
        self.unmodelled: list[Unmodelled] = []

    def _paths(self) -> dict[str, str]:
        """Where each field stands: of the event what rules alone read, of the member the rest."""
        asked = {
            name for part in ("rewards", "tiers", "burn", "enrol", "refund") for name in _named(self.all.get(part))
        }
        earned = set(_named(self.earn))
        found: dict[str, str] = {}
        for name in self.fields:
            if name == self.roles.get("tier"):
                found[name] = "member.tier"
            elif name == self.roles.get("balance") and name not in earned:
                found[name] = "redemption.balance"
            elif name == self.roles.get("day", "day") and name not in asked and self.fields[name]["type"] == "date":
                found[name] = f"{_EVENT}.date"
            elif name in asked or name in _TAKEN:
                found[name] = f"member.{name}" if name not in (*MEMBER, "tier") else f"member.own_{name}"
            else:
                found[name] = f"{_EVENT}.{name}"
        return found

    # -- the program

    def program(self) -> tuple[Program | None, dict[str, Problem], str]:
        """The program, without what is refused; what is; and why there is none."""
        refused: dict[str, Problem] = {}
        for _ in range(3):
            try:
                return Program("corpus", **self._parts(refused)), refused, ""
            except ProgramError as error:
                found = {name: each for each in error.problems if (name := self._property(each))}
                if not set(found) - set(refused):
                    return None, refused, error.problems[0].message
                refused |= found
            except (FidelityError, Untranslatable, KeyError, TypeError, ValueError, ZeroDivisionError) as error:
                return None, refused, str(error)
        return None, refused, "the constructor refuses it over and over"

    def _property(self, problem: Problem) -> str:
        """The property that the constructor refuses the program for; empty if it is another reason."""
        about = _REFUSED.get(problem.code)
        if about == "P1" and problem.path == "membership_fee":
            return "P1.membership"
        if about is None or not problem.path.startswith("rewards["):
            return ""
        name = self.rewards[int(problem.path[len("rewards[") :].partition("]")[0])]["id"]
        return f"P1.fee:{name}" if about == "P1" else f"P2.count:{name}"

    def _parts(self, refused: Mapping[str, Problem]) -> dict[str, Any]:
        fee = constant(self.all.get("membership_fee", 0))
        cap = self.earn.get("cap")
        if "multiplier" in self.earn:
            message = "a program multiplies groups, not all of them together"
            raise Untranslatable(message)
        # Points that are whole need no rounding; whether they are is seen when both readings are compared.
        rounding = _ROUNDINGS.get(self.earn.get("round", "floor"), "floor")
        most = min(self.limits.get("max_filters", _MOST_FILTERS), _MOST_FILTERS)
        return {
            "version": "1",
            "currency": "EUR",
            "timezone": "UTC",
            "events": [self._event()],
            "fields": self._members(),
            "earn": [self._group(each) for each in self.earn.get("groups", [])],
            "rounding": rounding,
            "cap": None if cap is None else Cap(_points(cap)),
            "tiers": self._tiers(),
            "rewards": [self._reward(each, refused) for each in self.rewards],
            "filter_budget": FilterBudget(most, reason="the corpus", signed="the corpus", on=date(2026, 1, 1)),
            "membership_fee": None if "P1.membership" in refused or fee is None else _money(fee),
        }

    def _event(self) -> type[CustomEvent]:
        declared = {
            path.partition(".")[2]: _declared(self.fields[name])
            for name, path in self.paths.items()
            if path.startswith(f"{_EVENT}.") and path != f"{_EVENT}.date"
        }
        # The class speaks to those who write it; what it declares is what counts.
        return type("Sale", (CustomEvent,), {**declared, "__module__": __name__}, kind=_EVENT)

    def _members(self) -> list[type[Fields]]:
        declared = {
            path.partition(".")[2]: _declared(self.fields[name])
            for name, path in self.paths.items()
            if path.startswith("member.") and path != "member.tier"
        }
        return [type("Person", (Fields,), {**declared, "__module__": __name__}, of="member")] if declared else []

    def _tiers(self) -> TierSet | None:
        """The names of the tiers; how they follow each other is set on the model."""
        if "tier" not in self.roles:
            return None
        names = self.fields[self.roles["tier"]]["values"]
        return TierSet(
            [Tier(name, at=place) for place, name in enumerate(names)],
            counts="purchases",
            over="12 months",
            grace=None,
            of=next((group["id"] for group in self.earn.get("groups", [])), "base"),
        )

    def _group(self, group: Mapping[str, Any]) -> EarnRule | Group:
        cap = group.get("cap")
        rules = [self._rule(each) for each in group["rules"]]
        name = group["id"]
        if any(each["id"] == name for each in group["rules"]) and len(rules) > 1:
            name = f"group {name}"
        return Group(
            name, rules, combine=_MODES[group.get("mode", "sum")], cap=None if cap is None else Cap(_points(cap))
        )  # type: ignore[arg-type]  # one of three texts

    def _rule(self, rule: Mapping[str, Any]) -> EarnRule:
        when = self.spelled.condition(rule.get("when", True))
        during = (rule["from"], rule["to"]) if "from" in rule and "to" in rule else None
        if during is not None and (self._day() != f"{_EVENT}.date" or during[0] > during[1]):
            message = "a window of days is about the day of the event, from the first to the last"
            raise Untranslatable(message)
        open_ended = [self.spelled.condition(each) for each in self._window(rule)] if during is None else []
        gives = self.spelled.number(rule["points"])
        whole_points = (
            points(gives.value)
            if isinstance(gives, Literal) and type(gives.value) is int
            else points(NumberHandle(gives))
        )
        conditions = [each for each in (when, *open_ended) if each != YES]
        return EarnRule(
            rule["id"],
            whole_points,
            on=_EVENT,
            when=Condition(all_of(*conditions)) if conditions else None,
            during=during,
        )

    def _reward(self, reward: Mapping[str, Any], refused: Mapping[str, Problem]) -> Reward:
        name, cost, announced = reward["id"], constant(reward["cost"]), constant(reward.get("published_cost"))
        fee = constant(reward.get("fee", 0))
        told = [] if f"P2.count:{name}" in refused else reward.get("filters", [])
        doors = [each for each in told if each.get("kind", "filter") == "filter"]
        return Reward(
            name,
            cost=1 if cost is None else _whole(cost),
            published_cost=None if announced is None else _whole(announced),
            when=[Condition(self.spelled.condition(each["when"])) for each in doors if each["when"] is not True],
            legal=[Legal("identity", "a term of the law", "1") for each in told if each not in doors],
            fee=None if fee is None or f"P1.fee:{name}" in refused else _money(fee),
        )

    # -- the model

    def model(self, program: Program | None) -> Model:
        """What is asked about."""
        groups = self._meetings()
        kinds = self._kinds()
        tier, late = self.roles.get("tier"), self.roles.get("late", [])
        return Model(
            name="corpus",
            on=_EVENT,
            kinds=kinds,
            roles=Roles(
                amount=self._path("amount"),
                tier=self._path("tier"),
                tenure=(self._path("tenure"),) if self._path("tenure") else (),
                day=self._day(),
                balance=self._path("balance"),
                late=tuple(self.paths[each] for each in late),
            ),
            points=_agreed(program, self._points(groups), kinds),
            groups=groups,
            earns=bool(groups),
            order=() if tier is None else tuple(self.fields[tier]["values"]),
            next_tier=self._next_tier(),
            burn=self._told("burn", "P6.points"),
            rewards=tuple(map(self._access, self.rewards)),
            enrol=self._condition("enrol", "P2.open"),
            membership_fee=self._told("membership_fee", "P1.membership"),
            base=self._told("base", "P5.base"),
            announced=tuple(self._announced()),
            expiry_days=self.all.get("expiry", {}).get("days"),
            rhythm=self._rhythm(),
            promised=self._promised(),
            unmodelled=tuple(self.unmodelled),
            **self._refund(program, kinds),
        )

    def _kinds(self) -> dict[str, Kind]:
        return {path: kind_of(self.fields[name]) for name, path in self.paths.items()}

    def _path(self, role: str) -> str:
        return self.paths[self.roles[role]] if role in self.roles else ""

    def _day(self) -> str:
        return self.paths.get(self.roles.get("day", "day"), "")

    def _window(self, rule: Mapping[str, Any]) -> list[Any]:
        held = f"${self.roles.get('day', 'day')}"
        first = [["<=", ["d", rule["from"]], held]] if "from" in rule else []
        return first + ([["<=", held, ["d", rule["to"]]]] if "to" in rule else [])

    def _meetings(self) -> tuple[Meeting, ...]:
        found = []
        for group in self.earn.get("groups", []):
            rules = tuple(
                Earning(
                    name=rule["id"],
                    fires=self.core.condition(["and", rule.get("when", True), *self._window(rule)]),
                    gives=self.core.number(rule["points"]),
                    dated="from" in rule and "to" in rule,
                    never_opens="from" in rule and "to" in rule and rule["from"] > rule["to"],
                )
                for rule in group["rules"]
            )
            mode = _MODES[group.get("mode", "sum")]
            found.append(
                Meeting(
                    name=group["id"],
                    combine=mode,  # type: ignore[arg-type]  # one of three texts
                    rules=rules,
                    exclusive=bool(group.get("exclusive")),
                    complete=bool(group.get("complete")),
                )
            )
        return tuple(found)

    def _points(self, groups: tuple[Meeting, ...]) -> Node:
        """Points as the corpus puts them together."""
        found = []
        for group, told in zip(groups, self.earn.get("groups", []), strict=True):
            arms = [
                each.gives if each.fires == YES else Case(((each.fires, each.gives),), NOTHING) for each in group.rules
            ]
            if group.combine == "first":
                node: Node = Case(tuple((each.fires, each.gives) for each in group.rules), NOTHING)
            else:
                node = add(*arms) if group.combine == "sum" else extreme("max", *arms)
            if told.get("cap") is not None:
                node = Extreme("min", (node, self.core.number(told["cap"])))
            found.append(node)
        if not found:
            return NOTHING
        node = add(*found)
        if "multiplier" in self.earn:
            node = multiply(node, self.core.number(self.earn["multiplier"]))
        if (how := self.earn.get("round", "floor")) != "none":
            node = Rounded(_ROUNDINGS[how], node)
        if self.earn.get("cap") is not None:
            node = Extreme("min", (node, self.core.number(self.earn["cap"])))
        return node

    def _next_tier(self) -> Node | None:
        if "tiers" not in self.all:
            return None
        tiers, names = self.all["tiers"], self.fields[self.roles["tier"]]["values"]
        arms: list[tuple[Node, Node]] = []
        for place in range(len(names) - 1, 0, -1):
            reached = self.core.condition(tiers["reach"][names[place]])
            if names[place] in tiers.get("keep", {}):
                held = IsIn(Field("member.tier"), tuple(Literal(each) for each in names[place:]))
                kept = self.core.condition(tiers["keep"][names[place]])
                reached = any_of(reached, all_of(held, kept)) if kept != NO else reached
            arms.append((reached, Literal(place)))
        return Case(tuple(arms), NOTHING) if arms else NOTHING

    def _access(self, reward: Mapping[str, Any]) -> Access:
        name = reward["id"]
        return Access(
            name=name,
            cost=self.core.number(reward["cost"]),
            announced=self.core.number(reward["published_cost"]) if "published_cost" in reward else None,
            fee=self.core.number(reward["fee"]) if "fee" in reward else None,
            filters=tuple(
                Filter(when=self.core.condition(each["when"]), door=each.get("kind", "filter"))
                for each in reward.get("filters", [])
            ),
        )

    def _told(self, part: str, about: str) -> Node | None:
        return self._safely(about, lambda: self.core.number(self.all[part])) if part in self.all else None

    def _condition(self, part: str, about: str) -> Node | None:
        return self._safely(about, lambda: self.core.condition(self.all[part])) if part in self.all else None

    def _safely(self, about: str, read: Any) -> Node | None:
        try:
            return read()  # type: ignore[no-any-return]  # a tree
        except Untranslatable as error:
            self.unmodelled.append(Unmodelled(id=about, why=str(error)))
            return None

    def _announced(self) -> Iterator[Announced]:
        for each in self.all.get("published", []):
            yield Announced(
                name=each["id"],
                points=self.core.number(each["points"]),
                scope=self.core.condition(each.get("scope", True)),
                at_least=bool(each.get("at_least")),
            )

    def _rhythm(self) -> Rhythm | None:
        if "pace" not in self.all:
            return None
        pace = self.all["pace"]
        event = {self.paths[name]: self._value(name, value) for name, value in pace["event"].items()}
        return Rhythm(every_days=pace["every_days"], horizon_days=pace.get("horizon_days", 1095), event=event)

    def _value(self, name: str, value: Any) -> Value:
        if self.fields[name]["type"] == "date":
            return date.fromisoformat(value).toordinal() - EPOCH_DAY
        if self.fields[name]["type"] == "set":
            return frozenset(value)
        found = constant(value)
        return value if found is None else int(found) if found.denominator == 1 else found  # type: ignore[no-any-return]

    def _promised(self) -> Promised:
        period, value = self.all.get("period", {}), self.all.get("point_value")
        return Promised(
            split=self.limits.get("split_bound"),
            filters=self.limits.get("max_filters"),
            event_points=self.limits.get("event_points"),
            period_points=self.limits.get("period_points"),
            period_events=period.get("max_events"),
            period_cap=period.get("cap"),
            grace_days=self.limits.get("grace_days", 60),
            point_value=None if value is None else constant(value),
            yields=self.limits.get("yield", True),
        )

    def _refund(self, program: Program | None, kinds: Mapping[str, Kind]) -> dict[str, Node]:
        if "refund" not in self.all or not self.earn.get("groups"):
            return {}
        told = self.all["refund"].get("claw", "exact")
        earned = _agreed(program, self._points(self._meetings()), kinds)
        claw = earned if told == "exact" else self.core.number(told)
        floored = self.all["refund"].get("floor_zero")
        return {"claw": claw, "claw_after_spending": Extreme("min", (claw, NOTHING)) if floored else claw}


def _agreed(program: Program | None, expected: Node, kinds: Mapping[str, Kind]) -> Node:
    """
    The points of an event as the library puts them together, where it says them as the corpus does; else *expected*.

    They part where points fall below zero, which no program of the library lets happen.
    """
    if program is None or not program.rules:
        return expected
    found = model_of(program, _EVENT).points
    read = {path: kinds[path] for path in (*fields_of(found), *fields_of(expected))}
    random = Random(0)  # noqa: S311 -- samples, not secrets
    for _ in range(_SAMPLES):
        values = {path: _some(kind, random) for path, kind in read.items()}
        if interpret(found, values) != interpret(expected, values):
            return expected
    return found


def _some(kind: Kind, random: Random) -> Value:
    """Some value of *kind*."""
    match kind:
        case Whole(low, high):
            return random.choice((low, high, random.randint(low, high)))
        case Day(low, high):
            return random.randint(low.toordinal(), high.toordinal()) - EPOCH_DAY
        case Choice(codes) if codes is not None:
            return random.choice(codes)
        case Tags(codes) if codes is not None:
            return frozenset(each for each in codes if random.random() < 1 / 2)
    return random.random() < 1 / 2


def _named(part: Any) -> Iterator[str]:
    """The fields that a part of a programme reads."""
    if isinstance(part, str) and part.startswith("$"):
        yield part[1:]
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _named(each)
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _named(each)


def _declared(told: Mapping[str, Any]) -> Any:
    match told["type"]:
        case "int":
            return whole(told["min"], told["max"], obtained="earned")
        case "enum":
            return choice(*told["values"], ordered=True, obtained="earned")
        case "bool":
            return flag(obtained="earned")
        case "date":
            return day(date.fromisoformat(told["min"]), date.fromisoformat(told["max"]), obtained="earned")
        case "set":
            return tags(*told["values"], obtained="earned")
    message = f"no field is of type {told['type']}"
    raise Untranslatable(message)


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        message = f"{value} is not a whole number of points"
        raise Untranslatable(message)
    return value.numerator


def _points(value: Any) -> int:
    found = constant(value)
    if found is None:
        message = "a cap is a constant in a program"
        raise Untranslatable(message)
    return _whole(found)


def _money(value: Fraction) -> str | None:
    """A fee in minor units, as money; None of nothing."""
    return f"{value.numerator // value.denominator}.00 EUR" if value else None
