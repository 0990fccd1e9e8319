"""Both phrasebooks say the same things, and each says them to the member in one way."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from fidelity import wording
from fidelity.wording import en, es
from fidelity.wording.phrasebook import LANGUAGES, WordingError, code, listing, phrase, place

ENDINGS = re.compile(r"(\.one)?(/usted)?$")
# Words that address the member as tú. "tu", "te" and endings in -as, -es of the verbs that occur.
TU = re.compile(
    r"\b(tu|tus|te|ti|ganas|tienes|puedes|podrás|usa|bajas|alcances|alcanzas|dejas|conservas|reúnes|recibes|vuelves|"
    r"recuperas|devuelves|participas|recomiendas|eres|das|has|ganes|inscribiste|usaste|llevas|cumples|"
    r"contigo|tuy[oa]s?|compartes|sigues|diste)\b",
    re.IGNORECASE,
)


def plain(key):
    return ENDINGS.sub("", key)


def parts(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_what_one_language_can_say_the_other_can_say():
    assert {plain(key) for key in en.PHRASES} == {plain(key) for key in es.PHRASES}


@pytest.mark.parametrize("book", [en, es])
def test_a_regional_phrase_replaces_one_that_exists(book):
    for changed in book.REGIONAL.values():
        assert {plain(key) for key in changed} <= {plain(key) for key in book.PHRASES}


def test_a_regional_phrase_uses_the_same_parts():
    for changed in es.REGIONAL.values():
        assert [key for key in changed if key in es.PHRASES and parts(changed[key]) != parts(es.PHRASES[key])] == []


def said(book, place):
    return {**book.PHRASES, **book.REGIONAL.get(place, {})}


@pytest.mark.parametrize("spoken", ["es", "es-MX"])
def test_whatever_says_tu_also_says_usted(spoken):
    phrases = said(es, spoken)
    familiar = [key for key, text in phrases.items() if TU.search(text) and not key.endswith("/usted")]

    assert [key for key in familiar if f"{key}/usted" not in phrases] == []


@pytest.mark.parametrize("spoken", ["es", "es-MX"])
def test_usted_is_never_tu(spoken):
    formal = {key: text for key, text in said(es, spoken).items() if key.endswith("/usted")}

    # "usa" and "has" are tú; "cumple", "gana", "puede" are usted.
    assert {key: text for key, text in formal.items() if TU.search(text)} == {}


@pytest.mark.parametrize("spoken", ["es", "es-MX"])
def test_a_phrase_for_one_has_both_ways_if_the_phrase_for_many_has(spoken):
    phrases = said(es, spoken)
    ones = [key for key in phrases if key.endswith(".one") and f"{plain(key)}/usted" in phrases]

    assert [key for key in ones if f"{key}/usted" not in phrases] == []


def test_nothing_shouts_and_nothing_blames():
    unkind = re.compile(
        r"[!¡]|\b(unfortunately|sorry|fail|failed|lamentablemente|por desgracia|penaliz)", re.IGNORECASE
    )

    assert [text for book in (en, es) for text in book.PHRASES.values() if unkind.search(text)] == []


@pytest.mark.parametrize(("asked", "given"), [("es-AR", "es"), ("es_MX", "es-MX"), ("EN-us", "en-US"), ("en-AU", "en")])
def test_a_variant_that_nobody_wrote_falls_back_on_its_language(asked, given):
    assert place(asked).tag == given


@pytest.mark.parametrize("asked", ["fr", "", "español", None])
def test_an_unknown_language_is_refused_with_the_list(asked):
    with pytest.raises(WordingError) as refused:
        phrase(asked, "and")

    assert refused.value.languages == LANGUAGES


def test_an_unknown_phrase_is_refused():
    with pytest.raises(WordingError, match="no phrase is called"):
        phrase("en", "heading.earnn")


@pytest.mark.parametrize(
    ("parts", "how", "said"),
    [
        (["aguja", "hilo"], "and", "aguja e hilo"),
        (["agua", "hielo"], "and", "agua y hielo"),
        (["web", "«iPad»"], "and", "web e «iPad»"),
        (["plata", "oro"], "or", "plata u oro"),
        (["7", "8"], "or", "7 u 8"),
        (["10", "11"], "or", "10 u 11"),
        (["10", "110"], "or", "10 o 110"),
    ],
)
def test_spanish_joins_by_ear(parts, how, said):
    assert listing("es", parts, how) == said


def test_a_part_that_begins_with_the_article_contracts():
    assert phrase("es", "noun", label="el mes", owner="el canje") == "el mes del canje"
    assert phrase("es", "noun", label="el mes", owner="la compra") == "el mes de la compra"


def test_a_part_with_braces_stays_as_it_is():
    assert phrase("en", "if", condition="{name}") == "if {name}"


@pytest.mark.parametrize("text", ["and", "no", "o", "5", "own cup", "", "x; y"])
def test_a_code_that_could_be_misheard_is_quoted(text):
    assert code("en", text) == f"“{text}”"


@pytest.mark.parametrize("book", ["en", "es"])
def test_no_phrase_is_written_twice_under_one_name(book):
    # The books are joined: of two phrases of one name the first would be lost without a word.
    rooms = sorted(Path(wording.__path__[0]).glob(f"{book}*.py"))
    names = [
        key.value
        for room in rooms
        for node in ast.walk(ast.parse(room.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and [getattr(each, "id", "") for each in node.targets] == ["PHRASES"]
        for key in node.value.keys
        if key is not None
    ]
    assert [name for name, times in Counter(names).items() if times > 1] == []
