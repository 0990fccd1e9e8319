"""What somebody in hard times is told, situation by situation, by a program at work."""

from __future__ import annotations

from datetime import date

import fidelity as fd
from fidelity import Care, Loyalty
from fidelity.care.dignity import every_month
from tests.care.shop import NOON, local

__all__ = ["dialogues"]


def dialogues(language, *, formal=False):
    """
    What Ana is told in *language*, by situation.

    Args:
        formal: The program addresses its members as *usted*.
    """
    program = fd.Program(
        "Esquina",
        version="1",
        currency="MXN",
        timezone="America/Mexico_City",
        earn=[fd.EarnRule("base", fd.points(1, per="10 MXN"))],
        address="usted" if formal else "tú",
        expiry="12 months",
    )
    care = Care(Loyalty(program))
    care.loyalty.enroll("ana", now=NOON)
    said = {}

    missed = care.payment_missed(
        "ana", payment="P-1", due=date(2026, 4, 5), amount="3200.00 MXN", now=local("04-06 10:00")
    )  # fmt: skip
    said["a payment was missed"] = missed
    care.start_contacts("ana", "P-1", key="C", now=local("04-06 11:00"))
    for number, what, day in ((1, "to talk", "04-10"), (2, "advice", "04-25"), (3, "smaller parts", "05-15")):
        said[f"a contact offers {what}"] = care.contact_message("ana", f"P-1/{number}", language)
        made = care.contact_made("ana", f"P-1/{number}", now=local(f"{day} 12:00"))
        assert made.explain(language) == said[f"a contact offers {what}"]
    said["part of it came"] = care.payment_received(
        "ana", "P-1", amount="800.00 MXN", key="R-1", now=local("05-16 12:00")
    )  # fmt: skip
    said["all of it came"] = care.payment_received("ana", "P-1", key="R-2", now=local("05-20 12:00"))

    said["she called"] = care.open_hardship("ana", key="H", adviser="S-7", now=local("06-01 12:00"))
    said["after the talk"] = care.advise("ana", "H", "budget", by="S-7", key="A", now=local("06-02 12:00"))
    said["a plan was agreed on"] = care.agree_plan(
        "ana", "H", every_month("1200 MXN", first=date(2026, 6, 5), times=3), key="PL", now=local("06-02 13:00")
    )  # fmt: skip
    said["an instalment came"] = care.instalment_paid("ana", "PL", "1200 MXN", key="I-1", now=local("06-05 12:00"))
    said["an instalment can still come"] = care.plan_message("ana", "PL", language, at=local("07-08 12:00"))
    said["an instalment did not come"] = care.plan_message("ana", "PL", language, at=local("07-20 12:00"))
    said["the last instalment came"] = care.instalment_paid(
        "ana", "PL", "2400 MXN", key="I-2", now=local("08-05 12:00")
    )  # fmt: skip

    care.open_hardship("ana", key="H-2", now=local("09-01 12:00"))
    said["one payment was agreed on"] = care.agree_plan(
        "ana", "H-2", [(date(2026, 9, 5), "900 MXN")], grace_days=1, key="PL-2", now=local("09-01 13:00")
    )  # fmt: skip
    said["the case was closed"] = care.close_hardship("ana", "H-2", outcome="solved", now=local("09-02 12:00"))
    return {name: each if isinstance(each, str) else each.explain(language) for name, each in said.items()}
