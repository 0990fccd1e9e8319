"""The part of a program file that is a wallet: the terms of one point currency."""

from __future__ import annotations

from fractions import Fraction

from fidelity.errors import LanguageError
from fidelity.rules.earning.rules import Wallet, policy
from fidelity.rules.earning.wallet_terms import REINSTATEMENT
from fidelity.rules.spelling.shapes import REQUIRED, Key, Part, a_rate, a_text, a_whole, holding, texts
from fidelity.values.decay import Decay
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration
from fidelity.values.rates import exact_text
from fidelity.values.spelling import shown
from fidelity.values.waiting import waiting

__all__ = ["WALLET"]


def _percent(share: Fraction) -> str:
    return f"{exact_text(share * 100)}%" if "/" not in exact_text(share * 100) else exact_text(share)


def _every(value: object) -> str:
    return a_text(value)


def _some(value: object) -> tuple[str, ...]:
    found = texts(value)
    if not found:
        message = f"activity says what counts, not {shown(value)}; leave it out for the usual"
        raise LanguageError(message)
    return tuple(found)


DECAY = Part(
    "a decay",
    Decay,
    (
        Key("after", lambda value: duration(a_text(value)), str, REQUIRED),
        Key("every", _every, str, REQUIRED),
        Key("lose", a_rate, _percent, REQUIRED),
        Key("at_least", a_whole, default=1),
        Key("all_at", lambda value: duration(a_text(value)), str),
    ),
)

WALLET = Part(
    "a wallet",
    Wallet,
    (
        Key("name", a_text, default=REQUIRED),
        Key("expiry", lambda value: expiry(a_text(value)), str),
        Key("order", lambda value: policy("order", value), default="earliest expiry"),
        Key("pending", lambda value: waiting(a_text(value)), str),
        Key("clawback", lambda value: policy("clawback", value), default="debt"),
        Key("transfers", lambda value: policy("transfers", value), default="keep expiry"),
        Key("scale", a_whole, default=0),
        Key("activity", _some, list, ()),
        holding("decay", DECAY),
        Key("reinstatement", lambda value: duration(a_text(value)), str, REINSTATEMENT),
        Key("extension", lambda value: duration(a_text(value)), str),
    ),
)
