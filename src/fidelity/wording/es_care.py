"""Las frases del cuidado en español, como datos: promesas y lo que se sigue de ellas."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Promesas
    "promise.not due": "Te prometimos {what} a más tardar el {due}.",
    "promise.not due/usted": "Le prometimos {what} a más tardar el {due}.",
    "promise.kept": "Cumplimos lo prometido: {what}.",
    "promise.overdue": "Te prometimos {what} a más tardar el {due} y vamos tarde. Lo sentimos.",
    "promise.overdue/usted": "Le prometimos {what} a más tardar el {due} y vamos tarde. Lo sentimos.",
    "promise.late": "Cumplimos lo prometido, {what}, pero tarde: era para el {due}. Lo sentimos.",
    "promise.broken": "Te prometimos {what} a más tardar el {due} y no lo hicimos. Lo sentimos.",
    "promise.broken/usted": "Le prometimos {what} a más tardar el {due} y no lo hicimos. Lo sentimos.",
    "promise.repaired": (
        "No habíamos cumplido lo prometido, {what}, para el {due}. Ya está hecho. Gracias por tu paciencia."
    ),
    "promise.repaired/usted": (
        "No habíamos cumplido lo prometido, {what}, para el {due}. Ya está hecho. Gracias por su paciencia."
    ),
    "promise.cancelled": "Nos dijiste que ya no necesitas {what}.",
    "promise.cancelled/usted": "Nos dijo que ya no necesita {what}.",
    "promise.amends": "Te damos {points} para compensarlo.",
    "promise.amends/usted": "Le damos {points} para compensarlo.",
    # Propuestas
    "proposition.for": "{what} les conviene: {facts}.", "proposition.against": "En contra: {facts}.",
    "proposition.excluded": "{what} queda descartado: {facts}.",
    "proposition.nothing": "Nada en el perfil ni en la situación habla a favor de {what}.",
    "brief.what": "Propón {what}.", "brief.what/usted": "Proponga {what}.", "brief.why": "Les conviene: {facts}.",
    "brief.mind": "Ten en cuenta: {facts}.", "brief.mind/usted": "Tenga en cuenta: {facts}.",
}  # fmt: skip
