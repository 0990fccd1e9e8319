"""The printed terms of every example, word for word as they were last read through by a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fidelity.testing import examples

TERMS = Path(__file__).parent / "terms"
LANGUAGES = ("en", "es-MX", "es-ES")
PRESETS = [made for name in examples.__all__ if not isinstance(made := getattr(examples, name), type)]
EVERY = pytest.mark.parametrize("make", PRESETS, ids=lambda make: make.__name__)
#: English words that no Spanish sentence has. "Base" and "hotel" are in both languages.
ENGLISH = re.compile(
    r"\b(?:the|of|with|you|your|and|for|free|card|coffee|each|from|time|year|points?)\b", re.IGNORECASE
)


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_terms_are_as_they_were_read_through(make, language):
    kept = (TERMS / f"{make.__name__}.{language}.txt").read_text(encoding="utf-8")

    assert make().explain(language) == kept, "read the new terms; then python scripts/terms.py keeps them"


def test_no_terms_are_kept_that_nobody_prints():
    expected = {f"{make.__name__}.{language}.txt" for make in PRESETS for language in LANGUAGES}

    assert {each.name for each in TERMS.iterdir()} == expected


@EVERY
@pytest.mark.parametrize("language", ["es-MX", "es-ES"])
def test_spanish_terms_are_spanish_throughout(make, language):
    assert [line for line in make().explain(language).splitlines() if ENGLISH.search(line)] == []


def test_spain_and_mexico_write_numbers_and_words_their_own_way():
    mexico, spain = (examples.hotel().explain(language) for language in ("es-MX", "es-ES"))

    assert "20,000 puntos" in mexico
    assert "20.000 puntos" in spain
    assert "(vale €110)" in mexico
    assert "(vale 110 €)" in spain
    assert "año calendario" in mexico
    assert "año natural" in spain


def test_a_company_is_addressed_as_usted_and_a_guest_as_tu():
    assert "Cómo gana puntos" in examples.supplier().explain("es-MX")
    assert "Cómo ganas puntos" in examples.hotel().explain("es-MX")


@pytest.mark.parametrize(
    ("language", "earned", "lasting"),
    [
        ("en", "With Gold you earn 1.5 points for each full euro, rounded down.", "Points last 12 months"),
        (
            "es-MX",
            "Con Oro ganas 1.5 puntos por cada euro, sin contar fracciones, con redondeo a la baja.",
            "Los puntos duran 12 meses",
        ),
        (
            "es-ES",
            "Con Oro ganas 1,5 puntos por cada euro, sin contar fracciones, con redondeo a la baja.",
            "Los puntos duran 12 meses",
        ),
    ],
)
def test_a_tier_says_what_it_earns_by_the_euro(language, earned, lasting):
    terms = examples.aurora().explain(language)

    assert earned in terms
    assert lasting in terms
