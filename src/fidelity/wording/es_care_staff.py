"""Las frases de las quejas y de quienes las atienden en español, como datos."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Lo que se dice de una queja a quien la hizo
    "complaint.opened": "Hemos tomado nota de tu queja por {what}. Gracias por decírnoslo.",
    "complaint.opened/usted": "Hemos tomado nota de su queja por {what}. Gracias por decírnoslo.",
    "complaint.same": "Ya conocemos tu queja por {what}. No hace falta que la expliques otra vez.",
    "complaint.same/usted": "Ya conocemos su queja por {what}. No hace falta que la explique otra vez.",
    "complaint.reopened": "Hemos reabierto tu queja por {what}. Lamentamos que hayas tenido que volver por ella.",
    "complaint.reopened/usted": "Hemos reabierto su queja por {what}. Lamentamos que haya tenido que volver por ella.",
    "complaint.resolved": "Tu queja por {what} está resuelta: {resolution}.",
    "complaint.resolved/usted": "Su queja por {what} está resuelta: {resolution}.",
    "complaint.granted": "Te damos {grants}.",
    "complaint.granted/usted": "Le damos {grants}.",
    "complaint.grant": "{amount} ({form})",
    "complaint.points": "Te damos también {points}.",
    "complaint.points/usted": "Le damos también {points}.",
    "complaint.unless": "Si tú lo ves de otro modo, dínoslo y la retomamos.",
    "complaint.unless/usted": "Si usted lo ve de otro modo, díganoslo y la retomamos.",
    "complaint.escalated": (
        "De tu queja por {what} se encarga ahora alguien que puede decidir más. Te responderá a más tardar el {due}."
    ),
    "complaint.escalated/usted": (
        "De su queja por {what} se encarga ahora alguien que puede decidir más. Le responderá a más tardar el {due}."
    ),
    # Por qué pasó a otro puesto, para el personal
    "authority.case limit": (
        "El puesto {role} puede conceder {limit} por queja; con esto serían {sum}, {beyond} por encima."
    ),
    "authority.earlier": "De eso, {earlier} ya se habían concedido antes.",
    "authority.day limit": (
        "El puesto {role} puede conceder {limit} al día; ya concedió {day}; con {asked} más serían {beyond} por encima."
    ),
    "authority.form": "El puesto {role} no puede conceder todo lo que se pidió aquí.",
    "authority.asked": "El puesto {role} lo pidió.",
    "authority.no answer": "El puesto {role} no respondió a tiempo.",
    "authority.to": "Ahora decide el puesto {role}.",
    # Elogios y agradecimientos
    "praise.noted": "Gracias. Se lo haremos saber a quien lo merece.",
    "thanks.given": "Gracias por tu trabajo del {start} al {end}: {reason}.",
    "thanks.given/usted": "Gracias por su trabajo del {start} al {end}: {reason}.",
    "thanks.reward": "Además recibes: {reward}.",
    "thanks.reward/usted": "Además recibe: {reward}.",
    "thanks.named": "Lo decimos en público, con tu nombre, como aceptaste.",
    "thanks.named/usted": "Lo decimos en público, con su nombre, como aceptó.",
    "thanks.unnamed": "Lo decimos en público, sin tu nombre.",
    "thanks.unnamed/usted": "Lo decimos en público, sin su nombre.",
    "thanks.public": "Gracias, {name}, por {reason}, del {start} al {end}.",
    "thanks.public.unnamed": "Gracias a alguien de nuestro equipo, por {reason}, del {start} al {end}.",
}  # fmt: skip
