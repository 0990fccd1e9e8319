"""Terms: makes the numbers and conditions of the engines; equal ones are one object, so that they cancel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm

from attrs import define, field

from fidelity.proofs.engines.forms import (
    Among,
    Atom,
    Both,
    Cases,
    Condition,
    Either,
    Floor,
    Least,
    Linear,
    Reaches0,
    Var,
)

__all__ = ["Terms"]

#: More combinations than this are left to the search.
_FEW = 48


@define(eq=False)
class Terms:
    """
    Makes terms, each once. Variables that are copies of one another have one shape.

    Attributes:
        codes: All codes of each finite variable, by place, as bits.
        likenesses: What `pairing` knows of atoms, by id.
        work: How many sums were worked out so far: what searches count, so that every run ends alike.
    """

    codes: dict[int, int] = field(factory=dict)
    likenesses: dict[int, tuple[object, int]] = field(factory=dict)
    work: int = 0
    _made: dict[object, object] = field(factory=dict)
    _count: int = 0
    _shapes: dict[object, int] = field(factory=dict)
    _opposites: dict[int, Condition] = field(factory=dict)
    true: Condition = field(init=False)
    false: Condition = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.true = Both(self._next(), 0, ())
        self.false = Either(self._next(), 0, ())

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _shape(self, *key: object) -> int:
        return self._shapes.setdefault(key, len(self._shapes))

    # -- numbers

    def constant(self, value: int | Fraction) -> Linear:
        """The number *value*."""
        value = Fraction(value)
        return self._linear(value.numerator, (), value.denominator)

    def variable(self, place: int, copy_of: int) -> Linear:
        """The variable at *place*."""
        key = ("var", place)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Var(self._next(), 1 << place, place, self._shape("var", copy_of))
        assert isinstance(found, Var)  # noqa: S101 -- the key says so
        return self._linear(0, ((found, 1),), 1)

    def _linear(self, const: int, parts: tuple[tuple[Atom, int], ...], over: int) -> Linear:
        """A term whose parts are in order; brought to lowest terms."""
        if over > 1:
            common = gcd(const, over, *(times for _, times in parts))
            if common > 1:
                const, over = const // common, over // common
                parts = tuple((atom, times // common) for atom, times in parts)
        key = ("linear", const, over, tuple((atom.id, times) for atom, times in parts))
        found = self._made.get(key)
        if found is None:
            mask = 0
            for atom, _ in parts:
                mask |= atom.mask
            shape = self._shape("linear", over, *sorted((atom.shape, times) for atom, times in parts))
            found = self._made[key] = Linear(self._next(), mask, const, parts, over, shape)
        return found  # type: ignore[return-value]  # the key says so

    def combine(self, terms: Iterable[tuple[Linear, int]], const: int = 0, over: int = 1) -> Linear:
        """The sum of *const* and the terms, each times its whole number, over *over*."""
        listed = [(term, times) for term, times in terms if times]
        self.work += 1
        common = lcm(*(term.over for term, _ in listed)) if listed else 1
        total = const * common
        sums: dict[int, int] = {}
        atoms: dict[int, Atom] = {}
        for term, times in listed:
            factor = times * (common // term.over)
            total += factor * term.const
            for atom, each in term.parts:
                place = atom.id
                if place in sums:
                    sums[place] += factor * each
                else:
                    sums[place], atoms[place] = factor * each, atom
        parts = tuple((atoms[place], sums[place]) for place in sorted(sums) if sums[place])
        return self._linear(total, parts, common * over)

    def plus(self, *terms: Linear) -> Linear:
        """The sum."""
        return terms[0] if len(terms) == 1 else self.combine((each, 1) for each in terms)

    def minus(self, one: Linear, other: Linear) -> Linear:
        """The difference."""
        return self.combine(((one, 1), (other, -1)))

    def times(self, term: Linear, factor: int | Fraction) -> Linear:
        """The term times a number."""
        factor = Fraction(factor)
        return self.combine(((term, factor.numerator),), over=factor.denominator)

    def atom(self, atom: Atom, times: int = 1, over: int = 1) -> Linear:
        """The atom alone."""
        return self._linear(0, ((atom, times),), over)

    def rebuilt(self, term: Linear, replaced: Mapping[int, Linear]) -> Linear:
        """*term* with the atoms (by id) replaced by terms."""
        known = [(replaced[atom.id], times) for atom, times in term.parts if atom.id in replaced]
        kept = tuple((atom, times) for atom, times in term.parts if atom.id not in replaced)
        rest = self._linear(term.const, kept, 1)
        return self.combine([(rest, 1), *known], over=term.over)

    def floor(self, term: Linear, *, even: bool = False) -> Linear:
        """The term rounded."""
        if term.over == 1:
            return term
        if even and term.over % 2:
            # Halves do not occur, so the nearest whole number is unique.
            return self.floor(self.combine(((term, 2),), const=1, over=2))
        if len(term.parts) == 1 and isinstance(term.parts[0][0], Cases):
            cases, times = term.parts[0]
            assert isinstance(cases, Cases)  # noqa: S101 -- looked at above
            return self.cases(
                (when, self.floor(self.combine(((value, times),), const=term.const, over=term.over), even=even))
                for when, value in cases.arms
            )
        step = term.over * (2 if even else 1)
        # Whole multiples come out; towards zero, so that what stays inside keeps its sign.
        outside = [(atom, _towards_zero(times, step)) for atom, times in term.parts]
        left = [(atom, times - step * out) for (atom, times), (_, out) in zip(term.parts, outside, strict=True)]
        whole, const = divmod(term.const, step)
        back = step // term.over
        outer = self._linear(whole * back, tuple((atom, out * back) for atom, out in outside if out), 1)
        inner_parts = tuple((atom, times) for atom, times in left if times)
        if not even and inner_parts:
            common = gcd(term.over, *(times for _, times in inner_parts))
            inner = self._linear(
                const // common, tuple((atom, times // common) for atom, times in inner_parts), term.over // common
            )
        else:
            inner = self._linear(const, inner_parts, term.over)
        if not inner.parts:
            value = Fraction(inner.const, inner.over)
            return self.plus(outer, self.constant(round(value) if even else value.__floor__()))
        if inner.over == 1:
            return self.plus(outer, inner)
        key = ("floor", inner.id, even)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Floor(
                self._next(), inner.mask, inner, even, self._shape("floor", inner.shape, even)
            )
        assert isinstance(found, Floor)  # noqa: S101 -- the key says so
        return self.combine(((outer, 1), (self.atom(found), 1)))

    def least(self, terms: Iterable[Linear]) -> Linear:
        """The least of the terms."""
        listed = sorted({each.id: each for each in terms}.values(), key=lambda each: each.id)
        # Terms that differ by a constant only: one of them is always the least.
        by_parts: dict[object, Linear] = {}
        for each in listed:
            same = (each.over, tuple((atom.id, times) for atom, times in each.parts)) if each.parts else ()
            before = by_parts.get(same)
            lower = before is None or Fraction(each.const, each.over) < Fraction(before.const, before.over)
            by_parts[same] = each if lower or before is None else before
        listed = sorted(by_parts.values(), key=lambda each: each.id)
        if len(listed) == 1:
            return listed[0]
        over = lcm(*(each.over for each in listed))
        whole = tuple(self.combine(((each, over),)) for each in listed)
        key = ("least", *(each.id for each in whole))
        found = self._made.get(key)
        if found is None:
            shape = self._shape("least", *sorted(each.shape for each in whole))
            found = self._made[key] = Least(self._next(), _masks(whole), whole, shape)
        assert isinstance(found, Least)  # noqa: S101 -- the key says so
        return self.atom(found, 1, over)

    def greatest(self, terms: Iterable[Linear]) -> Linear:
        """The greatest of the terms."""
        return self.times(self.least(self.times(each, -1) for each in terms), -1)

    def cases(self, arms: Iterable[tuple[Condition, Linear]]) -> Linear:
        """The value beside the first condition that holds; the last one must always hold."""
        kept: list[tuple[Condition, Linear]] = []
        taken: dict[int, int] = {}
        for asked, value in arms:
            when = asked
            if isinstance(when, Among):
                # Codes that earlier arms have taken are no matter; when none are left, this is the last arm.
                before = taken.get(when.place, 0)
                taken[when.place] = before | when.bits
                when = self.true if taken[when.place] == self.codes[when.place] else when
            if when is self.false:
                continue
            if kept and kept[-1][1] is value:
                kept[-1] = (self.either((kept[-1][0], when)), value)
            else:
                kept.append((when, value))
            if kept[-1][0] is self.true:
                break
        kept[-1] = (self.true, kept[-1][1])
        while len(kept) > 1 and kept[-2][1] is kept[-1][1]:
            kept[-2:] = [kept[-1]]
        if len(kept) == 1:
            return kept[0][1]
        over = lcm(*(value.over for _, value in kept))
        whole = tuple((when, self.combine(((value, over),))) for when, value in kept)
        key = ("cases", *((when.id, value.id) for when, value in whole))
        found = self._made.get(key)
        if found is None:
            mask = _masks(value for _, value in whole) | _masks(when for when, _ in whole)
            shape = self._shape("cases", *((self._shape_of(when), value.shape) for when, value in whole))
            found = self._made[key] = Cases(self._next(), mask, whole, shape)
        assert isinstance(found, Cases)  # noqa: S101 -- the key says so
        return self.atom(found, 1, over)

    def _shape_of(self, condition: Condition) -> int:
        match condition:
            case Reaches0(term=term):
                return self._shape("reaches", term.shape)
            case Among(place=place, bits=bits):
                return self._shape("among", place, bits)
            case Both(parts=parts) | Either(parts=parts):
                return self._shape(type(condition).__name__, *sorted(self._shape_of(each) for each in parts))

    # -- conditions

    def reaches0(self, term: Linear) -> Condition:
        """Whether *term* is at least zero."""
        if not term.parts:
            return self.true if term.const >= 0 else self.false
        common = gcd(*(times for _, times in term.parts))
        parts = tuple((atom, times // common) for atom, times in term.parts)
        whole = self._linear(term.const // common, parts, 1)
        if len(parts) == 1:
            simpler = self._of_one(whole, *parts[0])
            if simpler is not None:
                return simpler
        key = ("reaches0", whole.id)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Reaches0(self._next(), whole.mask, whole)
        return found  # type: ignore[return-value]  # the key says so

    def _of_one(self, term: Linear, atom: Atom, times: int) -> Condition | None:
        """The same without the one atom that *term* has, where that can be said."""
        match atom:
            case Floor(even=False):
                if times > 0:
                    return self.reaches0(self.combine(((atom.term, 1),), const=term.const))
                # Rounded down it is at most n: it is below n + 1.
                return self.negative(self.combine(((atom.term, 1),), const=-term.const - 1))
            case Cases(arms=arms) if len(arms) <= _FEW:
                return self.choose((when, self.reaches0(self._on(term, value, times))) for when, value in arms)
            case Least(terms=terms):
                parts = [self.reaches0(self._on(term, each, times)) for each in terms]
                return self.both(parts) if times > 0 else self.either(parts)
        return None

    def _on(self, term: Linear, value: Linear, times: int) -> Linear:
        return self.combine(((value, times),), const=term.const)

    def choose(self, arms: Iterable[tuple[Condition, Condition]]) -> Condition:
        """The condition beside the first one that holds."""
        before: list[Condition] = []
        found = []
        for when, then in arms:
            found.append(self.both((*before, when, then)))
            before.append(self.opposite(when))
        return self.either(found)

    def negative(self, term: Linear) -> Condition:
        """Whether *term* is below zero."""
        numerator = self._linear(term.const, term.parts, 1)
        return self.reaches0(self.combine(((numerator, -1),), const=-1))

    def zero(self, term: Linear) -> Condition:
        """Whether *term* is zero."""
        common = gcd(*(times for _, times in term.parts)) if term.parts else 0
        if common and term.const % common:
            return self.false
        return self.both((self.reaches0(term), self.reaches0(self.times(term, -1))))

    def among(self, place: int, bits: int) -> Condition:
        """Whether the variable at *place* is one of the codes *bits*; the caller knows which there are."""
        if not bits:
            return self.false
        if bits == self.codes.get(place):
            return self.true
        key = ("among", place, bits)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Among(self._next(), 1 << place, place, bits)
        return found  # type: ignore[return-value]  # the key says so

    def both(self, conditions: Iterable[Condition]) -> Condition:
        """Whether all hold."""
        return self._joined(conditions, Both, self.true, self.false)

    def either(self, conditions: Iterable[Condition]) -> Condition:
        """Whether some hold."""
        return self._joined(conditions, Either, self.false, self.true)

    def _joined(  # noqa: C901, PLR0912 -- one pass over the parts, whatever they are
        self, conditions: Iterable[Condition], kind: type[Both | Either], none: Condition, ends: Condition
    ) -> Condition:
        parts: dict[int, Condition] = {}
        codes: dict[int, int] = {}
        waiting = list(conditions)[::-1]
        while waiting:
            each = waiting.pop()
            if each is ends:
                return ends
            if isinstance(each, kind):
                waiting.extend(reversed(each.parts))
            elif isinstance(each, Among):
                before = codes.get(each.place)
                if before is None:
                    codes[each.place] = each.bits
                else:
                    codes[each.place] = before & each.bits if kind is Both else before | each.bits
            else:
                parts[each.id] = each
        for place, bits in codes.items():
            made = self.among(place, bits)
            if made is ends:
                return ends
            parts[made.id] = made
        for each in parts.values():
            other = self._opposites.get(each.id)
            if other is not None and other.id in parts:
                return ends
        if not parts:
            return none
        if len(parts) == 1:
            return next(iter(parts.values()))
        listed = tuple(parts[place] for place in sorted(parts))
        key = (kind.__name__, *(each.id for each in listed))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = kind(self._next(), _masks(listed), listed)
        return found  # type: ignore[return-value]  # the key says so

    def opposite(self, condition: Condition) -> Condition:
        """Whether it does not hold."""
        found = self._opposites.get(condition.id)
        if found is None:
            match condition:
                case Reaches0(term=term):
                    found = self.negative(term)
                case Among(place=place, bits=bits):
                    found = self.among(place, self.codes[place] & ~bits)
                case Both(parts=parts):
                    found = self.either(self.opposite(each) for each in parts)
                case Either(parts=parts):
                    found = self.both(self.opposite(each) for each in parts)
            self._opposites[condition.id] = found
            self._opposites[found.id] = condition
        return found


def _masks(nodes: Iterable[Linear | Condition]) -> int:
    mask = 0
    for each in nodes:
        mask |= each.mask
    return mask


def _towards_zero(number: int, step: int) -> int:
    return number // step if number >= 0 else -(-number // step)
