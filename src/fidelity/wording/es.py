"""Las frases en español, como datos. `en` tiene las mismas claves con las mismas partes.

El español de España es el de base; lo propio de México está en `REGIONAL`. A quien participa se le trata de tú;
la clave terminada en ``/usted`` dice lo mismo de usted.
"""

from __future__ import annotations

from fidelity.wording import (
    es_campaigns,
    es_care,
    es_care_dignity,
    es_care_staff,
    es_discounts,
    es_journey_results,
    es_journeys,
    es_life,
    es_notices,
    es_proofs,
    es_rewards,
    es_simulation,
    es_terms,
    es_tiers,
)  # fmt: skip

__all__ = ["PHRASES"]

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
WEEKDAYS = {
    "monday": "lunes", "tuesday": "martes", "wednesday": "miércoles", "thursday": "jueves",
    "friday": "viernes", "saturday": "sábado", "sunday": "domingo",
}  # fmt: skip
UNITS = {
    "minutes": ("minuto", "minutos"), "hours": ("hora", "horas"), "days": ("día", "días"),
    "weeks": ("semana", "semanas"), "months": ("mes", "meses"), "years": ("año", "años"),
}  # fmt: skip
WALLETS = {
    "points": ("punto", "puntos"), "stamps": ("sello", "sellos"), "stars": ("estrella", "estrellas"),
    "miles": ("milla", "millas"), "vouchers": ("vale", "vales"), "coins": ("moneda", "monedas"),
    "credits": ("crédito", "créditos"),
}  # fmt: skip
#: Palabras que concuerdan con lo que hay en el monedero: en masculino y en femenino.
AGREES = (
    {"the": "los", "them": "los", "as_many": "tantos", "earned": "ganados", "entire": "enteros"},
    {"the": "las", "them": "las", "as_many": "tantas", "earned": "ganadas", "entire": "enteras"},
)
FEMININE = frozenset({"stars", "miles", "coins"})
CURRENCIES = {
    "EUR": ("euro", "euros"), "USD": ("dólar", "dólares"), "MXN": ("peso", "pesos"), "GBP": ("libra", "libras"),
    "JPY": ("yen", "yenes"), "ARS": ("peso", "pesos"), "COP": ("peso", "pesos"), "CLP": ("peso", "pesos"),
}  # fmt: skip
TIMES = {1: "una vez", 2: "dos veces"}
CITIES = {
    "Mexico City": "la Ciudad de México", "New York": "Nueva York", "London": "Londres", "Paris": "París",
    "Bogota": "Bogotá", "Panama": "Panamá", "Canary": "Canarias", "Lisbon": "Lisboa", "Cancun": "Cancún",
    "Merida": "Mérida", "Rome": "Roma", "Berlin": "Berlín", "Asuncion": "Asunción", "Los Angeles": "Los Ángeles",
}  # fmt: skip
SMALL_WORDS = frozenset(
    (  # noqa: SIM905 -- words read best as text
        "y e o u ni no de del en el la los las un una al por para con sin si es son era eran más menos que entre veces "
        "cada igual igualmente mayor menor otro otra otros resto demás tu tus su sus te se caso antes después superior "
        "inferior sí ambos incluidos exactamente redondeo línea líneas artículos solo hasta partir"
    ).split()
)
REPEATS = True

VERBS = {
    "es": ("es", "son", "era", "eran"),
    "fue": ("es", "son", "fue", "fueron"),
    "hace": ("se hace", "se hacen", "se hizo", "se hicieron"),
    "tiene": ("tiene", "tienen", "tuvo", "tuvieron"),
    "da": ("se da", "se dan", "se dio", "se dieron"),
    "cae": ("cae", "caen", "cayó", "cayeron"),
    "paga": ("se paga", "se pagan", "se pagó", "se pagaron"),
    "trata": ("trata", "tratan", "trataba", "trataban"),
    "marca": ("lleva", "llevan", "llevaba", "llevaban"),
    "incluye": ("incluye", "incluyen", "incluía", "incluían"),
    "cumple": ("se cumple", "se cumplen", "se cumplió", "se cumplieron"),
    "una_cumple": ("se cumple", "se cumple", "se cumplió", "se cumplió"),
    "llega": ("llega", "llegan", "llegó", "llegaron"),
    "llevas": ("llevas", "llevas", "llevabas", "llevabas"),
    "lleva": ("lleva", "lleva", "llevaba", "llevaba"),
    "cumples": ("cumples", "cumples", "cumpliste", "cumpliste"),
    "cumple_usted": ("cumple", "cumple", "cumplió", "cumplió"),
}

