"""A program's own words: what its names are called in the languages of its members, and how these are addressed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from fidelity.errors import LanguageError, OperandError, Problem
from fidelity.language.handles import Handle
from fidelity.values.spelling import shown, suggest
from fidelity.wording.phrasebook import LANGUAGES, place
from fidelity.wording.tongue import Tongue

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["ADDRESSES", "Words", "names_of", "tongue", "word_problems", "words", "words_plain"]

#: How members are addressed where a language has two ways; the first unless told.
ADDRESSES = ("tú", "usted")

#: By language: what each name of the program is called.
Words = Mapping[str, Mapping[str, "str | tuple[str, str]"]]


def words(value: Mapping[str, Mapping[str, object]] | None) -> Words:
    """
    What a program calls its names, by language.

    Raises:
        LanguageError, OperandError: If it is no table of texts, or a language is not known.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        message = f'words is a table by language: words={{"es": {{"a card": "una tarjeta"}}}}, not {shown(value)}'
        raise OperandError(message, value=value)
    return {_language(tag): _table(tag, table) for tag, table in value.items()}


def _language(tag: object) -> str:
    if not isinstance(tag, str) or tag not in LANGUAGES:
        hint = suggest(str(tag), LANGUAGES) or f"the languages are {', '.join(LANGUAGES)}"
        message = f"words are not known in {shown(tag)}; {hint}"
        raise LanguageError(message, value=tag)
    return tag


def _table(tag: str, table: object) -> dict[str, str | tuple[str, str]]:
    if not isinstance(table, Mapping):
        message = f'the words in {tag} are a table: {{"a card": "una tarjeta"}}, not {shown(table)}'
        raise OperandError(message, value=table)
    return {str(name): _word(str(name), each) for name, each in table.items()}


def _word(name: str, value: object) -> str | tuple[str, str]:
    if _sayable(value):
        return str(value)
    if isinstance(value, list | tuple) and len(value) == 2 and all(map(_sayable, value)):  # noqa: PLR2004 -- one, many
        return str(value[0]), str(value[1])
    message = f'"{name}" is called by a text, or by one and many (["vale", "vales"]), not {shown(value)}'
    raise OperandError(message, value=value)


def _sayable(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= 500  # noqa: PLR2004


def words_plain(value: Words) -> dict[str, dict[str, str | list[str]]]:
    """The table as a program file has it."""
    return {
        tag: {name: each if isinstance(each, str) else list(each) for name, each in table.items()}
        for tag, table in value.items()
    }


def names_of(program: Program) -> dict[str, None]:
    """Every text of *program* that may be called otherwise: names, messages, benefits, codes, in their order."""
    found: dict[str, None] = {}
    for each in attrs.fields(type(program)):
        if each.name not in _OURS:
            found.update(dict.fromkeys(_texts(getattr(program, each.name))))
    return found


#: What nobody is told by name.
_OURS = ("version", "currency", "timezone", "words", "address")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    if isinstance(value, type):
        # A host's own event or fields.
        yield str(getattr(value, "kind", ""))
        parts: Iterable[object] = [name.replace("_", " ") for name in getattr(value, "declared", ())]
    elif isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, list | tuple | frozenset):
        parts = value
    elif isinstance(value, Handle):
        parts = (getattr(value, "terms", None),)
    else:
        kind: Any = type(value)
        parts = [getattr(value, each.name) for each in attrs.fields(kind)] if attrs.has(kind) else ()
    for each in parts:
        yield from _texts(each)


def word_problems(program: Program) -> Iterator[Problem]:
    """What is wrong with the words of *program*: names that it does not have."""
    if program.address not in ADDRESSES:
        message = f'address is "tú" or "usted", not {shown(program.address)}'
        yield Problem("address", message, suggest(str(program.address), ADDRESSES))
    if not program.words:
        return
    known = {name.casefold(): name for name in names_of(program)}
    for tag, table in program.words.items():
        for name in table:
            if name.casefold() not in known:
                remedy = suggest(name, known.values()) or "call it as it stands in the program"
                yield Problem(f"words.{tag}", f'the program has nothing called "{name}"', remedy)


def tongue(program: Program, language: str) -> str:
    """
    *language* with the words that *program* has in it, and with its form of address.

    The words for a country come before those for its language.
    """
    formal = program.address == "usted"
    scales = {each.name: each.scale for each in program.wallets if each.scale}
    if not program.words and not formal and not scales:
        return language
    where = place(language)
    own = {**program.words.get(where.book, {}), **program.words.get(where.tag, {})}
    return Tongue.of(language, own, formal=formal, scales=scales)
