"""Phrasebooks: a phrase by its key, in the words of a place. The phrases themselves are data, in `en` and `es`.

Knows no numbers and no dates; `numbers` and `dates` say those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from attrs import frozen

from fidelity.errors import ValueRefused
from fidelity.values.spelling import suggest
from fidelity.wording import en, es
from fidelity.wording.tongue import Tongue, counted_as, is_formal, own

__all__ = [
    "LANGUAGES",
    "Place",
    "WordingError",
    "agreeing",
    "capital",
    "code",
    "listing",
    "noun",
    "phrase",
    "place",
    "quoted",
]

#: The places whose words and numbers are known. ``en`` is international English, ``es`` is that of Spain.
LANGUAGES = ("en", "en-GB", "en-US", "es", "es-ES", "es-MX")

# A code that needs no quotation marks: one word that cannot be taken for a number.
_BARE = re.compile(r"[^\W\d_][^\W_]+")


class WordingError(ValueRefused):
    """A language that nobody wrote the phrases for, or a phrase that does not exist."""

    code = "wording"


@frozen
class Place:
    """
    Whose words are used.

    Attributes:
        tag: One of `LANGUAGES`.
        book: ``en`` or ``es``: the phrasebook.
    """

    tag: str
    book: str

    @property
    def data(self) -> Any:  # noqa: ANN401 -- a module of plain data
        """The module that holds the phrases."""
        return es if self.book == "es" else en


@lru_cache(maxsize=64)
def place(language: str) -> Place:
    """
    The place that *language* names; a variant nobody wrote falls back on its language: ``es-AR`` on ``es``.

    Raises:
        WordingError: If there is no phrasebook for it; lists those there are.

    >>> place("es_mx").tag, place("es-AR").tag, place("en-US").book
    ('es-MX', 'es', 'en')
    """
    known = {each.lower(): each for each in LANGUAGES}
    wanted = str(language).strip().replace("_", "-").lower()
    tag = known.get(wanted) or known.get(wanted.partition("-")[0])
    if tag is None:
        hint = f"{suggest(str(language), LANGUAGES)} ".lstrip()
        message = f"there are no phrases in {language!r}; {hint}the languages are {', '.join(LANGUAGES)}"
        raise WordingError(message, language=language, languages=LANGUAGES)
    return Place(tag, tag.partition("-")[0])


class _Words(str):
    """A part of a phrase that knows how it joins: ``{x:de}``, ``{x:a}`` contract with "el"; ``{x:up}`` begins."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec in ("de", "a"):
            return f"{spec}l {self[3:]}" if self.startswith("el ") else f"{spec} {self}"
        return capital(self) if spec == "up" else format(str(self), spec)


def _template(key: str, where: Place, *, formal: bool, one: bool) -> str:
    endings = [
        f"{count}{address}"
        for count in ([".one", ""] if one else [""])
        for address in (["/usted", ""] if formal else [""])
    ]
    wanted = [f"{key}{ending}" for ending in endings]
    # Regional phrases come first: those of Mexico differ in a few words only.
    books: tuple[Mapping[str, str], ...] = (where.data.REGIONAL.get(where.tag, {}), where.data.PHRASES)
    for name in wanted:
        for book in books:
            if name in book:
                return book[name]
    hint = suggest(key, where.data.PHRASES) or "see fidelity.wording.en.PHRASES"
    message = f"no phrase is called {key!r}; {hint}"
    raise WordingError(message, key=key)


def phrase(
    language: str,
    key: str,
    words: Mapping[str, object] = MappingProxyType({}),
    /,
    *,
    formal: bool = False,
    one: bool = False,
    **parts: object,
) -> str:
    """
    The phrase *key* in *language*, with its *parts* filled in.

    Args:
        words: More parts, such as those of `agreeing`.
        formal: Address the member as *usted* where Spanish has two ways.
        one: What is counted is exactly one; for phrases that say this otherwise.

    Raises:
        WordingError: If the language or the key is unknown.

    >>> phrase("en", "and")
    'and'
    >>> phrase("es", "limit.none"), phrase("es-MX", "pin")
    ('sin límite', 'NIP')
    """
    template = _template(key, place(language), formal=formal or is_formal(language), one=one)
    said = {**words, **parts}
    if isinstance(language, Tongue):
        said = {name: own(language, each) if isinstance(each, str) else each for name, each in said.items()}
    return template.format_map({name: _Words(each) for name, each in said.items()})


def _joins(language: str, how: str, following: str) -> str:
    """The conjunction before *following*: Spanish says "e" before an i sound and "u" before an o sound."""
    word: str = place(language).data.PHRASES[how]
    if place(language).book == "es":
        begins = following.lstrip("«“\"'( ").lower()
        if how == "and" and re.match(r"h?[ií](?![aeo])", begins):
            return "e"
        if how == "or" and re.match(r"h?[oó]|8|11(?!\d)", begins):
            return "u"
    return word


def listing(language: str, parts: Iterable[str], how: str = "and") -> str:
    """
    *parts* as one list.

    Args:
        how: ``and``, ``or`` or ``nor``.

    >>> (
    ...     listing("en", ["a", "b", "c"]),
    ...     listing("es", ["padre", "hijo"]),
    ...     listing("es", ["siete", "ocho"], "or"),
    ... )
    ('a, b and c', 'padre e hijo', 'siete u ocho')
    """
    *most, last = parts
    return f"{', '.join(most)} {_joins(language, how, last)} {last}" if most else last


def quoted(language: str, text: str) -> str:
    """*text* in the quotation marks of the place."""
    return phrase(language, "quoted").replace("*", own(language, text))


def code(language: str, text: str) -> str:
    """
    A shop's own code inside a sentence: bare when it is one plain word, in quotation marks otherwise.

    >>> code("en", "coffee"), code("es", "own cup"), code("es", "o")
    ('coffee', '«own cup»', '«o»')
    """
    said = own(language, text)
    if said != text:
        # What the program has a word for is a word, and no code.
        return said
    bare = _BARE.fullmatch(text) and text.lower() not in place(language).data.SMALL_WORDS
    return text if bare else quoted(language, text)


def noun(language: str, name: str) -> tuple[str, str]:
    """
    One and many of what a wallet holds: points, stamps, stars, miles. Other names stand in quotation marks.

    >>> noun("es", "stamps"), noun("en", "café club")
    (('sello', 'sellos'), ('point in “café club”', 'points in “café club”'))
    """
    found: tuple[str, str] | None = counted_as(language, name) or place(language).data.WALLETS.get(name.lower())
    if found is not None:
        return found
    one, many = place(language).data.WALLETS["points"]
    return (
        phrase(language, "wallet.other", points=one, name=name),
        phrase(language, "wallet.other", points=many, name=name),
    )


def agreeing(language: str, wallet: str) -> dict[str, str]:
    """
    What the wallet holds, and the words that agree with it, as parts of a phrase.

    >>> sorted(agreeing("es", "miles").values())
    ['Las', 'Millas', 'enteras', 'ganadas', 'las', 'las', 'millas', 'tantas']
    """
    data = place(language).data
    many = noun(language, wallet)[1]
    # What the program counts in words of its own is feminine if it sounds so: estrellas, monedas.
    feminine = wallet.lower() in data.FEMININE or (
        counted_as(language, wallet) is not None and many.split()[0].endswith("as")
    )
    words: dict[str, str] = data.AGREES[feminine]
    return {**words, "many": many, "The": capital(words["the"]), "Many": capital(many)}


def capital(text: str) -> str:
    """*text* with its first letter in upper case; nothing else changes."""
    return text[:1].upper() + text[1:]
