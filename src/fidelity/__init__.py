"""Customer loyalty and customer experience: write a program once, run it everywhere, prove it fair.

The front door: about forty names and nothing else. Rooms behind it are named for what they hold; the shells
(`Loyalty`, journals, files) open when they are first asked for, so that writing programs stays light.
"""

from typing import TYPE_CHECKING, Any

from fidelity.errors import FidelityError, PaidAccessError, ProgramError
from fidelity.events import Confirmation, Feedback, Line, Participation, Purchase, Referral, Return, Visit
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent, Fields, amount, choice, code, day, flag, instant, tags, whole
from fidelity.language.fields import feedback, line, lines, member, participation, purchase, redemption, visit
from fidelity.language.numbers import case, greatest, least
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.earning.claims import Claims
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, count, streak, total
from fidelity.rules.earning.milestones import Milestone
from fidelity.rules.earning.referrals import ReferralProgram
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.program import Program
from fidelity.rules.rewards.discounts import Discount, off
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.rewards.vouchers import Conversion
from fidelity.rules.tiers.service import Service
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship
from fidelity.values.decay import Decay
from fidelity.values.money import Money, money

if TYPE_CHECKING:
    from fidelity import journey as journey
    from fidelity.care.policy import CarePolicy
    from fidelity.care_desk import AsyncCare, Care
    from fidelity.journals import AsyncSqlJournal, Journal, SqlJournal, SqlMembers
    from fidelity.loyalty import AsyncLoyalty, Loyalty
    from fidelity.members import Member
    from fidelity.program_files import load
    from fidelity.prospects import Prospect
    from fidelity.proving import diff, prove
    from fidelity.replays import replay
    from fidelity.reports import report
    from fidelity.simulation import simulate

__version__ = "0.1.0"

__all__ = [
    "AsyncCare",
    "AsyncLoyalty",
    "AsyncSqlJournal",
    "Campaign",
    "Cap",
    "Care",
    "CarePolicy",
    "Claims",
    "Confirmation",
    "Conversion",
    "CustomEvent",
    "Decay",
    "Discount",
    "EarnRule",
    "Facts",
    "Feedback",
    "FidelityError",
    "Fields",
    "Group",
    "Journal",
    "Line",
    "Loyalty",
    "Measure",
    "Member",
    "Milestone",
    "Money",
    "PaidAccessError",
    "Participation",
    "Payment",
    "Program",
    "ProgramError",
    "Prospect",
    "Purchase",
    "Referral",
    "ReferralProgram",
    "Return",
    "Reward",
    "Service",
    "SqlJournal",
    "SqlMembers",
    "Tier",
    "TierSet",
    "Visit",
    "Wallet",
    "amount",
    "case",
    "choice",
    "code",
    "count",
    "day",
    "diff",
    "feedback",
    "flag",
    "greatest",
    "instant",
    "least",
    "line",
    "lines",
    "load",
    "member",
    "money",
    "off",
    "participation",
    "points",
    "prove",
    "purchase",
    "rate",
    "redemption",
    "relationship",
    "replay",
    "report",
    "simulate",
    "streak",
    "tags",
    "times",
    "total",
    "visit",
    "whole",
]

_SHELLS = {
    "AsyncCare": "fidelity.care_desk",
    "AsyncLoyalty": "fidelity.loyalty",
    "AsyncSqlJournal": "fidelity.journals",
    "Care": "fidelity.care_desk",
    "CarePolicy": "fidelity.care",
    "Journal": "fidelity.journals",
    "Loyalty": "fidelity.loyalty",
    "Member": "fidelity.members",
    "Prospect": "fidelity.prospects",
    "SqlJournal": "fidelity.journals",
    "SqlMembers": "fidelity.journals",
    "load": "fidelity.program_files",
    "prove": "fidelity.proving",
    "diff": "fidelity.proving",
    "replay": "fidelity.replays",
    "report": "fidelity.reports",
    "simulate": "fidelity.simulation",
}


#: Rooms beside the engine, opened when they are first asked for.
_ROOMS = frozenset({"journey"})


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever the shell is
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"fidelity.{name}")
    room = _SHELLS.get(name)
    if room is None:
        message = f"module 'fidelity' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(room), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
