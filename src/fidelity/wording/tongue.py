"""A tongue: a language, together with what one program calls its own things in it and how it addresses its members.

It is a text like any other language, so it goes wherever a language goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

__all__ = ["OwnWords", "Tongue", "counted_as", "is_formal", "own", "scale_of"]

#: What a name is called, or one and many of what is counted: ``"tarjeta"``, ``("vale", "vales")``.
OwnWords: TypeAlias = "Mapping[str, str | tuple[str, str]]"


class Tongue(str):
    """
    A language and the words of one program in it.

    >>> spanish = Tongue.of("es-MX", {"free coffee": "café gratis"}, formal=True)
    >>> spanish == "es-MX", own(spanish, "Free coffee"), own(spanish, "big cup"), is_formal(spanish)
    (True, 'Café gratis', 'big cup', True)
    """

    __slots__ = ("formal", "scales", "words")

    words: OwnWords
    formal: bool
    scales: Mapping[str, int]

    @classmethod
    def of(
        cls, language: str, words: OwnWords, *, formal: bool = False, scales: Mapping[str, int] = MappingProxyType({})
    ) -> Tongue:
        """
        *language* with the program's own *words*, by name.

        Args:
            formal: Address the member as *usted*.
            scales: How many decimals the points of a wallet have; none unless told.
        """
        found = cls(language)
        found.words = {name.casefold(): each for name, each in words.items()}
        found.formal = formal
        found.scales = scales
        return found


def is_formal(language: str) -> bool:
    """Whether *language* is a tongue that addresses the member formally."""
    return isinstance(language, Tongue) and language.formal


def scale_of(language: str, wallet: str) -> int:
    """How many decimals the points of *wallet* have."""
    return language.scales.get(wallet, 0) if isinstance(language, Tongue) else 0


def own(language: str, text: str) -> str:
    """What the program calls *text* in *language*: the text itself where it has no other word for it."""
    if not isinstance(language, Tongue):
        return text
    found = language.words.get(text.casefold())
    if found is None:
        return text
    word = found if isinstance(found, str) else found[1]
    return word[:1].upper() + word[1:] if text[:1].isupper() else word


def counted_as(language: str, name: str) -> tuple[str, str] | None:
    """One and many of *name*, if the program says both."""
    found = language.words.get(name.casefold()) if isinstance(language, Tongue) else None
    return found if isinstance(found, tuple) else None
