"""Points that end with the month in which a member was born: the books know that month, and nothing else of the birth."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fidelity.errors import AlreadyEnrolled, ExactnessError, ValueRefused
from fidelity.events import Return
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, NOON, aurora, bought, sale

JUNE = datetime(2007, 6, 20, 12, tzinfo=UTC)


@pytest.fixture
def loyalty(journal):
    """Published for a card of 2007: three years, then the end of the birth month."""
    return Loyalty(aurora(expiry="3 years, to the end of the birth month"), journal)


def test_earned_in_june_2007_and_born_in_august_ends_in_august_2010(loyalty):
    loyalty.enroll("ana", birth_month=8, now=JUNE)
    loyalty.execute([bought("T-1", "100 EUR", at=JUNE)])

    assert loyalty.balance("ana", at=JUNE).next_expiry == (date(2010, 8, 31), 100)
    later = loyalty.account("ana", at=datetime(2010, 9, 2, tzinfo=UTC))
    assert "purchase/T-1" not in {lot.origin for lot in later.lots()}


def test_every_hand_that_makes_points_knows_the_month(loyalty):
    """Purchases, apologies, anniversaries that nobody wrote down, and what was bought by others."""
    loyalty.enroll("ana", birth_month=8, customer_since=date(2006, 6, 21), now=JUNE)
    loyalty.enroll("eva", now=JUNE)
    loyalty.goodwill("ana", points=5, reason="late", key="g", now=JUNE)
    loyalty.execute([bought("T-1", "100 EUR", member="eva", at=JUNE)])
    loyalty.transfer("eva", to="ana", points=10, key="t", now=JUNE)

    ends = {lot.origin: lot.expires.date() for lot in loyalty.account("ana", at=JUNE + 2 * DAY).lots()}

    assert ends["goodwill/g"] == date(2010, 8, 31)
    assert ends["anniversary/ana/2007-06-21"] == date(2010, 8, 31)
    assert ends["purchase/T-1"] == date(2011, 5, 31)  # a gift keeps its end


def test_whose_month_is_not_known_loses_nothing_by_it(loyalty):
    """They live as long as those of somebody born in the month that ends last."""
    loyalty.enroll("ana", now=JUNE)
    loyalty.execute([bought("T-1", "100 EUR", at=JUNE)])

    assert loyalty.balance("ana", at=JUNE).next_expiry == (date(2011, 5, 31), 100)
    loyalty.record(Return("R-1", member="ana", purchase="T-1", at=JUNE), now=JUNE)
    assert loyalty.verify().sound


def test_a_month_is_one_of_twelve_and_asked_for_only_where_points_end_with_it(loyalty):
    for wrong in (0, 13, "8", True, date(1990, 8, 1)):
        with pytest.raises((ExactnessError, ValueRefused)):
            loyalty.enroll("ana", birth_month=wrong, now=JUNE)

    with pytest.raises(ValueRefused, match="nobody needs it"):
        Loyalty(aurora()).enroll("ana", birth_month=8, now=NOON)


def test_a_month_is_part_of_what_was_told(loyalty, journal):
    first = loyalty.enroll("ana", birth_month=8, now=JUNE)

    assert loyalty.enroll("ana", birth_month=8, now=JUNE + DAY) == first
    with pytest.raises(AlreadyEnrolled):
        loyalty.enroll("ana", birth_month=9, now=JUNE)
    assert '"birth_month":8' in journal.load("Café Aurora", ["points/ana"])["points/ana"].lines[0].body


def test_the_month_survives_the_cache(loyalty, journal):
    loyalty.enroll("ana", birth_month=8, now=JUNE)

    other = Loyalty(loyalty.program, journal)
    other.record(sale("T-1", "10 EUR", at=JUNE), now=JUNE)

    assert other.balance("ana", at=JUNE).next_expiry == (date(2010, 8, 31), 10)
