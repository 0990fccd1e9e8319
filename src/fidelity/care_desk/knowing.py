"""Knowing: the methods of `Care` about who people are to us: profiles, needs, propositions, prospects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from fidelity.care.command import Known
from fidelity.care.keys import fitting, swept
from fidelity.care.people import (
    Fact,
    JoinProspect,
    LetProspectGo,
    MeetProspect,
    NeedReceipt,
    Needs,
    NoticeNeed,
    OfferSolution,
    Profile,
    Proposals,
    Proposition,
    ProspectReceipt,
    SolutionTurnedOut,
    came,
    fact_for,
    facts_in,
    payload_name,
    profile,
    propose,
    prospect_standing,
    travels,
)
from fidelity.care.trust import Audience, audience
from fidelity.care_desk.desk import Desk
from fidelity.care_desk.missed import Missed
from fidelity.entries.care import ProspectLetGo
from fidelity.entries.codec import to_plain
from fidelity.errors import IdempotencyConflict, UnknownMember
from fidelity.values.zones import local_date

__all__ = ["Knowing", "again", "beside", "due", "farewells", "shown", "with_care"]


def due(entries: Iterable[object], today: date) -> bool:
    """Whether the prospect of whom *entries* are remembered is to be let go on the day *today*."""
    standing = prospect_standing(entries)  # type: ignore[arg-type]  # entries, whatever their kind
    return standing.until is not None and not standing.joined and not standing.gone and today >= standing.until


def farewells(entries: Iterable[object]) -> int:
    """How often the prospect of whom *entries* are remembered was let go."""
    return sum(isinstance(each, ProspectLetGo) for each in entries)


class Knowing(Desk):
    """People are an end in themselves: what is known of them is lent for a purpose. Principles X1, X2, R9."""

    # Profiles

    def know(
        self,
        member: str,
        kind: Literal["likes", "goal", "pain", "aspiration"],
        what: str,
        *,
        purposes: tuple[str, ...],
        key: str,
        weight: int = 1,
        now: datetime | None = None,
    ) -> Fact:
        """
        Keep a fact about *member*, with `Members` only: the journal never sees it.

        Args:
            member: A member or a prospect.
            kind: ``"likes"``, ``"goal"``, ``"pain"`` or ``"aspiration"``.
            what: What they like, want, suffer from or aspire to.
            purposes: For which purposes they told it; they must consent to each.
            key: Under which it is kept, and forgotten.
            weight: How much it matters to them.
            now: When it was told; the clock's instant unless told.

        Raises:
            NoConsent: If they do not consent to one of the purposes now.
            IdempotencyConflict: If another fact is kept under this key.
            OutOfTime: If more was learned of them after *now*: tell what happened in order.
            AccountClosed, ProspectOver: If they left, were let go, or go on under another id.
        """
        told = facts_in(self.loyalty.members.payloads(member))
        if key in told:
            return again(told[key], Fact(kind, what, purposes=purposes, weight=weight, noted=told[key].noted), key)
        learned = (each.noted for each in told.values())
        known = self._run(self._office.learning(now, member, *learned))
        fact = fact_for(known, member, kind, what, purposes, weight)
        self.loyalty.members.keep(member, payload_name(key), fact.to_plain())
        return fact

    def forget(self, member: str, key: str) -> None:
        """Forget the fact about *member* that is kept under *key*, if there is one."""
        person, name, _ = shown(self._told(member)).get(key, (member, key, None))
        self.loyalty.members.forget(person, payload_name(name))

    def facts(self, member: str) -> Mapping[str, Fact]:
        """
        All facts kept about *member*, by key: for themselves. For any purpose of ours see `profile`.

        Those of duplicates that were merged into them too: where a key is used twice, as ``key of duplicate``.
        """
        return {key: fact for key, (_, _, fact) in shown(self._told(member)).items()}

    def _told(self, member: str, at: datetime | None = None) -> dict[str, dict[str, Fact]]:
        """The facts about *member* under each id of theirs, by key."""
        people, ids = self.loyalty.members, self._run(self._office.ids(member, at))
        return {each: facts_in(people.payloads(each)) for each in ids}

    def export(self, member: str, *, at: datetime | None = None) -> str:
        """
        All that is known of *member*, as JSON: what `Loyalty.export` tells, and what the human side remembers.

        For prospects and for duplicates that were merged into the member too.

        Raises:
            UnknownMember: If nothing is known under this name.
        """
        known = self._known(at, member)
        try:
            whole = json.loads(self.loyalty.export(member, at=at))
        except UnknownMember:
            if not known.of(member):
                raise
            whole = {"program": self.loyalty.program.name, "member": member, "entries": [], "duplicates": []}
        return with_care(whole, known)

    def profile(self, member: str, purpose: str, *, at: datetime | None = None) -> Profile:
        """What is known of *member* and may be used for *purpose* at *at*, now unless told: as consent stands then."""
        known = self._known(at, member)
        facts = [fact for _, _, fact in shown(self._told(member, known.now)).values()]
        return profile(known, member, purpose, facts)

    def audience(
        self, purpose: str, members: Iterable[str], *, about: str = "offer", at: datetime | None = None
    ) -> Audience:
        """
        Who of *members* may get something for *purpose* at *at*, now unless told. Ask it when it is sent.

        Whatever was prepared before, nobody gets it who took their consent back since, who is in hard times, waits for
        an answer to a complaint, or was asked for enough: sending it is a request too, so tell it to `ask` as well.

        Args:
            purpose: What they must consent to.
            members: For whom it was prepared: members or prospects.
            about: As which request it counts, as in `ask`; ``""`` for a message that asks for nothing, such as an
                answer, which only consent decides.
            at: When; now unless told.

        Raises:
            ValueRefused: If *about* is no request.
        """
        people = tuple(members)
        return audience(self._known(at, *people), purpose, people, about)

    def propose(
        self,
        member: str,
        propositions: Iterable[Proposition],
        *,
        context: Mapping[str, int] | None = None,
        purpose: str = "service",
        least: int = 3,
        at: datetime | None = None,
    ) -> Proposals:
        """
        What of *propositions* suits *member* in this *context*, with reasons for and against, and a brief for each.

        Args:
            member: Who.
            propositions: What can be proposed.
            context: What matters now, each with its weight: ``{"late arrival": 2, "baby": 3}``.
            purpose: For which purpose their profile is used; without consent to it only the context counts.
            least: From which score on something is proposed.
            at: When; now unless told.
        """
        return propose(propositions, self.profile(member, purpose, at=at).facts, context, least=least)

    # Needs

    def notice_need(
        self,
        member: str,
        code: str,
        *,
        purposes: tuple[str, ...],
        key: str,
        words: str = "",
        tangential: bool = False,
        now: datetime | None = None,
    ) -> NeedReceipt:
        """
        Take note of a need of *member*; *words* are its evidence, kept with `Members`.

        Args:
            member: A member or a prospect.
            code: What they need, one to three words.
            purposes: Which purposes it may serve; they must consent to each.
            key: The need's id.
            words: What they said or did.
            tangential: Whether it lies beside the business.
            now: When; the clock's instant unless told.

        Raises:
            NoConsent: If they do not consent to one of the purposes now.
        """
        command = NoticeNeed(
            member=member, code=code, purposes=purposes, tangential=tangential, words=words, key=key, now=now
        )
        return self._one(NeedReceipt, command)

    def offer_solution(
        self, member: str, need: str, solution: str, *, channel: str = "", key: str = "", now: datetime | None = None
    ) -> NeedReceipt:
        """
        Take note that *solution* was offered for *need*, an id or a code.

        Raises:
            NoConsent: If none of the purposes for which the need was noted is consented to any more.
            UnknownNeed: If no such need is known.
        """
        command = OfferSolution(
            member=member,
            need=need,
            solution=solution,
            channel=channel,
            key=key or fitting(f"{member} {need}: {solution}"),
            now=now,
        )
        return self._one(NeedReceipt, command)

    def solution_outcome(
        self,
        member: str,
        need: str,
        solution: str,
        outcome: Literal["solved", "not solved", "unknown"],
        *,
        key: str = "",
        now: datetime | None = None,
    ) -> NeedReceipt:
        """
        Take note of what became of *solution*.

        Raises:
            UnknownNeed: If it was not offered for such a need.
        """
        key = key or fitting(f"{member} {need}: {solution} {outcome}")
        command = SolutionTurnedOut(member=member, need=need, solution=solution, outcome=outcome, key=key, now=now)
        return self._one(NeedReceipt, command)

    def needs(self, member: str, *, at: datetime | None = None) -> Needs:
        """The needs of *member*, by id, as known at *at*, now unless told."""
        return Needs(self._known(at, member).of(member))

    # Prospects

    def meet(self, prospect: str, *, source: str, key: str = "", now: datetime | None = None) -> ProspectReceipt:
        """
        Take note that somebody who is not a member came in touch with us. Unless they join, they are let go in time.

        Raises:
            AlreadyMet: If they are known already.
        """
        before = farewells((self._known(now, prospect)).of(prospect))
        command = MeetProspect(
            prospect=prospect, source=source, key=key or fitting(f"met {prospect} {before}"), now=now
        )
        return self._one(ProspectReceipt, command)

    def join(self, prospect: str, member: str = "", *, key: str = "", now: datetime | None = None) -> ProspectReceipt:
        """
        Let what is known of a prospect come along to *member*, whom `Loyalty.enroll` made one.

        Needs and facts come along; consents stay exactly as wide as they were.

        Raises:
            UnknownMember: If nobody is enrolled as *member*.
            ProspectOver: If they joined or were let go before.
        """
        member, people = member or prospect, self.loyalty.members
        command = JoinProspect(prospect=prospect, member=member, key=key or fitting(f"joined {prospect}"), now=now)
        receipt = self._one(ProspectReceipt, command)
        # Read after it is decided: what was erased meanwhile comes along no more.
        payloads = travels(people.payloads(prospect)) if member != prospect else {}
        kept = people.payloads(member) if payloads else {}
        for name, payload in payloads.items():
            people.keep(member, beside(kept, name, prospect), came(name, payload, receipt.at))
            people.forget(prospect, name)
        return receipt

    def _forget_left(self, member: str, known: Known) -> None:
        """
        Forget what is kept of prospects who *member* was, where nothing is kept of the member any more.

        Words stay there only where joining was interrupted; once the member is erased nobody ends it.
        """
        books, people = known.books[member], self.loyalty.members
        for each in (member, *books.others) if books.prospects else ():
            if each not in books.prospects and (people.get(each) is not None or people.payloads(each)):
                return
        for each in books.prospects:
            people.erase(each)

    def _let_go(self, prospect: str, known: Known, refused: list[Missed]) -> list[ProspectReceipt]:
        """Erase *prospect* if they did not join in time, and write down that they are gone."""
        entries, people, gone = known.of(prospect), self.loyalty.members, list[ProspectReceipt]()
        if due(entries, local_date(known.now, known.zone)) and known.books[prospect].since is None:
            command = LetProspectGo(
                prospect=prospect, key=swept(f"let go {prospect} {farewells(entries)}"), now=known.now
            )
            # They may have joined since it was read.
            gone = self._swept(ProspectReceipt, command, refused)
            if gone:
                self.loyalty.erase(prospect)
        elif prospect_standing(entries).gone and (people.get(prospect) is not None or people.payloads(prospect)):
            # Whoever was interrupted between the two ends it here.
            self.loyalty.erase(prospect)
        return gone


def with_care(whole: dict[str, Any], known: Known) -> str:
    """*whole*, what the books tell of somebody, with what the human side remembers of them under all their ids."""
    whole["care"] = [to_plain(entry) for entry in known.of(whole["member"])]
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True)


def beside(kept: Mapping[str, object], name: str, prospect: str) -> str:
    """*name*, or one that takes nothing away of what is *kept* of the member already."""
    return name if name not in kept else f"{name} of {prospect}"


def shown(told: Mapping[str, Mapping[str, Fact]]) -> dict[str, tuple[str, str, Fact]]:
    """Under which key each fact is shown: ``(id of the person, key there, fact)``, of what is *told* by id and key."""
    found: dict[str, tuple[str, str, Fact]] = {}
    for person, facts in told.items():
        for key, fact in facts.items():
            found[beside(found, key, person)] = (person, key, fact)
    return dict(sorted(found.items(), key=lambda each: (each[1][2].noted, each[0])))


def again(before: Fact, fact: Fact, key: str) -> Fact:
    """
    The fact that is kept under *key*, told again.

    Raises:
        IdempotencyConflict: If it was another one.
    """
    if (before.kind, before.what, before.purposes, before.weight) != (fact.kind, fact.what, fact.purposes, fact.weight):
        message = f"another fact is kept under {key!r}; forget it first, or take another key"
        raise IdempotencyConflict(message, key=key)
    return before
