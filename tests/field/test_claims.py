"""Flights that were not recorded, claimed later: nine airlines as published in 2016, each in its own time."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import Claims, EarnRule, points
from fidelity.errors import ClaimRefused
from tests.field.cases import case
from tests.field.shop import at, program, shop

WINDOWS = {
    "alaska": ("12 months", "6 months"), "american": ("12 months", "6 months"), "delta": ("9 months", "30 days"),
    "frontier": ("180 days", "12 months"), "hawaiian": ("120 days", "120 days"), "jetblue": ("12 months", "90 days"),
    "southwest": ("12 months", "12 months"), "spirit": ("30 days", "30 days"), "united": ("12 months", "30 days"),
}  # fmt: skip


class Flight(fd.CustomEvent, kind="flight"):
    """A flight of one of them."""

    partner = fd.code(obtained="earned")


MILES = program(
    EarnRule("miles", points(500), on=Flight),
    events=[Flight],
    claims=[Claims(within, before_joining=before, partner=name) for name, (within, before) in WINDOWS.items()],
)


def taken(partner, flown, claimed, *, joined="2015-06-01"):
    """Whether a flight is accepted, and how many points it gave."""
    loyalty = shop(MILES, since=joined)
    try:
        receipt = loyalty.record(
            Flight("F-1", member="ana", at=at(flown), partner=partner), claim=True, now=at(claimed)
        )
    except ClaimRefused:
        return False
    return receipt.points == 500


@case("TERM-33")
def test_nine_months_for_members_and_thirty_days_before_joining():
    assert [
        taken("delta", "2016-01-10", "2016-10-09"),
        taken("delta", "2016-01-10", "2016-10-11"),
        taken("delta", "2016-01-10", "2016-02-25", joined="2016-02-20"),
    ] == [True, False, False]


@pytest.mark.parametrize(
    ("partner", "last", "after"),
    [
        ("alaska", "2017-01-10", "2017-01-11"),
        ("american", "2017-01-10", "2017-01-11"),
        ("delta", "2016-10-10", "2016-10-11"),
        ("frontier", "2016-07-08", "2016-07-09"),
        ("hawaiian", "2016-05-09", "2016-05-10"),
        ("jetblue", "2017-01-10", "2017-01-11"),
        ("southwest", "2017-01-10", "2017-01-11"),
        ("spirit", "2016-02-09", "2016-02-10"),
        ("united", "2017-01-10", "2017-01-11"),
    ],
)
def test_each_partner_has_its_last_day(partner, last, after):
    assert taken(partner, "2016-01-10", f"{last} 23:59:59")
    assert not taken(partner, "2016-01-10", f"{after} 00:00:00")


@pytest.mark.parametrize(
    ("partner", "joined", "too_late"),
    [
        ("alaska", "2016-07-10", "2016-07-11"),
        ("american", "2016-07-10", "2016-07-11"),
        ("delta", "2016-02-09", "2016-02-10"),
        ("frontier", "2016-07-08", None),
        ("hawaiian", "2016-05-09", None),
        ("jetblue", "2016-04-09", "2016-04-10"),
        ("southwest", "2017-01-10", None),
        ("spirit", "2016-02-09", None),
        ("united", "2016-02-09", "2016-02-10"),
    ],
)
def test_each_partner_has_its_time_before_joining(partner, joined, too_late):
    """Where the time for claims is over as soon, nobody who joins later has any left."""
    assert taken(partner, "2016-01-10", joined, joined=joined)
    if too_late is not None:
        assert not taken(partner, "2016-01-10", too_late, joined=too_late)
