"""What members are told of their complaints, and employees of thanks, situation by situation, by a program at work."""

from __future__ import annotations

from datetime import date

import fidelity as fd
from fidelity import Care, CarePolicy, Loyalty
from fidelity.care.staff import Authority, StaffPolicy
from tests.care.shop import NOON, local

__all__ = ["dialogues"]

#: The shop's codes, in the language of its members.
CODES = {
    "en": ("cold soup", "new soup", "refund", "drink", "shift lead", "kind greeting", "day off"),
    "es": ("sopa fría", "sopa nueva", "reembolso", "bebida", "jefa de turno", "trato amable", "día libre"),
}


def dialogues(language, *, formal=False):
    """
    What Ana and Nadia are told in *language*, by situation.

    Args:
        formal: The program addresses people as *usted*.
    """
    soup, new, refund, drink, lead, greeting, free = CODES[language[:2]]
    program = fd.Program(
        "Esquina",
        version="1",
        currency="MXN",
        timezone="America/Mexico_City",
        earn=[fd.EarnRule("base", fd.points(1, per="10 MXN"))],
        address="usted" if formal else "tú",
        expiry="12 months",
    )
    roles = [Authority("barista", case="150 MXN", escalates_to=lead), Authority(lead, case="1000 MXN")]
    policy = CarePolicy(staff=StaffPolicy(authorities=roles, point_worth="0.10 MXN"))
    care = Care(Loyalty(program), policy)
    care.loyalty.enroll("ana", now=NOON)
    care.appoint("beto", "barista", key="beto", now=NOON)
    care.appoint("lucia", lead, key="lucia", now=NOON)
    quarter = {"start": date(2026, 4, 1), "end": date(2026, 6, 30), "reward": free, "now": local("07-01 09:00")}
    told = {"resolution": new, "now": local("03-14 14:00")}

    said = {
        "she complains": care.complain("ana", soup, key="C", now=local("03-14 13:00")),
        "she is asked again by a colleague": care.complain("ana", soup, key="D", now=local("03-14 13:10")),
        "somebody else has to decide": care.resolve("ana", "C", by="beto", grants={refund: "200 MXN"}, **told),
        "it ends": care.resolve("ana", "C", by="lucia", key="e", **told),
        "she comes back for it": care.reopen("ana", "C", now=local("03-15 13:00")),
        "it ends with something for her": care.resolve(
            "ana", "C", by="lucia", grants={refund: "200 MXN", drink: "45 MXN"}, points=100, key="l", **told | {
                "now": local("03-15 13:20")
            }
        ),
        "she praises Nadia": care.praise("ana", "nadia", key="P", now=local("06-01 12:00")),
        "Nadia is thanked": care.recognize("nadia", greeting, key="T-1", **quarter),
        "Nadia is thanked in public, without her name": care.recognize(
            "nadia", greeting, public=True, key="T-2", **quarter
        ),
    }  # fmt: skip
    (public,) = care.public_thanks(quarter["start"], quarter["end"], at=quarter["now"])
    said["what all read then"] = public
    care.let_name("nadia", agreed=True, key="yes", now=local("07-02 09:00"))
    named = care.recognize("nadia", greeting, public=True, key="T-3", **quarter | {"now": local("07-02 09:00")})
    said["Nadia is thanked in public, as she agreed"] = named
    last = care.public_thanks(quarter["start"], quarter["end"], at=local("07-02 09:00"))[-1]
    return {
        **{situation: each.explain(language) for situation, each in said.items()},
        "what all read now": last.explain(language, name="Nadia"),
    }
