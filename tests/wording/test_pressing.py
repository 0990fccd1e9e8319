"""No phrase presses: no haste, no threat, no blame, no barker; every phrase of every book is read."""

from __future__ import annotations

import pytest

from fidelity.wording import en, en_care, es, es_care
from tests.wording.pressing import PRESSING, phrases

#: What a phrase could be changed into, one day.
CAUGHT = [
    "Pay now.", "pay up", "Please pay immediately.", "This is your last chance.", "Final notice", "a second reminder",
    "You will lose your points.", "You'll lose them.", "you may forfeit your points", "Hurry, only today", "act now",
    "Don't miss it", "Do not wait", "without further delay", "right away", "or else", "Otherwise we call you",
    "You must reply.", "It is your fault.", "our lawyers", "legal action", "urgent", "Great!",
    "Paga ya.", "Pague ahora", "cuanto antes", "Responde lo antes posible", "a la mayor brevedad", "de inmediato",
    "inmediatamente", "Perderás tus puntos.", "Perderá sus puntos.", "Vas a perder lo que tienes", "último aviso",
    "Última oportunidad", "segundo recordatorio", "Te quedarás sin puntos", "De lo contrario", "Debes pagar",
    "Tienes que verlo", "Tiene que llamar", "Date prisa", "Apúrate", "No te lo pierdas", "No se lo pierda", "Aprovecha", "Es urgente",
    "ahora mismo", "por su culpa", "nuestros abogados", "Aténgase a las consecuencias", "¡Genial!", "es moroso",
]  # fmt: skip


@pytest.mark.parametrize("text", CAUGHT)
def test_a_phrase_that_came_to_press_is_found(text):
    kind = en.PHRASES["hardship.invitation"] if text.isascii() else es.PHRASES["hardship.invitation/usted"]

    assert not PRESSING.search(kind)
    assert PRESSING.search(f"{kind} {text}")
    assert PRESSING.search(text.upper())


def test_no_phrase_of_any_book_presses():
    found = {where: pressed[0] for where, text in phrases() if (pressed := PRESSING.search(text))}

    assert found == {}


def test_every_phrase_is_read_in_every_variant():
    read = {text for _, text in phrases()}
    for book in (en, es):
        assert set(book.PHRASES.values()) <= read
        assert {text for each in book.REGIONAL.values() for text in each.values()} <= read
    assert {*en_care.PHRASES.values(), *es_care.PHRASES.values()} <= read
    assert any(where.endswith("/usted]") for where, _ in phrases())
    assert len(read) > 1_500


def test_a_book_that_presses_is_found(monkeypatch):
    monkeypatch.setitem(es_care.PHRASES, "promise.kept/usted", "Responda cuanto antes.")

    assert ("es_care.PHRASES[promise.kept/usted]", "cuanto antes") in {
        (where, pressed[0]) for where, text in phrases() if (pressed := PRESSING.search(text))
    }
