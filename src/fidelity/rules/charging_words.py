"""Charges in so many words: whatever a program prints may ask for money, and members never pay for access (R1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from fidelity.values.money import currencies

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["asks_for_money", "texts_that_charge"]

_NUMBER = (
    r"(?:\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"hundred|thousand|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|cuarenta|"
    r"cincuenta|sesenta|cien|mil)\b)"
)
_COIN = r"(?:euros?|dollars?|pesos?|pounds?(?! of)|cents?|d[oó]lar(?:es)?|c[eé]ntimos?|centavos?)\b"
_AMOUNT = (
    rf"(?:[€$£]\s?\d|\b(?-i:{'|'.join(currencies())})\s?\d"
    rf"|\d\s?(?:[€$£]|(?-i:{'|'.join(currencies())})\b)|{_NUMBER}\s?{_COIN})"
)
_NOUN = (
    r"(?<!no )(?<!without )(?<!without any )(?<!without a )(?<!sin )(?<!sin ninguna )(?<!sin ningún )"
    r"\b(?:fees?|surcharges?|co-?pay(?:ments?)?|cuotas?|copagos?|recargos?)\b"
)
_PAY = r"\b(?:pays?(?! attention)|paying|pagar|pague|pagas?|pago)\b"
_BUY = (
    r"(?<!need to )(?<!have to )\b(?:buy(?:s|ing)?|deposit(?:s|ing|e|es|a|ar)?|top up)\b"
    r"|\bcompr[ae]r?\s+(?:un|una|el|la|los|las|al|unos|unas)\b"
)
#: Of what stands between the points and the reward, any of these asks for money.
_ASKED_OF_A_STEP = re.compile(rf"{_AMOUNT}|{_NOUN}|{_PAY}|{_BUY}", re.IGNORECASE)
_ASKED_BY_LAW = re.compile(rf"{_AMOUNT}|{_NOUN}", re.IGNORECASE)
#: Elsewhere amounts and payments are told without being asked for ("gift card 50 EUR", "five euros off", "pay with
#: points"): there it takes both, what is charged and how much, or a charge that is said to be due.
_NEAR = r"[^.;!?\n]{0,40}?"
_GIVEN_BACK = re.compile(
    r"\b(?:waived?|waiv(?:er|ing)|refund(?:s|ed)?|reimburse[ds]?|credit(?:s|ed)?|back|free of|for free|off|less|saves?"
    r"|instead|condona\w*|devuel\w*|devol\w*|reembols\w*|gratis|descuento|bonific\w*|menos|ahorr\w*)\b",
    re.IGNORECASE,
)
_CHARGED = re.compile(
    rf"{_NOUN}{_NEAR}{_AMOUNT}|{_AMOUNT}{_NEAR}{_NOUN}"
    rf"|{_NOUN}\s+(?:appl(?:y|ies)|may apply|is due|are due|(?:is |are )?(?:required|payable)|se aplica)"
    rf"|\bfor a (?:small |handling |service )?fee\b|\b(?:se cobra|con)\s+(?:una?\s+)?(?:cuota|recargo|copago)\b"
    rf"|(?:\+|\bplus|\bmás)\s*(?:[€$£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[€$£]|(?-i:{'|'.join(currencies())})\b|{_COIN})"
    rf"|{_NUMBER}\s?{_COIN})\s*$"
    rf"|(?<!points )(?<!point )(?<!puntos )(?:\b(?:pay|paying|pague|paga)|\bdeposit[ae]?|\babon[ae])\s"
    rf"{_NEAR}(?:\d[\d.,]*\s?)?{_AMOUNT}",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;!?]\s|[()]")
#: Without one of these a text asks for nothing; it takes no longer look.
_HINT = re.compile(r"fee|charge|pay|pag|cuota|recargo|deposit|abon|\+|plus|más", re.IGNORECASE)


def asks_for_money(text: str, kind: str = "") -> bool:
    """Whether *text* charges its reader; a step of a reward (``"steps"``) and a legal term (``"legal"``) ask sooner."""
    if kind == "steps":
        return _ASKED_OF_A_STEP.search(text) is not None
    if kind == "legal":
        return _ASKED_BY_LAW.search(text) is not None
    if _HINT.search(text) is None or _CHARGED.search(text) is None:
        return False
    return any(_CHARGED.search(each) and not _GIVEN_BACK.search(each) for each in _CLAUSE.split(text))


def texts_that_charge(program: Program) -> Iterator[tuple[str, str]]:
    """Every text that *program* prints and that asks for money, with its path."""
    for name in _PARTS:
        for path, text, kind in _printed(getattr(program, name), name):
            if asks_for_money(text, kind):
                yield path, text
    own = program.words
    for tag, table in own.items() if isinstance(own, Mapping) else ():
        steps = {each for reward in program.rewards for each in getattr(reward, "steps", ())}
        for called, said in table.items():
            for each in (said,) if isinstance(said, str) else said:
                if asks_for_money(each, "steps" if called in steps else ""):
                    yield f"words.{tag}", each


_PARTS = (
    "name", "earn", "measures", "tiers", "minimum_standard", "wallets", "rewards", "conversions", "milestones",
    "discounts",
)  # fmt: skip
#: The texts of a part that are printed, and the parts inside of it that have some.
_TEXTS = ("name", "message", "benefit", "benefits", "recognition", "steps", "channels", "text")
_INNER = ("rules", "tiers", "service", "legal")


def _printed(value: object, path: str, kind: str = "") -> Iterator[tuple[str, str, str]]:
    """The texts inside of *value*, each with its path and what kind of text it is."""
    if isinstance(value, str):
        yield path, value, kind
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value):
            yield from _printed(each, f"{path}[{place}]", kind)
    elif hasattr(value, "terms"):
        # A measure; what it is read by is no text.
        yield path, value.terms.name, kind
    elif attrs.has(type(value)):
        for name in (*_TEXTS, *_INNER):
            held = getattr(value, name, None)
            if held:
                inner = "steps" if name == "steps" else "legal" if name == "legal" else kind
                yield from _printed(held, path if name == "text" else f"{path}.{name}", inner)
