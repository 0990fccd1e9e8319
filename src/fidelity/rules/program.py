"""The program: the rulebook, written once and read in every way.

A frozen value. It checks itself when it is made: whatever is wrong comes in one error with every problem, and no
program with paid access or excessive filters can exist. Everything else it can do is delegated to a room of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from attrs import field, fields, frozen

from fidelity.errors import ExcessiveFiltersError, PaidAccessError, Problem, ProgramError
from fidelity.events import Event
from fidelity.facts import NOTHING_KNOWN, Facts
from fidelity.language.declare import CustomEvent, Fields
from fidelity.language.tree import Node
from fidelity.rules import converting
from fidelity.rules.earning.campaigns import Campaign, campaigns_by_rule, flat
from fidelity.rules.earning.claims import Claims, claims
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, MeasureTerms
from fidelity.rules.earning.milestones import Milestone, milestones
from fidelity.rules.earning.referrals import ReferralProgram
from fidelity.rules.earning.rules import EarnRule, Group, Wallet, groups_by_kind, groups_of
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards.discounts import Discount, discounts
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import FilterBudget, Reward
from fidelity.rules.rewards.vouchers import Conversion
from fidelity.rules.selling import Selling
from fidelity.rules.spelled import Spelled
from fidelity.rules.tabled import Tabled
from fidelity.rules.tiers.service import Service, services
from fidelity.rules.tiers.tier_set import TierSet
from fidelity.rules.words import Words, tongue, words
from fidelity.values.expiry import Expiry, expiry
from fidelity.values.money import Money, minor_digits
from fidelity.values.zones import zone

if TYPE_CHECKING:
    from fidelity.rules.audit import Audit
    from fidelity.rules.details import Detail
    from fidelity.rules.evaluation import Evaluation
    from fidelity.rules.lowering import Lowering
    from fidelity.rules.plan import KindPlan
    from fidelity.rules.rewards.redemption import Unmet
    from fidelity.rules.saying.standing import Stands
    from fidelity.rules.schemas import Declarations

__all__ = ["Program"]

Charge = Money | str | int | None
NEVER = expiry("never")


@frozen(slots=False, kw_only=True)
class Program(Selling, Spelled, Tabled):
    """
    The rulebook of one loyalty program.

    Args:
        name: Its name.
        version: Its version; a changed program needs another.
        currency: The ISO 4217 code of its amounts.
        timezone: Whose clock says when a day ends, such as ``"Europe/Madrid"``.
        effective: The local day from which this version holds, such as ``"2026-06-01"``; from the beginning unless
            told. With ``Loyalty([old, new])`` each version decides what happened while it held.
        earn: `EarnRule`, `Group` and `Campaign`, in order.
        tiers: The levels, if it has any.
        minimum_standard: The service that everyone is promised, ``Service("wait", most="10 minutes")``: no tier goes
            below it.
        rewards: What points buy.
        conversions: Which points become vouchers at the end of each period.
        expiry: How long points last, such as ``"12 months"``; ``"never"`` unless told.
        measures: The measures that conditions read.
        wallets: Point currencies beside the main one, and the main one, ``"points"``, when it has terms of its own.
        events, fields: The host's own events, and its own fields of purchases, lines and members.
        excludes: Conditions on the event, or on a line, under which it never earns.
        basis_without: Parts of a purchase that do not earn: ``"tax"``, ``"shipping"``, ``"tip"``.
        points_part: What earns when points pay part of a purchase: what is left ``"after"`` that part, all of it, as
            ``"before"``, or ``"nothing"`` of the purchase.
        order_discount: What a discount on the whole order does to rules on lines: ``"prorate"`` takes its share off
            each line; with ``"lines in scope"`` a line counts for what it says.
        cap: The most that the program gives, all groups together.
        rounding: How the sum of an event is made whole: ``"floor"``, ``"half even"``, ``"half up"``, ``"ceil"``.
        rounded: What is made whole: the points of an event, ``"once"``, or of each rule or line by itself:
            ``"per rule"``, ``"per line"``.
        multiplied: What a multiplier scales: the ``"whole points"`` of its group, or the ``"exact amount"`` before.
        multipliers: How several multipliers of one group meet: ``"add"``, ``"compound"``, ``"best"``.
        milestones: What members are told when a balance or a measure comes to a value.
        claims: Until when members may claim what was not recorded; without it nothing older than 90 days is.
        filter_budget: How many effective filters a reward may have.
        published, pace, base_benefit, limits, waivers: What it publishes about itself, for proofs.
        assume: Conditions that hold of every event. Proofs count on them; an event that is otherwise is refused.
        referrals: When a referral counts; the gifts are rules ``on="referral"`` and ``on="referred"``.
        discounts: Money off a sale, in order, each of what the ones before left.
        words: What its names are called in other languages: ``{"es": {"a card": "una tarjeta"}}``; of what is
            counted, one and many: ``("vale", "vales")``.
        address: How Spanish addresses the members: ``"tú"`` or ``"usted"``.
        membership_fee, card_fee, transfer_fee, reinstatement_fee: There so that a program that charges for access is
            refused by name; nothing but None or zero is ever accepted.

    Raises:
        ProgramError: If it cannot stand; `.problems` lists everything.
        PaidAccessError: If members would pay for access to rewards.
        ExcessiveFiltersError: If a reward has more filters than its budget.
    """

    name: str = field(kw_only=False)
    version: str
    currency: str
    timezone: str
    earn: tuple[EarnRule | Group | Campaign, ...] = field(converter=converting.earn)
    tiers: TierSet | None = None
    minimum_standard: tuple[Service, ...] = field(default=(), converter=services)
    rewards: tuple[Reward | Payment, ...] = field(default=(), converter=converting.rewards)
    conversions: tuple[Conversion, ...] = field(default=(), converter=converting.conversions)
    expiry: Expiry = field(default=NEVER, converter=expiry)
    measures: tuple[Measure, ...] = field(
        default=(), converter=converting.measures, eq=converting.same_measures, hash=False
    )
    wallets: tuple[Wallet, ...] = field(default=(), converter=converting.wallets)
    events: tuple[type[CustomEvent], ...] = field(default=(), converter=converting.events, eq=converting.same_declared)
    fields: tuple[type[Fields], ...] = field(default=(), converter=converting.fields, eq=converting.same_declared)
    excludes: tuple[Node, ...] = field(default=(), converter=converting.excludes)
    basis_without: tuple[str, ...] = field(default=(), converter=converting.texts)
    points_part: Literal["after", "before", "nothing"] = "after"
    order_discount: Literal["prorate", "lines in scope"] = "prorate"
    cap: Cap | None = None
    rounding: Literal["floor", "half even", "half up", "ceil"] = "floor"
    rounded: Literal["once", "per rule", "per line"] = "once"
    multiplied: Literal["whole points", "exact amount"] = "whole points"
    multipliers: Literal["add", "compound", "best"] = "add"
    milestones: tuple[Milestone, ...] = field(default=(), converter=milestones)
    claims: tuple[Claims, ...] = field(default=(), converter=claims)
    filter_budget: FilterBudget = field(default=FilterBudget(), converter=converting.budget)
    published: tuple[Published, ...] = field(default=(), converter=converting.published)
    pace: Pace | None = None
    base_benefit: Node | None = field(default=None, converter=converting.base_benefit)
    limits: Limits = field(default=Limits())
    waivers: tuple[Waiver, ...] = field(default=(), converter=converting.waivers)
    assume: tuple[Node, ...] = field(default=(), converter=converting.excludes)
    referrals: ReferralProgram | None = None
    discounts: tuple[Discount, ...] = field(default=(), converter=discounts)
    words: Words = field(default=None, converter=words, hash=False)
    address: Literal["tú", "usted"] = "tú"
    effective: date | None = field(default=None, converter=converting.effective)
    membership_fee: Charge = field(default=None, eq=False, repr=False)
    card_fee: Charge = field(default=None, eq=False, repr=False)
    transfer_fee: Charge = field(default=None, eq=False, repr=False)
    reinstatement_fee: Charge = field(default=None, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        from fidelity.rules.checking import problems_of

        refuse(problems_of(self), title=self.name)

    def __hash__(self) -> int:
        # Equal programs share name and version; the parts need no hash of their own.
        return hash((self.name, self.version))

    def __getstate__(self) -> dict[str, Any]:
        # What was worked out of it stays behind: elsewhere its parts would no longer be the same objects.
        return {each.name: getattr(self, each.name) for each in fields(Program)}

    def __repr__(self) -> str:
        return f"<Program {self.name} {self.version}: {len(self.rules)} rules, {len(self.rewards)} rewards>"

    # -- parts, by name

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups; a rule outside a group forms its own."""
        return groups_of(flat(self.earn))

    @cached_property
    def rules(self) -> tuple[EarnRule, ...]:
        """Every earning rule, in order."""
        return tuple(rule for group in self.groups for rule in group.rules)

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """The campaigns, in order."""
        return tuple(each for each in self.earn if isinstance(each, Campaign))

    @cached_property
    def campaign_by_rule(self) -> Mapping[str, Campaign]:
        """The campaign of each rule that belongs to one, by the name of the rule."""
        return campaigns_by_rule(self.campaigns)

    @cached_property
    def rewards_by_name(self) -> Mapping[str, Reward | Payment]:
        """The rewards by their names."""
        return {each.name: each for each in self.rewards}

    @property
    def measure_terms(self) -> tuple[MeasureTerms, ...]:
        """The measures as values."""
        return tuple(each.terms for each in self.measures)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone whose clock says when a day ends."""
        return zone(self.timezone)

    @property
    def first_tier(self) -> str:
        """The tier of a new member; empty when there are no tiers."""
        return self.tiers.names[0] if self.tiers is not None else ""

    @property
    def minor_digits(self) -> int:
        """How many decimals the currency has."""
        return minor_digits(self.currency)

    @property
    def has_anniversaries(self) -> bool:
        """Whether any rule is about anniversaries."""
        return any(each.on == "anniversary" for each in self.rules)

    @property
    def has_birthdays(self) -> bool:
        """Whether any rule is about birthdays."""
        return any(each.on == "birthday" for each in self.rules)

    @property
    def charges(self) -> tuple[tuple[str, Charge], ...]:
        """What members are asked to pay: ``(clause, amount)``; empty in every program that exists."""
        asked = (
            ("membership_fee", self.membership_fee), ("card_fee", self.card_fee),
            ("transfer_fee", self.transfer_fee), ("reinstatement_fee", self.reinstatement_fee),
        )  # fmt: skip
        return tuple((clause, value) for clause, value in asked if value is not None)

    # -- what it reads

    @cached_property
    def declared(self) -> Declarations:
        """The fields that its conditions may read."""
        from fidelity.rules.schemas import Declarations

        return Declarations(
            currency=self.currency,
            events=self.events,
            fields=self.fields,
            measures=self.measure_terms,
            tiers=self.tiers,
            groups=groups_by_kind(self.groups),
        )

    @cached_property
    def lowering(self) -> Lowering:
        """The reading of its rules as core trees."""
        from fidelity.rules.lowering import Lowering

        return Lowering(self, self.declared)

    @cached_property
    def _plans(self) -> dict[str, KindPlan]:
        return {}

    def plan(self, kind: str = "purchase") -> KindPlan:
        """The core trees for events of *kind*: what every rule, group and wallet gives."""
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._plans[kind] = self.lowering.kind(kind)
        return plan

    # -- readings

    def evaluate(self, event: Event, facts: Facts = NOTHING_KNOWN) -> Evaluation:
        """
        What the program says about *event*, with reasons.

        Args:
            event: What happened.
            facts: What is known of the member: ``account.facts(event.at)``.

        Raises:
            EventError, FactsError, MoneyError: If the event or the facts do not fit the program.
        """
        # What was made for its kind before needs no further look.
        known = self._evaluators.get(event.kind) if isinstance(event, Event) else None
        if known is not None:
            return known(event, facts)
        from fidelity.rules.running import evaluate

        return evaluate(self, event, facts)

    @cached_property
    def _evaluators(self) -> dict[str, Callable[[Event, Facts], Evaluation]]:
        return {}

    def points_of(self, event: Event, facts: Facts = NOTHING_KNOWN) -> int:
        """The whole points of *event* for the main wallet, and nothing else: the quickest answer."""
        decide = self._deciders.get(event.kind)
        return self.decider(event.kind)(event, facts) if decide is None else decide(event, facts)

    @cached_property
    def _deciders(self) -> dict[str, Callable[[Any, Facts], int]]:
        return {}

    def decider(self, kind: str = "purchase", *, rows: bool = False) -> Callable[[Any, Facts], int]:
        """
        The generated function ``(event, facts) -> points`` for one kind of event.

        Args:
            rows: Whether it takes plain dicts of base values by field name instead of events.
        """
        from fidelity.rules.running import decider

        made = decider(self, kind, rows=rows)
        if not rows:
            self._deciders[kind] = made
        return made

    @cached_property
    def _details(self) -> dict[str, tuple[Detail, Callable[[Event, Facts], tuple[int, ...]]]]:
        return {}

    @cached_property
    def _desires(self) -> dict[str, Any]:
        return {}

    def desired_by_rule(self, event: Event, facts: Facts) -> Mapping[str, Fraction]:
        """What each rule with a cap of its own would give without it."""
        from fidelity.rules.running import desired_by_rule

        if not any(rule.cap is not None for rule in self.rules) and not self.campaigns:
            return {}
        made = self._desires.get(event.kind) or self._desires.setdefault(event.kind, desired_by_rule(self, event.kind))
        names, overs, decide = made
        found = zip(names, overs, decide(event, facts) if names else (), strict=True)
        return {name: Fraction(value, over) for name, over, value in found}

    def unmet(
        self,
        reward: str,
        facts: Facts,
        *,
        at: datetime,
        balance: int,
        channel: str = "",
        basket: Money | None = None,
        **more: Any,  # noqa: ANN401 -- the other fields of a redemption
    ) -> tuple[Unmet, ...]:
        """
        The filters of *reward* that say no at this moment, each with what it asks.

        Further ``fields=``, the host's own, and ``quantity=``; ``using=True`` asks what a voucher asks when it is used.
        """
        from fidelity.rules.rewards.redemption import unmet

        return unmet(self, reward, facts, at=at, balance=balance, channel=channel, basket=basket, **more)

    def audit(self) -> Audit:
        """Findings about the program: its evaluation class, and what a careful reader would ask about."""
        from fidelity.rules.audit import audit

        return audit(self)

    def tongue(self, language: str) -> str:
        """*language* together with what the program calls its own things in it, for whatever says something in it."""
        return tongue(self, language)

    def explain_standing(self, standing: Stands, language: str = "en") -> str:
        """How a member stands, ``loyalty.status(member)``, in words: each part of the score, and what is missing."""
        from fidelity.rules.saying.standing import explain_standing

        return explain_standing(self, standing, language)

    def explain(self, language: str = "en") -> str:
        """The program as printed terms, in the reader's language."""
        from fidelity.rules.saying.program import explain_program

        return explain_program(self, language)


def refuse(problems: list[Problem], *, title: str) -> None:
    """Raise the one error that carries *problems*, if there are any."""
    if not problems:
        return
    codes = {each.code for each in problems}
    if "paid access" in codes:
        raise PaidAccessError(problems, title=title)
    if "excessive filters" in codes:
        raise ExcessiveFiltersError(problems, title=title)
    raise ProgramError(problems, title=title)
