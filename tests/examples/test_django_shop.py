"""A shop in Django: an order and its points are written together or not at all, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest

from tests.examples.needs import needs

needs("django")

from tests.examples import django_rooms as rooms  # isort: skip  (it wakes Django)

from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from fidelity.errors import JournalError, NotEnoughPoints, UnknownMember
from shop import desk
from shop.models import Order


@pytest.fixture(scope="module")
def migrated_database(postgres_server):
    name = rooms.created(postgres_server)
    rooms.migrated(rooms.postgres(postgres_server, name))
    yield name
    rooms.dropped(postgres_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request, tmp_path):
    """The shop of Ana, with a program that gives nothing more on weekends, in a database of its own."""
    server = name = None
    if request.param == "sqlite":
        settings = rooms.migrated(rooms.sqlite(tmp_path / "shop.sqlite3"))
    else:
        server = request.getfixturevalue("postgres_server")
        name = rooms.created(server, request.getfixturevalue("migrated_database"))
        settings = rooms.postgres(server, name)
    before = connections.databases["default"]
    rooms.named("default", settings)
    desk.loyalty.cache_clear()
    desk.loyalty().enroll("ana")
    yield desk
    rooms.forget("default")
    connections.databases["default"] = before
    if name:
        rooms.dropped(server, name)


def order(number="O-1", euros=80, member="ana"):
    return Order(number=number, member=member, currency="EUR", cents=euros * 100, paid_at=timezone.now())


def available(member="ana"):
    return desk.loyalty().balance(member).available


def earned(euros):
    """What the program gives now: twice as much on a weekend in Madrid."""
    program = desk.loyalty().program
    return program.points_of(order(euros=euros).purchase())


def test_an_order_and_its_points_are_written_together(shop):
    points = desk.pay(order())

    assert points == earned(80)
    assert available() == points
    assert Order.objects.get(pk="O-1").cents == 8_000


def test_an_order_that_rolls_back_takes_its_points_along(shop):
    with suppress(ZeroDivisionError), transaction.atomic():
        desk.pay(order())
        raise ZeroDivisionError

    assert not Order.objects.exists()
    assert available() == 0
    # The key is free: the same order, paid at last, earns.
    assert desk.pay(order()) == available() == earned(80)


def test_points_that_are_refused_take_their_order_along(shop):
    with pytest.raises(UnknownMember):
        desk.pay(order(member="nobody"))

    assert not Order.objects.exists()


def test_a_refusal_leaves_the_transaction_of_the_host_usable(shop):
    with transaction.atomic():
        with pytest.raises(NotEnoughPoints):
            desk.loyalty().joined("default").redeem("ana", "free coffee", key="cart-1")
        order(member="").save(force_insert=True)

    assert Order.objects.count() == 1


def test_a_book_that_fails_leaves_the_transaction_of_the_host_usable(shop):
    with connections["default"].cursor() as cursor:
        cursor.execute("DROP TABLE books_key")

    with transaction.atomic():
        order("O-2", member="").save(force_insert=True)
        with pytest.raises(JournalError):
            desk.pay(order())

    assert [each.number for each in Order.objects.all()] == ["O-2"]


def test_who_forgets_to_join_is_told(shop):
    with transaction.atomic(), pytest.raises(JournalError, match=r"write loyalty\.joined"):
        desk.loyalty().redeem("ana", "free coffee", key="cart-1")


def test_what_was_rolled_back_is_not_remembered_by_the_next_command(shop):
    joined = desk.loyalty().joined("default")
    with suppress(ZeroDivisionError), transaction.atomic():
        joined.record(order(euros=500).purchase())
        assert joined.balance("ana").available == earned(500)
        raise ZeroDivisionError

    with transaction.atomic(), pytest.raises(NotEnoughPoints):
        joined.redeem("ana", "free coffee", key="cart-1")
    assert available() == 0


def test_goods_that_come_back_take_their_points_along(shop):
    desk.pay(order())
    before = available()

    points = desk.take_back(Order.objects.get(pk="O-1"), 3_000, "R-1")

    assert points == before - available() > 0
    assert Order.objects.get(pk="O-1").returned_cents == 3_000


def test_more_than_was_paid_does_not_come_back(shop):
    desk.pay(order())
    before = available()

    with pytest.raises(ValueError, match="pays back"):
        desk.take_back(Order.objects.get(pk="O-1"), 9_000, "R-1")

    assert (available(), Order.objects.get(pk="O-1").returned_cents) == (before, 0)


def test_many_tills_at_once_lose_nothing(shop):
    errors = []

    def till(name):
        try:
            for number in range(5):
                desk.pay(order(f"{name}-{number}", euros=10))
        except BaseException as error:  # noqa: BLE001  (told by the test)
            errors.append(error)
        finally:
            connections.close_all()

    tills = [threading.Thread(target=till, args=(name,)) for name in "abcd"]
    for each in tills:
        each.start()
    for each in tills:
        each.join(60)

    assert errors == []
    assert available() == 20 * earned(10)
    assert Order.objects.count() == 20
    assert desk.loyalty().verify().sound


def test_the_sweep_of_the_night_writes_down_what_expired(shop, monkeypatch):
    desk.pay(order())
    points = available()
    monkeypatch.setattr(desk.loyalty()._office, "clock", lambda: timezone.now() + timedelta(days=400))
    told = StringIO()

    call_command("settle", stdout=told)

    # The anniversary came in the meantime: a hundred points, which have not expired.
    assert told.getvalue().startswith("1 accounts settled: ")
    assert f"{points} points expired" in told.getvalue()
    assert available() == 100


# --- Views ------------------------------------------------------------------------------------------------------------


def posted(path, **told):
    return Client().post(path, json.dumps(told), content_type="application/json")


def test_an_order_that_is_sent_again_is_paid_once(shop):
    sale = {"number": "O-1", "member": "ana", "amount": "80.00 EUR"}

    first, again, other = (
        posted("/orders", **sale),
        posted("/orders", **sale),
        posted("/orders", **sale | {"amount": "1 EUR"}),
    )

    assert (first.status_code, first.json()["points"]) == (201, earned(80))
    assert (again.status_code, again.json()) == (200, {"number": "O-1", "repeated": True})
    assert other.status_code == 409
    assert Client().get("/members/ana").json()["available"] == earned(80)


def test_a_member_is_made_and_reads_their_statement_in_spanish(shop):
    assert Client().put("/members/eva").json() == {"member": "eva", "available": 0, "held": 0, "tier": "Bronze"}
    posted("/orders", number="O-1", member="eva", amount="80.00 EUR")
    back = posted("/orders/O-1/returns", slip="R-1", amount="80.00 EUR")

    page = Client().get("/members/eva/statement", {"language": "es"}).content.decode()

    assert back.json()["points"] == earned(80)
    assert "<caption>Extracto de eva" in page
    assert Client().get("/members/eva").json()["available"] == 0


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"number": "O-1", "member": "nobody", "amount": "8.00 EUR"}, 404),
        ({"number": "O-1", "member": "ana", "amount": "8.00 EURO"}, 422),
        ({"number": "O-1", "member": "ana", "amount": "8.00 USD"}, 422),
        ({"number": "O-1", "member": "ana", "amount": "-8.00 EUR"}, 422),
        ({"number": "O-1", "member": "ana"}, 422),
        ({"number": "O-1", "member": "ana", "amount": 8}, 422),
        ({"number": "", "member": "ana", "amount": "8.00 EUR"}, 422),
        ({"number": "O" * 65, "member": "ana", "amount": "8.00 EUR"}, 422),
    ],
)
def test_what_cannot_be_is_answered_and_not_written(shop, told, status):
    answer = posted("/orders", **told)

    assert (answer.status_code, set(answer.json())) == (status, {"code", "detail"})
    assert not Order.objects.exists()


def test_what_is_no_order_is_refused(shop):
    for body in ("", "[]", "{"):
        assert Client().post("/orders", body, content_type="application/json").status_code == 422
    assert posted("/orders/O-9/returns", slip="R-1", amount="1.00 EUR").status_code == 404
    assert Client().get("/members/nobody").status_code == 404
