"""What staff see of somebody in hard times: what to do for them, and nothing that shames."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from attrs import field, frozen

from fidelity.care.dignity.hard_times import HardTimes
from fidelity.wording import hardship as said

__all__ = ["StaffView", "staff_view"]


@frozen(kw_only=True)
class StaffView:
    """
    What to do for a member, as staff see it. It has no amounts, no days that have passed and no judgement.

    Attributes:
        member: Who it is.
        steps: What to do, and what is done, as codes; empty in good times.
        adviser: Who talks with them; empty until somebody is named.
        next_contact: The day of the next contact; None where none is planned.
    """

    member: str
    steps: tuple[str, ...] = ()
    adviser: str = ""
    next_contact: date | None = None
    _tongue: Callable[[str], str] | None = field(default=None, eq=False, repr=False)

    @property
    def says(self) -> str:
        """What it says, in English."""
        return self.explain("en")

    def explain(self, language: str = "en") -> str:
        """What it says in *language*; empty in good times."""
        return said.staff(language if self._tongue is None else self._tongue(language), self.steps)


def staff_view(known: HardTimes, tongue: Callable[[str], str] | None = None) -> StaffView:
    """What staff see of the member whose hard times are *known*."""
    if not known.lasting:
        return StaffView(member=known.member, tongue=tongue)
    case, plan = known.case, known.plan
    adviser = "" if case is None else case.adviser
    named = ("adviser named",) if adviser else ("name an adviser",) if case else ()
    steps = ("plan agreed" if plan is not None else "invite to talk", *named)
    coming = known.to_come[:1]
    return StaffView(
        member=known.member, steps=steps, adviser=adviser, next_contact=coming[0].day if coming else None,
        tongue=tongue,
    )  # fmt: skip
