"""Needs that members and prospects showed, also beside the business; what was offered, and whether it helped. R9."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from attrs import evolve, field, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, told_id
from fidelity.care.people.consents import Consents
from fidelity.care.receipt import CareReceipt
from fidelity.entries import Entry
from fidelity.entries.care import NeedNoticed, SolutionOffered, SolutionOutcome
from fidelity.errors import NoConsent, UnknownNeed, ValueRefused
from fidelity.values.naming import code
from fidelity.values.spelling import suggest

__all__ = ["Need", "NeedReceipt", "Needs", "NoticeNeed", "OfferSolution", "Solution", "SolutionTurnedOut"]

OUTCOMES = ("solved", "not solved", "unknown")


@frozen(kw_only=True)
class Solution:
    """
    Something that was offered for a need.

    Attributes:
        code: What.
        offered: When.
        channel: How.
        outcome: ``solved``, ``not solved`` or ``unknown``; empty while nobody knows.
        since: When that was known.
    """

    code: str
    offered: datetime
    channel: str = ""
    outcome: str = ""
    since: datetime | None = None


@frozen(kw_only=True)
class Need:
    """
    A need that showed.

    Attributes:
        id: The key under which it was noticed first.
        code: What it is.
        noticed: When it showed, each time.
        purposes: What its mention may serve.
        tangential: Whether it lies beside the business.
        solutions: What was offered for it, by code.
    """

    id: str
    code: str
    noticed: tuple[datetime, ...]
    purposes: tuple[str, ...]
    tangential: bool = False
    solutions: Mapping[str, Solution] = {}

    @property
    def state(self) -> str:
        """``solved`` once something helped; otherwise ``open``."""
        return "solved" if any(each.outcome == "solved" for each in self.solutions.values()) else "open"

    @property
    def solved(self) -> datetime | None:
        """When it was known to be solved; None while it is open."""
        found = [each.since for each in self.solutions.values() if each.outcome == "solved" and each.since is not None]
        return min(found, default=None)


class Needs(Mapping[str, Need]):
    """
    The needs of a member or prospect, by id, in the order in which they showed first.

    A need noticed again under another key is one need, with more evidence.

    Args:
        entries: What is remembered of them.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._known: dict[str, Need] = {}
        self._first: dict[str, str] = {}
        for each in entries:
            match each:
                case NeedNoticed(need=name):
                    self._notice(name, each)
                case SolutionOffered(need=name, solution=offered):
                    made = Solution(code=offered, offered=each.at, channel=each.channel)
                    self._solution(name, made)
                case SolutionOutcome(need=name, solution=offered):
                    made = self[name].solutions[offered]
                    self._solution(name, evolve(made, outcome=each.outcome, since=each.at))

    def _notice(self, name: str, entry: NeedNoticed) -> None:
        same = next((each for each in self._known.values() if each.code == entry.code), None)
        if same is None:
            self._first[name] = name
            self._known[name] = Need(
                id=name, code=entry.code, noticed=(entry.at,), purposes=entry.purposes, tangential=entry.tangential
            )
            return
        self._first[name] = same.id
        purposes = tuple(dict.fromkeys((*same.purposes, *entry.purposes)))
        self._known[same.id] = evolve(same, noticed=(*same.noticed, entry.at), purposes=purposes)

    def _solution(self, name: str, made: Solution) -> None:
        need = self[name]
        self._known[need.id] = evolve(need, solutions={**need.solutions, made.code: made})

    def __getitem__(self, need: str) -> Need:
        return self._known[self._first[need]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, need: object) -> bool:
        return need in self._first

    def knows(self, what: str) -> bool:
        """Whether a need of this code is known: what was told once need not be told again."""
        return any(each.code == what for each in self._known.values())


@frozen(kw_only=True)
class NeedReceipt(CareReceipt):
    """
    A need that was noticed, or what became of it.

    Attributes:
        need: Its id.
        code: What it is.
        state: ``open`` or ``solved``.
        solution: What was offered; empty where nothing was.
    """

    kind: ClassVar[str] = "need"

    need: str
    code: str
    state: str
    solution: str = ""


def _codes(value: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys((value,) if isinstance(value, str) else value))
    return tuple(code(each, "purposes") for each in found)


