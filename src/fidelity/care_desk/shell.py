"""The shell of care: what a host calls beside `Loyalty`."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from fidelity.care.people import ProspectReceipt
from fidelity.care.promises import PromiseReceipt
from fidelity.care_desk.consenting import Consenting
from fidelity.care_desk.helping import Helping
from fidelity.care_desk.judging import Judging
from fidelity.care_desk.knowing import Knowing
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
    """

    at: datetime
    broken: tuple[PromiseReceipt, ...] = ()
    let_go: tuple[ProspectReceipt, ...] = ()


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

        Amends that were promised are given, and prospects who did not join in time are erased.
        Nobody has to call this for readings to be right; amends are given, and prospects erased, only by it.
        """
        at = self.loyalty._office.learned(now)  # noqa: SLF001  # the shell beside it
        return CareSettlement(at=at, broken=tuple(self._break_promises(at)), let_go=tuple(self._let_go(at)))
