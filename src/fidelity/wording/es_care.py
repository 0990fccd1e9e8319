"""Las frases del cuidado en español, como datos: promesas y lo que se sigue de ellas."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Promesas
    "promise.not due": "Te prometimos {what} a más tardar el {due}.",
    "promise.not due/usted": "Le prometimos {what} a más tardar el {due}.",
    "promise.kept": "Cumplimos lo prometido: {what}.",
    "promise.overdue": "Te prometimos {what} a más tardar el {due} y aún no está hecho. Lo sentimos.",
    "promise.overdue/usted": "Le prometimos {what} a más tardar el {due} y aún no está hecho. Lo sentimos.",
    "promise.late": "Cumplimos lo prometido, {what}, pero tarde: era para el {due}. Lo sentimos.",
    "promise.broken": "Te prometimos {what} a más tardar el {due} y no lo hicimos. Lo sentimos.",
    "promise.broken/usted": "Le prometimos {what} a más tardar el {due} y no lo hicimos. Lo sentimos.",
    "promise.repaired": "No habíamos cumplido lo prometido, {what}, para el {due}. Ya está hecho. Sentimos la espera.",
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
    # Permanencia
    "parity.missing": "El precio y el producto nunca se compararon con los de la competencia. Eso va primero.",
    "parity.out of date": (
        "La última comparación con la competencia es del {day}: venció hace {days} días. Eso va primero."
    ),
    "parity.at par": "El precio y el producto estaban a la par de la competencia el {day}.",
    "parity.better": "El precio y el producto eran mejores que los de la competencia el {day}.",
    "parity.worse": "El precio y el producto estaban por debajo de la competencia el {day}. Eso va primero.",
    "staying.gained": "Lo que gana por quedarse, en un año: {gained}.",
    "staying.forfeited": "Lo que ya tiene y perdería al irse: {forfeited}.",
    "staying.rival": "La otra oferta, en el primer año: {rival}.",
    "staying.first.better": "El primer año, quedarse le da {amount} más.",
    "staying.first.worse": "El primer año, quedarse le da {amount} menos.",
    "staying.later.better": "Cada año posterior, quedarse le da {amount} más.",
    "staying.later.worse": "Cada año posterior, quedarse le da {amount} menos.",
    "staying.gesture": "Un gesto de {gesture} cierra la diferencia que queda en el primer año.",
    "staying.locked": "Se quedaría por lo que perdería y no por lo que gana: eso es una atadura.",
    # Lo que trajo una promoción
    "promotion.brought": (
        "La promoción trajo {sales} ventas que sin ella no se habrían hecho; con una confianza del {level} %, entre "
        "{low} y {high}."
    ),
    "promotion.anyway": "De las {buyers} personas que compraron, {anyway} lo habrían hecho de todos modos.",
    "promotion.net": "Después de los {cost} que costó, deja {net}: entre {low} y {high}.",
    "promotion.nothing": "Puede que no haya cambiado nada.",
    "promotion.gains": "Se paga sola.", "promotion.costs": "No se paga sola.",
    "promotion.open": "No es seguro que se pague sola.",
    # Años de relación
    "year.complete": "El {day} cumples {years} años con nosotros. Gracias por tu confianza.",
    "year.complete/usted": "El {day} cumple {years} años con nosotros. Gracias por su confianza.",
    "year.complete.one": "El {day} cumples tu primer año con nosotros. Gracias por tu confianza.",
    "year.complete.one/usted": "El {day} cumple su primer año con nosotros. Gracias por su confianza.",
    "year.gifts": "De nuestra parte recibes {gifts}.", "year.gifts/usted": "De nuestra parte recibe {gifts}.",
    # La relación
    "related.score": "Relación: {score}.",
    "related.purchases": "{count} compras suman {part}.", "related.purchases.one": "{count} compra suma {part}.",
    "related.tenure": "{count} años de relación suman {part}.",
    "related.tenure.one": "{count} año de relación suma {part}.",
    "related.feedback": "{count} opiniones suman {part}.", "related.feedback.one": "{count} opinión suma {part}.",
    "related.participation": "Participar {count} veces suma {part}.",
    "related.participation.one": "Participar una vez suma {part}.",
}  # fmt: skip
