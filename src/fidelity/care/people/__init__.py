"""People: what they agreed to, and who they are to us. Principles X1, X2, R9."""

from fidelity.care.people.consents import ConsentReceipt, Consents, GiveConsent, WithdrawConsent

__all__ = ["ConsentReceipt", "Consents", "GiveConsent", "WithdrawConsent"]
