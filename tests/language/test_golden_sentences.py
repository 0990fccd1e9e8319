"""Sentences that were read aloud as a customer hears them; `sentences.txt` has the condition, English, Spanish."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fidelity.language.kinds import Choice, Whole
from fidelity.language.schema import BUILT_IN, REDEMPTION, calendar
from fidelity.language.sentences import sentence
from fidelity.language.text import parse
from tests.language.trees import SCHEMA

GOLDEN = [
    block.splitlines()
    for block in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").strip().split("\n\n")
]
EVERYTHING = SCHEMA.with_kinds(
    {
        **{f"{event}.{name}": kind for event in BUILT_IN for name, kind in {**BUILT_IN[event], **calendar()}.items()},
        **{f"redemption.{name}": kind for name, kind in REDEMPTION.items()},
        "flight.miles": Whole(0, 20_000, label={"en": "the miles flown", "es": "las millas voladas"}),
        "flight.partner": Choice(label={"en": "the partner airline", "es": "la aerolínea asociada"}),
        "flight.weekday": calendar()["weekday"],
    }
)


def test_there_are_at_least_forty():
    assert len(GOLDEN) >= 40


@pytest.mark.parametrize(("text", "english", "spanish"), GOLDEN)
def test_it_still_reads_well(text, english, spanish):
    madrid = ZoneInfo("Europe/Madrid")

    assert sentence(parse(text), EVERYTHING, "en", zone=madrid) == english
    assert sentence(parse(text), EVERYTHING, "es", zone=madrid) == spanish
