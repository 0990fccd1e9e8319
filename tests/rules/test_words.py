"""A program's own words: printed terms and receipts speak one language, with the names of that language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from fidelity import Loyalty, Program, ProgramError, Purchase
from fidelity.errors import LanguageError, OperandError
from fidelity.testing.examples import aurora, stamp_card

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
SPANISH = {
    "weekend doubles": "doble en fin de semana",
    "a card": "una tarjeta",
    "own cup": "vaso propio",
    "free coffee": "café gratis",
    "Gold": "Oro",
}


def spanish(**more: object) -> Program:
    return evolve(aurora(), words={"es": SPANISH}, **more)


def test_printed_terms_use_the_names_of_the_language() -> None:
    terms = spanish().explain("es-MX")
    assert "- Doble en fin de semana: ganas el doble de los puntos" in terms
    assert "si la compra lleva la marca vaso propio." in terms
    assert "Además recibes una tarjeta." in terms
    assert "Con Oro ganas 1.5 puntos por cada euro, sin contar fracciones, con redondeo a la baja." in terms
    assert "- Café gratis: 120 puntos." in terms
    assert spanish().explain("en") == aurora().explain("en")


def test_a_country_has_words_of_its_own_before_those_of_its_language() -> None:
    program = evolve(aurora(), words={"es": SPANISH, "es-MX": {"own cup": "termo propio"}})
    assert "la marca termo propio" in program.explain("es-MX")
    assert "la marca vaso propio" in program.explain("es-ES")


def test_receipts_and_quotes_use_them_too() -> None:
    loyalty = Loyalty(spanish(), clock=lambda: NOON)
    loyalty.enroll("ana", customer_since=date(2020, 1, 5))
    receipt = loyalty.record(Purchase("T-1", member="ana", at=NOON, amount="100 EUR", tags=["own cup"]))
    assert "Doble en fin de semana" in receipt.explain("es")
    assert "vaso propio" in receipt.explain("es").lower()
    assert "café gratis" in loyalty.quote("ana", "free coffee").explain("es").lower()
    assert "café gratis" in loyalty.redeem("ana", "free coffee", key="c-1").explain("es").lower()
    assert "free coffee" in loyalty.quote("ana", "free coffee").explain("en").lower()


def test_what_is_counted_has_one_and_many() -> None:
    card = evolve(stamp_card(), words={"es": {"stamps": ("estrella dorada", "estrellas doradas")}})
    assert "ganas 1 estrella dorada" in card.explain("es")
    assert "Las estrellas doradas" in card.explain("es")


def test_members_are_addressed_as_the_program_says() -> None:
    assert "Usar tus puntos nunca baja tu nivel." in spanish().explain("es")
    formal = spanish(address="usted")
    assert "Usar sus puntos nunca baja su nivel." in formal.explain("es")
    loyalty = Loyalty(formal, clock=lambda: NOON)
    loyalty.enroll("ana")
    said = loyalty.record(Purchase("T-1", member="ana", at=NOON, amount="100 EUR")).explain("es")
    assert not {"ganas", "tienes", "tu", "tus"} & set(said.lower().split())


def test_words_travel_with_the_program() -> None:
    program = evolve(spanish(address="usted"), version="2", words={"es": {**SPANISH, "Bronze": ("bronce", "bronces")}})
    again = Program.from_dict(program.to_dict())
    assert again == program
    assert again.explain("es") == program.explain("es")
    assert "words" not in evolve(aurora(), words=None).to_dict()
    assert "address" not in aurora().to_dict()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"es": {"weeknd doubles": "x"}}, 'did you mean "weekend doubles"'),
        ({"es": {"a card": "x"}, "es-MX": {"nothing": "x"}}, 'the program has nothing called "nothing"'),
    ],
)
def test_words_for_what_is_not_there_are_refused(words: dict[str, dict[str, str]], why: str) -> None:
    with pytest.raises(ProgramError, match=why):
        evolve(aurora(), words=words)


@pytest.mark.parametrize("words", [{"fr": {}}, {"es": {"a card": ""}}, {"es": {"a card": 3}}, {"es": "x"}, "es"])
def test_words_are_tables_of_texts(words: object) -> None:
    with pytest.raises((LanguageError, OperandError)):
        evolve(aurora(), words=words)
    plain = aurora().to_dict() | {"words": words}
    with pytest.raises(ProgramError, match="words"):
        Program.from_dict(plain)


def test_an_address_is_one_of_two() -> None:
    with pytest.raises(ProgramError, match="usted"):
        evolve(aurora(), address="vos")
