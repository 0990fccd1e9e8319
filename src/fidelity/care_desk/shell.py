"""The shell of care: what a host calls beside `Loyalty`."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from fidelity.care.people import ProspectReceipt
from fidelity.care.promises import PromiseReceipt
from fidelity.care.staff import ResolutionReceipt
from fidelity.care_desk.consenting import Consenting
from fidelity.care_desk.helping import Helping
from fidelity.care_desk.judging import Judging
from fidelity.care_desk.knowing import Knowing
from fidelity.care_desk.missed import Missed
from fidelity.care_desk.promising import Promising
from fidelity.care_desk.resolving import Resolving
from fidelity.care_desk.thanking import Thanking
from fidelity.care_desk.trusting import Trusting
from fidelity.care_desk.valuing import Valuing

__all__ = ["Care", "CareSettlement"]


@frozen(kw_only=True)
class CareSettlement:
    """
    What a sweep of the human side wrote down.

    Attributes:
        at: Up to when.
        broken: The promises that were found broken, with the amends given.
        let_go: The prospects who did not join in time, and were erased.
        passed_on: The complaints that were not answered in time, and went one role up.
        refused: What was refused for one person: what somebody else did meanwhile, or what a host should look at.
    """

    at: datetime
    broken: tuple[PromiseReceipt, ...] = ()
    let_go: tuple[ProspectReceipt, ...] = ()
    passed_on: tuple[ResolutionReceipt, ...] = ()
    refused: tuple[Missed, ...] = ()


class Care(Promising, Helping, Resolving, Judging, Thanking, Consenting, Trusting, Knowing, Valuing):
    """
    The human side of a program at work, beside its books: promises, and what else people are owed.

    Every command has a key under which it applies once, for ever, as in `Loyalty`; what it does with points is written
    in the same transaction. Names and words live with `loyalty.members`, where they can be erased.

    Args:
        loyalty: The books of points, whose journal, members and clock it shares.
        policy: What the organization does for people, and what it never does; the default keeps the hard lines.
        salt: Makes what keeps digests from being guessed; random unless told.
    """

    def settle(self, now: datetime | None = None) -> CareSettlement:
        """
        Sweep all people: write down what time alone has done up to *now*.

        Amends that were promised are given, prospects who did not join in time are erased, and complaints that were
        not answered in time go one role up. What an interrupted `join` left of somebody who was erased is forgotten.
        Nobody has to call this for readings to be right; only it does these three.
        """
        at = self.loyalty._office.learned(now)  # noqa: SLF001  # the shell beside it
        refused = list[Missed]()
        broken, gone, passed = list[PromiseReceipt](), list[ProspectReceipt](), list[ResolutionReceipt]()
        for each, known in self._each(at):
            broken += self._break_promises(each, known, refused)
            gone += self._let_go(each, known, refused)
            self._forget_left(each, known)
            passed += self._pass_on(each, known, refused)
        return CareSettlement(
            at=at, broken=tuple(broken), let_go=tuple(gone), passed_on=tuple(passed), refused=tuple(refused)
        )
