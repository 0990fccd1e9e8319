"""Las frases en español de cómo acaban los puntos sin actividad, y de los que esperan. Son solo datos."""

from __future__ import annotations

__all__ = ["MEXICO", "PHRASES"]

PHRASES = {
    # Sin actividad
    "idle.days": "{The} {many} caducan a la vez {life} después de {last}, al final de ese día.",
    "idle.whole": "{The} {many} caducan a la vez al final de un mes: {life} después del mes de {last}.",
    "idle.whole.weeks": "{The} {many} caducan a la vez al final de una semana: {life} después de la semana de {last}.",
    "idle.whole.years": "{The} {many} caducan a la vez al final de un año: {life} después del año de {last}.",
    "idle.too": "Antes también pueden caducar sin actividad.",
    "idle.last": "la última vez que {verbs}",
    "idle.earn": "ganas {many}", "idle.earn/usted": "gana {many}",
    "idle.redeem": "gastas {many}", "idle.redeem/usted": "gasta {many}",
    "idle.event": "haces algo que anotamos", "idle.event/usted": "hace algo que anotamos",
    "idle.goodwill": "te damos {many} como disculpa", "idle.goodwill/usted": "le damos {many} como disculpa",
    "idle.transfer": "das o recibes {many} de regalo", "idle.transfer/usted": "da o recibe {many} de regalo",
    "idle.adjustment": "corregimos lo que ganaste", "idle.adjustment/usted": "corregimos lo que ganó",
    "idle.merge": "unimos dos cuentas tuyas", "idle.merge/usted": "unimos dos cuentas suyas",
    "idle.others": "Nada más cuenta como actividad.",
    "idle.gone": "{The} {many} que esperan no caducan así.",
    # Puntos que menguan
    "decay.first": "Tus {many} empiezan a menguar {after} después de {last}.",
    "decay.first/usted": "Sus {many} empiezan a menguar {after} después de {last}.",
    "decay.each": "Entonces se pierde el {share} cada {every}, con redondeo hacia abajo, y al menos {least}.",
    "decay.every.weeks": "semana", "decay.every.months": "mes", "decay.every.days": "día", "decay.every.years": "año",
    "decay.all": "Después de {all} se pierde todo lo que queda.",
    "decay.stop": "Esto para, y la cuenta empieza de nuevo, cuando {verbs}.",
    # Puntos que esperan una confirmación
    "confirmed": "Puedes usar tus {many} cuando se confirma tu compra.",
    "confirmed/usted": "Puede usar sus {many} cuando se confirma su compra.",
    "confirmed.most": "Eso es como muy tarde {duration} después de {earning}.",
    "usable": "Ya puedes usar {points}.", "usable/usted": "Ya puede usar {points}.",
    "usable.until": "Ya puedes usar {points}, {until}.", "usable.until/usted": "Ya puede usar {points}, {until}.",
    "usable.nothing": "No había puntos en espera de esto.",
    # Lo que el personal puede arreglar
    "window.reinstatement": "Si {the} {many} ya caducaron, se pueden devolver en {duration}.",
    "window.extension": "Podemos alargar la vida de tus {many}, como mucho {duration} más.",
    "window.extension/usted": "Podemos alargar la vida de sus {many}, como mucho {duration} más.",
}  # fmt: skip

MEXICO = {
    "idle.days": "{The} {many} vencen a la vez {life} después de {last}, al final de ese día.",
    "idle.whole": "{The} {many} vencen a la vez al final de un mes: {life} después del mes de {last}.",
    "idle.whole.weeks": "{The} {many} vencen a la vez al final de una semana: {life} después de la semana de {last}.",
    "idle.whole.years": "{The} {many} vencen a la vez al final de un año: {life} después del año de {last}.",
    "idle.too": "Antes también pueden vencer sin actividad.",
    "idle.gone": "{The} {many} que esperan no vencen así.",
    "window.reinstatement": "Si {the} {many} ya vencieron, se pueden devolver en {duration}.",
}  # fmt: skip
