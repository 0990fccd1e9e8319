"""What is said of complaints and thanks: no blame, no threat, no false cheer, no jargon; in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fidelity.wording import en_care_staff, es_care_staff
from tests.care.staff_dialogues import dialogues
from tests.wording.pressing import PRESSING
from tests.wording.reading import ease, sentences, words

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "care-staff.md"
PLACES = [("en", False), ("en-US", False), ("es-MX", False), ("es-MX", True), ("es-ES", False), ("es-ES", True)]
PRINTED = {"en": ("en", False), "es-MX, tú": ("es-MX", False), "es-ES, usted": ("es-ES", True)}

#: Words that blame, press, cheer falsely or come from the office.
UNKIND = re.compile(
    r"""\b(
    your\ fault | you\ fail\w* | you\ forgot | should\ have | unfortunately | sorry | however | policy | as\ per | ticket
    | alleg\w* | claim\w* | must | urgent\w* | final | warn\w* | congrat\w* | great | awesome | happy | don.?t\ worry
    | worst | last | least | below | score\w* | rank\w* | better\ than
    | culpa\w* | olvid\w+ | debiste | debió | por\ desgracia | lamentablemente | sin\ embargo | pol[ií]tica | folio
    | supuest\w* | reclam\w* | debe\w* | tienes?\ que | urgente\w* | aviso | felic\w* | enhorabuena | genial
    | no\ te\ preocupes | no\ se\ preocupe | peor\w* | últim\w* | menos | puntuaci\w* | puesto | mejor\ que
    )\b|[!¡]""",
    re.IGNORECASE | re.VERBOSE,
)


@pytest.mark.parametrize(
    "text", ["Your ticket was closed.", "We are sorry", "¡Enhorabuena!", "You ranked last", "Según la política"]
)
def test_unkind_words_are_known(text):
    assert UNKIND.search(text)


@pytest.mark.parametrize("book", [en_care_staff, es_care_staff], ids=["en", "es"])
def test_no_phrase_for_people_blames_presses_or_compares(book):
    # What the staff reads of its authority speaks of roles and limits.
    phrases = {name: text for name, text in book.PHRASES.items() if not name.startswith("authority.")}
    assert {name: found[0] for name, text in phrases.items() if (found := UNKIND.search(text))} == {}


@pytest.mark.parametrize(("language", "formal"), PLACES)
def test_every_message_is_kind_easy_and_whole(language, formal):
    for situation, text in dialogues(language, formal=formal).items():
        assert not UNKIND.search(text), (situation, text)
        assert not PRESSING.search(text), (situation, text)
        assert not re.search(r"[{}]|\s\s|\.\.", text), situation
        assert text[0].isupper(), situation
        assert text[-1] == "."
        assert ease(text, language[:2]) >= 55, (situation, text, ease(text, language[:2]))
        assert max(len(words(each)) for each in sentences(text)) <= 30, (situation, text)


def test_usted_is_never_mixed_with_tu():
    tu = re.compile(r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|\w+(?:aste|iste)|hayas|expliques)\b", re.IGNORECASE)
    for language in ("es-MX", "es-ES"):
        assert {name: text for name, text in dialogues(language, formal=True).items() if tu.search(text)} == {}


def test_the_page_prints_what_is_said():
    if not PAGE.exists():
        pytest.skip("outside: installed without its documentation")
    printed = re.findall(r"^> \*\*(en|es-MX, tú|es-ES, usted)\*\* (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    for place, (language, formal) in PRINTED.items():
        said = list(dialogues(language, formal=formal).values())
        assert [text for where, text in printed if where == place] == said
