"""Receipts go through JSON and come back as they were: a retry years later gets the same answer."""

import json
from datetime import date

import pytest

from fidelity.ledger.receipts import (
    CaptureReceipt,
    EarnReceipt,
    EnrollReceipt,
    HoldReceipt,
    RedemptionReceipt,
    ReleaseReceipt,
    ReturnReceipt,
    from_plain,
    to_plain,
)
from tests.ledger.books import instant

AT = instant("2026-02-01 12:00:00.000123")
WHO = {"member": "ana", "at": AT}
RECEIPTS = [
    EnrollReceipt(**WHO, customer_since=date(2019, 5, 2)),
    EarnReceipt(
        **WHO, event="purchase/T", program="1",
        lots=(("points", 12, AT, None), ("stamps", 1, AT, instant("2027-02-01"))),
        reasons=(("points", "base", "12.5"),), effects=(("message", "anniversary", "a card"),),
    ),
    ReturnReceipt(**WHO, event="return/R", origin="purchase/T", wallets={"points": 5}, expired={"points": 2}, owed={}),
    RedemptionReceipt(**WHO, id="redemption/k", reward="cup", wallet="points", points=5, left=7, worth="1.00 EUR"),
    HoldReceipt(**WHO, id="hold/k", wallet="points", points=5, until=instant("2026-03-01"), reward="cup"),
    CaptureReceipt(**WHO, hold="hold/k", wallet="points", points=3, released=2),
    ReleaseReceipt(**WHO, hold="hold/k", wallet="points", points=5),
]  # fmt: skip


@pytest.mark.parametrize("receipt", RECEIPTS, ids=lambda receipt: receipt.kind)
def test_a_receipt_survives_json(receipt):
    assert from_plain(json.loads(json.dumps(to_plain(receipt)))) == receipt
