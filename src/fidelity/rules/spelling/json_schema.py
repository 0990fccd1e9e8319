"""The JSON Schema of program files, so that an editor checks a program while it is written.

Derived from the tables of `parts`: a key that is added there is in the schema. Which types a key takes is asked of
what reads it; what the key is for stands in the docstring of what it makes. The schema knows the shape of a file, not
what it means: names that refer to nothing, steps in another currency and the hard lines are found by `fidelity check`.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from fidelity.errors import FidelityError
from fidelity.language.limits import MAX_TEXT
from fidelity.language.plain import SPELLINGS
from fidelity.rules.earning.rules import POLICIES, Wallet
from fidelity.rules.spelling import shapes
from fidelity.rules.spelling.declared_codec import TYPES, events_from_plain, fields_from_plain
from fidelity.rules.spelling.parts import PROGRAM
from fidelity.rules.spelling.shapes import REQUIRED, Key, Part
from fidelity.rules.words import words
from fidelity.wording.phrasebook import LANGUAGES

__all__ = ["json_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: The largest whole number that every reader of JSON keeps exactly.
_WHOLE = 2**53 - 1


def json_schema() -> dict[str, Any]:
    """The schema of program files, as plain data: JSON Schema, draft 2020-12."""
    made = _Schema()
    root = made.part(PROGRAM)
    root["properties"] = {
        "$schema": {"type": "string", "description": "Where this schema stands, for editors."},
        "format": {"const": 1, "description": "The format of the file; 1 unless told."},
        **root["properties"],
    }
    return {"$schema": _DRAFT, "title": "A loyalty program", **root, "$defs": made.defs | _COMMON}


class _Schema:
    """The schemas of parts, each defined once."""

    def __init__(self) -> None:
        self.defs: dict[str, Any] = {}
        self._waiting: set[str] = set()

    def part(self, shape: Part) -> dict[str, Any]:
        """The schema of one kind of part."""
        about, hints = _documented(shape), _hints(shape)
        properties: dict[str, Any] = {}
        for name in shape.own_keys:
            key_of = f"{shape.what}.{name}" if f"{shape.what}.{name}" in _OWN else name
            properties[name] = _about(_OWN.get(key_of, {}), _OWN_WORDS.get(key_of) or about.get(name, ""))
        for key in shape.keys:
            properties[key.name] = _about(self.key(key, hints.get(key.name, ())), about.get(key.name, ""), key)
        needed = [key.name for key in shape.keys if key.default is REQUIRED]
        needed += _OWN_NEEDED.get(shape.what, ())
        found: dict[str, Any] = {"type": "object", "properties": properties}
        if shape is PROGRAM:
            found["patternProperties"] = {_FEES: _FREE}
        found |= _OWN_EITHER.get(shape.what, {})
        return found | {"additionalProperties": False} | ({"required": needed} if needed else {})

    def key(self, key: Key, listed: tuple[str, ...]) -> dict[str, Any]:
        """The schema of what one key takes."""
        if key.part is not None:
            one = self.choice(key.part)
            return {"type": "array", "items": one} if key.many else one
        return _value(key.read, listed)

    def choice(self, choose: Callable[[Any], Part]) -> dict[str, Any]:
        """A part, or which of several by the keys that tell them apart."""
        usual = choose({})
        tells: dict[str, tuple[Part, list[str]]] = {}
        for name in _names():
            other = choose({name: ""})
            if other is not usual:
                tells.setdefault(other.what, (other, []))[1].append(name)
        found = self.reference(usual)
        for other, names in tells.values():
            told: dict[str, Any] = (
                {"required": names} if len(names) == 1 else {"anyOf": [{"required": [n]} for n in names]}
            )
            found = {"if": told, "then": self.reference(other), "else": found}
        return found

    def reference(self, shape: Part) -> dict[str, Any]:
        """A reference to the schema of *shape*, which is made when it is first asked for."""
        name = shape.what.removeprefix("a ").removeprefix("an ").replace(" ", "-")
        if name not in self._waiting:
            self._waiting.add(name)
            self.defs[name] = {"title": shape.what, **self.part(shape)}
        return {"$ref": f"#/$defs/{name}"}


@cache
def _names() -> tuple[str, ...]:
    """Every key of every part there is."""
    rooms = [vars(each) for name, each in sorted(sys.modules.items()) if name.startswith("fidelity.rules.")]
    parts = [each for room in rooms for each in room.values() if isinstance(each, Part)]
    return tuple(sorted({name for part in parts for name in (*(key.name for key in part.keys), *part.own_keys)}))


# -- what a key takes


def _value(read: Callable[[Any], Any], listed: tuple[str, ...]) -> dict[str, Any]:
    """The schema of what *read* takes: known for the common readers, asked of the others."""
    if listed:
        return {"enum": list(listed)}
    known = _READ.get(read)
    return _any_of(_asked(read)) if known is None else known


def _asked(read: Callable[[Any], Any]) -> Iterator[dict[str, Any]]:
    """A form for each type of value that *read* takes."""
    for name, probe in _PROBES:
        if not _takes(read, probe):
            continue
        if name != "array":
            yield _PLAIN[name]
            continue
        items = [each for each, inside in _PROBES if _takes(read, [inside, inside])]
        some = 0 < len(items) < len(_PROBES)
        yield {"type": "array"} | ({"items": _any_of(_PLAIN[each] for each in items)} if some else {})


def _any_of(forms: Iterable[dict[str, Any]]) -> dict[str, Any]:
    listed = list(forms)
    return {"anyOf": listed} if len(listed) > 1 else listed[0] if listed else {}


#: One value of each type that a file can hold.
_PROBES: tuple[tuple[str, Any], ...] = (
    ("string", "?"), ("integer", 1), ("boolean", True), ("array", []), ("object", {}),
)  # fmt: skip


def _takes(read: Callable[[Any], Any], value: object) -> bool:
    """Whether *read* takes values of this type; that it refuses this one for what it says does not matter."""
    try:
        read(value)
    except FidelityError as error:
        return "wanted" not in error.facts
    except (TypeError, ValueError, AttributeError, KeyError):
        return False
    return True


# -- what a key is for


def _kind(shape: Part) -> type | None:
    if shape is PROGRAM:
        from fidelity.rules.program import Program

        return Program
    if isinstance(shape.make, type):
        return shape.make
    # A function that makes the part names what it makes.
    code = getattr(shape.make, "__code__", None)
    made = [shape.make.__globals__.get(name) for name in code.co_names] if code is not None else []
    return next((each for each in made if isinstance(each, type)), None)


def _hints(shape: Part) -> Mapping[str, tuple[str, ...]]:
    """The texts that the attributes behind the keys may be, where their types say so."""
    kind: Any = _kind(shape)
    if kind is None or not attrs.has(kind):
        return {}
    found = dict(POLICIES) if kind is Wallet else {}
    for each in attrs.fields(kind):
        match = _LITERAL.fullmatch(str(each.type))
        if match is not None:
            found[each.name] = ast.literal_eval(f"({match[1]},)")
    return found


_LITERAL = re.compile(r"Literal\[([\"'][^\[\]]*[\"'])\]")


def _documented(shape: Part) -> Mapping[str, str]:
    """What each key is for, from the docstring of what the part makes."""
    kind = _kind(shape)
    return {} if kind is None else dict(_arguments(inspect.getdoc(kind) or ""))


_SECTION = re.compile(r"^(?:Args|Attributes):\n((?:^ .*\n?|^\n)+)", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w[\w, ]*): (.*(?:\n {8,}.*)*)", re.MULTILINE)


def _arguments(text: str) -> Iterator[tuple[str, str]]:
    for section in _SECTION.findall(text):
        for names, said in _ENTRY.findall(section):
            # What is told of one key besides is told of the key that it names: *billed*.
            also = re.findall(r"\*(\w+)\*", said)
            one_line = re.sub(r"\s+|[`*]", lambda found: " " if found[0].isspace() else "", said).strip()
            yield from ((name.strip(), one_line) for name in [*also, *names.split(",")])


def _about(schema: Mapping[str, Any], said: str, key: Key | None = None) -> dict[str, Any]:
    found = dict(schema)
    if said:
        found["description"] = said
    if key is not None and key.part is None and key.default is not REQUIRED and key.default not in (None, (), {}):
        found["default"] = key.write(key.default)
    return found


# -- what is the same everywhere

_TEXT: dict[str, Any] = {"type": "string", "maxLength": MAX_TEXT}
_INTEGER: dict[str, Any] = {"type": "integer", "minimum": -_WHOLE, "maximum": _WHOLE}
_PLAIN: Mapping[str, dict[str, Any]] = {
    "string": _TEXT, "integer": _INTEGER, "boolean": {"type": "boolean"}, "array": {"type": "array"},
    "object": {"type": "object"},
}  # fmt: skip
_DAY: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-?(\d{2}-?\d{2}|W\d{2}-?\d)$", "examples": ["2026-06-01"]}
_CONDITION: dict[str, Any] = {"$ref": "#/$defs/condition"}
_RATE: dict[str, Any] = {"anyOf": [_INTEGER, {**_TEXT, "examples": ["3/2", "1.25", "5%"]}]}
_AMOUNT: dict[str, Any] = {"anyOf": [_INTEGER, {**_TEXT, "examples": ["5.00 EUR"]}]}
_FORMULA: dict[str, Any] = {"anyOf": [_INTEGER, _CONDITION]}
_COMMON: dict[str, Any] = {
    "condition": {
        "title": "a condition or a formula",
        "description": 'One line of text, such as purchase.amount >= 50 or purchase.tags has "own cup"; or tables.',
        "anyOf": [{**_TEXT, "minLength": 1, "pattern": r"\S"}, {"$ref": "#/$defs/tree"}],
    },
    "tree": {
        "title": "a condition as nested tables",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"enum": list(SPELLINGS)},
    },
    "field": {
        "title": "a field of your own",
        "type": "object",
        "properties": {
            "type": {"enum": list(TYPES), "description": "What it holds."},
            "obtained": {"enum": ["earned", "declared", "given", ""], "description": "How members come by it."},
            "label": {
                "type": "object", "additionalProperties": _TEXT, "description": "How it is said, by language.",
            },
            "default": {"type": ["string", "integer", "boolean"], "description": "What it is when nobody says."},
            "low": {"type": ["integer", "string"], "description": "The least that it can be."},
            "high": {"type": ["integer", "string"], "description": "The most that it can be."},
            "high_minor": {**_INTEGER, "description": "The most that an amount can be, in cents."},
            "values": {"type": "array", "items": _TEXT, "description": "The codes that it can be."},
            "ordered": {"type": "boolean", "description": "Whether the codes go from low to high."},
            "required": {"type": "boolean", "description": "Whether a code must be told."},
        },
        "required": ["type"],
        "additionalProperties": False,
    },
}  # fmt: skip
_DECLARED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}},
}
_WORD: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": 500},
        {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 500}, "minItems": 2, "maxItems": 2},
    ]
}

#: What the readers of single values take.
_READ: Mapping[Callable[[Any], Any], dict[str, Any]] = {
    shapes.a_text: _TEXT,
    shapes.a_whole: _INTEGER,
    shapes.a_flag: {"type": "boolean"},
    shapes.a_day: _DAY,
    shapes.a_rate: _RATE,
    shapes.texts: {"type": "array", "items": _TEXT},
    shapes.money_or_whole: _AMOUNT,
    shapes.days_pair: {"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2},
    shapes.a_node: _CONDITION,
    shapes.a_number_node: _FORMULA,
    events_from_plain: _DECLARED,
    fields_from_plain: _DECLARED,
    words: {
        "type": "object",
        "propertyNames": {"enum": list(LANGUAGES)},
        "additionalProperties": {"type": "object", "additionalProperties": _WORD},
    },
}

#: Keys that are read together with others.
_OWN: Mapping[str, dict[str, Any]] = {
    "name": _TEXT, "group": _TEXT, "campaign": _TEXT, "points": _FORMULA, "rate": _RATE, "times": _RATE,
    "per": {"anyOf": [_INTEGER, {**_TEXT, "examples": ["1 EUR", "2 nights"]}]}, "of": _CONDITION,
    "each": {"enum": ["line", ""]}, "total": _CONDITION, "count": _TEXT, "when": _CONDITION, "on": _TEXT,
    "off": {**_TEXT, "examples": ["10 %", "3 EUR"]}, "most": {**_TEXT, "examples": ["9 EUR"]}, "units": _INTEGER,
    "streak": _TEXT, "a measure.each": {**_TEXT, "examples": ["calendar week", "calendar month"]},
    "money": {"type": "boolean"}, "over": {**_TEXT, "examples": ["12 months", "calendar year"]},
}  # fmt: skip
_OWN_NEEDED: Mapping[str, tuple[str, ...]] = {
    "a group": ("group",), "a campaign": ("campaign",), "a measure": ("name",), "a discount": ("off",),
    "money off": ("off",),
}  # fmt: skip
#: Where one of several sets of keys is needed.
_OWN_EITHER: Mapping[str, dict[str, Any]] = {
    "a measure": {"anyOf": [{"required": ["over"]}, {"required": ["streak", "each"]}]},
}
#: Clauses that charge members: they may say that nothing is charged, and nothing else.
_FEES = "^(membership|card|transfer|reinstatement)_fee$"
_FREE: dict[str, Any] = {"enum": [0, "0", False, None], "description": "Members never pay for access to rewards."}
_OWN_WORDS: Mapping[str, str] = {
    "group": "How the group is called; multipliers and tiers name it.",
    "campaign": "How the campaign is called; no other has its name.",
    "points": "How many points it gives: a whole number, or a formula.",
    "rate": 'How many points for each unit of money, exactly: 1, "3/2", "1.25".',
    "times": 'By how much it multiplies the points of the group that "of" names: 2, "3/2".',
    "per": 'The step that earns: "1 EUR", or a number of things: "2 nights".',
    "of": 'What is counted in steps, as a formula; for "times", the name of a group.',
    "each": '"line" rounds each line of the purchase by itself.',
    "off": 'How much is taken off: "10 %" or "3 EUR".',
    "most": "The most that is taken off.",
    "units": "Off so many units only, the cheapest in scope.",
    "total": "What is added up, as a formula.",
    "streak": 'The kind of event of which it is asked in how many periods in a row there was one: "visit".',
    "a measure.each": 'The periods of a streak: "calendar week".',
    "count": 'The kind of event that is counted: "purchase", "visit".',
    "when": "Only what meets this condition.",
    "on": 'The kind of event that it reads; "purchase" unless told.',
    "money": "Whether what is added up is money; true unless told.",
    "over": 'The time it looks back on: "12 months", "calendar year", "ever".',
}
