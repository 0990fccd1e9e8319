"""What cannot be asked is said at the door, in a sentence, before anything is written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fidelity.commands import Capture, Enroll, Extend, Hold, Redeem, Reinstate
from fidelity.errors import EventError, TimeError, UnknownHold, ValueRefused
from fidelity.events import Return
from fidelity.journals import SqlJournal
from fidelity.language import Fields, choice
from fidelity.loyalty import Loyalty
from fidelity.members import Member
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.values.naming import LONGEST_NAME
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, lines, sale

DOORS = {
    "until as text": lambda: Extend(member="ana", until="2027-01-01", reason="kind", key="k"),
    "until without a zone": lambda: Extend(member="ana", until=datetime(2027, 1, 1, 12), reason="kind", key="k"),  # noqa: DTZ001
    "until as a number": lambda: Reinstate(member="ana", until=2027, reason="kind", key="k"),
    "a hold until a day": lambda: Hold(member="ana", points=5, until=date(2027, 1, 1), key="k"),
    "since a year": lambda: Enroll(member="ana", customer_since="2020"),
    "since an instant": lambda: Enroll(member="ana", customer_since=NOON),
    "fields as text": lambda: Redeem(member="ana", reward="tasting", fields="app", key="k"),
    "rewards as a list": lambda: Redeem(member="ana", reward=["tasting"], key="k"),
    "a wallet that is none": lambda: Hold(member="ana", points=5, wallet=None, key="k"),
    "born at an instant": lambda: Member("ana", birth_date=datetime(1990, 2, 28, tzinfo=UTC)),
    "born as text": lambda: Member("ana", birth_date="1990-02-28"),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_value_of_the_wrong_type_is_refused_with_a_sentence(door):
    with pytest.raises((ValueRefused, TimeError)) as caught:
        DOORS[door]()

    assert len(str(caught.value)) > 20
    assert "now is" not in str(caught.value)


LONG = "x" * (LONGEST_NAME + 1)


@pytest.mark.parametrize("name", ["", "   ", LONG, "line\nbreak", "nul\0", 7, None])
def test_what_cannot_be_kept_for_ever_names_nothing(loyalty, journal, name):
    loyalty.execute([*joined("ana"), bought("T-1", "50 EUR")])
    before = lines(journal)

    asked = [
        Enroll(member=name, now=NOON),
        Hold(member="ana", points=5, key=name, now=NOON),
        Hold(member=name, points=5, key="k", now=NOON),
        Capture(hold=name, key="k", now=NOON),
    ]
    assert all(isinstance(each, ValueRefused | UnknownHold) for each in loyalty.execute(asked, on_refusal="return"))
    for wrong in ({"name": name}, {"member": name}):
        with pytest.raises(EventError):
            sale(**wrong)
    assert lines(journal) == before


def test_the_longest_names_are_kept_everywhere(database):
    name = "".join(chr(0x4E00 + n) for n in range(LONGEST_NAME))
    journal = SqlJournal(database)
    loyalty = Loyalty(aurora(), journal)
    loyalty.execute([*joined(name), bought(name, "50 EUR", member=name)])
    hold = loyalty.hold(name, points=5, key=name, now=NOON)

    assert loyalty.capture(hold.id[: len(hold.id)], key=name[::-1], now=NOON).points == 5
    assert loyalty.verify().sound
    journal.close()


class Home(Fields, of="member"):
    """Where the member lives, as coarse as the program needs."""

    city = choice("Madrid", "Puebla")


def test_a_member_has_the_fields_that_the_program_declares_and_no_others(journal):
    """What is written stays for ever: a name or an address that slips in could never be erased."""
    loyalty = Loyalty(aurora(fields=(Home,)), journal=journal)

    loyalty.enroll("ana", fields={"city": "Puebla"}, now=NOON)
    with pytest.raises(ValueRefused, match="no member field 'email'"):
        loyalty.enroll("eva", fields={"city": "Madrid", "email": "eva@example.org"}, now=NOON)

    assert [stream for stream, _ in lines(journal)] == ["program/Café Aurora", "points/ana"]


def test_what_is_known_of_a_prospect_is_handed_out_too(loyalty):
    loyalty.members.save(Member("luz", name="Luz Robles"))

    assert "Luz Robles" in loyalty.export("luz", at=NOON)


def test_an_export_tells_what_was_known_then(loyalty):
    loyalty.execute([*joined("ana"), bought("T-1", "50 EUR"), bought("T-2", "70 EUR", at=NOON + DAY)])

    assert "T-2" not in loyalty.export("ana", at=NOON)
    assert "T-2" in loyalty.export("ana", at=NOON + DAY)


def test_an_id_that_looks_like_the_lot_of_another_event_is_no_other_lot():
    """A purchase T-1 makes a lot of stamps; a purchase called T-1/stamps makes lots of its own."""
    stamps = EarnRule("stamps", points(1), wallet="stamps")
    wallets = [Wallet("points"), Wallet("stamps"), Wallet("a/stamps")]
    more = EarnRule("more", points(1), wallet="a/stamps")
    loyalty = Loyalty(
        aurora(earn=[EarnRule("base", points(1, per="1 EUR")), stamps, more], wallets=wallets, tiers=None)
    )
    loyalty.execute(joined("ana"))

    for name in ("T-1/stamps", "T-1", "T-1/a", "T-1/points", "T-1/stamps/points"):
        loyalty.record(sale(name, "10 EUR"), now=NOON)

    books = loyalty.account("ana", at=NOON)
    assert {name: books.balance(NOON, name).available for name in books.wallets} == {
        "points": 50, "stamps": 5, "a/stamps": 5,
    }  # fmt: skip
    for name in ("T-1", "T-1/stamps"):
        loyalty.record(Return(f"R-{name}", member="ana", purchase=name, at=NOON), now=NOON)
    books = loyalty.account("ana", at=NOON)
    assert {name: books.balance(NOON, name).available for name in books.wallets} == {
        "points": 30, "stamps": 3, "a/stamps": 3,
    }  # fmt: skip
    assert loyalty.verify().sound
