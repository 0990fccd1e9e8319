"""What every error of this library is."""

from __future__ import annotations

from typing import ClassVar

__all__ = ["FidelityError"]


class FidelityError(Exception):
    """
    What every error of this library is.

    The message says what is wrong, where, and what to do. The same facts stand as attributes:
    whatever was passed by name when the error was raised.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __getattr__(self, name: str) -> object:
        # Only reached when ordinary lookup fails, so `facts` must be looked up without recursion.
        facts: dict[str, object] = self.__dict__.get("facts", {})
        try:
            return facts[name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in tests and workers: keep the facts.
        return (_rebuild, (type(self), self.message, self.facts))


def _rebuild(kind: type[FidelityError], message: str, facts: dict[str, object]) -> FidelityError:
    error = kind.__new__(kind)
    FidelityError.__init__(error, message, **facts)
    return error
