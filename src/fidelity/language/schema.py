"""The schema: which fields a condition may read, each with its kind. Built-in events come declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from fidelity.errors import UnknownFieldError
from fidelity.events import MOST_UNITS
from fidelity.language.kinds import Amount, Choice, Day, Instant, Kind, Tags, Whole
from fidelity.language.tree import Node
from fidelity.values.spelling import suggest

__all__ = ["BUILT_IN", "LINE", "MEMBER", "MOST_AT_ONCE", "REDEMPTION", "WEEKDAYS", "Schema", "calendar"]

#: How many of a reward may be asked for at once.
MOST_AT_ONCE = 1_000

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _said(en: str, es: str) -> dict[str, str]:
    return {"en": en, "es": es}


_CALENDAR: dict[str, Kind] = {
    "weekday": Choice(WEEKDAYS, obtained="earned", label=_said("day of the week", "día de la semana")),
    "date": Day(obtained="earned", label=_said("date", "fecha")),
    "month": Whole(1, 12, obtained="earned", label=_said("month", "mes")),
    "day": Whole(1, 31, obtained="earned", label=_said("day of the month", "día del mes")),
    "hour": Whole(0, 23, obtained="earned", label=_said("hour", "hora")),
    "at": Instant(obtained="earned", label=_said("time", "momento")),
}


def calendar() -> Mapping[str, Kind]:
    """The parts of the local date and time that every event has, in the program's zone."""
    return _CALENDAR


_CHANNEL = Choice(obtained="declared", default="", label=_said("channel", "canal"))
_STORE = Choice(obtained="declared", default="", label=_said("store", "tienda"))
_TAGS = Tags(obtained="earned", label=_said("tags", "marcas"))

#: Fields of the built-in events, by event kind, without the calendar.
BUILT_IN: Mapping[str, Mapping[str, Kind]] = {
    "purchase": {
        "amount": Amount(obtained="earned", label=_said("amount", "importe")),
        "basis": Amount(obtained="earned", label=_said("amount that earns", "importe que suma")),
        "discount": Amount(obtained="earned", label=_said("order discount", "descuento del pedido")),
        "paid_with_points": Amount(obtained="earned", label=_said("part paid with points", "parte pagada con puntos")),
        "tax": Amount(obtained="earned", label=_said("tax", "impuestos")),
        "shipping": Amount(obtained="earned", label=_said("shipping", "gastos de envío")),
        "tip": Amount(obtained="earned", label=_said("tip", "propina")),
        "channel": _CHANNEL,
        "category": Choice(obtained="earned", default="", label=_said("category", "categoría")),
        "store": _STORE,
        "payment": Choice(obtained="declared", default="", label=_said("means of payment", "medio de pago")),
        "tags": _TAGS,
    },
    "visit": {"channel": _CHANNEL, "store": _STORE, "tags": _TAGS},
    "feedback": {
        "topic": Choice(obtained="earned", default="", label=_said("topic", "tema")),
        "channel": _CHANNEL,
        "tags": _TAGS,
    },
    "participation": {
        "activity": Choice(obtained="earned", default="", label=_said("activity", "actividad")),
        "channel": _CHANNEL,
        "tags": _TAGS,
    },
    "referral": {"channel": _CHANNEL},
    "anniversary": {"years": Whole(1, 120, obtained="earned", label=_said("years with us", "años con nosotros"))},
    # Neither the year nor the age: they are personal.
    "birthday": {},
    "referred": {},
}

#: Fields of one line of a purchase.
LINE: Mapping[str, Kind] = {
    "amount": Amount(obtained="earned", label=_said("line amount", "importe de la línea")),
    "basis": Amount(obtained="earned", label=_said("line amount that earns", "importe de la línea que suma")),
    "quantity": Whole(0, MOST_UNITS, obtained="earned", label=_said("quantity", "cantidad")),
    "category": Choice(obtained="earned", default="", label=_said("item category", "categoría del artículo")),
    "sku": Choice(obtained="earned", default="", label=_said("article", "artículo")),
    "tags": Tags(obtained="earned", label=_said("item tags", "marcas del artículo")),
}

#: Fields of the member that the books derive; the tier comes with the program's tiers.
MEMBER: Mapping[str, Kind] = {
    "tenure_days": Whole(0, 73_050, obtained="earned", label=_said("days as a customer", "días como cliente")),
    "tenure_months": Whole(0, 2_400, obtained="earned", label=_said("months as a customer", "meses como cliente")),
    "tenure_years": Whole(0, 200, obtained="earned", label=_said("years as a customer", "años como cliente")),
}

#: What a filter of a reward may read, beside the member and the measures.
REDEMPTION: Mapping[str, Kind] = {
    **calendar(),
    "channel": _CHANNEL,
    "store": _STORE,
    "basket": Amount(obtained="earned", default=0, label=_said("basket", "cesta")),
    "balance": Whole(0, 2**53 - 1, obtained="earned", label=_said("points balance", "saldo de puntos")),
    "quantity": Whole(1, MOST_AT_ONCE, obtained="declared", default=1, label=_said("quantity", "cantidad")),
}


@frozen
class Schema:
    """
    The fields that a condition may read.

    Attributes:
        currency: The program's currency: amounts are in its minor units.
        kinds: The kind of each field, by path.
        adds: What an event adds to each measure that counts its kind, as spelled trees, by path.
    """

    currency: str
    kinds: Mapping[str, Kind] = field(factory=dict)
    adds: Mapping[str, Node] = field(factory=dict)

    def kind(self, path: str) -> Kind:
        """
        The kind of the field at *path*.

        Raises:
            UnknownFieldError: If nobody declared it; the message names the nearest field.
        """
        kind = self.kinds.get(path)
        if kind is None:
            raise self._unknown(path)
        return kind

    def _unknown(self, path: str) -> UnknownFieldError:
        owner, _, name = path.partition(".")
        siblings = [each.partition(".")[2] for each in self.kinds if each.partition(".")[0] == owner]
        if path == "member.tier":
            message = "the program has no tiers to read; add tiers=TierSet([Tier(…), …], counts=…)"
        elif siblings:
            hint = suggest(name, siblings) or f"it has {', '.join(sorted(siblings))}"
            message = f'{owner} has no field "{name}"; {hint}'
        elif owner == "measure":
            message = f'there is no measure "{name}"; declare it: measures=[Measure("{name}", total(…), over=…)]'
        else:
            owners = sorted({each.partition(".")[0] for each in self.kinds})
            hint = suggest(owner, owners) or f"here one may read {', '.join(owners)}"
            message = f'there is no "{owner}" to read in "{path}"; {hint}'
        return UnknownFieldError(message, path=path)

    def label(self, path: str, language: str) -> str:
        """How the field at *path* is called in *language*; its own name when nobody said."""
        said = self.kind(path).label
        return said.get(language) or said.get(language.partition("-")[0]) or path.partition(".")[2].replace("_", " ")

    def with_kinds(self, more: Mapping[str, Kind]) -> Schema:
        """A schema like this one, with *more* fields."""
        return Schema(self.currency, {**self.kinds, **more}, self.adds)

    def only(self, owners: Iterable[str]) -> Schema:
        """The part of this schema whose fields belong to *owners*, such as ``("purchase", "member")``."""
        wanted = frozenset(owners)
        return Schema(
            self.currency, {path: kind for path, kind in self.kinds.items() if path.partition(".")[0] in wanted}
        )
