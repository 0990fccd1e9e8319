"""Lo que puede estar mal en un programa, en español: cada frase inglesa, con huecos, y la suya.

Una frase tiene partes, separadas por «; »; cada parte está aquí por su cuenta. Lo que se escribe en el archivo
(claves, códigos, ejemplos) queda como está.
"""

from __future__ import annotations

from fidelity.wording import (
    es_problems_dignity,
    es_problems_language,
    es_problems_parts,
    es_problems_refusals,
    es_problems_rewards,
    es_proofs,
)

__all__ = ["FACTS", "NOUNS", "SENTENCES"]

#: Lo que llena un hueco y es una palabra de la casa.
NOUNS = {
    "a text": "un texto", "a whole number": "un número entero", "true or false": "true o false", "a list": "una lista",
    "a table": "una tabla", "a table of named values": "una tabla de valores con nombre",
    "a list of two days": "una lista de dos días", 'a day such as "2026-06-01"': 'un día, como "2026-06-01",',
    "a condition (one line of text, or nested tables)": "una condición (una línea de texto o tablas anidadas)",
    "a list of texts": "una lista de textos", "a date": "una fecha", "a code (text)": "un código (texto)",
    "a program": "un programa", "a rule": "una regla", "a group": "un grupo", "a campaign": "una campaña",
    "a cap": "un tope", "a tier": "un nivel", "tiers": "la tabla de niveles", "a measure": "una medida",
    "a reward": "una recompensa", "a payment": "un pago con puntos", "a wallet": "un monedero",
    "a security step": "un paso de seguridad", "a legal term": "una condición legal", "limits": "la tabla de límites",
    "a filter budget": "un presupuesto de filtros", "a published rate": "una tasa publicada", "a pace": "un ritmo",
    "a discount": "un descuento", "money off": "un descuento", "a service": "un servicio",
    "a waiver": "una excepción", "a decay": "una merma", "a milestone": "un hito", "a conversion": "una conversión",
    "an EarnRule, a Group or a Campaign": "una EarnRule, un Group ni una Campaign", "a Reward": "una Reward",
    "a Measure": "una Measure", "a Wallet": "un Wallet", "a Published": "un Published", "a Waiver": "un Waiver",
    "none": "ninguno", "no fields of its own": "ningún campo propio", "money": "dinero", "a number": "un número",
    "filters": "filtros", "filter": "filtro", "an instant": "un instante", "a day": "un día",
    "a code": "un código", "a truth value": "un valor de verdad", "not an exact number": "un número no exacto",
    "a float": "un float", "not an exact number that we keep": "un número que no se puede guardar exacto",
    "a whole number of points": "un número entero de puntos", "None": "nada",
    "a condition": "una condición", "a duration": "una duración",
    "filter budget": "presupuesto de filtros", "grace days": "días de gracia",
    "levels of one expression": "niveles de una expresión", "parts of one expression": "partes de una expresión",
    "digits of one number": "dígitos de un número", "characters of one text": "caracteres de un texto",
    "characters of one expression": "caracteres de una expresión",
    "points part": "parte pagada con puntos",
    "order discount": "descuento del pedido",
    "membership fee": "la cuota de socio", "card fee": "la cuota de la tarjeta", "transfer fee": "la cuota de traspaso",
    "reinstatement fee": "la cuota de restitución",
    **es_problems_dignity.NOUNS,
}  # fmt: skip

#: Lo que llena un hueco y tiene huecos.
FACTS = {
    "a number of about {a} digits": "un número de unos {a} dígitos", "weight of {a}": "peso de {a}",
    "{a} and {b} other": "{a} y {b} más",
    # Los filtros de una recompensa, cada uno con lo que pide
    "minimum balance ({a} points)": "saldo mínimo ({a} puntos)", "minimum basket ({a})": "compra mínima ({a})",
    "channels ({a})": "canales ({a})", "blackout ({a} to {b})": "días cerrados ({a} a {b})",
    "during ({a} to {b})": "solo del {a} al {b}", "block (multiples of {a})": "bloques (múltiplos de {a})",
    "limit ({a})": "límite ({a})", "waiting time ({a})": "espera ({a})", "voucher ({a})": "vale ({a})",
    "expiring voucher ({a})": "vale que caduca ({a})", "step ({a})": "paso ({a})",
    "second security step ({a})": "segundo paso de seguridad ({a})", "when ({a})": "condición ({a})",
    **es_problems_dignity.FACTS,
    "blocks ({a})": "bloques ({a})", "at least ({a})": "como mínimo ({a})", "share ({a})": "parte ({a})",
}  # fmt: skip

SENTENCES: dict[str, str] = {
    **es_problems_parts.SENTENCES,
    **es_problems_rewards.SENTENCES,
    **es_problems_language.SENTENCES,
    **es_problems_refusals.SENTENCES,
    **es_problems_dignity.SENTENCES,
    **es_proofs.REASONS,
}