SUBJECTS = {
    "purchase": "la compra", "visit": "la visita", "feedback": "la opinión", "participation": "la actividad",
    "referral": "la recomendación", "referred": "la bienvenida",
    "anniversary": "el aniversario", "birthday": "el cumpleaños",
    "redemption": "el canje",
    "line": "el artículo",
}  # fmt: skip
CHANNELS = {
    "app": "en la app", "store": "en tienda", "online": "por internet", "web": "en la web", "phone": "por teléfono",
}  # fmt: skip
PAYMENTS = {"card": "con tarjeta", "cash": "en efectivo", "wallet": "con el monedero", "points": "con puntos"}
ARTICLES = {
    "": "el", "paid_with_points": "la", "tax": "los", "shipping": "los", "tip": "la", "category": "la", "store": "la",
    "tags": "las", "activity": "la", "date": "la", "hour": "la", "basket": "la", "quantity": "la", "years": "los",
}  # fmt: skip
DETERMINERS = ("el ", "la ", "los ", "las ", "lo ", "tu ", "tus ", "su ", "sus ")
MANY_LABELS = r"(?:los|las|tus|sus) "
MANY = ("tags", "tax", "shipping", "tenure_days", "tenure_months", "tenure_years", "years")

PHRASES = {
    # Enlaces
    "and": "y", "or": "o", "nor": "ni", "quoted": "«*»", "yes": "sí", "no": "no", "pin": "PIN",
    "wallet.other": "{points} de «{name}»", "times": "{n} veces", "no code": "«»",
    # Tiempo
    "day": "{day} de {month} de {year}", "zone": "hora de {city}",
    "per.day": "al día", "per.week": "por semana natural", "per.month": "por mes natural",
    "per.quarter": "por trimestre natural", "per.half-year": "por semestre natural", "per.year": "por año natural",
    "per.membership": "por cada año como miembro", "per.rolling": "en cualquier periodo de {duration}",
    "per.ever": "en total", "once only": "una sola vez", "times a day": "{times} al día", "limit.none": "sin límite",
    # Nombres en las condiciones
    "noun": "{label} {owner:de}", "noun.in": "{label} en {owner}", "noun.yours": "{your} {label}", "your": "tu",
    "your/usted": "su",
    "your.many": "tus", "your.many/usted": "sus",
    "noun.host": "el valor de {label} en {owner}", "noun.host.yours": "tu dato {label}",
    "noun.host.yours/usted": "su dato {label}",
    "noun.measure": "tu total de {label}", "noun.measure/usted": "su total de {label}",
    "event.other": "el evento {name}", "you": "tu caso", "you/usted": "su caso", "you.subject": "",
    "your tier": "tu nivel", "your tier/usted": "su nivel",
    "lines.quantity": "la cantidad de artículos{which}", "lines.amount": "el importe de los artículos{which}",
    "lines.count": "el número de líneas{which}", "lines.sum": "la suma, artículo por artículo{which}, {value:de}",
    "which.category": " de la categoría {x}", "which.tags": " con la marca {x}", "which.sku": " de la referencia {x}",
    "which": " (solo si {condition})",
    "count": "el número de {label} {owner:de}",
    # Aritmética
    "plus": "{a} más {b}", "minus": "{a} menos {b}", "negative": "menos {a}", "product": "{a} por {b}",
    "times over": "{a} veces {b}",
    "divide": "{a} entre {b}", "whole times": "el número de veces completas que {b} cabe en {a}",
    "remainder": "el resto de dividir {a} entre {b}", "size": "{a} sin su signo",
    "min": "el menor valor de ({items})", "max": "el mayor valor de ({items})",
    "floor": "{a} con redondeo a la baja", "ceil": "{a} con redondeo al alza",
    "half even": "{a} con redondeo al entero más próximo (las mitades, al par)",
    "half up": "{a} con redondeo al entero más próximo (las mitades, al alza)",
    "in steps": "{a}, en pasos de {unit}",
    "arm": "{value} si {condition}", "arm.if": "si {condition}, entonces {value}", "otherwise": "en otro caso, {value}",
    "row": "{value} para {x}", "row.other": "{value} para cualquier otro", "table": "según {key}: {rows}",
    "whether": "si se cumple que {condition}", "opaque": "la condición {name}",
    # Cantidades
    "q.==": "exactamente {x}", "q.<": "menos de {x}", "q.<=": "{x} o menos", "q.>": "más de {x}",
    "q.>=": "{x} o más", "q.between": "entre {low} y {high} (ambos incluidos)",
    # Pruebas, y su negación
    "reaches": "{llega} a {x} con ello", "reaches/not": "no {llega} a {x} con ello",
    "number": "{es} {x}", "number/not": "no {es} {x}", "sum": "{es} de {x}", "sum/not": "no {es} de {x}",
    "against.==": "{es} igual a {x}", "against.!=": "no {es} igual a {x}", "against.<": "{es} menor que {x}",
    "against.<=": "{es} igual o menor que {x}", "against.>": "{es} mayor que {x}",
    "against.>=": "{es} igual o mayor que {x}",
    "purchase.amount": "{fue} de {x}", "purchase.amount/not": "no {fue} de {x}",
    "tenure": "{llevas} {x} como cliente", "tenure/not": "no {llevas} {x} como cliente",
    "tenure/usted": "{lleva} {x} como cliente", "tenure/not/usted": "no {lleva} {x} como cliente",
    "years": "{cumples} {x} con nosotros", "years/not": "no {cumples} {x} con nosotros",
    "years/usted": "{cumple_usted} {x} con nosotros", "years/not/usted": "no {cumple_usted} {x} con nosotros",
    "category": "{es} de la categoría {x}", "category/not": "no {es} de la categoría {x}",
    "topic": "{trata} de {x}", "topic/not": "no {trata} de {x}",
    "paid": "{paga} {x}", "paid/not": "no {paga} {x}",
    "choice": "{es} {x}", "choice/not": "no {es} {x}",
    "choice.>=": "{x} o superior", "choice.>": "superior a {x}", "choice.<=": "{x} o inferior",
    "choice.<": "inferior a {x}",
    "tag": "{marca} la marca {x}", "tag/not": "no {marca} la marca {x}",
    "has": "{incluye} {x}", "has/not": "no {incluye} {x}",
    "flag": "{label} {cumple} en {owner}", "flag/not": "{label} no {cumple} en {owner}",
    "always": "esto {cumple} siempre", "never": "esto no {cumple} nunca", "named": "{cumple}",
    "named/not": "no {cumple}",
    # Dónde y cuándo ocurre algo
    "happens": "{tiene} lugar", "happens/not": "no {tiene} lugar",
    "happens.purchase": "{hace}", "happens.purchase/not": "no {hace}",
    "happens.visit": "{hace}", "happens.visit/not": "no {hace}",
    "happens.feedback": "{da}", "happens.feedback/not": "no {da}",
    "happens.participation": "{tiene} lugar", "happens.participation/not": "no {tiene} lugar",
    "happens.referral": "{hace}", "happens.referral/not": "no {hace}",
    "happens.referred": "{hace}", "happens.referred/not": "no {hace}",
    "happens.anniversary": "{cae}", "happens.anniversary/not": "no {cae}",
    "happens.birthday": "{cae}", "happens.birthday/not": "no {cae}",
    "happens.redemption": "{hace}", "happens.redemption/not": "no {hace}",
    "on.weekday": "en {x}", "each.weekday": "{x}", "on.hour": "en la hora que empieza {x}", "each.hour": "las {x}",
    "each.hour.one": "la {x}",
    "each.at": "a las {x}", "each.at.one": "a la {x}",
    "hour.>=": "a partir de {x}", "hour.>": "después de {x}", "hour.<": "antes de {x}",
    "hour.<=": "no más tarde de {x}",
    "on.month": "en {x}", "month.>=": "en {x} o en un mes posterior", "month.>": "en un mes posterior a {x}",
    "month.<=": "en {x} o en un mes anterior", "month.<": "en un mes anterior a {x}",
    "on.day": "el día {x} del mes", "day.>=": "el día {x} del mes o más tarde", "day.>": "después del día {x} del mes",
    "day.<=": "el día {x} del mes o antes", "day.<": "antes del día {x} del mes",
    "on.date": "el {x}", "date.>=": "el {x} o después", "date.>": "después del {x}", "date.<=": "el {x} o antes",
    "date.<": "antes del {x}", "date.between": "del {low} al {high} (ambos incluidos)",
    "is.date": "{es} {x}", "is.date/not": "no {es} {x}", "is.date.==": "el {x}", "is.date.>=": "el {x} o posterior",
    "is.date.>": "posterior al {x}", "is.date.<=": "el {x} o anterior", "is.date.<": "anterior al {x}",
    "is.date.between": "entre el {low} y el {high} (ambos incluidos)",
    "on.channel": "por el canal {x}", "channel.none": "sin canal indicado", "on.store": "en la tienda {x}",
    "on.payment": "con el medio de pago {x}",
    # Listas de condiciones
    "all of": "{cumple} todas estas condiciones: {items}",
    "any of": "{una_cumple} al menos una de estas condiciones: {items}",
    "not all": "no {cumple} a la vez todas estas condiciones: {items}",
    "none of": "no {una_cumple} ninguna de estas condiciones: {items}",
    "not": "no es cierto que {condition}",
    # Términos, motivos y avisos
    **es_terms.PHRASES,
    **es_tiers.PHRASES,
    **es_rewards.PHRASES,
    **es_simulation.PHRASES,
    **es_notices.PHRASES,
    **es_campaigns.PHRASES,
    **es_care.PHRASES,
    **es_care_dignity.PHRASES,
    **es_care_staff.PHRASES,
    **es_discounts.PHRASES,
    **es_life.PHRASES,
    **es_proofs.PHRASES,
    **es_journeys.PHRASES,
    **es_journey_results.PHRASES,
}  # fmt: skip

#: Lo que se dice de otro modo en cada lugar.
REGIONAL = {
    "es-MX": {
        "pin": "NIP",
        "per.week": "por semana calendario", "per.month": "por mes calendario",
        "per.quarter": "por trimestre calendario", "per.half-year": "por semestre calendario",
        "per.year": "por año calendario",
        **es_terms.MEXICO,
        **es_rewards.MEXICO,
        **es_simulation.MEXICO,
        **es_notices.MEXICO,
        **es_life.MEXICO,
        **es_proofs.MEXICO,
        **es_care_dignity.MEXICO,
        **es_journey_results.MEXICO,
    },
}  # fmt: skip
