"""Staff: who may grant what at once, how conflicts end, and how people's work is judged and thanked. O1, O4, O5."""

from fidelity.care.staff.aspects import Aspects, AspectsReceipt, PublishAspects, Published
from fidelity.care.staff.authority import Authority, StaffPolicy
from fidelity.care.staff.cards import PeriodScores, ScoreCard, ScoreCards, own_cards, period_scores
from fidelity.care.staff.complaining import Complain, ComplaintReceipt, Reopen
from fidelity.care.staff.complaints import Complaint, Complaints, Escalation, Grant, Resolution
from fidelity.care.staff.judging import CardReceipt, ContestCard, IssueCard, SettleCard
from fidelity.care.staff.report import ComplaintFigures, ComplaintReport, complaint_report
from fidelity.care.staff.resolving import Escalate, ResolutionReceipt, Resolve
from fidelity.care.staff.roles import Appoint, AuthorityLeft, EmployeeRecord, Relieve, RoleReceipt

__all__ = [
    "Appoint", "Aspects", "AspectsReceipt", "Authority", "AuthorityLeft", "CardReceipt", "Complain", "Complaint",
    "ComplaintFigures", "ComplaintReceipt", "ComplaintReport", "Complaints", "ContestCard", "EmployeeRecord",
    "Escalate", "Escalation", "Grant", "IssueCard", "PeriodScores", "PublishAspects", "Published", "Relieve",
    "Reopen", "Resolution", "ResolutionReceipt", "Resolve", "RoleReceipt", "ScoreCard", "ScoreCards", "SettleCard",
    "StaffPolicy", "complaint_report", "own_cards", "period_scores",
]  # fmt: skip
