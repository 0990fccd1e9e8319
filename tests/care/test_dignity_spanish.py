"""What is refused in hard times is told in Spanish, from end to end."""

from __future__ import annotations

from datetime import date

import pytest

from fidelity import Care, CarePolicy, Loyalty
from fidelity.care.dignity import Contact, ContactPlan, DignityPolicy, every_month
from fidelity.errors import FidelityError
from fidelity.wording.problems import explain_error, untranslated
from tests.care.shop import NOON, local, shop

AT = {"now": local("04-09 10:00")}
PARTS = every_month("10 MXN", first=date(2026, 5, 5), times=2)


def missed(care, payment="P-1", **more):
    told = {"payment": payment, "due": date(2026, 4, 5), "amount": "3200 MXN", "now": local("04-06 10:00"), **more}
    care.payment_missed("ana", **told)


def contacts(care):
    missed(care)
    care.start_contacts("ana", "P-1", key="C", now=local("04-06 11:00"))


def case(care):
    missed(care)
    care.open_hardship("ana", key="H", now=local("04-07 10:00"))
    care.agree_plan("ana", "H", PARTS, key="PL", now=local("04-07 11:00"))


def closed(care):
    case(care)
    care.close_hardship("ana", "H", outcome="solved", now=local("04-08 10:00"))


SCENES = {
    "a plan": (None, lambda _: ContactPlan([Contact(5, 2), Contact(12, 3), Contact(16, charge="5 MXN", tells=["job"])])),
    "too close": (missed, lambda care: care.start_contacts("ana", "P-1", ContactPlan([Contact(5), Contact(6)]), key="k", **AT)),
    "too soon": (contacts, lambda care: care.contact_made("ana", "P-1/1", **AT)),
    "another first": (contacts, lambda care: care.contact_made("ana", "P-1/2", now=local("12-09 10:00"))),
    "a row": (contacts, lambda care: care.start_contacts("ana", "P-1", key="k", **AT)),
    "no contact": (None, lambda care: care.contact_made("ana", "P-1/1", **AT)),
    "a contact dropped": (lambda care: (contacts(care), care.open_hardship("ana", key="H", now=local("04-07 10:00"))),
                          lambda care: care.contact_made("ana", "P-1/1", **AT)),
    "a contact made": (lambda care: (contacts(care), care.contact_made("ana", "P-1/1", now=local("04-10 10:00"))),
                       lambda care: care.contact_made("ana", "P-1/1", key="k", now=local("04-11 10:00"))),
    "known": (missed, lambda care: missed(care, key="k")),
    "to come": (None, lambda care: missed(care, due=date(2026, 5, 5))),
    "no payment": (None, lambda care: care.payment_received("ana", "P-1", key="k", **AT)),
    "paid": (lambda care: (missed(care), care.payment_received("ana", "P-1", key="in", **AT)),
             lambda care: care.payment_received("ana", "P-1", key="k", **AT)),
    "closed": (closed, lambda care: care.start_contacts("ana", "P-1", key="k", **AT)),
    "too much": (missed, lambda care: care.payment_received("ana", "P-1", amount="3201 MXN", key="k", **AT)),
    "no contacts in a case": (case, lambda care: care.start_contacts("ana", "P-1", key="k", **AT)),
    "a second case": (case, lambda care: care.open_hardship("ana", key="H-2", **AT)),
    "no case": (None, lambda care: care.close_hardship("ana", "H", outcome="solved", **AT)),
    "a closed case": (closed, lambda care: care.advise("ana", "H", "budget", key="k", **AT)),
    "no plan": (None, lambda care: care.instalment_paid("ana", "PL", "5 MXN", key="k", **AT)),
    "a plan of a closed case": (closed, lambda care: care.instalment_paid("ana", "PL", "5 MXN", key="k", **AT)),
    "a plan completed": (lambda care: (case(care), care.instalment_paid("ana", "PL", "20 MXN", key="in", **AT)),
                         lambda care: care.instalment_paid("ana", "PL", "5 MXN", key="k", **AT)),
    "a plan replaced": (lambda care: (case(care), care.agree_plan("ana", "H", PARTS, key="PL-2", **AT)),
                        lambda care: care.instalment_paid("ana", "PL", "5 MXN", key="k", **AT)),
    "too much for a plan": (case, lambda care: care.instalment_paid("ana", "PL", "21 MXN", key="k", **AT)),
    "a plan that is past": (case, lambda care: care.agree_plan("ana", "H", PARTS, key="k", now=local("06-09 10:00"))),
    "a plan with a charge": (case, lambda care: care.agree_plan("ana", "H", PARTS, owed="19 MXN", key="k", **AT)),
    "a plan in pesos": (case, lambda care: care.instalment_paid("ana", "PL", "5 USD", key="k", **AT)),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_what_is_refused_is_told_in_spanish(name):
    before, do = SCENES[name]
    care = Care(Loyalty(shop()), CarePolicy(dignity=DignityPolicy(gap_days=3)))
    care.loyalty.enroll("ana", now=NOON)
    if before is not None:
        before(care)
    with pytest.raises(FidelityError) as refused:
        do(care)
    assert untranslated("es-MX", refused.value.message) == ()


def test_every_way_of_pressing_has_its_spanish_words():
    with pytest.raises(FidelityError) as refused:
        ContactPlan([Contact(5, 2), Contact(12, 3), Contact(16, 4), Contact(18, 4, charge="250 MXN")])
    assert explain_error(refused.value, "es-MX") == (
        "este plan de contactos presionaría: el primer contacto no es amable, el tono sube, los intervalos se acortan "
        "(7, 4, 2 días), se añade un recargo; empieza con una invitación amable a hablar, mantén el tono y deja al "
        "menos tantos días como antes"
    )
