"""What members and employees read, in five voices, as the page prints it: kind, easy, whole, and no voice mixed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.care.test_dignity_messages import PRESSURE
from tests.wording.pressing import PRESSING
from tests.wording.reading import ease, sentences, words

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "care-words.md"
VOICES = [("en", "tú"), ("es-MX", "tú"), ("es-MX", "usted"), ("es-ES", "tú"), ("es-ES", "usted")]
#: We say that we were late, and apologize; they may see it otherwise: no pressure when it is about ourselves.
OURS = re.compile(
    r"but late: it was due|see it otherwise|We apologize( for the wait)?\.|Lo sentimos\.|Sentimos la espera\."
)
TU = re.compile(
    r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|\w+(?:aste|iste)|cumples|recibes|dinos|dínoslo)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def dialogues():
    if not PAGE.exists():
        pytest.skip("outside: installed without its documentation")
    page, told = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL), {}
    exec(page[1], told)  # noqa: S102  # the page's own block
    return told["dialogues"]


@pytest.mark.parametrize("voice", VOICES, ids=" ".join)
def test_every_text_of_the_page_is_kind_easy_and_whole(dialogues, voice):
    said = dialogues(*voice)
    assert len(said) >= 20
    for situation, text in said.items():
        others = OURS.sub("", text)
        assert not PRESSURE.search(others), (situation, PRESSURE.search(others)[0])
        assert not PRESSING.search(text), (situation, PRESSING.search(text)[0])
        assert not re.search(r"[{}]|\s\s|\.\.", text), situation
        assert text[0].isupper(), situation
        assert text[-1] == ".", situation
        assert ease(text, voice[0][:2]) >= 50, (situation, ease(text, voice[0][:2]))
        assert max(len(words(each)) for each in sentences(text)) <= 30, situation


def test_no_voice_is_mixed(dialogues):
    for language in ("es-MX", "es-ES"):
        assert {name: text for name, text in dialogues(language, "usted").items() if TU.search(text)} == {}
        familiar = dialogues(language, "tú")
        assert {
            name for name, text in familiar.items() if re.search(r"\b(usted|le prometimos|díganos)\b", text)
        } == set()
        assert sum(bool(TU.search(text)) for text in familiar.values()) >= 15
