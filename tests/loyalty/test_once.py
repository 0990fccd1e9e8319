"""Every command applies once, for ever, under its key."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.commands import Hold, Record, Redeem
from fidelity.errors import AlreadyEnrolled, EventError, IdempotencyConflict, ValueRefused
from fidelity.events import Anniversary, Return
from fidelity.journals import JournalInMemory
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, bought, joined, lines, sale


@pytest.fixture
def ana(loyalty):
    loyalty.execute([*joined("ana"), bought("T-1", "500.00 EUR")])
    return "ana"


def test_asked_again_a_command_gives_its_first_receipt(loyalty, journal, ana):
    later = NOON + DAY
    redeemed = loyalty.redeem("ana", "free coffee", key="k", now=NOON)
    held = loyalty.hold("ana", points=50, key="h", now=NOON)
    captured = loyalty.capture(held.id, key="c", now=NOON)
    returned = loyalty.record(Return("R", purchase="T-1", member="ana", amount="1 EUR", at=NOON), now=NOON)
    before = lines(journal)

    again = [
        loyalty.redeem("ana", "free coffee", key="k", now=later),
        loyalty.hold("ana", points=50, key="h", now=later),
        loyalty.capture(held.id, key="c", now=later),
        loyalty.record(Return("R", purchase="T-1", member="ana", amount="1 EUR", at=NOON), now=later),
    ]

    assert again == [redeemed, held, captured, returned]
    assert [each.repeated for each in again] == [True] * 4
    assert [each.explain("es") for each in again] == [
        each.explain("es") for each in (redeemed, held, captured, returned)
    ]
    assert lines(journal) == before


def test_an_event_recorded_again_explains_itself_by_the_rules_that_decided(journal):
    first = Loyalty(aurora("2026-01"), journal=journal)
    first.enroll("ana", now=NOON)
    receipt = first.record(sale(), now=NOON)

    changed = Loyalty(aurora("2026-02", per="2 EUR"), journal=journal)
    again = changed.record(sale(), now=NOON + DAY)

    assert again == receipt
    assert (again.repeated, again.explain()) == (True, receipt.explain())


def test_the_same_key_with_other_contents_is_a_conflict_that_holds_both(loyalty, ana):
    loyalty.redeem("ana", "free coffee", key="k", now=NOON)

    with pytest.raises(IdempotencyConflict) as caught:
        loyalty.redeem("ana", "five euros off", key="k", now=NOON)
    assert (caught.value.first["reward"], caught.value.second["reward"]) == ("free coffee", "five euros off")

    with pytest.raises(IdempotencyConflict) as caught:
        loyalty.record(sale("T-1", "5.00 EUR"), now=NOON)
    assert caught.value.first["event"]["amount"] != caught.value.second["event"]["amount"]


def test_another_member_under_the_same_key_is_a_conflict(loyalty, ana):
    loyalty.enroll("eva", now=NOON)

    with pytest.raises(IdempotencyConflict) as caught:
        loyalty.record(sale("T-1", "500.00 EUR", member="eva"), now=NOON)

    assert caught.value.second["event"]["member"] == "eva"


def test_a_key_serves_one_command_whatever_its_kind(loyalty, journal, ana):
    """Whoever takes another road to the same cart must not pay for it twice."""
    loyalty.redeem("ana", "free coffee", key="cart-77", now=NOON)
    before = lines(journal)

    with pytest.raises(IdempotencyConflict) as caught:
        loyalty.hold("ana", reward="free coffee", key="cart-77", now=NOON)

    assert (caught.value.key, caught.value.first["command"]) == ("cart-77", "redeem")
    assert lines(journal) == before


def test_enrolling_twice_is_enrolling_once(loyalty, ana):
    assert loyalty.enroll("ana", now=NOON + DAY).repeated
    with pytest.raises(AlreadyEnrolled) as caught:
        loyalty.enroll("ana", customer_since=date(2019, 1, 1), now=NOON)
    assert caught.value.second["customer_since"] == "2019-01-01"


def test_a_refusal_is_not_remembered(loyalty, ana):
    """Points may come in, and the same cart is tried again."""
    (refused,) = loyalty.execute([Hold(member="ana", points=900, key="k", now=NOON)], on_refusal="return")
    loyalty.record(sale("T-2", "500.00 EUR"), now=NOON)

    assert refused.code == "not enough points"
    assert loyalty.hold("ana", points=900, key="k", now=NOON).points == 900


def test_within_one_batch_a_command_counts_once_too(loyalty, ana):
    once, twice, other = loyalty.execute(
        [
            Redeem(member="ana", reward="free coffee", key="k", now=NOON),
            Redeem(member="ana", reward="free coffee", key="k", now=NOON),
            Redeem(member="ana", reward="five euros off", key="k", now=NOON),
        ],
        on_refusal="return",
    )

    assert (once.repeated, twice.repeated, twice) == (False, True, once)
    assert isinstance(other, IdempotencyConflict)
    assert loyalty.balance("ana", at=NOON).available == 380


@pytest.mark.parametrize("key", ["", "  ", None, 7])
def test_a_key_names_something(loyalty, ana, key):
    with pytest.raises(ValueRefused, match="key"):
        loyalty.redeem("ana", "free coffee", key=key, now=NOON)


def test_a_host_cannot_send_an_anniversary(loyalty, ana):
    with pytest.raises(EventError, match="derived"):
        loyalty.record(Anniversary("ana/2026-01-05", member="ana", at=NOON, years=3), now=NOON)


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 7))
def test_recording_twice_is_recording_once(order: list[int], size: int):
    """Any duplicates, in batches of any size, end in the same books."""
    events = [Record(event=sale(f"T-{n}", f"{n + 1}.00 EUR", at=NOON), now=NOON) for n in range(10)]
    loyalty = Loyalty(aurora(), journal=JournalInMemory())
    loyalty.enroll("ana", now=NOON)

    for start in range(0, len(order), size):
        loyalty.execute(events[n] for n in order[start : start + size])

    assert loyalty.balance("ana", at=NOON).available == sum(n + 1 for n in set(order))
    loyalty.account("ana", at=NOON + HOUR).check()
