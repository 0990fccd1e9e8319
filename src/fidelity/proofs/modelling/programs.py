"""A program as models: its rules as they were lowered, with its tiers, rewards, refunds and what it states."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.errors import Problem, ProgramError
from fidelity.language.kinds import Amount, Day, Flag, Kind
from fidelity.language.tree import Case, Extreme, Field, Node, fields_of
from fidelity.proofs.model import NOTHING, YES, Announced, Assumed, Earning, Meeting, Model, Promised, Roles, Unmodelled
from fidelity.proofs.modelling.books import counted_between, tier_kinds
from fidelity.proofs.modelling.happening import LINES, Happening, tenure_links
from fidelity.proofs.modelling.levels import following
from fidelity.proofs.modelling.lives import alive_days, fades_between
from fidelity.proofs.modelling.offers import offers
from fidelity.proofs.modelling.pacing import rhythm_of
from fidelity.rules.basis import PARTS_OF_LINES
from fidelity.rules.earning.rules import MAIN_WALLET, Wallet
from fidelity.rules.plan import GroupPlan, KindPlan, RulePlan

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["model_of", "models_of"]

_TIER = "member.tier"
_PENDING = "refund.pending"
_TENURE = ("member.tenure_days", "member.tenure_months", "member.tenure_years")
_FADES = "some points fade between two events of the pace, and nobody counts what is left of them"
_PARTS = (*PARTS_OF_LINES, "tax", "shipping", "tip")


def models_of(
    program: Program, *, late: Iterable[str] = (), point_value: Fraction | int | None = None
) -> tuple[Model, ...]:
    """
    Everything that can be asked of *program*: a model for each kind of event and wallet about which it has rules.

    The first is the main one: its ids carry no mark, and it alone is asked about tiers and about joining. Rewards are
    asked about in the first model of their wallet.

    Args:
        late, point_value: As of `model_of`.
    """
    pairs = _pairs(program)
    late = tuple(late)
    return tuple(model_of(program, on, wallet, late=late, point_value=point_value) for on, wallet in pairs)


def model_of(
    program: Program,
    on: str = "",
    wallet: str = "",
    *,
    late: Iterable[str] = (),
    point_value: Fraction | int | None = None,
) -> Model:
    """
    What *program* says about one kind of event and one wallet.

    Args:
        on: The kind of event; the main one unless told: purchases, if they earn.
        wallet: Whose points; the main wallet unless told, or the first that the events fill.
        late: The declared fields of the member that mean lateness or hardship, by path.
        point_value: What a point is worth in minor units, if that is stated: then no purchase may pay for itself.

    Raises:
        ProgramError: If the program has no rule about such events.
    """
    pairs = _pairs(program)
    chosen = next((each for each in pairs if each[0] == (on or each[0]) and each[1] == (wallet or each[1])), None)
    if chosen is None:
        message = f"no rule is about a {on or 'purchase'} that fills the wallet {wallet or MAIN_WALLET}"
        raise ProgramError([Problem("earn", message, "ask about events that earn")], title=program.name)
    return _Modelling(program, *chosen, pairs, tuple(late), point_value).model()


def _pairs(program: Program) -> list[tuple[str, str]]:
    """The kinds of event that rules are about, with the wallets that they fill, the main pair first."""
    kinds = dict.fromkeys(rule.on for rule in program.rules)
    found = [(kind, wallet) for kind in kinds for wallet in program.plan(kind).totals]
    giving = [(kind, wallet) for kind, wallet in found if program.plan(kind).totals[wallet] != NOTHING]
    main = next((each for each in (("purchase", MAIN_WALLET), *giving) if each in giving), None)
    return sorted(found, key=lambda pair: pair != main)


class _Modelling:
    """Makes one model."""

    def __init__(  # noqa: PLR0917 -- what a model is made of
        self,
        program: Program,
        on: str,
        wallet: str,
        pairs: list[tuple[str, str]],
        late: tuple[str, ...],
        point_value: Fraction | int | None,
    ) -> None:
        self.program, self.on, self.wallet, self.late = program, on, wallet, late
        self.point_value = None if point_value is None else Fraction(point_value)
        self.main = (on, wallet) == pairs[0]
        self.owns_rewards = (on, wallet) == next(each for each in pairs if each[1] == wallet)
        self.plan: KindPlan = program.plan(on)
        self.event = Happening(program, self.plan)

    def model(self) -> Model:
        """The model."""
        program, points = self.program, self.event.numbered(self.plan.totals[self.wallet])
        groups = tuple(self._meetings())
        tiers = following(program) if self.main else None
        claw, after = self._refund(points)
        rewards = offers(program, self.wallet) if self.owns_rewards else ()
        expiry = self._terms().expiry or program.expiry
        fading = program.pace is not None and bool(rewards) and fades_between(self._terms(), program.pace)
        base, announced = self._base(), tuple(self._announced())
        between = {path: self.event.numbered(node) for path, node in counted_between(self.plan, points).items()}
        mark = "" if self.main else f"@{self.on}" + ("" if self.wallet == MAIN_WALLET else f"/{self.wallet}")
        kinds = self._kinds()
        return Model(
            name=program.name,
            on=self.on,
            wallet=self.wallet,
            mark=mark,
            kinds=kinds,
            roles=self._roles(kinds),
            points=points,
            groups=groups,
            earns=points != NOTHING,
            order=program.tiers.names if program.tiers is not None else (),
            next_tier=tiers,
            burn=NOTHING if self.main else None,
            rewards=rewards,
            enrol=YES if self.main else None,
            membership_fee=NOTHING if self.main else None,
            claw=claw,
            claw_after_spending=after,
            base=base,
            announced=announced,
            expiry_days=alive_days(expiry, self._terms(), program.pace),
            rhythm=None if fading or not self.owns_rewards else rhythm_of(program, self.event, points, rewards),
            promised=self._promised(),
            between_parts=between,
            parts=self._split(points),
            plain=self._plain(points),
            links=(*self.event.links, *tenure_links()),
            lines=self.event.lines,
            assumed=self._assumed(points, between),
            unmodelled=(Unmodelled(id="P3.pace", why=_FADES),) if fading else (),
        )

    # -- the event

    def _kinds(self) -> dict[str, Kind]:
        kinds = {**self.program.declared.redemption().kinds, **self.plan.schema.kinds, **self.event.kinds}
        return {**kinds, **tier_kinds(self.program), _PENDING: Flag()}

    def _roles(self, kinds: dict[str, Kind]) -> Roles:
        own = [path for path, kind in self.plan.schema.kinds.items() if path.startswith(f"{self.on}.")]
        amounts = [path for path in own if isinstance(kinds[path], Amount)]
        amount = "purchase.amount" if self.on == "purchase" else amounts[0] if len(amounts) == 1 else ""
        day = f"{self.on}.date"
        return Roles(
            amount=amount,
            tier=_TIER if self.program.tiers is not None else "",
            tenure=(*_TENURE, *([f"{self.on}.years"] if self.on == "anniversary" else [])),
            day=day if isinstance(kinds.get(day), Day) else "",
            balance="redemption.balance",
            late=self.late,
        )

    def _split(self, points: Node) -> tuple[str, ...]:
        """What else is split when a purchase is: the sums over lines that do not only lessen what earns."""
        return tuple(path for path in fields_of(self.event.without_basis(points)) if path.startswith(LINES))

    def _plain(self, points: Node) -> tuple[str, ...]:
        """What a purchase that is split goes without: what lessens its amount before it earns."""
        split, parts = self._split(points), [f"{self.on}.{name}" for name in _PARTS]
        return tuple(
            path for path in fields_of(points) if path in parts or (path.startswith(LINES) and path not in split)
        )

    def _assumed(self, points: Node, between: dict[str, Node]) -> tuple[Assumed, ...]:
        read = fields_of(points)
        found: list[Assumed] = []
        if any(path.startswith(LINES) for path in read):
            found.append("lines stay")
        if self._split(points):
            found.append("lines are split too")
        if self._plain(points):
            found.append("all of a split purchase earns")
        if _TIER in read:
            found.append("one tier for both parts")
        if between:
            found.append("one after the other")
        if self.plan.excluded is not None:
            found.append("excluded events apart")
        if self._promised().period_cap is not None:
            found.append("a period is that of the cap")
        return tuple(found)

    # -- the rules

    def _meetings(self) -> Iterable[Meeting]:
        plans = {each.rule.name: each for each in self.plan.rules}
        for group in self.plan.groups:
            if group.wallet != self.wallet:
                continue
            yield self._meeting(group, plans)
            if group.multipliers:
                rules = tuple(self._earning(plans[name]) for name in group.multipliers)
                yield Meeting(name=f"{group.name}, multiplied", combine="sum", rules=rules)

    def _meeting(self, group: GroupPlan, plans: dict[str, RulePlan]) -> Meeting:
        # Where multipliers of other groups compete, `stands` says which counts; none of them hides another by itself.
        how = "sum" if group.contested else group.combine
        rules = tuple(self._earning(plans[name]) for name in group.rules)
        return Meeting(name=group.name, combine=how, rules=rules)  # type: ignore[arg-type]  # one of three texts

    def _earning(self, plan: RulePlan) -> Earning:
        return Earning(
            name=plan.rule.name,
            fires=self.event.numbered(plan.fires),
            gives=self.event.numbered(plan.value),
            dated=plan.rule.during is not None,
        )

    # -- what it states

    def _base(self) -> Node | None:
        stated = self.program.base_benefit
        if stated is None or not self.main or self.on != "purchase":
            return None
        return self._unless_excluded(self.event.stated(stated))

    def _announced(self) -> Iterable[Announced]:
        for each in self.program.published:
            if each.on == self.on and self.wallet == MAIN_WALLET:
                yield Announced(
                    name=each.name,
                    points=self._unless_excluded(self.event.stated(each.points)),
                    scope=YES if each.when is None else self.event.condition(each.when),
                    at_least=each.at_least,
                )

    def _unless_excluded(self, stated: Node) -> Node:
        """What is stated of events that the terms do not exclude: of those the terms say themselves that none earns."""
        excluded = self.plan.excluded
        if excluded is None or any(not path.startswith(f"{self.on}.") for path in fields_of(excluded)):
            return stated
        return Case(((self.event.numbered(excluded), NOTHING),), stated)

    def _promised(self) -> Promised:
        limits, cap = self.program.limits, self.program.cap
        over_time = cap is not None and cap.per is not None and isinstance(cap.most, int)
        main = self.wallet == MAIN_WALLET
        return Promised(
            split=limits.split,
            filters=self.program.filter_budget.most,
            event_points=limits.event_points if main else None,
            period_points=limits.period_points if self.main else None,
            period_cap=cap.most if over_time and cap is not None and isinstance(cap.most, int) else None,
            grace_days=60 if limits.grace_days is None else limits.grace_days,
            point_value=self.point_value,
        )

    # -- refunds

    def _terms(self) -> Wallet:
        return next((each for each in self.program.wallets if each.name == self.wallet), Wallet(self.wallet))

    def _refund(self, points: Node) -> tuple[Node | None, Node | None]:
        """What a return takes back, and what of it from somebody who spent the points; only purchases come back."""
        if self.on != "purchase" or points == NOTHING:
            return None, None
        match self._terms().clawback:
            case "within balance":
                return points, Extreme("min", (points, NOTHING))
            case "only pending" if self._terms().pending is not None:
                waiting = Case(((Field(_PENDING), points),), NOTHING)
                return waiting, waiting
            case "only pending":
                return NOTHING, NOTHING
        return points, points
