"""Plain data: what JSON can say, floats left out, as canonical bytes and back.

Instants and a host's own fields have one spelling each. Knows no entry and no event.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from json import encoder
from types import NoneType
from typing import Any, TypeAlias

from fidelity.errors import ExactnessError, JournalError, TimeError, ValueRefused
from fidelity.values.money import Money, money

__all__ = [
    "SCALARS",
    "Plain",
    "Written",
    "canonical",
    "check_plain",
    "encoded",
    "fields_from_plain",
    "fields_to_plain",
    "instant_from_text",
    "instant_text",
    "mapping",
    "no_float",
    "read_json",
]

#: Plain data: what JSON can say, floats left out.
Plain: TypeAlias = "dict[str, Any]"
#: The types of plain data that hold no others.
SCALARS = frozenset({str, int, bool, NoneType})
_TEXTS = frozenset({str})

_NO_OFFSET = timedelta(0)


class Written(dict[str, Any]):
    """
    Plain data together with its canonical text: what is hashed, and stored later, is written once. Not to be changed.

    >>> Written.of({"b": 1, "a": 2}).text
    '{"a":2,"b":1}'
    """

    __slots__ = ("text",)

    text: str

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Written:
        """*plain*, written; what is no plain data is refused as by `canonical`."""
        found = cls(plain)
        found.text = canonical(plain).decode()
        return found


def _encoder() -> Callable[[Any], str]:
    # What `JSONEncoder.encode` makes anew at each call. A Python that lacks it is slower and gives the same.
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
    encode = make(None, None, encoder.encode_basestring, None, ":", ",", True, False, False)  # noqa: FBT003 -- as it takes them
    return lambda value: "".join(encode(value, 0))


#: The canonical text of what is known to be plain data; half characters pass.
encoded = _encoder()


def canonical(plain: object) -> bytes:
    """
    The one spelling of *plain* as bytes: JSON, keys sorted, no spaces, UTF-8.

    Raises:
        ExactnessError: If it holds a float; whole numbers and texts are exact, floats are not.
        ValueRefused: If it holds anything else that is not plain data.

    >>> canonical({"b": [1, True, None], "a": "é"}).decode()
    '{"a":"é","b":[1,true,null]}'
    """
    try:
        check_plain(plain)
        return encoded(plain).encode()
    except UnicodeEncodeError as error:
        message = f"a text holds half a character, which cannot be written: {error.object[error.start :]!r:.40}"
        raise ValueRefused(message) from error
    except RecursionError as error:
        message = "plain data is nested too deep"
        raise ValueRefused(message) from error


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 -- whatever JSON can say
    """
    The plain data in *text*.

    Raises:
        JournalError: If it is not JSON, or holds a float.
    """
    try:
        # As `json.loads` does, which makes its decoder anew at each call when it is told anything.
        return _decoder.decode(
            text if isinstance(text, str) else text.decode(json.detect_encoding(text), "surrogatepass")
        )
    except (ValueError, RecursionError) as error:
        message = f"stored text is not plain data: {error}"
        raise JournalError(message, value=text) from error


def instant_text(at: datetime) -> str:
    """The instant as ``2026-01-05T12:00:00Z``; microseconds only when there are any."""
    # Only UTC is looked up: equal instants of other zones are equal keys, and must be refused.
    return _utc_text(at) if at.tzinfo is UTC else _text(at)


def _text(at: datetime) -> str:
    if at.utcoffset() != _NO_OFFSET:
        message = f"{at!r} is not in UTC; write at.astimezone(UTC)"
        raise TimeError(message, value=at)
    return at.isoformat()[:-6] + "Z"


@lru_cache(maxsize=4096)
def _utc_text(at: datetime) -> str:
    # What comes of one command shares an instant, which takes longer to write than to find.
    return at.isoformat()[:-6] + "Z"


def instant_from_text(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    if type(text) is not str or text[-1:] != "Z" or text[10:11] != "T":
        message = f"{text!r} is not an instant such as 2026-01-05T12:00:00Z"
        raise TimeError(message, value=text)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def fields_to_plain(fields: Mapping[str, Any]) -> Plain:
    """A host's own fields as plain data: money, dates, instants and sets of codes are marked as what they are."""
    return {name: _field_to_plain(value) for name, value in fields.items()}


def fields_from_plain(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that `fields_to_plain` wrote."""
    return {name: _field_from_plain(value) for name, value in mapping(plain).items()}


def _field_to_plain(value: object) -> object:
    if type(value) in (str, int, bool):
        return value
    if isinstance(value, Money):
        return {"money": str(value)}
    if isinstance(value, datetime):
        return {"instant": instant_text(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, frozenset):
        return {"codes": sorted(value)}
    if isinstance(value, float):
        message = f"{value!r} is a float; a field holds whole numbers, money, texts, dates, true or false"
        raise ExactnessError(message, value=value)
    message = f"{value!r} cannot be kept; a field holds whole numbers, money, texts, dates, codes, true or false"
    raise ValueRefused(message, value=value)


_FIELD_READERS: dict[str, Callable[[Any], object]] = {
    "money": money,
    "instant": instant_from_text,
    "date": date.fromisoformat,
    "codes": frozenset,
}


def _field_from_plain(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    ((mark, inner),) = value.items()
    return _FIELD_READERS[mark](inner)


def mapping(value: object, _: object = None) -> dict[str, Any]:
    """*value* if it is an object of plain data."""
    if type(value) is dict or type(value) is Written:
        return value
    message = f"{value!r:.80} is not an object"
    raise ValueRefused(message, value=value)


def check_plain(value: object) -> None:  # noqa: C901 -- one branch a kind
    """Refuse what is no plain data; see `canonical`."""
    # The encoder alone would write floats, and turn number keys into texts.
    kind = type(value)
    if kind in SCALARS:
        return
    if kind is dict or kind is Written:
        # Asked of all its parts at once, because most have no parts of their own.
        if not _TEXTS.issuperset(map(type, value)):  # type: ignore[call-overload]  # it is a dict
            name = next(each for each in value if type(each) is not str)  # type: ignore[attr-defined]  # it is a dict
            message = f"{name!r} cannot be a key of plain data; keys are texts"
            raise ValueRefused(message, value=name)
        parts = value.values()  # type: ignore[attr-defined]  # it is a dict
        if not SCALARS.issuperset(map(type, parts)):
            for inner in parts:
                if type(inner) not in SCALARS:
                    check_plain(inner)
    elif kind is list or kind is tuple:
        for inner in value:  # type: ignore[attr-defined]  # it is a list
            if type(inner) not in SCALARS:
                check_plain(inner)
    elif isinstance(value, float):
        message = f"{value!r} is a float; write a whole number, or the amount as text"
        raise ExactnessError(message, value=value)
    else:
        message = f"{value!r} is not plain data: texts, whole numbers, true, false, null, lists and objects"
        raise ValueRefused(message, value=value)


def no_float(text: str) -> object:
    """Refuse a number with a fraction, or one that is none, as a JSON reader meets it."""
    message = f"{text} is not a whole number"
    raise ValueError(message)


_decoder = json.JSONDecoder(parse_float=no_float, parse_constant=no_float)
