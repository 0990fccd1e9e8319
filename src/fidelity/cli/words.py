"""What the commands say beside the library's own words, in English and in Spanish."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

__all__ = ["Say", "says"]

#: A phrase by its key, with its parameters.
Say = Callable[..., str]

_WORDS = {
    "en": {
        "subtitle": "a loyalty program over the real purchases of {members} people, 1997–1998",
        "replaying": "Recording {purchases} purchases",
        "line": "  {month}: {done} of {purchases} purchases recorded",
        "closing": "Reading every account anew",
        "points": "Points",
        "issued": "issued",
        "redeemed": "redeemed",
        "expired": "expired",
        "outstanding": "outstanding",
        "issued.note": "{purchases} by buying, {gifts} by staying",
        "redeemed.note": "{which}",
        "expired.note": "12 months on, at the end of the month",
        "outstanding.note": "in members' hands after {day}",
        "tiers": "Members by tier",
        "statements": "The best-known members",
        "statement": "{member}: {purchases} purchases",
        "earlier": "… and {lines} earlier lines",
        "receipt": "One receipt, explained",
        "receipt.of": "{member}, {quantity} CDs for {amount} on {day}",
        "audit": "The audit",
        "conservation": "Conservation",
        "conserved": "Every point is in exactly one place: checked on {lots} lots in {accounts} accounts, "
        "from {entries} journal entries. Entries, books and receipts say the same.",
        "broken": "Points were lost or made:",
        "where": "issued {issued} = pending {pending} + available {available} + held {held} + redeemed {redeemed} "
        "+ expired {expired} + reversed {reversed} + settled {settled}",
        "caring": "Caring for two of them",
        "people": "People, beside points",
        "people.promises": "Two promises to Inés: one kept in time; one broken, with {amends} points that came by "
        "themselves, and then made good.",
        "people.hard": "Omar fell behind with {owed} and was protected at once: past the day of their end he has "
        "{after} of {before} points, where others have {without}, and he is still {tier}. By a plan {recovered} came.",
        "people.complaint": "A scratched record, made good at the counter after {minutes} minutes with {granted}; and "
        "thanks to who did it.",
        "people.transactional": "{share} of all points depend on purchases alone.",
        "done": "{members} members and {purchases} purchases in {seconds} s, into {size} MB of SQLite.",
        "kept": "The journal is kept in {path}.",
        "gone": "The journal was temporary; --db PATH keeps it.",
        "replay.running": "Replaying {log}",
        "replay.done": "{program}: {rows} rows of {members} members",
        "replay.wallet": "wallet",
        "replay.issued": "issued",
        "replay.redeemed": "redeemed",
        "replay.expired": "expired",
        "replay.reversed": "reversed",
        "replay.settled": "settled",
        "replay.available": "available",
        "replay.pending": "pending",
        "replay.held": "held",
        "replay.debt": "owed",
        "replay.refused": "Rows that changed nothing: {rows}",
        "replay.more": "  … and {rows} more; --out has them all",
        "replay.saved": "The books are in {files}",
        "report.running": "Writing the report",
        "report.done": "The report is in {files} ({size} kB). Open it in any browser; it needs no network.",
    },
    "es": {
        "subtitle": "un programa de fidelidad sobre las compras reales de {members} personas, 1997–1998",
        "replaying": "Anotando {purchases} compras",
        "line": "  {month}: {done} de {purchases} compras anotadas",
        "closing": "Leyendo de nuevo cada cuenta",
        "points": "Puntos",
        "issued": "emitidos",
        "redeemed": "canjeados",
        "expired": "caducados",
        "outstanding": "vigentes",
        "issued.note": "{purchases} por comprar, {gifts} por seguir",
        "redeemed.note": "{which}",
        "expired.note": "a los 12 meses, al terminar el mes",
        "outstanding.note": "en manos de los clientes tras el {day}",
        "tiers": "Clientes por nivel",
        "statements": "Los clientes más asiduos",
        "statement": "{member}: {purchases} compras",
        "earlier": "… y {lines} líneas anteriores",
        "receipt": "Un recibo, explicado",
        "receipt.of": "{member}, {quantity} CD por {amount} el {day}",
        "audit": "La auditoría",
        "conservation": "Conservación",
        "conserved": "Cada punto está en un solo lugar: comprobado en {lots} lotes de {accounts} cuentas, "
        "desde {entries} asientos del diario. Asientos, cuentas y recibos dicen lo mismo.",
        "broken": "Se perdieron o se crearon puntos:",
        "where": "emitidos {issued} = pendientes {pending} + disponibles {available} + apartados {held} "
        "+ canjeados {redeemed} + caducados {expired} + retirados {reversed} + compensados {settled}",
        "caring": "Cuidando de dos de ellos",
        "people": "Las personas, además de los puntos",
        "people.promises": "Dos promesas a Inés: una cumplida a tiempo; otra no, con {amends} puntos que llegaron "
        "solos, y después reparada.",
        "people.hard": "Omar se atrasó con {owed} y quedó protegido al momento: pasado el día de su vencimiento tiene "
        "{after} de {before} puntos, donde a otros les quedan {without}, y sigue siendo {tier}. Con un plan llegaron "
        "{recovered}.",
        "people.complaint": "Un disco rayado, resuelto en el mostrador a los {minutes} minutos con {granted}; y las "
        "gracias para quien lo hizo.",
        "people.transactional": "El {share} de todos los puntos depende solo de comprar.",
        "done": "{members} clientes y {purchases} compras en {seconds} s, en {size} MB de SQLite.",
        "kept": "El diario queda en {path}.",
        "gone": "El diario era temporal; --db RUTA lo conserva.",
        "replay.running": "Repasando {log}",
        "replay.done": "{program}: {rows} filas de {members} clientes",
        "replay.wallet": "monedero",
        "replay.issued": "emitidos",
        "replay.redeemed": "canjeados",
        "replay.expired": "caducados",
        "replay.reversed": "retirados",
        "replay.settled": "compensados",
        "replay.available": "disponibles",
        "replay.pending": "pendientes",
        "replay.held": "reservados",
        "replay.debt": "a deber",
        "replay.refused": "Filas que no cambiaron nada: {rows}",
        "replay.more": "  … y {rows} más; --out las guarda todas",
        "replay.saved": "Los libros están en {files}",
        "report.running": "Escribiendo el informe",
        "report.done": "El informe está en {files} ({size} kB). Ábralo en cualquier navegador; no necesita red.",
    },
}


def says(language: str) -> Say:
    """The phrases of *language*."""
    return partial(_said, _WORDS[language.partition("-")[0]])


def _said(words: dict[str, str], key: str, /, **parameters: object) -> str:
    return words[key].format(**parameters)
