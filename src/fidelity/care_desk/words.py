"""Words: what somebody said lives with `Members`, where it can be erased; the journal has a salted digest of it.

Until the journal has decided they are kept aside, each try under a name of its own: of two that use one key at once the
journal lets one win, and neither ever writes over what the other one said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from attrs import frozen

from fidelity.care.command import CareCommand
from fidelity.errors import IdempotencyConflict

__all__ = ["Kept", "kept_words", "other_words"]


@frozen
class Kept:
    """
    Words on their way to the people, before their command is decided.

    Attributes:
        person: Whose they are.
        name: Under which name they are kept once it is decided.
        aside: Under which name they are kept until then.
        payload: What is kept, with the salt.
        digest: What the journal gets.
        known: Whether they are kept already, aside or for good, by an earlier try of the same command.
        settled: Whether words stand under their own name, these or others.
        refused: What to raise, if those are others.
    """

    person: str
    name: str
    aside: str
    payload: Mapping[str, Any]
    digest: str
    known: bool = False
    settled: bool = False
    refused: IdempotencyConflict | None = None


def kept_words(command: CareCommand, payloads: Mapping[str, Mapping[str, Any]], salt: Callable[[], str]) -> Kept:
    """The words of *command*, ready to be kept beside *payloads*."""
    person, name = command.speaker, f"{command.words_name}/{command.key}"
    settled = payloads.get(name)
    told = (each for each in (settled, *_tries(payloads, name)) if each and each.get("words") == command.words)
    found = next(told, None)
    payload = {"salt": salt(), "words": command.words} if found is None else found
    digest = _digest(payload)
    refused = _other(command.key) if settled is not None and settled.get("words") != command.words else None
    return Kept(
        person, name, f"{name}#{digest[:16]}", payload, digest, known=found is not None, settled=settled is not None,
        refused=refused,
    )  # fmt: skip


def other_words(
    command: CareCommand, kept: Kept, payloads: Mapping[str, Mapping[str, Any]], digest: str
) -> IdempotencyConflict | None:
    """What to raise if the words of *digest*, under which the journal knows the key, are not those of *command*."""
    told = (each for each in (payloads.get(kept.name), *_tries(payloads, kept.name)) if each)
    others = (each for each in told if _digest(each) == digest and each["words"] != command.words)
    return None if next(others, None) is None else _other(command.key)


def _tries(payloads: Mapping[str, Mapping[str, Any]], name: str) -> Iterator[Mapping[str, Any]]:
    """What is kept aside for *name*."""
    return (payload for each, payload in payloads.items() if each.startswith(f"{name}#"))


def _digest(payload: Mapping[str, Any]) -> str:
    return sha256(f"{payload['salt']}\n{payload['words']}".encode()).hexdigest()


def _other(key: str) -> IdempotencyConflict:
    message = f"the key {key!r} was used before with other words; a new command needs a new key"
    return IdempotencyConflict(message, key=key)
