"""What partners owe for the points that their rules gave."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import ExactnessError, LanguageError, MoneyError, ProgramError, TimeError, ValueRefused
from fidelity.journals import JournalInMemory
from fidelity.language.fields import line, lines, purchase
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.values.billed import Billed, billed
from tests.rules.programs import BASE, NOON, item, program

DAY = timedelta(days=1)
HOTEL = EarnRule(
    "hotel", points(3, per="1 EUR"), when=purchase.category == "hotel", partner="hotel chain", billed="0.008 EUR"
)
CARS = EarnRule("cars", points(50), when=purchase.tags.has("car"), partner="cars", billed="1/3 EUR")


def books(*earn, journal=None, version="1", **parts):
    of = program(*(earn or (BASE, HOTEL, CARS)), **parts)
    loyalty = fd.Loyalty(of, journal=journal)
    loyalty.enroll("ana", now=NOON)
    return loyalty


def buy(loyalty, name, amount, *, after=0, category="hotel", **parts):
    at = NOON + after * DAY
    event = fd.Purchase(name, member="ana", at=at, amount=f"{amount} EUR", category=category, **parts)
    return loyalty.record(event, now=at)


def told(bills):
    return [(each.partner, each.earned, each.reversed, str(each.amount)) for each in bills]


def test_each_partner_pays_for_the_points_of_its_own_rules():
    loyalty = books()
    buy(loyalty, "T-1", "100.00")
    buy(loyalty, "T-2", "10.00", category="", tags=["car"])
    buy(loyalty, "T-3", "10.00", category="")

    assert told(loyalty.billing()) == [("cars", 50, 0, "16.67 EUR"), ("hotel chain", 300, 0, "2.40 EUR")]
    assert told(loyalty.billing("cars")) == [("cars", 50, 0, "16.67 EUR")]


def test_what_went_back_is_not_owed():
    loyalty = books()
    buy(loyalty, "T-1", "100.00")
    loyalty.record(fd.Return("R-1", purchase="T-1", amount="25 EUR", at=NOON + DAY), now=NOON + DAY)

    (bill,) = loyalty.billing("hotel chain")

    assert told([bill]) == [("hotel chain", 300, 75, "1.80 EUR")]
    assert bill.points == 225


def test_a_bill_that_was_sent_never_changes():
    loyalty = books()
    buy(loyalty, "T-1", "100.00")
    june = {"since": date(2026, 6, 1), "until": date(2026, 7, 1)}
    july = {"since": date(2026, 7, 1), "until": date(2026, 8, 1)}
    sent = loyalty.billing(**june)
    late = NOON + 20 * DAY
    loyalty.record(fd.Return("R-1", purchase="T-1", at=late), now=late)
    loyalty.record(fd.Purchase("T-0", member="ana", at=NOON, amount="10 EUR", category="hotel"), now=late)

    assert loyalty.billing(**june) == sent
    assert told(loyalty.billing(**july)) == [("hotel chain", 30, 300, "-2.16 EUR")]
    assert sum(each.amount.minor for each in (*sent, *loyalty.billing(**july))) == 24


def test_money_is_rounded_once_and_not_purchase_by_purchase():
    loyalty = books()
    for place in range(10):
        buy(loyalty, f"T-{place}", "0.00" if place else "1.00", category="", tags=["car"])

    assert told(loyalty.billing()) == [("cars", 500, 0, "166.67 EUR")]


def test_where_a_cap_left_less_the_partner_pays_its_share():
    capped = books(Group("all", [BASE, HOTEL], cap=Cap(200)))
    buy(capped, "T-1", "100.00")

    assert told(capped.billing()) == [("hotel chain", 150, 0, "1.20 EUR")]


def test_what_a_multiplier_adds_is_not_the_partners_unless_it_says_so():
    own = books(HOTEL, EarnRule("double", times(2, of="hotel")))
    buy(own, "T-1", "100.00")
    theirs = books(HOTEL, EarnRule("double", times(2, of="hotel"), partner="hotel chain", billed="0.004 EUR"))
    buy(theirs, "T-1", "100.00")

    assert told(own.billing()) == [("hotel chain", 300, 0, "2.40 EUR")]
    assert told(theirs.billing()) == [("hotel chain", 600, 0, "3.60 EUR")]


def test_each_version_bills_at_its_own_rate():
    journal = JournalInMemory()
    buy(books(journal=journal), "T-1", "100.00")
    dearer = EarnRule(
        "hotel", points(3, per="1 EUR"), when=purchase.category == "hotel", partner="hotel chain", billed="0.01 EUR"
    )
    second = fd.Loyalty(
        Program("Café Aurora", version="2", currency="EUR", timezone="Europe/Madrid", earn=[dearer]), journal=journal
    )
    buy(second, "T-2", "100.00", after=1)

    assert told(second.billing()) == [("hotel chain", 600, 0, "5.40 EUR")]


def test_an_exact_half_of_a_rule_is_billed_exactly():
    half = EarnRule("half", rate("1/2", of=lines(line.category == "tea").amount), partner="tea", billed="1 EUR")
    loyalty = books(half)
    buy(loyalty, "T-1", "9.00", lines=[item("3 EUR", "tea"), item("6 EUR")])

    # 1.5 points became 1 for the member, and the partner pays for what was given.
    assert told(loyalty.billing()) == [("tea", 1, 0, "1.00 EUR")]


@given(st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 100)), min_size=1, max_size=6))
def test_all_that_goes_back_is_owed_by_nobody(sales):
    loyalty = books()
    for place, (cents, share) in enumerate(sales):
        buy(loyalty, f"T-{place}", f"{cents / 100:.2f}", tags=["car"])
        part = cents * share // 100
        if 0 < part < cents:
            event = fd.Return(f"R-{place}", purchase=f"T-{place}", amount=f"{part / 100:.2f} EUR", at=NOON)
            loyalty.record(event, now=NOON)
        loyalty.record(fd.Return(f"S-{place}", purchase=f"T-{place}", at=NOON), now=NOON)

    assert all(each.points == 0 and each.amount.minor == 0 for each in loyalty.billing())


def test_the_awaited_face_bills_too(tmp_path):
    async def story():
        journal = fd.AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/bills.db")
        loyalty = fd.AsyncLoyalty(program(BASE, HOTEL), journal)
        await loyalty.enroll("ana", now=NOON)
        await loyalty.record(fd.Purchase("T-1", member="ana", at=NOON, amount="9 EUR", category="hotel"), now=NOON)
        found = await loyalty.billing("hotel chain")
        await journal.close()
        return found

    assert told(asyncio.run(story())) == [("hotel chain", 27, 0, "0.22 EUR")]


# -- refusals


def test_nobody_else_is_billed_and_periods_have_an_order():
    loyalty = books()

    assert loyalty.billing() == ()
    assert told(loyalty.billing("cars")) == [("cars", 0, 0, "0.00 EUR")]
    with pytest.raises(ValueRefused, match=r"there is no partner 'hotels' to bill; did you mean"):
        loyalty.billing("hotels")
    with pytest.raises(ValueRefused, match="no rule has a partner"):
        books(BASE).billing("cars")
    with pytest.raises(TimeError, match="before it begins"):
        loyalty.billing(since=date(2026, 7, 1), until=date(2026, 6, 1))
    with pytest.raises(TimeError, match="a day or an instant"):
        loyalty.billing(since="2026-07-01")


@pytest.mark.parametrize("parts", [{"partner": "cars"}, {"billed": "1 EUR"}, {"partner": " ", "billed": "1 EUR"}])
def test_a_partner_has_a_rate_and_a_rate_a_partner(parts):
    with pytest.raises(LanguageError, match="write both partner= and billed="):
        EarnRule("cars", points(50), **parts)
    with pytest.raises(LanguageError, match="write both"):
        EarnRule("cars", message="x", partner="cars", billed="1 EUR")


@pytest.mark.parametrize("value", ["0.008", "free", "0 EUR", "-1 EUR", "1 XXX", 0.008, 1, None, ""])
def test_a_rate_is_money_above_nothing(value):
    with pytest.raises((MoneyError, ExactnessError)):
        billed(value)


def test_a_rate_stands_in_the_currency_of_the_program():
    assert billed("1/3 EUR") == Billed(Fraction(1, 3), "EUR")
    with pytest.raises(ProgramError, match=r"earn\[0\].billed: 0\.008 USD stands in a program in EUR"):
        program(EarnRule("hotel", points(3), partner="hotel chain", billed="0.008 USD"))


def test_partners_are_written_read_and_said():
    made = program(BASE, HOTEL, CARS)

    assert Program.from_dict(made.to_dict()) == made
    assert {"partner": "hotel chain", "billed": "0.008 EUR"}.items() <= made.to_dict()["earn"][1].items()
    assert "billed" not in made.to_dict()["earn"][0]
    assert "from our partner “hotel chain”" in made.explain()
    assert "de nuestro socio «hotel chain»" in made.explain("es")
    assert "0.008" not in made.explain()
