"""People: what the shop does beside points, for two of its customers, in the months after the log ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import frozen

from fidelity import CarePolicy, Feedback, Purchase
from fidelity.care.dignity import every_month
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.care_desk import Care
from fidelity.loyalty import Loyalty
from fidelity.values.money import Money, money
from fidelity.values.zones import add_months, local_date

__all__ = ["People", "cared_for", "policy"]

_DAY = timedelta(days=1)
#: How many days after the missed payment the books are looked at: points would have been gone for two months.
_LATER = 100
INES, OMAR, BO = "ines", "omar", "bo"

#: What the shop does for people whatever they earn.
policy = CarePolicy(
    staff=StaffPolicy(
        authorities=[
            Authority("counter", case="20 USD", day="60 USD", escalates_to="owner"),
            Authority("owner", case="500 USD"),
        ],
        point_worth="0.05 USD",
    )
)


@frozen(kw_only=True)
class HardTimes:
    """
    What became of somebody who fell behind with a payment.

    Attributes:
        at_once: Whether they were protected as soon as the payment was missed, before any case was opened.
        owed, recovered: What was to be paid, and what came.
        before, after: The points that were there when the payment was missed, and past the day of their end.
        without: How many points somebody has then who had bought the same and was not protected.
        tier_before, tier_after: The tier at both times.
    """

    at_once: bool
    owed: Money
    recovered: Money
    before: int
    after: int
    without: int
    tier_before: str
    tier_after: str


@frozen(kw_only=True)
class People:
    """
    What became of two customers whom the shop owed more than points.

    Attributes:
        kept, repaired: The states of the promise that was kept, and of the one that was not at first.
        amends: The points that came by themselves when it was broken.
        hard: What became of who fell behind.
        minutes: How long the complaint took.
        granted: What was granted at once.
        thanks: How many thanks reached who did it.
        transactional: The share of all points of the program that depend on purchases alone, in percent.
    """

    kept: str
    repaired: str
    amends: int
    hard: HardTimes
    minutes: Decimal
    granted: Money
    thanks: int
    transactional: Decimal | None


def cared_for(loyalty: Loyalty, start: datetime) -> People:
    """What happens to Inés and Omar from *start* on, in the journal of *loyalty*: promises, hard times, a complaint."""
    care = Care(loyalty, policy)
    for who in (INES, OMAR):
        loyalty.enroll(who, customer_since=date(1996, 3, 1), now=start)
        for number in range(3):
            sale = Purchase(f"{who}-{number}", member=who, amount="90.00 USD", at=start)
            loyalty.record(sale, now=start)
    kept, repaired, amends = _promises(care, start)
    minutes, granted, thanks = _complaint(care, start + 8 * _DAY)
    hard = _hard_times(care, start + 350 * _DAY)
    share = care.exchange().transactional_percent
    return People(
        kept=kept, repaired=repaired, amends=amends, minutes=minutes, granted=granted, thanks=thanks,
        transactional=share, hard=hard,
    )  # fmt: skip


def _promises(care: Care, at: datetime) -> tuple[str, str, int]:
    """A call back that came in time, and an order that came late, with amends that nobody had to ask for."""
    care.promise(INES, "call back", due=at + _DAY, area="counter", key="call", now=at)
    care.promise(INES, "import ordered", due=at + 2 * _DAY, area="orders", amends=50, key="import", now=at)
    kept = care.keep_promise(INES, "call", now=at + timedelta(hours=3))
    (broken,) = care.settle(at + 5 * _DAY).broken
    repaired = care.keep_promise(INES, "import", now=at + 6 * _DAY)
    return kept.state, repaired.state, broken.points


def _complaint(care: Care, at: datetime) -> tuple[Decimal, Money, int]:
    """A scratched record, made good at the counter; and what she says of it afterwards."""
    care.appoint(BO, "counter", key="bo at the counter", now=at)
    care.complain(INES, "scratched record", area="counter", key="scratch", now=at)
    soon = at + timedelta(minutes=4)
    care.resolve(INES, "scratch", by=BO, resolution="replaced", grants={"record": "15 USD"}, now=soon)
    care.praise(INES, BO, words="He played it to me before he wrapped it.", key="thanks", now=soon)
    care.loyalty.record(Feedback("f-1", member=INES, topic="counter", at=soon), now=soon)
    report = care.complaint_report(at=soon)
    assert report.overall.median_minutes is not None  # noqa: S101  (it was resolved)
    return report.overall.median_minutes, money("15 USD"), len(care.praise_report(at=soon).praises)


def _hard_times(care: Care, at: datetime) -> HardTimes:
    """A payment missed shortly before points expire and the tier is reviewed; a plan; and the clocks go on."""
    loyalty = care.loyalty
    day = local_date(at, loyalty.program.zone)
    before, standing = loyalty.balance(OMAR, at=at).available, loyalty.status(OMAR, at=at)
    missed = care.payment_missed(OMAR, payment="bill-7", due=day - _DAY, amount="600.00 USD", now=at)
    care.open_hardship(OMAR, key="case", words="fewer gigs this winter", adviser=BO, now=at + 2 * _DAY)
    parts = every_month("200 USD", first=add_months(day, 1), times=3)
    care.agree_plan(OMAR, "case", parts, owed="600 USD", key="plan", now=at + 2 * _DAY)
    recovered = money("0 USD")
    for number in range(3):
        when = at + (33 + 30 * number) * _DAY
        recovered += money("200 USD")
        care.instalment_paid(OMAR, "plan", "200 USD", key=f"part {number}", now=when)
    later = at + _LATER * _DAY
    tier = loyalty.status(OMAR, at=later)
    return HardTimes(
        at_once=missed.protected, owed=money("600 USD"), recovered=recovered,
        before=before, after=loyalty.balance(OMAR, at=later).available,
        tier_before="" if standing is None else standing.tier, tier_after="" if tier is None else tier.tier,
        without=loyalty.balance(INES, at=later).available,
    )  # fmt: skip
