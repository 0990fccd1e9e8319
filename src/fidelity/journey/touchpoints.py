"""Touchpoints: one contact between a person and the company, and what the company says of it.

Knows what a workshop tells of a contact. Does not know what customers did there: that is feedback.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from fidelity.journey.checking import Number, a_name, known, names, optional_exact, refused, score
from fidelity.journey.telling import word

__all__ = ["KINDS", "Touchpoint"]

#: What a touchpoint may be for; the minimum standard serves the first two before any other.
KINDS = ("complaint", "hardship", "ordinary")
#: From here on a contact decides loyalty.
DECIDES = 4


def _owners(given: object) -> tuple[str, ...]:
    return names("touchpoint.owners", given)


@frozen(kw_only=True)
class Touchpoint:
    """
    One contact between a person and the company.

    >>> bill = Touchpoint(name="first bill", stage="use", loyalty=2, experience=4)
    >>> bill.stated, bill.is_moment_of_truth
    (4, True)

    Attributes:
        name: What it is called; once in a journey.
        stage: The stage of the journey in which it happens.
        channel: Where it happens: a shop, the telephone, the app.
        area: The function of the company that makes it: service, sales, logistics.
        owners: Who answers for it; a text is one owner.
        loyalty: Its impact on loyalty as a workshop stated it, 1 (very low) to 5 (very high); None if nobody did.
        experience: Its impact on the experience, the same way.
        metric: By what progress is judged.
        target: Where the metric is to be.
        cost_to_serve: What one contact costs, in the money of the journey; None if nobody knows.
        kind: ``"complaint"`` and ``"hardship"`` are served first when the minimum standard is.
    """

    name: str
    stage: str
    channel: str = ""
    area: str = ""
    owners: tuple[str, ...] = field(default=(), converter=_owners)
    loyalty: int | None = None
    experience: int | None = None
    metric: str = ""
    target: Number | str | None = None
    cost_to_serve: Number | None = None
    kind: str = "ordinary"

    def __attrs_post_init__(self) -> None:
        a_name("touchpoint.name", self.name)
        here = f"touchpoint {self.name!r}"
        a_name(f"{here}.stage", self.stage)
        for what, text in (("channel", self.channel), ("area", self.area), ("metric", self.metric)):
            if not isinstance(text, str):
                raise refused(f"{here}.{what}", f"is {text!r}", "give a text, or leave it out")
        names(f"{here}.owners", self.owners)
        for what, value in (("loyalty", self.loyalty), ("experience", self.experience)):
            if value is not None:
                object.__setattr__(self, what, score(f"{here}.{what}", value))
        if self.target is not None and not isinstance(self.target, str):
            optional_exact(f"{here}.target", self.target, low=None)
        optional_exact(f"{here}.cost_to_serve", self.cost_to_serve)
        known(f"{here}.kind", self.kind, KINDS, "kind")

    @property
    def stated(self) -> int | None:
        """The larger of its stated impacts on loyalty and on experience; None if nobody stated any."""
        told = [each for each in (self.loyalty, self.experience) if each is not None]
        return max(told, default=None)

    @property
    def is_moment_of_truth(self) -> bool:
        """Whether a stated impact is 4 or 5: a contact that decides."""
        return (self.stated or 0) >= DECIDES

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody has said of it yet, of what a map needs: impact, owner, metric, target, cost to serve."""
        lacks = {
            "impact": self.stated is None,
            "owner": not self.owners,
            "metric": not self.metric,
            "target": self.target is None,
            "cost to serve": self.cost_to_serve is None,
        }
        return tuple(word(f"journey.lacks.{what}") for what, lacking in lacks.items() if lacking)

    @property
    def exact_cost(self) -> Fraction | None:
        """What one contact costs, exactly."""
        return optional_exact(f"touchpoint {self.name!r}.cost_to_serve", self.cost_to_serve)
