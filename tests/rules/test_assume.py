"""What a program assumes of every event is checked where events are decided; nothing is decided in silence."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fidelity import (
    EarnRule,
    Facts,
    Loyalty,
    Program,
    ProgramError,
    Purchase,
    Visit,
    lines,
    member,
    points,
    purchase,
    replay,
    visit,
)
from fidelity.errors import AssumptionError, EventError, NotColumnar, TableError
from fidelity.language.opaque import opaque
from fidelity.rules import Limits

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


def cafe(*assume, **more):
    """A café that assumes this."""
    earn = [EarnRule("base", points(1, per="1 EUR")), EarnRule("hello", points(2), on="visit")]
    return Program("Café", version="1", currency="EUR", timezone="Europe/Madrid", earn=earn, assume=assume, **more)


def sale(amount="20 EUR", **more):
    """A purchase."""
    return Purchase("T-1", member="ana", amount=amount, at=NOON, **more)


SMALL = purchase.amount <= "500 EUR"


@pytest.mark.parametrize("read", ["evaluate", "points_of"])
def test_an_event_that_is_otherwise_is_refused(read):
    program = cafe(SMALL, purchase.channel.is_in("", "app"))

    getattr(program, read)(sale("500 EUR"))
    with pytest.raises(AssumptionError, match=r'"purchase.amount <= 500.00 EUR"; correct the event'):
        getattr(program, read)(sale("500.01 EUR"))
    with pytest.raises(AssumptionError, match=r"purchase\.channel in") as refused:
        getattr(program, read)(sale(channel="phone"))
    assert refused.value.facts["event"] == "T-1"
    assert isinstance(refused.value, EventError)


def test_what_is_assumed_of_members_is_asked_with_every_event():
    program = cafe(member.tenure_days <= 10)

    for event in (sale(), Visit("V-1", member="ana", at=NOON)):
        program.evaluate(event, Facts(customer_since=NOON.date()))
        with pytest.raises(AssumptionError):
            program.evaluate(event, Facts(customer_since=NOON.date().replace(year=2025)))


def test_what_is_assumed_of_purchases_says_nothing_of_visits():
    assert cafe(SMALL).evaluate(Visit("V-1", member="ana", at=NOON)).points == 2
    with pytest.raises(AssumptionError):
        cafe(visit.channel == "app").evaluate(Visit("V-1", member="ana", at=NOON))


def test_rows_of_dicts_are_looked_at_as_well():
    decide = cafe(SMALL).decider("purchase", rows=True)
    row = {"amount": 2_000, "paid_with_points": 0, "discount": 0}

    assert decide(row, Facts()) == 20
    with pytest.raises(AssumptionError):
        decide({**row, "amount": 60_000}, Facts())


def test_tables_name_the_rows_or_set_them_aside():
    program, table = cafe(SMALL), {"amount": [2_000, 50_001, 50_000]}

    with pytest.raises(TableError, match="1 rows are not as Café assumes") as refused:
        program.points_for(table)
    assert refused.value.facts["rows"] == (1,)
    found = program.points_for(table, on_error="report")
    assert found.points.tolist() == [20, 0, 500]
    assert [each.rows.tolist() for each in found.bad] == [[1]]
    assert program.points_for({"amount": [2_000]}).tolist() == [20]


def test_a_query_cannot_refuse_a_row_and_is_not_written():
    with pytest.raises(NotColumnar, match="a query cannot refuse"):
        cafe(SMALL).to_sql("duckdb")


def test_the_books_write_nothing_of_such_an_event():
    loyalty = Loyalty(cafe(SMALL), clock=lambda: NOON)
    loyalty.enroll("ana")

    with pytest.raises(AssumptionError):
        loyalty.record(sale("501 EUR"))

    assert loyalty.balance("ana").available == 0
    assert loyalty.record(sale("500 EUR")).points == 500


def test_sums_over_lines_may_be_assumed():
    program = cafe(lines().quantity <= 3)

    assert program.points_of(sale()) == 20


@pytest.mark.parametrize(
    ("assumed", "message"),
    [
        ("purchase.amout > 1 EUR", r'assume\[0\].*no field "amout"'),
        ("line.category == 'tea'", "about a whole event"),
        (opaque("odd", lambda _: True), "a Python function cannot be assumed"),
        ((purchase.amount < "1 EUR") & (purchase.amount > "2 EUR"), "no event can be as this assumes"),
    ],
)
def test_what_cannot_be_assumed_is_refused_when_the_program_is_made(assumed, message):
    with pytest.raises(ProgramError, match=message):
        cafe(assumed)


def test_it_stands_in_program_files():
    program = cafe(SMALL, "member.tenure_days <= 10", limits=Limits(point_value="0.01 EUR", period_events=9))

    assert program.to_dict()["assume"] == ["purchase.amount <= 500.00 EUR", "member.tenure_days <= 10"]
    assert Program.from_dict(program.to_dict()) == program
    assert program != cafe(SMALL)


def test_a_point_is_worth_money_of_the_program():
    with pytest.raises(ProgramError, match=r"limits\.point_value.*the program is in EUR"):
        cafe(limits=Limits(point_value="0.01 USD"))


def test_a_replay_decides_such_programs_event_by_event_and_refuses_what_is_otherwise():
    log = {"member": ["ana", "luis"], "amount": [2_000, 3_000], "at": np.array(["2026-01-05T10"] * 2, "datetime64[us]")}

    assert replay(cafe(SMALL), log).totals["points"]["issued"] == 50
    otherwise = replay(cafe(SMALL), {**log, "amount": [2_000, 60_000]})
    assert otherwise.totals["points"]["issued"] == 20
    assert (otherwise.refused["row"].tolist(), otherwise.refused["code"].tolist()) == ([1], ["assumption"])
