"""Lo que se rechaza en tiempos difíciles, en español: contactos que presionan, casos y planes de pagos."""

from __future__ import annotations

__all__ = ["FACTS", "NOUNS", "SENTENCES"]

NOUNS = {
    "first contact not kind": "el primer contacto no es amable", "tone rises": "el tono sube",
    "gaps shorten": "los intervalos se acortan", "charge added": "se añade un recargo",
    "somebody else is told": "se entera alguien más", "too close together": "demasiado seguidos",
    "made": "hecho", "dropped": "descartado",
}  # fmt: skip

FACTS = {"gaps shorten ({a} days)": "los intervalos se acortan ({a} días)"}

SENTENCES = {
    # Contactos
    "this contact plan would press: {l}": "este plan de contactos presionaría: {l}",
    "with fewer than {a} days between contacts, this plan would press: {l}":
        "con menos de {a} días entre contactos, este plan presionaría: {l}",
    "begin with a kind invitation to talk, keep the tone, and leave at least as many days as before":
        "empieza con una invitación amable a hablar, mantén el tono y deja al menos tantos días como antes",
    "the contact {a} is for {b} and would come on {c}": "el contacto {a} es para el {b} y llegaría el {c}",
    "the contact {a} is for {b}, and {c} for {d} comes first":
        "el contacto {a} es para el {b}, y antes va {c}, para el {d}",
    "none comes sooner than planned": "ninguno llega antes de lo previsto",
    "contacts with {a} are planned already: {b}": "ya hay contactos previstos con {a}: {b}",
    "there is one row of them at a time": "hay una sola serie a la vez",
    "no contact {a} with {b} was planned": "no se previó ningún contacto {a} con {b}", "plan it first": "prevelo antes",
    "the contact {a} was made before": "el contacto {a} ya se hizo",
    "the contact {a} was dropped before ({b})": "el contacto {a} se descartó ({b})",
    "there is nothing to make": "no hay nada que hacer",
    # Pagos
    "the payment {a} is known since {b}": "el pago {a} se conoce desde {b}",
    "a new one has an id of its own": "uno nuevo lleva su propio identificador",
    "the payment {a} is due {b}, and it is {c}": "el pago {a} es para el {b}, y hoy es {c}",
    "tell it when that day has come": "dilo cuando llegue ese día",
    "no missed payment of {a} is called {b}": "ningún pago de {a} que no llegó se llama {b}",
    "tell it with payment_missed first": "dilo antes con payment_missed",
    "the payment {a} is paid since {b}": "el pago {a} está hecho desde {b}",
    "the payment {a} is closed since {b}": "el pago {a} está cerrado desde {b}",
    "{a} is more than the {b} that are open of {c}": "{a} es más que los {b} que faltan de {c}",
    "{a} is more than the {b} that are open in the plan {c}": "{a} es más que los {b} que faltan del plan {c}",
    "tell what belongs to it": "di lo que le corresponde",
    # Casos
    "the hardship case {a} is open": "el caso {a} está abierto",
    "its adviser talks with {a}, and no contacts are planned":
        "quien le asesora habla con {a}, y no se prevén contactos",
    "the hardship case {a} of {b} is open since {c}": "el caso {a} de {b} está abierto desde el {c}",
    "there is one at a time": "hay uno a la vez",
    "{a} has no hardship case {b}": "{a} no tiene ningún caso {b}", "open it first": "ábrelo antes",
    "the hardship case {a} is closed since {b}, {c}": "el caso {a} está cerrado desde {b}, {c}",
    # Planes de pagos
    "{a} has no payment plan {b}": "{a} no tiene ningún plan de pagos {b}", "agree on it first": "acuérdalo antes",
    "the payment plan {a} is completed": "el plan de pagos {a} está completo",
    "the payment plan {a} is replaced": "otro plan ocupó el lugar del plan de pagos {a}",
    "the payment plan {a} is closed with its case": "el plan de pagos {a} se cerró con su caso",
    "nothing is open in it": "no queda nada en él",
    "the first instalment is for {a}, and it is {b}": "el primer pago es para el {a}, y hoy es {b}",
    "agree on what is to come": "acuerda lo que está por venir",
    "the instalments come to {a}, and {b} are owed": "los pagos suman {a}, y se deben {b}",
    "a payment plan adds no charge": "un plan de pagos no añade recargos",
    "the plan {a} is in {b}, not in {c}": "el plan {a} está en {b}, no en {c}",
}  # fmt: skip
