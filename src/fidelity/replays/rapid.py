"""Rapid: the clerk that decides for a replay, as the books' own does, without what nobody reads afterwards.

No canonical text, no hash, no reasons: an event and what was known stay as they are until a return asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve

from fidelity.commands import Command, Enroll, Record
from fidelity.entries import Entry
from fidelity.events import Confirmation, Event, Purchase, Return
from fidelity.ledger import Account, Decided, decisions
from fidelity.ledger.campaigns import CampaignState
from fidelity.ledger.invitations import InvitationState
from fidelity.ledger.receipts import EarnReceipt
from fidelity.ledger.stock import StockState
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.given import vouchers_of
from fidelity.loyalty.identity import Asked
from fidelity.loyalty.shared import Shared, campaign_stream, stock_stream
from fidelity.loyalty.shared_cache import SharedCache
from fidelity.rules.evaluation import Evaluation

__all__ = ["Later", "Rapid", "SharedHere", "asked_of"]


class Later(Mapping[str, Any]):
    """Plain data that is made when somebody reads it."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make: Callable[[], Mapping[str, Any]] | None = make
        self._made: Mapping[str, Any] = {}

    def _plain(self) -> Mapping[str, Any]:
        if self._make is not None:
            self._made, self._make = self._make(), None
        return self._made

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- plain data
        return self._plain()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain())

    def __len__(self) -> int:
        return len(self._plain())


def asked_of(command: Command, now: datetime, event_to_plain: Callable[[Event], Mapping[str, Any]]) -> Asked:
    """*command* with what the decisions ask of it: neither a hash nor a text."""
    if isinstance(command, Record):
        event = command.event
        payload = {"event": Later(lambda: event_to_plain(event))}
        order = ""
        if isinstance(event, Purchase) and event.order not in ("", event.id):
            order = f"record/purchase/{event.order}"
        origin = f"record/purchase/{event.purchase}" if isinstance(event, Return | Confirmation) else ""
        return Asked(command, now, f"record/{command.key}", payload, "", event.member, "", origin, order)
    named: str = getattr(command, "key", "")
    key = named if isinstance(command, Enroll) else f"key/{named}"
    return Asked(command, now, key, {}, "", getattr(command, "member", ""))


class SharedHere(Shared):
    """What all members share, in memory: a stream that nobody touched yet is as at first."""

    def __init__(self, program: str) -> None:
        super().__init__(program, SharedCache(), lock=False)
        self._states: dict[str, CampaignState | InvitationState | StockState] = {}

    def campaign(self, name: str) -> CampaignState:
        """The campaign *name*."""
        found = self._states.get(campaign_stream(name))
        return found if isinstance(found, CampaignState) else CampaignState()

    def invitation(self, name: str) -> InvitationState:
        """The invitation *name*."""
        found = self._states.get(name)
        return found if isinstance(found, InvitationState) else InvitationState()

    def stock(self, reward: str) -> StockState | None:
        """The stock of *reward*."""
        found = self._states.get(stock_stream(reward))
        return found if isinstance(found, StockState) else StockState()

    def post(self, stream: str, entries: tuple[Entry, ...]) -> None:
        """Add *entries* to *stream*."""
        owner, _, name = stream.partition("/")
        before: CampaignState | InvitationState | StockState | None
        match owner:
            case "campaign":
                before = self.campaign(name)
            case "invitation":
                before = self.invitation(stream)
            case _:
                before = self.stock(name)
        assert before is not None  # noqa: S101  (each of them begins with something)
        self._states[stream] = before.after(entries)


class Rapid(Clerk):
    """
    The clerk of a replay.

    Attributes:
        explained: What each event came to, if somebody asks; who reads it takes it away.
    """

    explained: dict[str, Evaluation] | None = None

    def record(
        self,
        account: Account,
        event: Event,
        plain: Mapping[str, Any],
        now: datetime,
        shared: Mapping[str, int] | None = None,
        *,
        claimed: bool = False,
    ) -> tuple[tuple[Entry, ...], EarnReceipt]:
        """What *event*, *plain* as data, comes to; no reasons are worked out, and no words."""
        program = self.program
        facts = account.facts(event.at)
        if shared:
            facts = evolve(facts, counters={**facts.counters, **shared})
        evaluation = program.evaluate(event, facts)
        if self.explained is not None:
            self.explained[f"{event.kind}/{event.id}"] = evaluation
        decided = Decided(
            kind=event.kind,
            id=event.id,
            at=event.at,
            program=program.version,
            digest=program.digest,
            event=plain,
            facts=Later(lambda: program.facts_to_plain(facts)),
            points=tuple((wallet, points, ()) for wallet, points in evaluation.wallets.items()),
            counts=evaluation.counts,
            effects=(*evaluation.notes, *self._milestones(account, evaluation, now)),
        )
        entries, receipt = decisions.record(account, decided, now=now, claimed=claimed)
        if decided.effects:
            entries += vouchers_of(program, account, decided, receipt.at, entries[0].now)
        return entries, receipt
