"""Las frases de las quejas y de quienes las atienden en español, como datos."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Lo que se dice de una queja a quien la hizo
    "complaint.opened": "Tomamos nota de tu queja: {what}. Gracias por decírnoslo.",
    "complaint.opened/usted": "Tomamos nota de su queja: {what}. Gracias por decírnoslo.",
    "complaint.same": "Ya conocemos tu queja: {what}. No hace falta que la expliques otra vez.",
    "complaint.same/usted": "Ya conocemos su queja: {what}. No hace falta que la explique otra vez.",
    "complaint.reopened": "Tu queja está abierta de nuevo: {what}. Lamentamos que hayas tenido que volver por ella.",
    "complaint.reopened/usted": (
        "Su queja está abierta de nuevo: {what}. Lamentamos que haya tenido que volver por ella."
    ),
    "complaint.resolved": "Tu queja, {what}, terminó así: {resolution}.",
    "complaint.resolved/usted": "Su queja, {what}, terminó así: {resolution}.",
    "complaint.granted": "Recibes de nuestra parte {grants}.",
    "complaint.granted/usted": "Recibe de nuestra parte {grants}.",
    "complaint.grant": "{amount} ({form})",
    "complaint.escalated": "Tu queja, {what}, la lleva ahora {role}, y tendrás respuesta a más tardar el {due}.",
    "complaint.escalated/usted": (
        "Su queja, {what}, la lleva ahora {role}, y tendrá respuesta a más tardar el {due}."
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
    "praise.noted": "Gracias. Haremos llegar tus palabras a quien las merece.",
    "praise.noted/usted": "Gracias. Haremos llegar sus palabras a quien las merece.",
    "thanks.given": "Gracias por tu trabajo del {start} al {end}: {reason}.",
    "thanks.given/usted": "Gracias por su trabajo del {start} al {end}: {reason}.",
    "thanks.reward": "Lo acompaña: {reward}.",
    "thanks.named": "Lo decimos en público, con tu nombre, como aceptaste.",
    "thanks.named/usted": "Lo decimos en público, con su nombre, como aceptó.",
    "thanks.unnamed": "Lo decimos en público, sin tu nombre.",
    "thanks.unnamed/usted": "Lo decimos en público, sin su nombre.",
    "thanks.public": "Gracias, {name}, por {reason}, del {start} al {end}.",
    "thanks.public.unnamed": "Gracias a alguien de nuestro equipo, por {reason}, del {start} al {end}.",
}  # fmt: skip
