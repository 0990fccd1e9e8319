"""Findings: what is known of each promise of a program, in a form that can be told, kept and asked again.

Knows verdicts, values and waivers. Does not know words.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from fidelity.language.kinds import Kind
from fidelity.language.tree import Node
from fidelity.proofs.model import Assumed
from fidelity.proofs.obligation import Value, Verdict

if TYPE_CHECKING:
    from fidelity.rules.published import Waiver

__all__ = [
    "PROPERTIES",
    "Blamed",
    "Finding",
    "Standing",
    "Told",
    "plain",
    "unplain",
    "verdict_from_plain",
    "verdict_plain",
]

#: How a promise stands. What is unknown is never shown as proved, and what is waived stays refuted underneath.
Standing = Literal["proved", "refuted", "unknown", "waived"]


#: The kinds of promises; what each is about stands behind a colon.
PROPERTIES = (
    "P1.membership", "P1.fee", "P2.open", "P2.count", "P3.reach", "P3.pace", "P4.amount", "P4.tier", "P4.tenure",
    "P4.access.tier", "P4.access.tenure", "P5.base", "P6.tier", "P6.points", "P7.split", "P7.refund", "P7.loop",
    "P7.yield", "P8.promise", "P8.cost", "P8.equiv", "P9.dead", "P9.shadow", "P9.overlap", "P9.gap", "P9.window",
    "P9.assume", "P9.tier_reach", "P9.flap", "P10.event", "P10.period",
)  # fmt: skip


@frozen(kw_only=True)
class Told:
    """
    One of the cases that show a finding.

    Attributes:
        name: Which case: ``"less"`` who gets less, ``"more"`` who gets more; ``"one"`` where there is only one,
            ``"whole"`` and ``"parts"`` of a purchase made at once and in two.
        values: The fields, by path, in base units; of the second case only those that differ.
        comes_to: What it comes to, by the name of the term.
    """

    name: str
    values: Mapping[str, Value]
    comes_to: Mapping[str, Fraction]


@frozen(kw_only=True)
class Blamed:
    """
    A rule behind a refutation, and what it does in the two cases.

    Attributes:
        rule: Its name.
        less, more: What it gives in the case that comes off worse, and in the other; exact points before rounding.
    """

    rule: str
    less: Fraction
    more: Fraction


@frozen(kw_only=True)
class Finding:
    """
    What is known of one promise.

    Attributes:
        id: As obligations call it: ``"P4.tenure"``, ``"P3.reach:coffee"``; events that are not the main ones behind @.
        property: The kind of promise, such as ``"P4.tenure"``.
        about: The reward, rule, tier or rate that it is about; empty if it is about the whole program.
        on, wallet: The kind of event, and whose points.
        status: How it stands.
        how: Which engine found it; ``"not asked"`` if none could be asked.
        why: One clause: what the engine saw, or why nobody knows.
        witness: Fields and their values in base units that show it; a second copy of a field has a prime.
        cases: The same as cases to be told.
        smallest: Whether no smaller witness exists.
        cause: The rules, rewards or tiers that it is about.
        blamed: The rules that make the difference between the cases, the worst first.
        assumed: What was taken for granted, by code.
        waiver: Who signed for it, if it is waived.
        seconds: What it took; 0 if it was known before.
        kept: Whether it was known before.
        digest: What was asked, as one short text; empty if nothing was.
        kinds: The declared kinds of the fields of the witness.
        sums: The sums over lines that fields of the witness stand for.
    """

    id: str
    property: str
    about: str = ""
    on: str = "purchase"
    wallet: str = "points"
    status: Standing
    how: str
    why: str = ""
    witness: Mapping[str, Value] | None = None
    cases: tuple[Told, ...] = ()
    smallest: bool = False
    cause: tuple[str, ...] = ()
    blamed: tuple[Blamed, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    waiver: Waiver | None = None
    seconds: float = 0.0
    kept: bool = False
    digest: str = ""
    kinds: Mapping[str, Kind] = field(factory=dict, repr=False)
    sums: Mapping[str, Node] = field(factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain values, for JSON; exact numbers that are not whole are texts such as ``"1/3"``."""
        signed = self.waiver
        return {
            "id": self.id, "property": self.property, "about": self.about, "on": self.on, "wallet": self.wallet,
            "status": self.status, "how": self.how, "why": self.why, "witness": _mapped(self.witness),
            "cases": [
                {"name": each.name, "values": _mapped(each.values), "comes_to": _mapped(each.comes_to)}
                for each in self.cases
            ],
            "smallest": self.smallest, "cause": list(self.cause),
            "blamed": [{"rule": each.rule, "less": plain(each.less), "more": plain(each.more)} for each in self.blamed],
            "assumed": list(self.assumed),
            "waiver": None if signed is None else {
                "property": signed.property, "rule": signed.rule, "reason": signed.reason, "signed": signed.signed,
                "on": signed.on.isoformat(),
            },
            "seconds": round(self.seconds, 6), "kept": self.kept, "digest": self.digest,
        }  # fmt: skip


# -- plain values


def plain(value: Value) -> Any:  # noqa: ANN401 -- plain values of JSON
    """*value* as JSON holds it: tags as a list, exact fractions as ``{"exact": "1/3"}``."""
    match value:
        case frozenset():
            return sorted(value)
        case Fraction(denominator=1):
            return value.numerator
        case Fraction():
            return {"exact": str(value)}
    return value


def unplain(value: Any) -> Value:  # noqa: ANN401 -- plain values of JSON
    """What `plain` made plain."""
    match value:
        case list():
            return frozenset(value)
        case {"exact": str(text)}:
            return Fraction(text)
    return value  # type: ignore[no-any-return]  # a number, a flag or a code


def _mapped(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: plain(value) for name, value in values.items()}


def _unmapped(values: Mapping[str, Any] | None) -> dict[str, Value] | None:
    return None if values is None else {name: unplain(value) for name, value in values.items()}


def verdict_plain(verdict: Verdict) -> dict[str, Any]:
    """*verdict* as plain values, to be kept under the digest of its obligation."""
    return {
        "status": verdict.status, "how": verdict.how, "why": verdict.why, "witness": _mapped(verdict.witness),
        "values": _mapped(verdict.values), "smallest": verdict.smallest, "worst": _mapped(verdict.worst),
        "worst_values": _mapped(verdict.worst_values),
    }  # fmt: skip


def verdict_from_plain(name: str, kept: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_plain` made plain, of the obligation *name*."""

    def numbers(values: Mapping[str, Any] | None) -> dict[str, Fraction]:
        return {key: Fraction(unplain(value)) for key, value in (values or {}).items()}  # type: ignore[arg-type]  # numbers

    return Verdict(
        id=name,
        status=kept["status"],
        how=kept["how"],
        why=str(kept.get("why", "")),
        witness=_unmapped(kept.get("witness")),
        values=numbers(kept.get("values")),
        smallest=bool(kept.get("smallest")),
        worst=_unmapped(kept.get("worst")),
        worst_values=numbers(kept.get("worst_values")),
    )
