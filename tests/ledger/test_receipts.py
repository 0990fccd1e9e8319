"""Receipts go through JSON and come back as they were: a retry years later gets the same answer."""

import json
from datetime import date
from types import MappingProxyType

import pytest

from fidelity.ledger import receipts
from fidelity.ledger.notices import CampaignReceipt, InvitationReceipt, StockReceipt, WithheldReceipt
from fidelity.ledger.receipts import (
    CaptureReceipt,
    ClosingReceipt,
    ConfirmationReceipt,
    ConversionReceipt,
    EarnReceipt,
    EnrollReceipt,
    ExtensionReceipt,
    ForgivenessReceipt,
    FreezeReceipt,
    GoodwillReceipt,
    HoldReceipt,
    HouseholdReceipt,
    MergeReceipt,
    ProtectionReceipt,
    Receipt,
    RedemptionReceipt,
    ReinstatementReceipt,
    ReleaseReceipt,
    RerateReceipt,
    ReturnReceipt,
    StatusReceipt,
    TierCreditReceipt,
    TransferReceipt,
    UndoReceipt,
    VoucherBackReceipt,
    VoucherReceipt,
    from_plain,
    to_plain,
)
from tests.ledger.books import MADRID, instant

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
    ReturnReceipt(**WHO, event="return/R", origin="purchase/T", waived={"points": 5}),
    RedemptionReceipt(
        **WHO, id="redemption/k", reward="cup", wallet="points", points=5, left=7, shares={"ana": 3, "bea": 2}
    ),
    UndoReceipt(
        **WHO, redemption="redemption/k", wallet="points", points=5, left=2, settled=1, renewed=3, until=AT,
        shares={"ana": 3, "bea": 2},
    ),
    UndoReceipt(**WHO, redemption="redemption/k", wallet="points", points=5, left=0),
    TransferReceipt(**WHO, id="transfer/k", to="bea", wallet="points", points=5, left=2),
    MergeReceipt(
        **WHO, id="merge/k", into="ana", wallets={"points": 5}, debts={"stamps": 1}, customer_since=date(2019, 5, 2)
    ),
    HouseholdReceipt(**WHO, household="H", joined=True),
    ExtensionReceipt(**WHO, wallet="points", points=5, until=AT, reason="storm"),
    ConfirmationReceipt(
        **WHO, event="confirmation/C", origin="purchase/T", lots=(("points", 12, AT, None),), settled={"points": 2}
    ),
    ReinstatementReceipt(**WHO, wallet="points", points=5, until=AT, reason="storm", settled=2),
    GoodwillReceipt(**WHO, wallet="points", points=5, lot="goodwill/k", expires=None, reason="late", by="adviser-7"),
    ForgivenessReceipt(**WHO, wallet="points", points=5, left=1, reason="first"),
    FreezeReceipt(**WHO, frozen=True, reason="doubt"),
    ProtectionReceipt(**WHO, protections=("protection/p",), protected=False),
    ClosingReceipt(**WHO, reason="asked", expired={"points": 5}, forgiven={}),
    TierCreditReceipt(**WHO, points=5, reason="storm", tier="Silver", rose=True, score=100, count="nights", by="a-7"),
    StatusReceipt(**WHO, tier="Gold", until=AT, reason="storm", now_tier="Gold"),
    VoucherReceipt(**WHO, id="use/k", voucher="ABCD-EFGH-JKMN", reward="cup", worth="1.00 EUR", quantity=2),
    VoucherBackReceipt(
        **WHO, redemption="use/k", wallet="", points=0, left=0, voucher="ABCD-EFGH-JKMN", reward="cup", expires=AT
    ),
    ConversionReceipt(
        **WHO, id="conversion/points/2026-02-01", wallet="points", points=150, voucher="ABCD-EFGH-JKMN", worth="1.50 EUR",
        expires=AT,
    ),
    RedemptionReceipt(
        **WHO, id="redemption/k", reward="cup", wallet="points", points=5, left=7, voucher="ABCD-EFGH-JKMN", expires=AT
    ),
    RerateReceipt(**WHO, event="purchase/T", wallets={"points": -5}, owed={"points": 2}),
    CampaignReceipt(**WHO, campaign="autumn", suspended=True, reason="storm"),
    StockReceipt(**WHO, reward="mug", count=-2, left=38),
    InvitationReceipt(**WHO, id="invitation/k"),
    WithheldReceipt(**WHO, invitation="invitation/k", reason="same person", friend="eva"),
]  # fmt: skip


@pytest.mark.parametrize("receipt", RECEIPTS, ids=lambda receipt: receipt.kind)
def test_a_receipt_survives_json(receipt):
    assert from_plain(json.loads(json.dumps(to_plain(receipt)))) == receipt


def test_every_kind_of_receipt_is_tried_here():
    tried = {type(receipt) for receipt in RECEIPTS}
    known = {each for each in vars(receipts).values() if isinstance(each, type) and issubclass(each, Receipt)}

    assert known - tried == {Receipt}


def test_instants_of_any_zone_survive_as_instants():
    there = AT.astimezone(MADRID)

    assert from_plain(to_plain(ReleaseReceipt(member="ana", at=there, hold="h", wallet="points", points=5))).at == AT


def test_a_mapping_of_any_kind_becomes_a_plain_one():
    receipt = ReturnReceipt(**WHO, event="return/R", origin="purchase/T", wallets=MappingProxyType({"points": 5}))

    assert to_plain(receipt)["wallets"] == {"points": 5}
    assert type(to_plain(receipt)["wallets"]) is dict


class TestWords:
    receipt = RECEIPTS[0]

    def test_what_nobody_explains_has_nothing_to_say(self):
        assert (self.receipt.explain(), self.receipt.repeated) == ("", False)

    def test_who_explains_it_is_asked_in_the_language_and_the_receipt_stays_the_same(self):
        told = self.receipt.told_by(lambda language: f"because ({language})", repeated=True)

        assert (told.explain(), told.explain("es"), told.repeated) == ("because (en)", "because (es)", True)
        assert told == self.receipt
        assert self.receipt.explain() == ""
        assert told.told_by().repeated is False

    def test_a_new_receipt_may_be_given_its_words_in_place(self):
        made = from_plain(to_plain(self.receipt))

        assert made.with_words(str.upper) is made
        assert made.explain("es") == "ES"
