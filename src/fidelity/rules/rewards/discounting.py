"""What a sale comes to: its discounts and the rewards that take money off, each on what the ones before left.

Whole minor units from end to end. Each discount is rounded once, half up, and spread over its lines so that nothing is
lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from fidelity.errors import MoneyError, UnknownReward, ValueRefused
from fidelity.events import Line, Purchase
from fidelity.facts import NOTHING_KNOWN, Facts
from fidelity.language.interpret import interpret
from fidelity.language.quantities import EPOCH_DAY, ROUND, micros
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.scalar import compile_outputs
from fidelity.language.tree import Compare, Field, Literal, Node, OverLines, all_of
from fidelity.rules.rewards.discounts import Discount, Off
from fidelity.rules.rewards.reward import Reward
from fidelity.values.money import Money
from fidelity.values.shares import shares
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Discounted", "Discounting", "NotTaken", "TakenOff", "scope_of"]


@frozen
class TakenOff:
    """
    Money that came off a sale.

    Attributes:
        name: Of the discount or the reward.
        amount: How much.
        lines: How much of it of each line; what is left over came off what stands beside the lines.
        units: How many units it was for; 0 where it is not counted in units.
    """

    name: str
    amount: Money
    lines: tuple[Money, ...] = ()
    units: int = 0


@frozen
class NotTaken:
    """
    A discount that took nothing off.

    Attributes:
        name: Of the discount.
        because: ``"when"`` or ``"during"``, ``"one of"`` where another one took more, ``"nothing"`` where nothing
            was in its scope.
    """

    name: str
    because: str


@frozen
class Discounted:
    """
    What a sale comes to.

    Attributes:
        before: What it cost.
        sale: The purchase as it is to be recorded: what is left to pay, and its lines at what they cost now.
        taken: What came off, in order.
        missed: The discounts that took nothing off.
    """

    before: Money
    sale: Purchase
    taken: tuple[TakenOff, ...]
    missed: tuple[NotTaken, ...]
    _program: Program

    @property
    def payable(self) -> Money:
        """What is left to pay; paying with points or a gift card comes after."""
        return self.sale.amount

    def explain(self, language: str = "en") -> str:
        """The sums in words."""
        from fidelity.rules.saying.discounts import explain_discounted

        return explain_discounted(self, self._program.tongue(language))


def scope_of(program: Program, each: Off) -> Node | None:
    """
    The condition on a line that *each* is limited to, in core form; None for all lines.

    Raises:
        LanguageError: If it reads what no line has.
    """
    if each.of is None:
        return None
    found = resolve_number(OverLines(Literal(1), each.of), program.declared.schema("purchase")).node
    assert isinstance(found, OverLines)  # noqa: S101 -- what was just made
    return found.when


class Discounting:
    """Discounts of one program, ready to be decided."""

    def __init__(self, program: Program) -> None:
        self._program = program
        schema = program.declared.schema("purchase")
        clauses = [_clauses(each, lambda node: resolve_condition(node, schema)) for each in program.discounts]
        from fidelity.rules.running import loader

        outputs = [(node, 0) for pair in clauses for node in pair]
        self._holds = compile_outputs(outputs, loader(program, "purchase"), default=NOTHING_KNOWN)
        named = {each.name: each.off for each in program.discounts}
        self._scopes = {id(each): scope_of(program, each) for each in [*named.values(), *_rewarded(program).values()]}
        self._kinds = {path: kind for path, kind in schema.kinds.items() if path.startswith("line.")}

    def decide(self, sale: Purchase, facts: Facts, rewards: Iterable[str]) -> Discounted:
        """What *sale* comes to; see `Program.discounted`."""
        program = self._program
        if sale.amount.currency != program.currency:
            message = f"purchase {sale.id} is in {sale.amount.currency} and the program in {program.currency}"
            raise MoneyError(f"{message}; convert it first", event=sale.id, currency=sale.amount.currency)
        till = _Till(sale, program.currency)
        values = [self._values(line) for line in sale.lines]
        reasons = self._refusals(sale, facts)
        shared: set[str] = set()
        for each in program.discounts:
            if each.one_of not in shared:
                shared |= {each.one_of} - {""}
                self._apply(till, each, values, reasons)
        offs = _rewarded(program)
        for name in rewards:
            if name not in offs:
                known = suggest(name, offs) or 'give it one: Reward(…, off=off("10 %"))'
                message = f"the program has no reward {name!r} that takes money off; {known}"
                raise UnknownReward(message, reward=name)
            till.take(name, till.would(offs[name], self._inside(offs[name], values)))
        missed = tuple(NotTaken(each.name, reasons[each.name]) for each in program.discounts if each.name in reasons)
        return till.result(missed, program)

    def _refusals(self, sale: Purchase, facts: Facts) -> dict[str, str]:
        """The discounts whose conditions do not hold, and which of them."""
        holds = self._holds(sale, facts)
        found: dict[str, str] = {}
        for place, each in enumerate(self._program.discounts):
            inside, when = holds[2 * place : 2 * place + 2]
            if not (inside and when):
                found[each.name] = "when" if inside else "during"
        return found

    def _apply(self, till: _Till, each: Discount, values: Sequence[Mapping[str, Any]], reasons: dict[str, str]) -> None:
        """Take off what *each* does, or the strongest of those of which only one counts."""
        rivals = [one for one in self._program.discounts if one is each or (each.one_of and one.one_of == each.one_of)]
        found = [(one, till.would(one.off, self._inside(one.off, values))) for one in rivals if one.name not in reasons]
        reasons |= {one.name: "nothing" for one, would in found if not would.amount}
        worth = sorted((pair for pair in found if pair[1].amount), key=lambda pair: -pair[1].amount)
        for place, (one, would) in enumerate(worth):
            if place:
                reasons[one.name] = "one of"
            else:
                till.take(one.name, would)

    def _inside(self, each: Off, values: Sequence[Mapping[str, Any]]) -> list[int]:
        """The places of the lines in its scope."""
        scope = self._scopes[id(each)]
        return [place for place, line in enumerate(values) if scope is None or interpret(scope, line)]

    def _values(self, line: Line) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for path, kind in self._kinds.items():
            name = path.removeprefix("line.")
            own = line.fields.get(name, kind.default)
            found[path] = _base(getattr(line, "amount" if name == "basis" else name, own))
        return found


def _rewarded(program: Program) -> dict[str, Off]:
    """The rewards that take money off a sale."""
    return {each.name: each.off for each in program.rewards if isinstance(each, Reward) and each.off is not None}


def _clauses(each: Discount, resolved: Any) -> tuple[Node, Node]:  # noqa: ANN401 -- a function of one node
    always = Literal(value=True)
    inside: Node = always
    if each.during is not None:
        day = Field("purchase.date")
        inside = resolved(
            all_of(Compare(">=", day, Literal(each.during[0])), Compare("<=", day, Literal(each.during[1])))
        )
    return inside, always if each.when is None else resolved(each.when)


def _base(value: object) -> object:
    match value:
        case Money():
            return value.minor
        case datetime():
            return micros(value)
        case date():
            return value.toordinal() - EPOCH_DAY
    return value


class _Line:
    """What is left to pay of one line: of the units that no discount in units has chosen yet, and of the others."""

    def __init__(self, line: Line) -> None:
        self.units = line.quantity
        self.free = line.amount.minor
        self.chosen = 0

    @property
    def left(self) -> int:
        """What is left to pay."""
        return self.free + self.chosen

    def price(self, units: int) -> Fraction:
        """What so many of the units cost that are free to choose, exactly."""
        return Fraction(self.free * units, self.units)

    def take(self, amount: int, units: int) -> None:
        """Take *amount* off; off so many *units*, or off all of it if none are told."""
        if units:
            price = max(amount, min(self.free, ROUND["half up"](self.price(units))))
            self.units -= units
            self.free -= price
            self.chosen += price - amount
        else:
            free = shares(amount, (self.free, self.chosen), self.left)[0]
            self.free -= free
            self.chosen -= amount - free


@frozen
class _Would:
    """What one discount would take off: in all, of each line, and of how many units of each."""

    amount: int
    parts: Sequence[int]
    units: Mapping[int, int]


class _Till:
    """One sale while money comes off it."""

    def __init__(self, sale: Purchase, currency: str) -> None:
        self._sale = sale
        self._currency = currency
        self._left = sale.amount.minor
        self._lines = [_Line(each) for each in sale.lines]
        self._taken: list[TakenOff] = []

    def would(self, each: Off, inside: Sequence[int]) -> _Would:
        """What *each* would take off of what is left."""
        units: dict[int, int] = {}
        times = 1
        if each.units is not None:
            units, times = self._cheapest(each.units, each.per, inside)
        prices = [
            line.price(units[place]) if place in units
            else Fraction(line.left if each.units is None and (each.whole or place in inside) else 0)
            for place, line in enumerate(self._lines)
        ]  # fmt: skip
        base = Fraction(self._left) if each.whole and each.units is None else sum(prices, Fraction(0))
        if each.share is not None:
            amount = ROUND["half up"](each.share * base)
        else:
            assert each.amount is not None  # noqa: S101 -- a share or an amount
            amount = each.amount.minor * times
        if each.most is not None:
            amount = min(amount, each.most.minor)
        # Lines need not add up to what is paid: never more than that comes off.
        amount = min(amount, ROUND["half up"](base), self._left)
        parts = self._spread(amount, prices, max(base, sum(prices, Fraction(0))))
        return _Would(amount, parts, units if amount else {})

    def _spread(self, amount: int, prices: Sequence[Fraction], whole: Fraction) -> list[int]:
        """*amount* over the lines, as each price is part of the *whole*, in whole minor units."""
        found, seen, before = [], Fraction(0), 0
        for price, line in zip(prices, self._lines, strict=True):
            seen += price
            here = ROUND["half up"](amount * seen / whole) if whole else 0
            found.append(min(here - before, line.left))
            before = here
        return found

    def _cheapest(self, units: int, per: int, inside: Sequence[int]) -> tuple[dict[int, int], int]:
        """How many of the cheapest units each line gives that are free to choose, and for how many groups."""
        lines = {place: self._lines[place] for place in inside if self._lines[place].units}
        total = sum(line.units for line in lines.values())
        times = total // per if per else int(total > 0)
        left = min(units * times, total)
        found: dict[int, int] = {}
        for place, line in sorted(lines.items(), key=lambda each: each[1].price(1)):
            if here := min(left, line.units):
                found[place] = here
                left -= here
        return found, times

    def take(self, name: str, would: _Would) -> None:
        """Take off what would be; nothing off is nothing taken."""
        if not would.amount:
            return
        self._left -= would.amount
        for place, (line, part) in enumerate(zip(self._lines, would.parts, strict=True)):
            line.take(part, would.units.get(place, 0))
        parts = tuple(map(self._money, would.parts))
        self._taken.append(TakenOff(name, self._money(would.amount), parts, sum(would.units.values())))

    def _money(self, minor: int) -> Money:
        return Money(minor, self._currency)

    def result(self, missed: tuple[NotTaken, ...], program: Program) -> Discounted:
        """What it comes to."""
        lines = [
            evolve(one, amount=self._money(each.left)) for one, each in zip(self._sale.lines, self._lines, strict=True)
        ]
        sale = evolve(self._sale, amount=self._money(self._left), lines=lines)
        return Discounted(self._sale.amount, sale, tuple(self._taken), missed, program)


def decide(program: Program, sale: Purchase, facts: Facts, rewards: Iterable[str]) -> Discounted:
    """What *sale* comes to under *program*."""
    if not isinstance(sale, Purchase):
        message = f"{sale!r} is no purchase; write one: Purchase(id, member=…, amount=…, at=…, lines=[…])"
        raise ValueRefused(message, value=sale)
    return program.discounting.decide(sale, facts, tuple(rewards))
