"""Under which key and hash a command stands: both are in journals for ever, so neither may ever change."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given

from fidelity.commands import Capture, Record, Redeem
from fidelity.entries.plain import canonical
from fidelity.events import Event, Purchase, Return
from fidelity.journals import Applied
from fidelity.loyalty.identity import ask
from fidelity.rules.spelling.event_codec import event_to_plain
from fidelity.testing import strategies
from fidelity.testing.examples import aurora

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_the_hash_of_a_purchase_is_the_one_that_journals_hold() -> None:
    sale = Purchase("T-1", member="ana", at=NOON, amount="12.50 EUR", tags=["own cup"], order="S-9")
    asked = ask(Record(event=sale), NOON, event_to_plain)
    assert asked.keys == ("record/purchase/T-1", "record/purchase/S-9")
    assert asked.digest == "ac1c870a942901056286de74a0c392fe84d866379243416f3086f4eb063e7940"


@given(strategies.events(aurora()))
def test_an_event_is_hashed_as_the_canonical_text_of_what_is_asked(event: Event) -> None:
    asked = ask(Record(event=event), NOON, event_to_plain)
    told = {"command": "record", "event": event_to_plain(event)}
    assert asked.payload == told
    assert asked.digest == sha256(canonical(told)).hexdigest()
    assert asked.payload["event"].text == canonical(event_to_plain(event)).decode()


def test_a_command_knows_what_it_goes_back_to() -> None:
    back = ask(Record(event=Return("R-1", purchase="T-1", at=NOON)), NOON, event_to_plain)
    assert back.origin == "record/purchase/T-1"
    assert ask(Capture(hold="hold/cart-78", key="c-78"), NOON, event_to_plain).origin == "key/cart-78"
    assert ask(Redeem(member="ana", reward="free coffee", key="cart-77"), NOON, event_to_plain).origin == ""


def test_a_receipt_may_be_told_later() -> None:
    told: list[str] = []

    def tell() -> dict[str, str]:
        told.append("now")
        return {"member": "ana"}

    later = Applied("key/1", "digest", tell)
    assert not told
    assert later.receipt == {"member": "ana"}
    assert later.receipt is later.receipt
    assert told == ["now"]
    assert later == Applied("key/1", "digest", {"member": "ana"})
    assert Applied("key/1", "digest", tell) != Applied("key/1", "digest", {"member": "eva"})
