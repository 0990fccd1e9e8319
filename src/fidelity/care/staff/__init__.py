"""Staff: who may grant what at once, how conflicts end, and how people's work is judged and thanked. O1, O4, O5."""

from fidelity.care.staff.aspects import Aspects, AspectsReceipt, PublishAspects, Published
from fidelity.care.staff.authority import Authority, StaffPolicy
from fidelity.care.staff.cards import PeriodScores, ScoreCard, ScoreCards, own_cards, period_scores
from fidelity.care.staff.complaining import Complain, ComplaintReceipt, Reopen
from fidelity.care.staff.complaints import Complaint, Complaints, Escalation, Grant, Resolution
from fidelity.care.staff.fair import Fair, FairScores, fair_means, fair_rates
from fidelity.care.staff.judging import CardReceipt, ContestCard, IssueCard, SettleCard
from fidelity.care.staff.praise import (
    HandedPraise,
    Praise,
    PraiseEmployee,
    PraiseReceipt,
    PraiseReport,
    own_praises,
    praise_report,
    praises_of,
)
from fidelity.care.staff.recognition import (
    LetName,
    NamingReceipt,
    PublicThanks,
    Recognition,
    RecognitionReceipt,
    Recognize,
    Thanks,
)
from fidelity.care.staff.report import ComplaintFigures, ComplaintReport, complaint_report
from fidelity.care.staff.resolving import Escalate, PassOn, ResolutionReceipt, Resolve, unanswered
from fidelity.care.staff.roles import Appoint, AuthorityLeft, EmployeeRecord, Relieve, RoleReceipt

__all__ = [
    "Appoint", "Aspects", "AspectsReceipt", "Authority", "AuthorityLeft", "CardReceipt", "Complain", "Complaint",
    "ComplaintFigures", "ComplaintReceipt", "ComplaintReport", "Complaints", "ContestCard", "EmployeeRecord",
    "Escalate", "Escalation", "Fair", "FairScores", "Grant", "HandedPraise", "IssueCard", "LetName", "NamingReceipt",
    "PassOn", "PeriodScores", "Praise", "PraiseEmployee", "PraiseReceipt", "PraiseReport", "PublicThanks",
    "PublishAspects", "Published", "Recognition", "RecognitionReceipt", "Recognize", "Relieve", "Reopen", "Resolution",
    "ResolutionReceipt", "Resolve", "RoleReceipt", "ScoreCard", "ScoreCards", "SettleCard", "StaffPolicy", "Thanks",
    "complaint_report", "fair_means", "fair_rates", "own_cards", "own_praises", "period_scores", "praise_report",
    "praises_of", "unanswered",
]  # fmt: skip
