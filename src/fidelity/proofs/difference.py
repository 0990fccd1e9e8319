"""The difference between two versions of a program: a plan to read before it is applied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from fidelity.language.kinds import Kind
from fidelity.language.tree import Node
from fidelity.proofs.edits import Edit
from fidelity.proofs.finding import plain
from fidelity.proofs.members import Outcome, outcome_of
from fidelity.proofs.obligation import Value
from fidelity.proofs.telling.plan import plan

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Blame", "Case", "Change", "Difference", "Direction"]

#: ``"either"``: what stands otherwise does not tell who gains.
Direction = Literal["gains", "loses", "either"]


@frozen(kw_only=True)
class Blame:
    """A rule that gives otherwise in a case: what it gave and what it gives, exactly, before rounding."""

    rule: str
    before: Fraction
    after: Fraction


@frozen(kw_only=True)
class Case:
    """
    One event for which the versions differ.

    Attributes:
        values: The fields, by path, in base units.
        before, after: What the old and the new version say: points, a cost, or the place of a tier.
        certain: Whether it is certainly the smallest case, or the worst one.
        blamed: The rules that give otherwise here, those that differ most first.
    """

    values: Mapping[str, Value]
    before: Fraction
    after: Fraction
    certain: bool = False
    blamed: tuple[Blame, ...] = ()

    @property
    def by(self) -> Fraction:
        """How much more it is now; less than nothing if it is less."""
        return self.after - self.before


@frozen(kw_only=True)
class Change:
    """
    One thing that may be more or less now.

    Attributes:
        what: ``"points"`` of an event, the ``"tier"`` that follows, the ``"cost"`` or the ``"door"`` of a reward, the
            ``"life"`` of points, or ``"terms"``: what no question about one event can tell.
        direction: Whether members gain or lose by it.
        about: The reward, or where the terms stand in the file; empty of points and tiers.
        on, wallet: The kind of event, and whose points.
        status: ``"some"``: there is a case; ``"none"``: it is proved that there is none; ``"unknown"``.
        how, why: Which engine found it, and what it saw.
        smallest, worst: The smallest case, and the one with the greatest difference, where it is known.
        kinds, sums: The declared kinds of the fields, and what those that stand for sums over lines are sums of.
        seconds: What it took.
    """

    what: str
    direction: Direction
    about: str = ""
    on: str = "purchase"
    wallet: str = "points"
    status: Literal["some", "none", "unknown"]
    how: str = ""
    why: str = ""
    smallest: Case | None = None
    worst: Case | None = None
    kinds: Mapping[str, Kind] = field(factory=dict, repr=False)
    sums: Mapping[str, Node] = field(factory=dict, repr=False)
    seconds: float = 0.0

    @property
    def cause(self) -> tuple[str, ...]:
        """The rules behind it, those that differ most first."""
        cases = [each for each in (self.worst, self.smallest) if each is not None]
        return tuple(dict.fromkeys(blame.rule for each in cases for blame in each.blamed))


@frozen(kw_only=True)
class Difference:
    """
    What a new version of a program gives otherwise than the old one.

    Attributes:
        old, new: Both versions.
        changes: What was asked, each in both directions.
        edits: What stands otherwise in the two program files.
        seconds: What it took.
    """

    old: Program = field(repr=False)
    new: Program = field(repr=False)
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]
    seconds: float = 0.0

    def __str__(self) -> str:
        return self.explain()

    @property
    def status(self) -> Literal["equal", "different", "unknown"]:
        """``"equal"`` only where it is proved that nothing is otherwise, and nothing stands otherwise but words."""
        found = {each.status for each in self.changes}
        return "different" if "some" in found else "unknown" if "unknown" in found else "equal"

    @property
    def equal(self) -> bool:
        """Whether every event gives the same points, rewards and tiers take the same, and all else stands as it did."""
        return self.status == "equal"

    @property
    def gains(self) -> tuple[Change, ...]:
        """Where somebody gets more than before or for longer, pays less, or finds a door open."""
        return tuple(each for each in self.changes if each.status == "some" and each.direction == "gains")

    @property
    def loses(self) -> tuple[Change, ...]:
        """Where somebody gets less than before or for less long, pays more, or finds a door shut."""
        return tuple(each for each in self.changes if each.status == "some" and each.direction == "loses")

    @property
    def unknown(self) -> tuple[Change, ...]:
        """What nobody knows, with the reason."""
        return tuple(each for each in self.changes if each.status == "unknown")

    @property
    def exit_code(self) -> int:
        """What a command answers: 0 if equal, 1 if different, 2 if unknown."""
        return {"equal": 0, "different": 1, "unknown": 2}[self.status]

    def on(self, table: object, *, on: str = "purchase", wallet: str = "points", lines: object = None) -> Outcome:
        """
        What the change does to real events: who of them gains, who loses, and how much it costs.

        Args:
            table, on, wallet, lines: As of `Program.points_for`. With a column ``member`` members are told as well.

        Raises:
            NotColumnar: If a version counts what was before (limits, caps over a time): replay the log with both.
            TableError: If the table lacks a column.
        """
        return outcome_of(self.old, self.new, table, on=on, wallet=wallet, lines=lines)

    def explain(self, language: str = "en") -> str:
        """The difference in words, as a plan to read before it is applied."""
        return plan(self, language)

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain values, for JSON."""
        return {
            "format": "fidelity difference 1",
            "old": {"program": self.old.name, "version": self.old.version},
            "new": {"program": self.new.name, "version": self.new.version},
            "status": self.status,
            "edits": [{"path": each.path, "before": each.before, "after": each.after} for each in self.edits],
            "changes": [_change(each) for each in self.changes],
            "seconds": round(self.seconds, 3),
        }

    def to_json(self) -> str:
        """The difference as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def _change(change: Change) -> dict[str, Any]:
    return {
        "what": change.what, "direction": change.direction, "about": change.about, "on": change.on,
        "wallet": change.wallet, "status": change.status, "how": change.how, "why": change.why,
        "cause": list(change.cause), "smallest": _case(change.smallest), "worst": _case(change.worst),
    }  # fmt: skip


def _case(case: Case | None) -> dict[str, Any] | None:
    if case is None:
        return None
    return {
        "values": {path: plain(value) for path, value in case.values.items()},
        "before": plain(case.before), "after": plain(case.after), "certain": case.certain,
        "blamed": [
            {"rule": each.rule, "before": plain(each.before), "after": plain(each.after)} for each in case.blamed
        ],
    }  # fmt: skip
