"""Printed terms are easy to read, in both languages: measured, not hoped for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fidelity import Program
from fidelity.testing import examples
from tests.wording.reading import ease, sentences, words

PRESETS: list[Callable[[], Program]] = [
    made for name in examples.__all__ if not isinstance(made := getattr(examples, name), type)
]
#: From 55 on a text is read without effort by most adults, on either scale.
EASY = 55
#: Words in a sentence: what is longer is read twice.
LONGEST = 40


@pytest.mark.parametrize("language", ["en", "es-MX", "es-ES"])
@pytest.mark.parametrize("make", PRESETS, ids=lambda make: make.__name__)
def test_printed_terms_are_easy_to_read(make: Callable[[], Program], language: str) -> None:
    terms = make().explain(language)
    assert ease(terms, language[:2]) >= EASY
    longest = max(sentences(terms), key=lambda each: len(words(each)))
    assert len(words(longest)) <= LONGEST, longest


def test_what_is_hard_to_read_is_found() -> None:
    hard = (
        "Notwithstanding anything to the contrary heretofore stipulated, the accumulation of promotional "
        "consideration shall be contingent upon the participant's uninterrupted compliance with applicable conditions."
    )
    assert ease(hard, "en") < 0
    pesado = (
        "La acumulación de contraprestaciones promocionales quedará supeditada al cumplimiento ininterrumpido de las "
        "estipulaciones previamente establecidas por la organización administradora del programa correspondiente."
    )
    assert ease(pesado, "es") < 20
