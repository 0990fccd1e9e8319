"""What is spent of a hold is undone by the id that its receipt has."""

from __future__ import annotations

from tests.field.shop import at, available, buy, shop


def test_the_receipt_of_a_capture_has_the_id_that_undoing_asks_for():
    loyalty = shop()
    buy(loyalty, "T-1", 100)
    held = loyalty.hold("ana", points=60, key="h-1", now=at("2026-01-15"))
    captured = loyalty.capture(held.id, key="h-2", now=at("2026-01-15"))

    receipt = loyalty.undo(captured.id, key="u-1", now=at("2026-01-15"))

    assert (captured.id, receipt.points, available(loyalty)) == (held.id, 60, 100)
    assert loyalty.capture(held.id, key="h-2", now=at("2026-01-15")).id == captured.id
