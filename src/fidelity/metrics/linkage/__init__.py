"""Linkage: how experience goes with spending, staying and margin, and employees with customers. Never why."""

from fidelity.metrics.linkage.employees import EmployeeLink, employee_link
from fidelity.metrics.linkage.experience import CORRELATIONAL, ExperienceLinks, Link, experience_link

__all__ = ["CORRELATIONAL", "EmployeeLink", "ExperienceLinks", "Link", "employee_link", "experience_link"]
