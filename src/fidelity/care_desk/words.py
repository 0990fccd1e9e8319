"""Words: what somebody said lives with `Members`, where it can be erased; the journal has a salted digest of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from attrs import frozen

from fidelity.care.command import CareCommand
from fidelity.errors import IdempotencyConflict

__all__ = ["Kept", "kept_words"]


@frozen
class Kept:
    """
    Words on their way to the people, before their command is decided.

    Attributes:
        person: Whose they are.
        name: Under which name they are kept.
        payload: What is kept, with the salt.
        digest: What the journal gets.
        before: What stood there; None if nothing did.
    """

    person: str
    name: str
    payload: Mapping[str, Any]
    digest: str
    before: Mapping[str, Any] | None = None

    @property
    def known(self) -> bool:
        """Whether they are kept already, by an earlier try of the same command."""
        return self.before == self.payload


def kept_words(command: CareCommand, payloads: Mapping[str, Mapping[str, Any]], salt: Callable[[], str]) -> Kept:
    """
    The words of *command*, ready to be kept beside *payloads*.

    Raises:
        IdempotencyConflict: If other words are kept under its key.
    """
    person, name = command.speaker, f"{command.words_name}/{command.key}"
    before = payloads.get(name)
    if before is not None and before.get("words") != command.words:
        message = f"the key {command.key!r} was used before with other words; a new command needs a new key"
        raise IdempotencyConflict(message, key=command.key)
    payload = {"salt": salt(), "words": command.words} if before is None else before
    digest = sha256(f"{payload['salt']}\n{command.words}".encode()).hexdigest()
    return Kept(person, name, payload, digest, before)
