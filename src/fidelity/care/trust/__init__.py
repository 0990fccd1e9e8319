"""Trust: asking without intruding, taking people at their word, and doubts that a person looks at. E4, R7."""

from fidelity.care.trust.asking import AnswerRequest, AskFor, GiveReference, ReferenceReceipt, RequestReceipt
from fidelity.care.trust.audiences import Audience, audience
from fidelity.care.trust.claims import Claim, ClaimOnWord, ClaimReceipt, Claims, SettleClaim
from fidelity.care.trust.findings import Finding, FindingReceipt, Findings, ReportFinding, SettleFinding
from fidelity.care.trust.moments import Moment, moment
from fidelity.care.trust.policy import REMINDER, REQUESTS, UNLIMITED, Frequency, RequestBudget, TrustPolicy
from fidelity.care.trust.requests import Asking, Request, Requests, asking

__all__ = [
    "REMINDER", "REQUESTS", "UNLIMITED", "AnswerRequest", "AskFor", "Asking", "Audience", "Claim", "ClaimOnWord",
    "ClaimReceipt", "Claims", "Finding", "FindingReceipt", "Findings", "Frequency", "GiveReference", "Moment",
    "ReferenceReceipt", "ReportFinding", "Request", "RequestBudget", "RequestReceipt", "Requests", "SettleClaim",
    "SettleFinding", "TrustPolicy", "asking", "audience", "moment",
]  # fmt: skip
