"""What somebody in hard times reads: no blame, no threat, no false cheer, no jargon; in both languages, tú and usted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fidelity.wording import en_care_dignity, es_care_dignity
from tests.care.hardship_dialogues import dialogues
from tests.wording.pressing import PRESSING
from tests.wording.reading import ease, sentences, words

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "care-dignity.md"
PLACES = [("en", False), ("en-US", False), ("es-MX", False), ("es-MX", True), ("es-ES", False), ("es-ES", True)]

#: Words that blame, threaten, cheer falsely or come from the office.
PRESSURE = re.compile(
    r"""\b(
    # blame
    your\ fault | fail(ed|ure|s)? | forgot(ten)? | should\ have | neglect\w* | irrespons\w* | careless\w* | late(ness)?
    | again\ not | culpa\w* | olvid\w+ | fall(ó|aste|ado) | debiste | debió | incumpl\w* | descuid\w*
    # threat
    | must | immediate\w* | urgent\w* | final | last\ (chance|notice|warning) | warn\w* | consequence\w* | lawyer\w*
    | legal\w* | court\w* | collect(ion|or)\w* | suspend\w* | block\w* | otherwise | or\ else | demand\w* | require[ds]?
    | inmediat\w* | urgente\w* | aviso | advert\w* | consecuencia\w* | abogad\w* | juzgado\w* | cobran\w* | bloque\w*
    | de\ lo\ contrario | exig\w* | requer\w* | reclam\w* | tienes?\ que | deb(e|es|erá|erás)
    # the office
    | debt(or)?s? | owed? | owes? | owing | arrears? | overdue | default\w* | delinquen\w* | penalt\w* | fees? | fines?
    | outstanding | balance | credit\w* | case | hardship | protect\w* | instal\w* | process\w*
    | deud\w* | moros\w* | mora | adeud\w* | vencid\w* | impag\w* | multas? | penaliza\w* | intereses | cr[eé]dito\w*
    | expediente\w* | caso | saldo | cuotas? | proceso | regulariz\w* | pendiente\w*
    # false cheer, and pity
    | great | congrat\w* | happy | awesome | good\ news | don.?t\ worry | no\ worries | unfortunately | sorry | regret\w*
    | genial | felic\w* | enhorabuena | buenas\ noticias | no\ te\ preocupes | no\ se\ preocupe | lament\w* | sentimos
    )\b|[!¡]""",
    re.IGNORECASE | re.VERBOSE,
)
#: What the words above would be found in if they were there.
CAUGHT = [
    "Your payment is overdue.", "You must pay at once.", "Final warning", "Great news!", "we are sorry",
    "Usted es deudora", "su cuenta está en mora", "De lo contrario, llamaremos a un abogado", "Tienes que pagar",
    "No te preocupes", "un saldo pendiente",
]  # fmt: skip


@pytest.mark.parametrize("text", CAUGHT)
def test_words_of_pressure_are_known(text):
    assert PRESSURE.search(text)


@pytest.mark.parametrize("book", [en_care_dignity, es_care_dignity], ids=["en", "es"])
def test_no_phrase_presses_blames_or_cheers(book):
    phrases = {**book.PHRASES, **{f"es-MX/{name}": text for name, text in getattr(book, "MEXICO", {}).items()}}
    assert {name: found[0] for name, text in phrases.items() if (found := PRESSURE.search(text))} == {}


@pytest.mark.parametrize(("language", "formal"), PLACES)
def test_every_message_is_kind_easy_and_whole(language, formal):
    for situation, text in dialogues(language, formal=formal).items():
        assert text, situation
        assert not PRESSURE.search(text), situation
        assert not PRESSING.search(text), situation
        assert not re.search(r"[{}]|\s\s|\.\.", text), situation
        assert text[0].isupper()
        assert text[-1] == "."
        assert ease(text, language[:2]) >= 60, (situation, text)
        assert max(len(words(each)) for each in sentences(text)) <= 30, (situation, text)


def test_each_place_speaks_its_own_way():
    said = [dialogues(language, formal=formal) for language, formal in PLACES[2:]]
    for situation in said[0]:
        assert len({each[situation] for each in said}) > 1, situation
    # Mexico speaks of talking and of what suits otherwise than Spain.
    assert "platicar contigo" in said[0]["a contact offers to talk"]
    assert "platicar con usted" in said[1]["a contact offers to talk"]
    assert "hablar contigo" in said[2]["a contact offers to talk"]
    assert "hablar con usted" in said[3]["a contact offers to talk"]


def test_usted_is_never_mixed_with_tu():
    tu = re.compile(r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|\w+(?:aste|iste)|dinos|dínoslo|habla con)\b", re.IGNORECASE)
    for language in ("es-MX", "es-ES"):
        assert {name: text for name, text in dialogues(language, formal=True).items() if tu.search(text)} == {}


def test_the_page_prints_what_is_said():
    if not PAGE.exists():
        pytest.skip("outside: installed without its documentation")
    page = PAGE.read_text("utf-8")
    printed = re.findall(r"^> \*\*(en|es-MX, tú|es-ES, usted)\*\* (.+)$", page, re.MULTILINE)
    said = {
        "en": set(dialogues("en").values()),
        "es-MX, tú": set(dialogues("es-MX").values()),
        "es-ES, usted": set(dialogues("es-ES", formal=True).values()),
    }
    for place, texts in said.items():
        assert [text for where, text in printed if where == place and text not in texts] == []
        assert len([text for where, text in printed if where == place]) == len(texts)
