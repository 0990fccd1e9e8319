"""How one test is said: a subject and what is true of it, "the purchase" and "is made on a Saturday".

Common fields have their own idiom; every other one is said by its label, which is always right.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from attrs import frozen

from fidelity.language.kinds import Choice
from fidelity.language.saying import Said, Saying, Voice, known, split, unit_of
from fidelity.language.tree import Compare, Field, Has, IsIn, Literal, LiteralValue, Node, Opaque, Reaches
from fidelity.wording import dates, numbers

__all__ = ["OPPOSITE", "Clause", "Clauses", "ranged"]

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LAST_MINUTE = 59
_CLOCK = {"hour": (0, 23), "month": (1, 12), "day": (1, 31)}
_RANGED = ("number", "money", "day", "instant", "days")


@frozen
class Clause:
    """
    One test, said.

    Attributes:
        subject: Of what something is said; empty if the predicate says it all.
        predicate: What is said of it.
        verb: With what the predicate begins, if what follows stands beside another such clause without it:
            "is made in the app and before 18:00".
    """

    subject: str
    predicate: str
    verb: str = ""

    @property
    def text(self) -> str:
        """Both together."""
        return f"{self.subject} {self.predicate}" if self.subject else self.predicate


def ranged(low: Node, high: Node, voice: Voice) -> tuple[Field, tuple[LiteralValue, LiteralValue]] | None:
    """The field and its bounds if two tests in a row say "from … to …", both included."""
    match low, high:
        case (
            Compare(">=", Field(path) as field, Literal(least)),
            Compare("<=", Field(other), Literal(most)),
        ) if path == other and unit_of(field, voice.schema) in _RANGED:
            clock = split(path)[1] in _CLOCK and known(path, voice.schema)
            return None if clock else (field, (least, most))
    return None


class Clauses:
    """Says single tests."""

    def __init__(self, voice: Voice, condition: Callable[[Node], str]) -> None:
        self.voice = voice
        self.saying = Saying(voice, condition)

    def clause(self, node: Node, *, no: bool = False) -> Clause:  # noqa: PLR0911 -- one case a form reads best together
        """
        One test that is not made of others.

        Args:
            no: Say that it does not hold.
        """
        say = self.voice.say
        match node:
            case Literal(bool() as value):
                return Clause("", say("always" if value != no else "never"))
            case Field(path):
                return self._flag(path, no=no)
            case Has(Field(path), tag):
                return self._has(path, tag, no=no)
            case Reaches(measure, value):
                reached = self.saying.constant(value.value, unit_of(measure, self.voice.schema))
                return Clause(self.saying.field(measure.path).text, self._predicate("reaches", no=no, x=reached))
            case Opaque(name):
                said = say("opaque", name=self.saying.name(name))
                return Clause(said, self._predicate("named", no=no))
            case IsIn(Field(path), choices):
                return self._test(path, "==", tuple(each.value for each in choices), no=no)
            case IsIn(term, choices):
                unit = unit_of(term, self.voice.schema)
                values = [self.saying.constant(each.value, unit) for each in choices]
                return self._formula(self._generic(self.saying.value(term), unit, "==", values, no=no))
            case Compare(op, left, right):
                return self._compare(OPPOSITE[op] if no else op, left, right)
        return Clause("", self.saying.value(node).text)

    def between(self, path: str, bounds: tuple[LiteralValue, LiteralValue]) -> Clause:
        """From one bound to the other, both included."""
        return self._test(path, "between", bounds)

    def _predicate(self, key: str, *, no: bool = False, many: bool = False, **parts: str) -> str:
        return self.voice.say(f"{key}/not" if no else key, parts, many=many)

    def _flag(self, path: str, *, no: bool) -> Clause:
        voice = self.voice
        label = voice.schema.label(path, voice.language)
        return Clause("", self._predicate("flag", no=no, label=self.saying.name(label), owner=self.saying.owner(path)))

    def _has(self, path: str, tag: str, *, no: bool) -> Clause:
        said = self.saying.constant(tag)
        if known(path, self.voice.schema):
            return Clause(self.saying.owner(path), self._predicate("tag", no=no, x=said))
        return Clause(self.saying.field(path).text, self._predicate("has", no=no, x=said))

    def _compare(self, op: str, left: Node, right: Node) -> Clause:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            op, left, right = _TURNED[op], right, left
        no = op == "!="
        if isinstance(left, Field) and isinstance(right, Literal):
            return self._test(left.path, "==" if no else op, (right.value,), no=no)
        unit = unit_of(left, self.voice.schema) or unit_of(right, self.voice.schema)
        said = self.saying.value(left, unit)
        if isinstance(right, Literal):
            value = self.saying.constant(right.value, unit)
            return self._formula(self._generic(said, unit, "==" if no else op, [value], no=no))
        against = self.voice.say(f"against.{op}", many=said.many, x=self.saying.inner(right, unit))
        return Clause("", f"{said.text} {against}")

    def _formula(self, clause: Clause) -> Clause:
        """A formula holds constants: it is said again each time, never left out like a subject."""
        return Clause("", clause.text)

    # -- a field against constants

    def _test(self, path: str, op: str, values: tuple[LiteralValue, ...], *, no: bool = False) -> Clause:
        """The idiom of the field, or the safe way."""
        unit = unit_of(Field(path), self.voice.schema)
        owner, name = split(path)
        if known(path, self.voice.schema):
            if path == "purchase.amount":
                said = [self.saying.constant(each, "money") for each in values]
                return Clause(self.saying.owner(path), self._predicate(path, no=no, x=self._quantity(op, said, no=no)))
            if path in ("member.tenure_days", "member.tenure_months", "member.tenure_years"):
                return self._years("tenure", op, values, name.partition("_")[2], no=no)
            if path == "anniversary.years":
                return self._years("years", op, values, "years", no=no)
            if (idiom := self._happening(owner, name, op, values, no=no)) is not None:
                return idiom
        said = [self.saying.constant(each, unit, path) for each in values]
        return self._generic(self.saying.field(path), unit, op, said, no=no)

    def _quantity(self, op: str, said: list[str], *, no: bool) -> str:
        if op == "between":
            return self.voice.say("q.between", low=said[0], high=said[1])
        return self.voice.say(f"q.{op}", x=self.voice.list(said, "nor" if no else "or"))

    def _years(self, key: str, op: str, values: tuple[LiteralValue, ...], unit: str, *, no: bool) -> Clause:
        one, many = self.voice.data.UNITS[unit]
        said = [
            numbers.counted(self.voice.language, each, one, many)
            if isinstance(each, int | Fraction)
            else self.saying.constant(each)
            for each in values
        ]
        predicate = self._predicate(key, no=no, many=True, x=self._quantity(op, said, no=no))
        return Clause(self.voice.say("you.subject").strip(), predicate)

    def _generic(self, subject: Said, unit: str, op: str, said: list[str], *, no: bool) -> Clause:
        many, start = subject.many, subject.text
        listed = self.voice.list(said, "nor" if no else "or")
        if unit in ("day", "instant"):
            if op == "between":
                listed = self.voice.say("is.date.between", low=said[0], high=said[1])
            else:
                listed = self.voice.say(f"is.date.{op}", x=listed)
            return Clause(start, self._predicate("is.date", no=no, many=many, x=listed))
        if unit in ("code", "flag", "tags"):
            listed = listed if op == "==" else self.voice.say(f"choice.{op}", x=listed)
            return Clause(start, self._predicate("choice", no=no, many=many, x=listed))
        if op == "==":
            key = "sum" if unit == "money" else "number"
            return Clause(start, self._predicate(key, no=no, many=many, x=listed))
        return Clause(start, self._predicate("sum", many=many, x=self._quantity(op, said, no=no)))

    # -- when and where an event happens

    def _happening(  # noqa: PLR0911 -- one idiom a return
        self, owner: str, name: str, op: str, values: tuple[LiteralValue, ...], *, no: bool
    ) -> Clause | None:
        """The idioms of an event: when, where and how it happened. None if the field has none."""
        voice, equal = self.voice, op == "=="
        path = f"{owner}.{name}"
        if name in _CLOCK and all(_in_clock(each, _CLOCK[name]) for each in values):
            return self._happens(owner, self._clock(name, op, values, no=no), no=no, many=len(values) > 1)
        if name in ("date", "at"):
            said = [self.saying.constant(each) for each in values]
            if op == "between":
                return self._happens(owner, voice.say("date.between", low=said[0], high=said[1]), many=True)
            complement = self._complements("date", said, no=no) if equal else voice.say(f"date.{op}", x=said[0])
            return self._happens(owner, complement, no=no, many=len(values) > 1)
        if not equal or not isinstance(voice.schema.kind(path), Choice):
            return None
        codes = [str(each) for each in values]
        said = [self.saying.constant(each, path=path) for each in codes]
        if name == "weekday":
            each_said = [voice.say("each.weekday", x=each) for each in said]
            return self._happens(owner, self._complements("weekday", each_said, no=no), no=no, many=len(codes) > 1)
        if name == "channel":
            places = [self._place(each, voice.data.CHANNELS, "on.channel", "channel.none") for each in codes]
            listed = voice.list(places, "nor" if no else "or")
            return self._happens(owner, listed, no=no, many=len(codes) > 1)
        if name == "store" and all(codes):
            return self._happens(owner, self._complements("store", said, no=no), no=no, many=len(codes) > 1)
        if name == "payment" and all(codes):
            ways = [self._place(each, voice.data.PAYMENTS, "on.payment") for each in codes]
            listed = voice.list(ways, "nor" if no else "or")
            return Clause(self.saying.owner(path), self._predicate("paid", no=no, x=listed))
        if name in ("category", "topic", "activity") and all(codes):
            listed = voice.list(said, "nor" if no else "or")
            key = "choice" if name == "activity" else name
            return Clause(self.saying.owner(path), self._predicate(key, no=no, x=listed))
        return None

    def _happens(self, owner: str, complement: str, *, no: bool = False, many: bool = False) -> Clause:
        """When or where it happened; *many* if the complement is a list, which cannot stand without its verb."""
        key = f"happens.{owner}" if owner in self.voice.data.SUBJECTS else "happens"
        verb = self._predicate(key, no=no)
        return Clause(self.saying.owner(f"{owner}."), f"{verb} {complement}", "" if many else verb)

    def _complements(self, key: str, said: list[str], *, no: bool) -> str:
        """The values after one preposition; in a Spanish denial each has its own."""
        say = self.voice.say
        if no and self.voice.data.REPEATS:
            return self.voice.list([say(f"on.{key}", x=each) for each in said], "nor")
        return say(f"on.{key}", x=self.voice.list(said, "or"))

    def _place(self, value: str, plain: dict[str, str], key: str, none: str = "") -> str:
        if not value and none:
            return self.voice.say(none)
        return plain.get(value) or self.voice.say(key, x=self.saying.constant(value))

    def _clock(self, name: str, op: str, values: tuple[LiteralValue, ...], *, no: bool) -> str:
        language, late = self.voice.language, op in ("<=", ">")
        said = []
        for value in values:
            here = value if isinstance(value, int) else 0
            if name == "hour":
                clock = dates.clock(language, here, _LAST_MINUTE if late else 0)
                each = "each.at" if op == "==" else "each.hour"
                said.append(self.voice.say(each, one=clock.startswith("1:"), x=clock))
            else:
                said.append(dates.month(language, here) if name == "month" else str(here))
        return self._complements(name, said, no=no) if op == "==" else self.voice.say(f"{name}.{op}", x=said[0])


def _in_clock(value: LiteralValue, bounds: tuple[int, int]) -> bool:
    return type(value) is int and bounds[0] <= value <= bounds[1]
