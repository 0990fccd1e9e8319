"""People: who they are to us, what they agreed to and need, and what suits them. Principles X1, X2, R9."""

from fidelity.care.people.consents import ConsentReceipt, Consents, GiveConsent, WithdrawConsent
from fidelity.care.people.needs import Need, NeedReceipt, Needs, NoticeNeed, OfferSolution, Solution, SolutionTurnedOut
from fidelity.care.people.profiles import (
    FACTS,
    Fact,
    Profile,
    came,
    fact_for,
    facts_in,
    payload_name,
    profile,
    travels,
)
from fidelity.care.people.propositions import Brief, Proposal, Proposals, Proposition, propose
from fidelity.care.people.prospects import (
    JoinProspect,
    LetProspectGo,
    MeetProspect,
    ProspectReceipt,
    Standing,
    prospect_standing,
)
from fidelity.care.people.together import Other, absent, admit, goes_on_as, present, together

__all__ = [
    "FACTS", "Brief", "ConsentReceipt", "Consents", "Fact", "GiveConsent", "JoinProspect",
    "LetProspectGo", "MeetProspect", "Need", "NeedReceipt", "Needs", "NoticeNeed", "OfferSolution", "Other", "Profile",
    "Proposal", "Proposals", "Proposition", "ProspectReceipt", "Solution", "SolutionTurnedOut", "Standing",
    "WithdrawConsent", "absent", "admit", "came", "fact_for", "facts_in", "goes_on_as", "payload_name", "present",
    "profile", "propose", "prospect_standing", "together", "travels",
]  # fmt: skip
