"""Staff: who may grant what at once, how conflicts end, and how people's work is judged and thanked. O1, O4, O5."""

from fidelity.care.staff.authority import Authority, StaffPolicy
from fidelity.care.staff.complaining import Complain, ComplaintReceipt, Reopen
from fidelity.care.staff.complaints import Complaint, Complaints, Escalation, Grant, Resolution
from fidelity.care.staff.report import ComplaintFigures, ComplaintReport, complaint_report
from fidelity.care.staff.resolving import Escalate, ResolutionReceipt, Resolve
from fidelity.care.staff.roles import Appoint, AuthorityLeft, EmployeeRecord, Relieve, RoleReceipt

__all__ = [
    "Appoint", "Authority", "AuthorityLeft", "Complain", "Complaint", "ComplaintFigures", "ComplaintReceipt",
    "ComplaintReport", "Complaints", "EmployeeRecord", "Escalate", "Escalation", "Grant", "Relieve", "Reopen",
    "Resolution", "ResolutionReceipt", "Resolve", "RoleReceipt", "StaffPolicy", "complaint_report",
]  # fmt: skip
