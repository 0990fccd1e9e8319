"""The batch door: many commands, one transaction, each of them whole or not at all."""

from __future__ import annotations

import pytest

import fidelity.loyalty.runs as room
from fidelity.commands import Capture, Hold, Record, Redeem, Release
from fidelity.errors import (
    IdempotencyConflict,
    MoneyError,
    NotEnoughPoints,
    OutOfTime,
    UnknownHold,
    UnknownMember,
    ValueRefused,
)
from fidelity.events import Return
from fidelity.ledger.receipts import Receipt
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, bought, joined, lines, sale


class Counted:
    """A journal that counts what it is asked."""

    def __init__(self, journal):
        self._journal = journal
        self.asked = []

    def __getattr__(self, name):
        self.asked.append(name)
        return getattr(self._journal, name)


def test_commands_of_one_batch_see_those_before_them(loyalty):
    receipts = loyalty.execute(
        [
            *joined("ana"),
            bought("T-1", "150.00 EUR"),
            Redeem(member="ana", reward="free coffee", key="k", now=NOON),
            Hold(member="ana", points=30, key="h", now=NOON),
            Capture(hold="hold/h", key="c", points=10, now=NOON),
            Record(event=Return("R-1", purchase="T-1", member="ana", amount="15.00 EUR", at=NOON), now=NOON),
        ]
    )

    assert [receipt.kind for receipt in receipts] == ["enroll", "earn", "redemption", "hold", "capture", "return"]
    assert loyalty.balance("ana", at=NOON).available == 150 - 120 - 10 - 15


def test_one_batch_asks_the_journal_once_for_each_thing(journal):
    counted = Counted(journal)
    loyalty = Loyalty(aurora(), journal=counted)
    loyalty.execute(joined("ana", "eva"))
    counted.asked.clear()

    loyalty.execute([bought(f"T-{n}", "5.00 EUR", member="ana" if n % 2 else "eva") for n in range(100)])

    assert counted.asked == ["transaction", "find", "load", "append"]


def test_long_lists_go_in_several_batches(loyalty, monkeypatch):
    monkeypatch.setattr(room, "BATCH", 7)

    receipts = loyalty.execute([*joined("ana"), *(bought(f"T-{n}", "1.00 EUR") for n in range(30))])

    assert len(receipts) == 31
    assert loyalty.balance("ana", at=NOON).available == 30


def test_refusals_stand_where_the_receipt_would_be(loyalty):
    outcomes = loyalty.execute(
        [
            *joined("ana"),
            Redeem(member="ana", reward="free coffee", key="k1", now=NOON),
            bought("T-1", "200.00 EUR"),
            bought("T-2", "9.00 EUR", member="nobody"),
            Record(event=sale("T-3", "9.00 USD"), now=NOON),
            Record(event=sale("T-4", at=NOON + DAY), now=NOON),
            Redeem(member="ana", reward="free coffee", key=" ", now=NOON),
            Release(hold="hold/none", key="k", now=NOON),
            bought("T-1", "1.00 EUR"),
            Redeem(member="ana", reward="free coffee", key="k1", now=NOON),
        ],
        on_refusal="return",
    )

    assert [type(each) for each in outcomes if not isinstance(each, Receipt)] == [
        NotEnoughPoints,
        UnknownMember,
        MoneyError,
        OutOfTime,
        ValueRefused,
        UnknownHold,
        IdempotencyConflict,
    ]
    assert [place for place, each in enumerate(outcomes) if isinstance(each, Receipt)] == [0, 2, 9]
    assert loyalty.balance("ana", at=NOON).available == 80


def test_raising_stops_at_the_first_refusal_after_writing_what_went_before(loyalty, journal):
    with pytest.raises(NotEnoughPoints):
        loyalty.execute(
            [
                *joined("ana"),
                bought("T-1", "20.00 EUR"),
                Redeem(member="ana", reward="free coffee", key="k", now=NOON),
                bought("T-2", "20.00 EUR"),
            ]
        )

    assert loyalty.balance("ana", at=NOON).available == 20
    assert [kind for stream, kind in lines(journal) if stream == "points/ana"] == ["enrolled", "event", "earned"]


def test_a_batch_in_which_everything_is_refused_writes_nothing(loyalty, journal):
    outcomes = loyalty.execute([bought("T-1", "20.00 EUR")], on_refusal="return")

    assert isinstance(outcomes[0], UnknownMember)
    assert lines(journal) == []


def test_an_empty_list_is_nothing(loyalty, journal):
    assert loyalty.execute([]) == []
    assert lines(journal) == []


def test_what_to_do_on_refusal_must_be_said_right(loyalty):
    with pytest.raises(ValueRefused, match="raise"):
        loyalty.execute([], on_refusal="ignore")


def test_one_member_after_another_ends_like_all_at_once(loyalty, journal):
    commands = [*joined("ana", "eva")]
    commands += [
        bought(f"T-{n}", f"{n}.00 EUR", member="ana" if n % 3 else "eva", at=NOON + n * HOUR) for n in range(1, 40)
    ]
    loyalty.execute(commands)
    single = Loyalty(aurora())
    for command in commands:
        single.execute([command])

    for member in ("ana", "eva"):
        assert single.account(member, at=NOON + 40 * HOUR) == loyalty.account(member, at=NOON + 40 * HOUR)
        assert Loyalty(aurora(), journal=journal).account(member, at=NOON + 40 * HOUR) == loyalty.account(
            member, at=NOON + 40 * HOUR
        )


def test_a_refusal_kept_does_not_keep_its_batch(loyalty):
    """A long import keeps its refusals: a traceback would hold every command and entry of the batch with each."""
    (refused,) = loyalty.execute([bought("T-1", "20.00 EUR")], on_refusal="return")

    assert refused.__traceback__ is None
