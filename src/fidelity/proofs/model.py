"""The model: what promises are made of, in core trees, whatever program it was read from.

Knows conditions, amounts and declared kinds. Does not know programs, nor how anything is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal as Exactly
from typing import TypeAlias

from attrs import field, frozen

from fidelity.language.kinds import Kind
from fidelity.language.tree import Literal, Node
from fidelity.proofs.obligation import Value

__all__ = [
    "NO", "NOTHING", "YES", "Access", "Announced", "Assumed", "Combine", "Door", "Earning", "Filter", "Meeting",
    "Model", "Promised", "Rhythm", "Roles", "Unmodelled",
]  # fmt: skip

YES = Literal(value=True)
NO = Literal(value=False)
NOTHING = Literal(0)

Combine: TypeAlias = Exactly["sum", "best", "first"]
#: What a filter is: only ``"filter"`` counts against the budget (principle R2).
Door: TypeAlias = Exactly["filter", "security", "legal"]
#: What is taken for granted in a model of a real program; reports say it in words.
Assumed: TypeAlias = Exactly[
    "lines stay",
    "lines are split too",
    "all of a split purchase earns",
    "one tier for both parts",
    "one after the other",
    "excluded events apart",
    "a period is that of the cap",
]


@frozen(kw_only=True)
class Roles:
    """
    Which fields mean what, by path; empty where the program has no such field.

    Attributes:
        amount: What is paid, in minor units.
        tier: The level that the member has.
        tenure: How long the member has been one: every field that says it (days, months, years).
        day: The day of the event.
        balance: The points that the member could spend.
        late: What means lateness or hardship: a flag, or a number of days.
    """

    amount: str = ""
    tier: str = ""
    tenure: tuple[str, ...] = ()
    day: str = ""
    balance: str = ""
    late: tuple[str, ...] = ()


@frozen(kw_only=True)
class Earning:
    """
    One rule of a group.

    Attributes:
        name: The rule.
        fires: When it applies.
        gives: What it gives then, exactly, before the event is rounded.
        never_opens: Whether the last day on which it is said to hold comes before the first.
        dated: Whether it says a first and a last day.
    """

    name: str
    fires: Node = YES
    gives: Node = NOTHING
    never_opens: bool = False
    dated: bool = False


@frozen(kw_only=True)
class Meeting:
    """
    Rules that meet, and how.

    Attributes:
        name: The group.
        combine: The sum of what fires, the best of it, or the first.
        rules: In order.
        exclusive: Whether at most one of them is meant to fire.
        complete: Whether one of them is meant to fire always.
    """

    name: str
    combine: Combine
    rules: tuple[Earning, ...]
    exclusive: bool = False
    complete: bool = False


@frozen(kw_only=True)
class Filter:
    """
    A condition between having the points and getting the reward.

    Attributes:
        when: What must hold; None where no tree can say it, such as a step to take. Then it counts always.
        door: Only a ``"filter"`` counts against the budget.
        name: What it is called in sentences.
        weight: How many things it asks at once.
    """

    when: Node | None
    door: Door = "filter"
    name: str = ""
    weight: int = 1


@frozen(kw_only=True)
class Access:
    """
    A reward: what it costs, and what stands before it.

    Attributes:
        cost, announced: The points it takes, and those that were published (None: nothing was).
        fee: The money that the member pays for it; None where nothing is said of money.
        wait_days: How long points must have been there before they buy it.
    """

    name: str
    cost: Node
    announced: Node | None = None
    fee: Node | None = None
    filters: tuple[Filter, ...] = ()
    wait_days: int = 0

    @property
    def conditions(self) -> tuple[Node, ...]:
        """What must hold for it, security and legal terms included."""
        return tuple(each.when for each in self.filters if each.when is not None)


@frozen(kw_only=True)
class Rhythm:
    """
    How an ordinary member comes by.

    Attributes:
        every_days: The days between two events.
        horizon_days: How far one looks ahead.
        event: What the ordinary event says, by path; everything else may be as it likes.
        points: What such an event gives once others like it went before; None: as the model says.
        offers: The rewards as this member finds them, who holds all that is alive; None: as the model says.
    """

    every_days: int
    horizon_days: int = 1095
    event: Mapping[str, Value] = field(factory=dict)
    points: Node | None = None
    offers: tuple[Access, ...] | None = None


@frozen(kw_only=True)
class Announced:
    """A rate that was announced: for events within *scope* so many *points*, or at least so many."""

    name: str
    points: Node
    scope: Node = YES
    at_least: bool = False


@frozen(kw_only=True)
class Promised:
    """
    What the owner states about the program; None where nothing was stated, and then nothing is asked.

    Attributes:
        split: How many points buying in two parts may make of difference.
        filters: How many effective filters a reward may have.
        event_points, period_points: The most that one event, and one period, may give.
        period_events, period_cap: How many events a period has at most, and what caps them together.
        grace_days: How long lateness changes nothing.
        point_value: What a point is worth, in minor units.
        yields: Whether a purchase must cost more than its points are worth.
    """

    split: int | None = None
    filters: int | None = None
    event_points: int | None = None
    period_points: int | None = None
    period_events: int | None = None
    period_cap: int | None = None
    grace_days: int = 60
    point_value: Fraction | None = None
    yields: bool = True


@frozen(kw_only=True)
class Unmodelled:
    """A promise that cannot be put as a question: its id, and why. Reports show it as unknown."""

    id: str
    why: str


@frozen(kw_only=True)
class Model:
    """
    What one program says about one kind of event and one wallet, ready to be asked.

    Attributes:
        name: The program.
        on, wallet: The kind of event, and the wallet whose points are meant; for reports.
        mark: What is put behind each id when a program has several models, such as ``"@visit"``; empty of the main one.
        kinds: The declared kind of each field that is read, by path.
        roles: Which fields mean what.
        points: Whole points of one event.
        groups: The rules behind them.
        earns: Whether the program gives anything for such events at all.
        order: The tiers, from low to high.
        next_tier: The place in *order* of the tier that follows; None without tiers.
        burn: Points that the member loses in this state; None where nothing is said of it.
        rewards: What points buy.
        enrol: Who may join; None where nothing is said of it.
        membership_fee: What joining costs; None where nothing is said of it.
        claw: Points that are taken back when the purchase is; None without refunds.
        claw_after_spending: The same of somebody who has spent the points by then; as *claw* unless told.
        base: The base benefit that everyone gets; None where none was promised.
        announced: The published rates.
        expiry_days: After how many days points are gone; None: never.
        rhythm: The pace at which rewards must be within reach.
        promised: The bounds that the owner states.
        between_parts: For each field that a first part of a purchase changes for the second: its value then.
        parts: Further fields that are split when a purchase is: sums over lines.
        plain: What a purchase that is split goes without: points that pay, tax, and whatever else does not earn.
        assuming: What holds of every event that can be.
        links: What ties fields to each other and to nothing else, so that it matters only where all of them are read.
        lines: The sums over lines that fields of this model stand for, by path.
        assumed: What is taken for granted, for reports.
        unmodelled: What cannot be asked, and why.
    """

    name: str = ""
    on: str = "purchase"
    wallet: str = "points"
    mark: str = ""
    kinds: Mapping[str, Kind]
    roles: Roles = Roles()
    points: Node = NOTHING
    groups: tuple[Meeting, ...] = ()
    earns: bool = True
    order: tuple[str, ...] = ()
    next_tier: Node | None = None
    burn: Node | None = None
    rewards: tuple[Access, ...] = ()
    enrol: Node | None = None
    membership_fee: Node | None = None
    claw: Node | None = None
    claw_after_spending: Node | None = None
    base: Node | None = None
    announced: tuple[Announced, ...] = ()
    expiry_days: int | None = None
    rhythm: Rhythm | None = None
    promised: Promised = Promised()
    between_parts: Mapping[str, Node] = field(factory=dict)
    parts: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    assuming: tuple[Node, ...] = ()
    links: tuple[Node, ...] = ()
    lines: Mapping[str, Node] = field(factory=dict)
    assumed: tuple[Assumed, ...] = ()
    unmodelled: tuple[Unmodelled, ...] = ()

    @property
    def rules(self) -> tuple[Earning, ...]:
        """Every rule, in order."""
        return tuple(rule for group in self.groups for rule in group.rules)
