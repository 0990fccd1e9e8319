"""What is wrong with a program, in the reader's language: error sentences, their remedies, and findings of the audit.

Errors are written in English, where they arise. Each sentence stands in a catalogue with holes for its facts, and the
catalogue of a language has the same holes; what is written in the file (keys, codes, examples) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TypeAlias

from fidelity.errors import FidelityError, Problem, ProgramError
from fidelity.wording import es_problems
from fidelity.wording.phrasebook import place

__all__ = ["explain_error", "explain_problem", "sentence_in", "told_problem", "untranslated"]

_HOLE = re.compile(r"\{([a-z])\}")
_END = "; "
#: A pattern of the English words, the names of its holes, which of them stand in no quotation marks, and the Spanish
#: words with the same holes.
_Sentence: TypeAlias = tuple[re.Pattern[str], tuple[str, ...], tuple[bool, ...], str]


def explain_error(error: FidelityError, language: str = "en") -> str:
    """
    What *error* says, in *language*; of a program that cannot stand, every problem on a line of its own.

    >>> from fidelity.errors import LanguageError
    >>> explain_error(LanguageError('there is no event "purchas"; did you mean "purchase"?'), "es-MX")
    'no hay ningún evento "purchas"; ¿quisiste decir "purchase"?'
    """
    if not isinstance(error, ProgramError):
        told = getattr(getattr(error, "quote", None), "explain", None)
        # What says no to a reward is told by the quote, which speaks every language.
        return sentence_in(language, error.message) if told is None else str(told(language))
    return "\n".join(explain_problem(each, language) for each in error.problems)


def explain_problem(problem: Problem, language: str = "en") -> str:
    """
    One problem: where, what, and what to do, in *language*.

    >>> mistake = Problem("earn[0].when", 'purchase has no field "amout"', 'did you mean "amount"?')
    >>> print(explain_problem(mistake, "es"))
    earn[0].when: purchase no tiene ningún campo "amout"; ¿quisiste decir "amount"?
    """
    place_ = f"{problem.path}: " if problem.path else ""
    told, remedy = told_problem(problem, language)
    return f"{place_}{told}{_END}{remedy}" if remedy else f"{place_}{told}"


def told_problem(problem: Problem, language: str) -> tuple[str, str]:
    """What is wrong, and what to do about it, both in *language*; both as they are where the catalogue lacks one."""
    told, remedy = problem.message, problem.remedy
    if untranslated(language, told) or untranslated(language, remedy):
        return told, remedy
    return sentence_in(language, told), sentence_in(language, remedy)


def sentence_in(language: str, sentence: str) -> str:
    """
    An English error sentence in *language*; as it is, from end to end, where the catalogue lacks any part of it.

    >>> sentence_in("es", "one tier is no tiers; list at least two, from low to high, or leave tiers out")
    'un solo nivel no es una tabla de niveles; escribe al menos dos, de menor a mayor, o quita los niveles'
    """
    if place(language).book == "en":
        return sentence
    said = [_spanish(each) for each in _clauses(sentence)]
    return sentence if None in said else _END.join(str(each) for each in said)


def untranslated(language: str, sentence: str) -> tuple[str, ...]:
    """The parts of *sentence* that the catalogue of *language* lacks; empty if it is said throughout."""
    if place(language).book == "en":
        return ()
    return tuple(each for each in _clauses(sentence) if _spanish(each) is None)


def _clauses(sentence: str) -> Iterator[str]:
    """What stands between semicolons; a sentence whose facts hold some is taken whole if the catalogue knows it so."""
    rest = sentence
    while _END in rest:
        # From the longest on, so that a semicolon inside of a fact parts nothing.
        ends = [found.start() for found in re.finditer(_END, rest)][:8]
        known = next((end for end in reversed(ends) if _spanish(rest[:end]) is not None), ends[0])
        yield rest[:known]
        rest = rest[known + len(_END) :]
    if rest:
        yield rest


@lru_cache(maxsize=1024)
def _spanish(clause: str) -> str | None:
    return es_problems.NOUNS.get(clause) or _filled(clause, _patterns("SENTENCES"))


def _filled(text: str, known: Iterable[_Sentence]) -> str | None:
    """The first of *known* that has the words of *text*, in Spanish and with its facts; None if there is none."""
    for pattern, holes, bare, said in known:
        match = pattern.fullmatch(text)
        if match is not None and not any(_is_prose(*each) for each in zip(holes, bare, match.groups(), strict=True)):
            facts = {hole: _fact(hole, fact) for hole, fact in zip(holes, match.groups(), strict=True)}
            return "".join(facts[part] if place_ % 2 else part for place_, part in enumerate(_HOLE.split(said)))
    return None


def _is_prose(hole: str, bare: bool, fact: str) -> bool:  # noqa: FBT001 -- it comes out of a table
    """Whether *fact* holds words of an English sentence, which would stand in the midst of a Spanish one."""
    if not bare or hole in _FROM_THE_FILE or fact in es_problems.NOUNS or _PROSE.search(fact) is None:
        return False
    if hole == "m" and _spanish(fact) is not None:
        return False
    return (
        _filled(fact, _patterns("FACTS")) is None
        and _PROSE.search(_LISTED.sub(" ", _QUOTED.sub(" ", fact))) is not None
    )


#: What there is to choose from, as the file has it.
_LISTED = re.compile(r"[\w ]+(?:, (?!(?:and|or|but|for|which|so) )[\w ]+)+")
#: Holes for a value, or for a list of filters, as the file has them.
_FROM_THE_FILE = ("v", "l")
#: Words by which a sentence is known; what stands in quotation marks, brackets or code is the file's own.
_PROSE = re.compile(r"\b(?:the|of|not?|is|are|was|any|an?|with|which|that|it|used|needs?|takes?)\b")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|\([^)]*\)|\S*[=({\[]\S*|\S+…\S*")


def _fact(hole: str, fact: str) -> str:
    """What fills a hole: a word of the house in Spanish, a sentence inside of another one too, all else as it is."""
    if hole == "m":
        return _spanish(fact) or fact
    if hole == "l":
        # Filters, each with what it asks in brackets; a comma inside of them parts nothing.
        return ", ".join(_fact("", each) for each in re.split(r", (?=[^()]*(?:\(|$))", fact))
    if (points := _POINTS.fullmatch(fact)) is not None:
        return f"{points[1]} punto{points[2]}"
    return es_problems.NOUNS.get(fact) or _filled(fact, _patterns("FACTS")) or fact


_POINTS = re.compile(r"([\d.,]+) point(s?)")


@cache
def _patterns(name: str) -> tuple[_Sentence, ...]:
    """The sentences of a table as patterns, those with the most words of their own first."""
    found = []
    table: dict[str, str] = getattr(es_problems, name)
    for english, spanish in table.items():
        parts = _HOLE.split(english)
        pattern = "".join("(.+?)" if place_ % 2 else re.escape(part) for place_, part in enumerate(parts))
        bare = tuple(not before.endswith(('"', "'", "`", "(")) for before in parts[:-1:2])
        found.append((sum(map(len, parts[::2])), re.compile(pattern, re.DOTALL), tuple(parts[1::2]), bare, spanish))
    found.sort(key=lambda each: -each[0])
    return tuple(each[1:] for each in found)
