"""Names: what people call the columns of their spreadsheets, in English and in Spanish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from fidelity.language.kinds import Kind
from fidelity.reports.reading.sheets import Sheet, plain_name

__all__ = ["KNOWN", "Columns", "called"]

#: What a column may be called, by what it holds; as `plain_name` spells it.
KNOWN: Mapping[str, Sequence[str]] = {
    "member": (
        "member", "member id", "customer", "customer id", "client", "client id", "cliente", "id cliente",
        "id de cliente", "numero de cliente", "no cliente", "n cliente", "codigo de cliente", "socio", "id socio",
        "numero de socio", "miembro", "card", "tarjeta",
    ),
    "date": (
        "date", "day", "at", "when", "datetime", "date and time", "purchase date", "order date", "fecha", "dia",
        "fecha y hora", "fecha de compra", "fecha compra", "fecha de la compra", "fecha de venta", "cuando",
    ),
    "time": ("time", "hour", "purchase time", "hora", "hora de compra"),
    "amount": (
        "amount", "total", "total amount", "paid", "spent", "sale", "price", "importe", "importe total", "monto",
        "monto total", "precio", "venta", "gasto", "pagado",
    ),
    "id": (
        "id", "ticket", "ticket number", "receipt", "receipt number", "order", "order id", "order number", "invoice",
        "purchase id", "folio", "recibo", "pedido", "numero de pedido", "numero de ticket", "factura",
        "numero de factura", "id compra", "id de compra",
    ),
    "quantity": ("quantity", "items", "units", "cantidad", "articulos", "unidades", "piezas"),
    "category": ("category", "categoria", "item category"),
    "channel": ("channel", "canal"),
    "store": ("store", "shop", "branch", "tienda", "sucursal", "local"),
    "tags": ("tags", "marcas", "etiquetas"),
    "customer_since": (
        "customer since", "member since", "since", "joined", "join date", "enrolled", "cliente desde", "socio desde",
        "miembro desde", "desde", "alta", "fecha de alta", "fecha alta", "inscripcion", "fecha de inscripcion",
    ),
    "birth_month": ("birth month", "mes de nacimiento", "mes de cumpleanos"),
    "reward": ("reward", "prize", "recompensa", "premio", "canje"),
    "points": ("points", "puntos"),
    "purchase": (
        "purchase", "purchase id", "order", "ticket", "receipt", "compra", "id compra", "pedido", "recibo", "folio",
    ),
    "nps": (
        "nps", "recommend", "recommendation", "would you recommend us", "likelihood to recommend", "recomendacion",
        "recomendaria", "nos recomendaria", "recomienda",
    ),
    "csat": ("csat", "satisfaction", "satisfied", "rating", "satisfaccion", "satisfecho", "calificacion"),
    "ces": ("ces", "ease", "easy", "facilidad", "facil"),
    "contact": (
        "contact", "touchpoint", "contact point", "where", "contacto", "punto de contacto", "donde", "momento",
    ),
    "name": ("name", "touchpoint", "contact", "nombre", "contacto", "punto de contacto"),
    "stage": ("stage", "etapa", "fase"),
    "area": ("area", "department", "departamento"),
    "owners": ("owners", "owner", "responsable", "responsables"),
    "loyalty": ("loyalty", "impact on loyalty", "lealtad", "impacto en la lealtad", "fidelidad"),
    "experience": ("experience", "impact on experience", "experiencia", "impacto en la experiencia"),
    "metric": ("metric", "judged by", "indicador", "metrica"),
    "target": ("target", "goal", "meta", "objetivo"),
}  # fmt: skip


def called(name: str, kind: Kind) -> tuple[str, ...]:
    """What a column may be called that holds the declared field *name*."""
    told = [name, *kind.label.values(), *KNOWN.get(name, ())]
    return tuple(dict.fromkeys(plain_name(each) for each in told))


@frozen
class Columns:
    """
    The columns of a sheet by what they hold.

    Attributes:
        sheet: The sheet.
        place: Where each of them stands.
    """

    sheet: Sheet
    place: Mapping[str, int]

    @classmethod
    def of(cls, sheet: Sheet, wanted: Mapping[str, Iterable[str]]) -> Columns:
        """
        The columns of *sheet* that are *wanted*, by what they may be called; the others are left alone.

        Raises:
            SpreadsheetError: If two columns may be the same.
        """
        heads = [plain_name(each) for each in sheet.heads]
        place: dict[str, int] = {}
        taken: set[int] = set()
        for what, names in wanted.items():
            known = [plain_name(each) for each in names]
            found = [at for at, head in enumerate(heads) if head in known and at not in taken]
            # The column that is called exactly so goes before those that are called much alike.
            exact = [at for at in found if heads[at] == known[0]]
            found = exact if len(exact) == 1 else found
            if len(found) > 1:
                first, second = (sheet.heads[at] for at in found[:2])
                told = sheet.say(what) if what in {"member", "date", "amount"} else what
                raise sheet.refused("two columns", what=told, first=first, second=second)
            if found:
                place[what] = found[0]
                taken.add(found[0])
        return cls(sheet, place)

    def __contains__(self, what: str) -> bool:
        return what in self.place

    def head(self, what: str) -> str:
        """How the column is called in the file."""
        return self.sheet.heads[self.place[what]]

    def need(self, what: str, told: str, names: Sequence[str], *, declared: bool = False) -> None:
        """
        Refuse the sheet if it has no column for *what*.

        Raises:
            SpreadsheetError: Which tells what it is, how it may be called, and which columns there are.
        """
        if what not in self.place:
            key = "no column.needed" if declared else "no column"
            named = [each for each in self.sheet.heads if each]
            if len(named) == 1:
                raise self.sheet.refused("title", value=named[0])
            few = list(names)[:3] if self.sheet.language.startswith("en") else _spanish(names)
            columns = self.sheet.listed(named)
            raise self.sheet.refused(key, what=told, names=self.sheet.listed(few, "or"), found=columns)

    def cell(self, what: str, cells: Sequence[object]) -> object:
        """What the column has in a row; None without such a column."""
        at = self.place.get(what)
        return None if at is None else cells[at]


#: A few names in Spanish for errors that speak it.
_SPANISH = {"member": "cliente", "date": "fecha", "amount": "importe", "reward": "recompensa", "purchase": "compra",
            "name": "contacto", "stage": "etapa"}  # fmt: skip


def _spanish(names: Sequence[str]) -> list[str]:
    return [_SPANISH.get(names[0], names[0]), *([names[0]] if names[0] in _SPANISH else list(names)[1:2])]
