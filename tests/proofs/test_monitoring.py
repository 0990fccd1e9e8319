"""The monitor holds what is recorded against what is promised: it tells, counts, and refuses nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fidelity import AsyncLoyalty, EarnRule, Facts, Loyalty, Program, Purchase, lines, points, purchase
from fidelity.errors import ValueRefused
from fidelity.events import Line
from fidelity.journals import AsyncSqlJournal
from fidelity.proofs.monitoring import Monitor
from fidelity.rules import Limits, Published, Waiver
from fidelity.testing.examples import airline, aurora, supermarket

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


def cafe(**more: object) -> Program:
    """A café whose small baskets earn extra."""
    told: dict[str, object] = {
        "version": "1", "currency": "EUR", "timezone": "Europe/Madrid",
        "earn": [EarnRule("base", points(1, per="1 EUR")), EarnRule("small basket", points(5), when=purchase.amount < "50 EUR")],
        "limits": Limits(event_points=100),
    }  # fmt: skip
    return Program("Café", **{**told, **more})  # type: ignore[arg-type]  # parts of a program


def sale(name: str, amount: str, **more: object) -> Purchase:
    """A purchase."""
    return Purchase(name, member="ana", amount=amount, at=NOON, **more)  # type: ignore[arg-type]  # of a purchase


def test_each_event_is_held_against_the_promises_about_it() -> None:
    loyalty = Loyalty(cafe(), clock=lambda: NOON, monitor=True)
    loyalty.enroll("ana")

    for name, amount in (("T-1", "20 EUR"), ("T-2", "49.99 EUR"), ("T-3", "180 EUR")):
        loyalty.record(sale(name, amount))

    assert [(each.promise, each.event, each.member) for each in loyalty.monitor.breaches] == [
        ("P4.amount", "T-2", "ana"),
        ("P10.event", "T-3", "ana"),
    ]
    assert loyalty.monitor.looked == 3
    assert loyalty.monitor.counts == {"P4.amount": 1, "P10.event": 1}
    assert loyalty.balance("ana").available == 25 + 54 + 180


def test_an_event_told_twice_is_one_breach() -> None:
    loyalty = Loyalty(cafe(), clock=lambda: NOON, monitor=True)
    loyalty.enroll("ana")
    for _ in range(2):
        loyalty.record(sale("T-3", "180 EUR"))

    assert loyalty.monitor.counts == {"P10.event": 1}


def test_nothing_is_looked_at_unless_it_is_asked_for() -> None:
    with pytest.raises(ValueRefused, match="monitor=True"):
        _ = Loyalty(cafe()).monitor


def test_awaited_books_are_watched_too(tmp_path: Path) -> None:
    async def work() -> AsyncLoyalty:
        journal = AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/cafe.db")
        loyalty = AsyncLoyalty(cafe(), journal, clock=lambda: NOON, monitor=True)
        try:
            await loyalty.enroll("ana")
            await loyalty.record(sale("T-3", "180 EUR"))
        finally:
            await journal.close()
        return loyalty

    assert asyncio.run(work()).monitor.counts == {"P10.event": 1}


def test_what_somebody_signed_for_says_so() -> None:
    signed = Waiver("P4.amount", reason="Small baskets.", signed="M. Sanz", on=date(2026, 1, 7))
    found = Monitor().look(cafe(waivers=[signed]), sale("T-2", "49.99 EUR"))

    assert [(each.promise, each.signed) for each in found] == [("P4.amount", "M. Sanz")]


def test_what_is_counted_before_decides_whether_a_promise_is_kept() -> None:
    program, monitor = supermarket(), Monitor()
    bought = sale("T-1", "30 EUR", lines=[Line(amount="30 EUR", category="bakery")])

    assert "P8.promise:one point a euro" in monitor.promises(program)
    assert monitor.look(program, bought) == ()
    broken = monitor.look(program, bought, Facts(counters={"cap.groceries": 490}))
    assert [each.promise for each in broken] == ["P8.promise:one point a euro"]


def test_sums_over_lines_are_summed() -> None:
    rule = EarnRule("coffee", points(1, per="2 EUR", of=lines().amount))
    program = cafe(earn=[rule], published=[Published("one in two", lines().amount // "2 EUR")], limits=Limits())

    assert "P8.promise:one in two" in Monitor().promises(program)
    assert Monitor().look(program, sale("T-1", "30 EUR", lines=[Line(amount="30 EUR")])) == ()


@pytest.mark.parametrize("make", [aurora, airline, supermarket])
def test_every_kind_of_event_of_an_example_can_be_watched(make) -> None:
    program = make()
    for kind in {rule.on for rule in program.rules}:
        assert isinstance(Monitor().promises(program, kind), tuple)
