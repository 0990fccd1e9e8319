"""How easy a text is to read: the Flesch reading ease for English, and its scale for Spanish, INFLESZ.

Syllables are counted by the rules of each language. Numbers are left out: how they are read depends on the reader.

Source:
    Flesch (1948), "A new readability yardstick". Szigriszt Pazos (1993) and Barrio-Cantalejo (2008) for INFLESZ.
"""

from __future__ import annotations

import re

__all__ = ["ease", "sentences", "syllables", "words"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# A heading and a line of a list end where they end, whether or not there is a full stop.
_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")

_STRONG = "aeoáéó"
_SPANISH = "aeiouáéíóúü"


def words(text: str) -> list[str]:
    """The words of *text*, in lower case."""
    return [each.lower() for each in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    """The sentences of *text*, and what stands for one."""
    return [each for each in _END.split(text) if each and words(each)]


def syllables(word: str, language: str) -> int:
    """
    How many syllables *word* has.

    >>> [syllables(each, "es") for each in ("aniversario", "día", "guerra", "viaje", "leer", "y")]
    [5, 2, 2, 2, 2, 1]
    >>> [syllables(each, "en") for each in ("purchase", "anniversary", "earned", "table", "the", "rewards")]
    [2, 5, 1, 2, 1, 2]
    """
    return _spanish(word) if language == "es" else _english(word)


def _spanish(word: str) -> int:
    word = re.sub(r"qu(?=[eéií])|gu(?=[eéií])", "k", word)
    word = re.sub(r"y(?![aeiouáéíóú])", "i", word)
    count, before = 0, ""
    for letter in word:
        if letter in _SPANISH:
            # Two vowels are one syllable if one of them is weak and unstressed.
            apart = before in _STRONG and letter in _STRONG
            if not before or apart or before in "íú" or letter in "íú":
                count += 1
            before = letter
        elif letter != "h":
            before = ""
    return max(count, 1)


def _english(word: str) -> int:
    word = re.sub(r"['’]s$", "", word)
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeioudt]ed$", word) or re.search(r"[^aeiouyl]e$|[^aeiouy][aeiouy]le$", word):
        count -= 1
    if re.search(r"[^aeioucgszx]es$|(?<=[^sxz])hes$", word) and not word.endswith(("ches", "shes")):
        count -= 1
    if re.search(r"ia|io(?!u|n)|iu|ua(?!r)", word):
        count += 1
    return max(count, 1)


def ease(text: str, language: str) -> float:
    """
    How easy *text* is: from 55 on most adults read it without effort, from 65 on it is easy.

    >>> round(ease("The cat sat on the mat. It was glad.", "en"))
    118
    """
    said = words(text)
    long = len(said) / len(sentences(text))
    heavy = sum(syllables(each, language) for each in said) / len(said)
    return 206.835 - long - 62.3 * heavy if language == "es" else 206.835 - 1.015 * long - 84.6 * heavy