@frozen(kw_only=True)
class NoticeNeed(CareCommand):
    """Take note of a need of *member*, with its evidence in words, for *purposes* that they consent to."""

    name: ClassVar[str] = "notice need"
    words_name: ClassVar[str] = "need"
    approaches: ClassVar[bool] = True

    member: str
    code: str
    purposes: tuple[str, ...] = field(converter=_codes)
    tangential: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """Whose need it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The need, noticed."""
        code(self.code, "code")
        if not self.purposes:
            message = "a need is noted for a purpose that the person consents to; tell purposes="
            raise ValueRefused(message, field="purposes", value=self.purposes)
        consents = Consents(known.of(self.member))
        for purpose in self.purposes:
            if not consents.to(purpose, known.now):
                standing = ", ".join(consents.standing(known.now)) or "nothing"
                message = f"{self.member} does not consent to {purpose!r}, but to {standing}; their need is not noted"
                raise NoConsent(message, member=self.member, purpose=purpose)
        noticed = NeedNoticed(
            at=known.now, now=known.now, need=self.key, code=self.code, purposes=self.purposes, digest=known.digest,
            tangential=self.tangential,
        )  # fmt: skip
        return _decision(known, self.member, self.key, noticed)


@frozen(kw_only=True)
class OfferSolution(CareCommand):
    """Take note that *solution* was offered for a need: a proposition, advice, another company's product."""

    name: ClassVar[str] = "offer solution"
    approaches: ClassVar[bool] = True

    member: str
    need: str
    solution: str
    channel: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Whose need it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The solution, offered."""
        code(self.solution, "solution")
        code(self.channel, "channel", optional=True)
        need, consents = _noticed(known, self.member, self.need), Consents(known.of(self.member))
        if not any(consents.to(each, known.now) for each in need.purposes):
            message = f"{self.member} no longer consents to {' or '.join(map(repr, need.purposes))}"
            message += f"; what they told of {need.code!r} serves nothing else"
            raise NoConsent(message, member=self.member, purpose=need.purposes[0])
        offered = SolutionOffered(
            at=known.now, now=known.now, need=need.id, solution=self.solution, channel=self.channel
        )
        return _decision(known, self.member, need.id, offered, solution=self.solution)


@frozen(kw_only=True)
class SolutionTurnedOut(CareCommand):
    """Take note of what became of an offered solution: ``solved``, ``not solved`` or ``unknown``."""

    name: ClassVar[str] = "solution turned out"

    member: str
    need: str
    solution: str
    outcome: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whose need it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The outcome."""
        if self.outcome not in OUTCOMES:
            message = f"a solution turned out {', '.join(map(repr, OUTCOMES))}, not {self.outcome!r:.80}"
            raise ValueRefused(message, field="outcome", value=self.outcome)
        need = _noticed(known, self.member, self.need)
        if self.solution not in need.solutions:
            hint = suggest(self.solution, need.solutions) or "offer it first"
            message = f"{self.solution!r} was not offered for {need.code!r}; {hint}"
            raise UnknownNeed(message, member=self.member, need=need.id, solution=self.solution)
        turned = SolutionOutcome(
            at=known.now, now=known.now, need=need.id, solution=self.solution, outcome=self.outcome
        )
        return _decision(known, self.member, need.id, turned, solution=self.solution)


def _noticed(known: Known, member: str, need: str) -> Need:
    """
    The need *need* of *member*, by id or by code.

    Raises:
        UnknownNeed: If none is known.
    """
    needs = Needs(known.of(member))
    if need in needs:
        return needs[need]
    found = next((each for each in needs.values() if each.code == need), None)
    if found is None:
        hint = suggest(need, [*needs, *(each.code for each in needs.values())]) or "notice it first"
        message = f"no need {need!r} of {member} is known; {hint}"
        raise UnknownNeed(message, member=member, need=need)
    return found


def _decision(known: Known, member: str, need: str, entry: Entry, solution: str = "") -> Decision:
    after = Needs((*known.of(member), entry))[need]
    receipt = NeedReceipt(
        member=member, at=known.now, need=after.id, code=after.code, state=after.state, solution=solution
    )
    return Decision(receipt, {care_stream(member): (entry,)})
