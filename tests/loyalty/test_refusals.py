"""Each refusal is one typed error with a code of its own, and leaves no trace."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import fidelity.errors
from fidelity.commands import (
    Capture,
    Close,
    EndProtection,
    Enroll,
    Extend,
    Forgive,
    Freeze,
    Hold,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Record,
    Redeem,
    Reinstate,
    Transfer,
    Undo,
    Unfreeze,
    Use,
)
from fidelity.commands_of_all import Refer, Resume, Suspend, WithholdReferral
from fidelity.errors import FidelityError, Refused
from fidelity.events import Return
from fidelity.journals import JournalInMemory
from fidelity.ledger.vouchers import voucher_code
from fidelity.loyalty import Loyalty
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.earning.claims import Claims
from fidelity.rules.earning.referrals import ReferralProgram
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.rules.rewards.reward import Reward
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, sale

#: For each refusal, what happened before and what is refused then; ana has 500 points, eva has none.
#: The voucher that comes of the redemption "r".
TEA = voucher_code("ana", "redemption/r")
SCENES = {
    "UnknownMember": ([], Redeem(member="nobody", reward="free coffee", key="k", now=NOON)),
    "AlreadyEnrolled": ([], Enroll(member="ana", customer_since=date(2020, 1, 1), now=NOON)),
    "UnknownReward": ([], Redeem(member="ana", reward="a yacht", key="k", now=NOON)),
    "UnknownHold": ([], Capture(hold="hold/h", key="k", now=NOON)),
    "HoldOver": (
        [Hold(member="ana", points=9, key="h", now=NOON), Capture(hold="hold/h", key="c", now=NOON)],
        Capture(hold="hold/h", key="k", now=NOON),
    ),
    "NotEnoughPoints": ([], Hold(member="ana", points=600, key="k", now=NOON)),
    "NotNow": ([], Redeem(member="ana", reward="tasting", key="k", fields={"channel": "web"}, now=NOON)),
    "UnknownOrigin": ([], Record(event=Return("R", purchase="T-9", member="ana", amount="1 EUR", at=NOON), now=NOON)),
    "UnknownRedemption": ([], Undo(redemption="redemption/r", key="k", now=NOON)),
    "NothingToUndo": (
        [Redeem(member="ana", reward="free coffee", key="r", now=NOON)],
        Undo(redemption="redemption/r", points=121, key="k", now=NOON),
    ),
    "NothingToExtend": ([], Extend(member="ana", until=date(2026, 2, 1), reason="late", key="k", now=NOON)),
    "NothingToReinstate": ([], Reinstate(member="ana", reason="late", key="k", now=NOON)),
    "NothingOwed": ([], Forgive(member="ana", reason="kind", key="k", now=NOON)),
    "AccountFrozen": (
        [Freeze(member="ana", reason="odd", key="f", now=NOON)],
        Redeem(member="ana", reward="free coffee", key="k", now=NOON),
    ),
    "NotFrozen": ([], Unfreeze(member="ana", key="k", now=NOON)),
    "AccountClosed": (
        [Close(member="eva", reason="asked", key="c", now=NOON)],
        bought("T-2", "5.00 EUR", member="eva"),
    ),
    "HoldsStand": (
        [Hold(member="ana", points=9, key="h", now=NOON)],
        Merge(member="ana", into="eva", key="k", now=NOON),
    ),
    "UnknownProtection": ([], EndProtection(member="ana", protection="protection/p", key="k", now=NOON)),
    "NotTransferable": ([], Transfer(member="ana", to="eva", points=9, wallet="stamps", key="k", now=NOON)),
    "InHousehold": (
        [JoinHousehold(member="ana", household="h", key="j", now=NOON)],
        JoinHousehold(member="ana", household="other", key="k", now=NOON),
    ),
    "NotInHousehold": ([], LeaveHousehold(member="ana", key="k", now=NOON)),
    "IdempotencyConflict": (
        [Hold(member="ana", points=9, key="k", now=NOON)],
        Hold(member="ana", points=8, key="k", now=NOON),
    ),
    "OutOfTime": ([], Record(event=sale("T-2", "5.00 EUR", at=NOON + DAY), now=NOON)),
    "ClaimRefused": (
        [],
        Record(event=sale("T-2", "5.00 EUR", at=NOON - 400 * DAY), claim=True, now=NOON),
    ),
    "OutOfStock": ([], Redeem(member="ana", reward="mug", key="k", now=NOON)),
    "UnknownCampaign": ([], Suspend(campaign="spring", reason="odd", key="k", now=NOON)),
    "AlreadySuspended": (
        [Suspend(campaign="autumn", reason="odd", key="s", now=NOON)],
        Suspend(campaign="autumn", reason="odder", key="k", now=NOON),
    ),
    "UnknownInvitation": ([], Enroll(member="ivo", referred_by="invitation/none", now=NOON)),
    "InvitationUsed": (
        [
            Refer(member="ana", key="i", now=NOON),
            Enroll(member="ivo", referred_by="invitation/i", now=NOON),
        ],
        Enroll(member="leo", referred_by="invitation/i", now=NOON),
    ),
    "ReferralOver": (
        [
            Refer(member="ana", key="i", now=NOON),
            WithholdReferral(invitation="invitation/i", reason="same person", key="w", now=NOON),
        ],
        WithholdReferral(invitation="invitation/i", reason="sold", key="k", now=NOON),
    ),
    "SelfReferral": ([], Refer(member="ana", friend_ref="ana", consent=True, key="k", now=NOON)),
    "NotSuspended": ([], Resume(campaign="autumn", key="k", now=NOON)),
    "UnknownVoucher": ([], Use(member="ana", voucher="0000-0000-0000", key="k", now=NOON)),
    "VoucherOver": (
        [
            Redeem(member="ana", reward="tea", key="r", now=NOON),
            Use(member="ana", voucher=TEA, key="u", now=NOON),
        ],
        Use(member="ana", voucher=TEA, key="k", now=NOON),
    ),
    "VersionConflict": ([], bought("T-2", "5.00 EUR")),
}


def shop(**changed):
    wallets = [Wallet("points"), Wallet("stamps", transfers="not at all")]
    earn = [
        *aurora().earn, EarnRule("thanks", points(9), on="referral"),
        Campaign("autumn", [EarnRule("on top", points(1), on="visit")], budget="9 times"),
    ]  # fmt: skip
    rewards = [*aurora().rewards, Reward("mug", cost=10, stock=0), Reward("tea", cost=10, voucher="30 days")]
    return aurora(
        wallets=wallets,
        earn=earn,
        rewards=rewards,
        referrals=ReferralProgram(),
        claims=[Claims("12 months")],
        **changed,
    )


def opening():
    return [*joined("ana", "eva"), bought("T-1", "500.00 EUR")]


def everything(journal):
    """All that stands in the journal: its lines, and the keys that can never be used again."""
    if isinstance(journal, JournalInMemory):
        keys = {key for _, key in journal._applied}
    else:
        with journal._engine.connect() as connection:
            keys = {key for (key,) in connection.exec_driver_sql("SELECT key FROM fidelity_applied")}
    return journal.read(limit=100_000), keys


def kinds_of(error):
    for each in error.__subclasses__():
        yield each
        yield from kinds_of(each)


ROOT = Path(__file__).parents[2]


def raised_in(folder, name):
    return any(re.search(rf"\b{name}\b", each.read_text("utf-8")) for each in sorted((ROOT / folder).rglob("*.py")))


def test_every_refusal_has_a_scene_and_a_code_of_its_own():
    refusals = [each for each in kinds_of(Refused) if each.__module__.startswith("fidelity.errors")]
    codes = [
        each.code for each in (FidelityError, *kinds_of(FidelityError)) if each.__name__ in fidelity.errors.__all__
    ]

    named = {each.__name__ for each in refusals}
    human = {name for name in named - set(SCENES) if raised_in("src/fidelity/care", name)}
    assert sorted(named - human) == sorted(SCENES)
    # Those of the human side have their scenes beside its rooms.
    assert [name for name in sorted(human) if not raised_in("tests/care", name)] == []
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("name", SCENES)
def test_what_is_refused_leaves_no_trace(journal, name):
    before, command = SCENES[name]
    Loyalty(shop(), journal=journal).execute([*opening(), *before])
    stood = everything(journal)
    desk = Loyalty(shop(expiry="6 months") if name == "VersionConflict" else shop(), journal=journal)

    with pytest.raises(Refused) as caught:
        desk.execute([command])

    assert type(caught.value) is getattr(fidelity.errors, name)
    assert everything(journal) == stood


@pytest.mark.parametrize("name", [each for each in SCENES if each != "VersionConflict"])
def test_what_is_refused_among_others_leaves_what_the_others_had_left_without_it(journal, name):
    before, command = SCENES[name]
    first, last = bought("A", "1.00 EUR"), bought("B", "1.00 EUR")
    desk, without = Loyalty(shop(), journal=journal), Loyalty(shop())
    for each in (desk, without):
        each.execute([*opening(), *before])

    _, refusal, _ = desk.execute([first, command, last], on_refusal="return")
    without.execute([first, last])

    assert type(refusal) is getattr(fidelity.errors, name)
    assert everything(journal) == everything(without.journal)
    assert desk.export("ana", at=NOON) == without.export("ana", at=NOON)
