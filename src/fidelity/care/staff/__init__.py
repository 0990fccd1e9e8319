"""Staff: who may grant what at once, how conflicts end, and how people's work is judged and thanked. O1, O4, O5."""

from fidelity.care.staff.complaints import Complaint, Complaints, Escalation, Grant, Resolution

__all__ = ["Complaint", "Complaints", "Escalation", "Grant", "Resolution"]
