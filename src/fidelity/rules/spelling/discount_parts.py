"""The parts of a program file that take money off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fidelity.errors import LanguageError
from fidelity.language.numbers import AmountHandle
from fidelity.language.printing import as_text
from fidelity.language.tree import Field, OverLines
from fidelity.rules.rewards.discounts import Discount, Off, off
from fidelity.rules.spelling.shapes import REQUIRED, Key, Part, a_node, a_text, a_whole, days_pair, iso_pair, node_text
from fidelity.values.rates import exact_text

__all__ = ["DISCOUNT", "OFF", "OFF_KEYS"]

#: How money off is spelled; "off" itself says how much.
OFF_KEYS = ("off", "of", "most", "units", "per")


def _read(plain: Mapping[str, Any]) -> Off:
    if "off" not in plain:
        message = 'money off says how much: off = "10 %" or off = "3 EUR"'
        raise LanguageError(message)
    scope = AmountHandle(a_node(plain["of"])) if "of" in plain else None
    rest: dict[str, Any] = {"most": a_text(plain["most"])} if "most" in plain else {}
    rest |= {name: a_whole(plain[name]) for name in ("units", "per") if name in plain}
    return off(a_text(plain["off"]), of=scope, **rest)


def _plain(value: Off) -> dict[str, Any]:
    told = f"{exact_text(value.share * 100)} %" if value.share is not None else str(value.amount)
    found: dict[str, Any] = {"off": told}
    if not value.whole:
        found["of"] = as_text(OverLines(Field("line.amount"), value.of))
    if value.most is not None:
        found["most"] = str(value.most)
    if value.units is not None:
        found["units"] = value.units
    return found | ({"per": value.per} if value.per else {})


OFF = Part(
    "money off", lambda value: value, (), own_keys=OFF_KEYS, own=lambda plain: {"value": _read(plain)}, beside=_plain
)

DISCOUNT = Part(
    "a discount",
    lambda name, **rest: Discount(name, rest.pop("off"), **rest),
    (
        Key("name", a_text, default=REQUIRED),
        Key("when", a_node, node_text),
        Key("during", days_pair, iso_pair),
        Key("one_of", a_text, default=""),
    ),
    own_keys=OFF_KEYS,
    own=lambda plain: {"off": _read(plain)},
    beside=lambda value: _plain(value.off),
)
