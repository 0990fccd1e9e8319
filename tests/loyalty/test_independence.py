"""Events that have nothing to do with each other end in the same books, in whatever order and however often they come."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from fidelity.commands import Hold, Record, Redeem
from fidelity.events import Feedback, Visit
from fidelity.language.fields import purchase
from fidelity.ledger.receipts import Receipt
from fidelity.loyalty import Loyalty
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.rules.program import Program
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, joined, sale

MEMBERS = ("ana", "eva", "ivo")
MINUTE = timedelta(minutes=1)


def kiosk():
    """Each rule looks at nothing but its event: class A."""
    return Program(
        "Kiosk",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("weekend doubles", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")),
            EarnRule("a visit", points(3), on="visit"),
            EarnRule("your opinion", points(20), on="feedback"),
        ],
        wallets=[Wallet("points", expiry="2 months", pending="10 days")],
    )


@st.composite
def events(draw):
    """Up to ten events of one member within two months."""
    found = []
    for n, days in enumerate(draw(st.lists(st.integers(0, 60), min_size=1, max_size=10))):
        at = NOON - days * DAY
        kind = draw(st.sampled_from(["sale", "sale", "visit", "opinion"]))
        if kind == "sale":
            found.append(sale(f"T-{n}", f"{draw(st.integers(1, 99))}.50 EUR", at=at))
        else:
            found.append({"visit": Visit, "opinion": Feedback}[kind](f"{kind}-{n}", member="ana", at=at))
    return found


def lots(account):
    """The points of each event: what became of them, and from when until when they are good."""
    every = [*account.lots("points"), *(lot for _, lot in account.closed.items())]
    return sorted(
        (lot.origin, lot.issued, lot.available, lot.pending, lot.expired, lot.starts, lot.expires) for lot in every
    )


@given(st.data())
def test_events_of_one_member_in_any_order_and_any_number_of_times(data):
    told = data.draw(events())
    straight, other = Loyalty(kiosk()), Loyalty(kiosk())
    straight.execute([*joined("ana", now=NOON), *(Record(event=event, now=NOON) for event in told)])

    order = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=5))]))
    other.enroll("ana", now=NOON)
    for place, event in enumerate(order):
        other.record(event, now=NOON + place * MINUTE)

    for at in (NOON + HOUR, NOON + 5 * DAY, NOON + 30 * DAY, NOON + 100 * DAY):
        assert other.balance("ana", at=at) == straight.balance("ana", at=at)
        assert lots(other.account("ana", at=at).advance(at)) == lots(straight.account("ana", at=at).advance(at))
    other.account("ana", at=NOON + DAY).check()


@st.composite
def days(draw):
    """Up to fifteen commands of three members, some of whom have too few points."""
    commands = []
    for n in range(draw(st.integers(1, 15))):
        member, what = (
            draw(st.sampled_from(MEMBERS)),
            draw(st.sampled_from(["sale", "sale", "opinion", "hold", "coffee"])),
        )
        if what == "sale":
            event = sale(
                f"T-{n}", f"{draw(st.integers(1, 300))}.00 EUR", member=member, at=NOON - n * HOUR, channel="app"
            )
            commands.append((member, Record(event=event, now=NOON)))
        elif what == "opinion":
            commands.append((member, Record(event=Feedback(f"F-{n}", member=member, at=NOON - n * HOUR), now=NOON)))
        elif what == "hold":
            commands.append((member, Hold(member=member, points=draw(st.integers(1, 99)), key=f"h{n}", now=NOON)))
        else:
            commands.append((member, Redeem(member=member, reward="free coffee", key=f"r{n}", now=NOON)))
    return commands


@given(st.data())
def test_members_who_meet_in_any_order_and_retries_at_any_time(data):
    """With limits, tiers and holds: each keeps the order of their own day, and nobody hears of the others."""
    told = data.draw(days())
    straight, other = Loyalty(aurora()), Loyalty(aurora())
    outcomes = straight.execute([*joined(*MEMBERS), *(command for _, command in told)], on_refusal="return")[3:]

    queues = {member: [] for member in MEMBERS}
    for (member, command), outcome in zip(told, outcomes, strict=True):
        queues[member].append((command, isinstance(outcome, Receipt)))
    asked, granted = [*joined(*MEMBERS)], []
    for member in data.draw(st.permutations([member for member, _ in told])):
        command, was_granted = queues[member].pop(0)
        asked.append(command)
        granted += [command] * was_granted
        if granted:
            asked += data.draw(st.lists(st.sampled_from(granted), max_size=2))
    size = data.draw(st.integers(1, 7))
    for start in range(0, len(asked), size):
        other.execute(asked[start : start + size], on_refusal="return")

    for member in MEMBERS:
        assert other.export(member, at=NOON + DAY) == straight.export(member, at=NOON + DAY)
