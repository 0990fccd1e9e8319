"""What happens: the fields of one kind of event as the trees of its rules read them, sums over lines as numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.events import MOST_MINOR, MOST_UNITS
from fidelity.language.bounds import bounds
from fidelity.language.kinds import Amount, Kind, Whole
from fidelity.language.quantities import denominator
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.tree import (
    Compare,
    Field,
    Literal,
    Node,
    OverLines,
    Rounded,
    add,
    fields_of,
    multiply,
    rebuild,
)
from fidelity.rules.basis import Basis, exclusions
from fidelity.rules.plan import KindPlan

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["LINES", "Happening", "tenure_links"]

#: What begins the path of a field that stands for a sum over lines.
LINES = "lines."
_BASIS = "purchase.basis"
_MONEY = {"line.amount", "line.basis"}


class Happening:
    """
    The fields of one kind of event.

    Attributes:
        lines: The sums over lines, by the path of the field that stands for each; found as trees are read.
        kinds: The kinds of those fields.
        links: What ties its fields to each other in every event of the kind.
    """

    def __init__(self, program: Program, plan: KindPlan) -> None:
        self.plan, self.program = plan, program
        self.lines: dict[str, OverLines] = {}
        self.kinds: dict[str, Kind] = {}
        self._paths: dict[OverLines, str] = {}
        self._basis = Basis.of(program, plan.kind, exclusions(program, plan.kind, plan.schema)[1])
        paid, amount = Field("purchase.paid_with_points"), Field("purchase.amount")
        self.links: tuple[Node, ...] = (Compare("<=", paid, amount),) if plan.kind == "purchase" else ()

    def numbered(self, node: Node) -> Node:
        """*node*, with a field for each sum over lines."""
        if isinstance(node, OverLines):
            return self._sum(node)
        return rebuild(node, self.numbered)

    def without_basis(self, node: Node) -> Node:
        """*node* with one field for the amount that earns, wherever it stands whole."""
        basis = None if self._basis.amount is None else self.numbered(self._basis.amount)
        return Field(_BASIS) if node == basis else rebuild(node, self.without_basis)

    def stated(self, spelled: Node) -> Node:
        """A number of points that the owner states, as the rules read it."""
        found = resolve_number(spelled, self.plan.schema, unit="number").node
        return self.numbered(self._basis.in_amount(found))

    def condition(self, spelled: Node) -> Node:
        """A condition that the owner states, as the rules read it."""
        return self.numbered(self._basis.in_condition(resolve_condition(spelled, self.plan.schema)))

    def _sum(self, node: OverLines) -> Node:
        over = denominator(node.value)
        path = self._paths.get(node)
        if path is None:
            path = self._paths[node] = f"{LINES}{len(self._paths) + 1}"
            self.lines[path] = node
            self.kinds[path] = self._kind(node, over)
        field = Field(path)
        return field if over == 1 else multiply(Literal(Fraction(1, over)), field)

    def _kind(self, node: OverLines, over: int) -> Kind:
        """How far such a sum goes: no further than one purchase does."""
        each = bounds(node.value, self.plan.schema.kinds)
        money = not _MONEY.isdisjoint(fields_of(node.value)) and not isinstance(node.value, Rounded)
        most = MOST_MINOR if not _MONEY.isdisjoint(fields_of(node.value)) else MOST_UNITS
        if each.low >= 0 and money and over == 1:
            return Amount(0, most)
        return Whole(0 if each.low >= 0 else -most * over, most * over)


def tenure_links() -> tuple[Node, ...]:
    """How the fields that tell the length of the relationship go together: years are whole years of the months."""
    days, months, years = (Field(f"member.tenure_{unit}") for unit in ("days", "months", "years"))
    twelve, wide = Literal(12), Literal(365)
    return (
        Compare("==", years, Rounded("floor", multiply(Literal(Fraction(1, 12)), months))),
        # Twelve months have 365 or 366 days, and no number of them is more than two days off that.
        Compare(">=", multiply(twelve, days), add(multiply(wide, months), Literal(-36))),
        Compare("<=", multiply(twelve, days), add(multiply(Literal(366), months), Literal(378))),
    )
