"""Las frases de los avisos en español, como datos: lo que se hace con los puntos aparte de ganarlos y gastarlos."""

from __future__ import annotations

__all__ = ["MEXICO", "PHRASES"]

PHRASES = {
    # Momentos y miembros
    "until.day": "hasta el {day}, ese día incluido", "until.instant": "hasta el {instant}",
    "before.day": "antes del {day}", "before.instant": "antes del {instant}",
    "share.from": "de {member}, {points}", "share.to": "para {member}, {points}",
    # En común
    "redeemed.pooled": "{reward}: se han usado {cost}. Tu hogar tiene {left}.",
    "redeemed.pooled/usted": "{reward}: se han usado {cost}. Su hogar tiene {left}.",
    "enrolled": "Ya formas parte del programa. Tu tiempo con nosotros cuenta desde el {day}.",
    "enrolled/usted": "Ya forma parte del programa. Su tiempo con nosotros cuenta desde el {day}.",
    # Condiciones anteriores
    "quote.earlier": "Estas condiciones valen {until}, para {the} {many} {earned} {before}; de {the} de entonces "
    "tienes {available}.",
    "quote.earlier/usted": "Estas condiciones valen {until}, para {the} {many} {earned} {before}; de {the} de entonces "
    "tiene {available}.",
    # Para corregir algo
    "undone": "Recuperas {points}.", "undone/usted": "Recupera {points}.",
    "undone.left": "Siguen usados {points}.", "undone.left.one": "Sigue usado {points}.",
    "undone.pooled": "Se han devuelto {points}.", "undone.pooled.one": "Se ha devuelto {points}.",
    "taken.back": "De ello, {points} se retiran: su compra se devolvió.",
    "taken.back.one": "De ello, {points} se retira: su compra se devolvió.",
    "renewed": "De ello, {points} se pueden usar {until}, porque su propio plazo había terminado.",
    "renewed.one": "De ello, {points} se puede usar {until}, porque su propio plazo había terminado.",
    "settled": "De ello, {points} saldan lo que se debía.", "settled.one": "De ello, {points} salda lo que se debía.",
    "extended": "{Points}: ahora duran {until}.", "extended.one": "{Points}: ahora dura {until}.",
    "reinstated": "Vuelves a tener {points} que habían caducado, para usar {until}.",
    "reinstated/usted": "Vuelve a tener {points} que habían caducado, para usar {until}.",
    "reinstated.one": "Vuelves a tener {points} que había caducado, para usar {until}.",
    "reinstated.one/usted": "Vuelve a tener {points} que había caducado, para usar {until}.",
    "goodwill": "Te hemos dado {points} como disculpa.", "goodwill/usted": "Le hemos dado {points} como disculpa.",
    "goodwill.until": "Duran {until}.", "goodwill.until.one": "Dura {until}.",
    "forgiven": "Ya no se deben {points}.", "forgiven.one": "Ya no se debe {points}.",
    "forgiven.left": "Todavía se deben {points}.", "forgiven.left.one": "Todavía se debe {points}.",
    "rerated.more": "Con el nuevo cálculo, {event} da {points} más.",
    "rerated.less": "Con el nuevo cálculo, {event} da {points} menos.",
    "rerated.same": "El nuevo cálculo {event:de} no cambia los puntos.",
    "returned.expired": "De ello, {points} ya habían caducado.",
    "returned.expired.one": "De ello, {points} ya había caducado.",
    "waived": "Se quedan contigo {points} que se habrían retirado.",
    "waived/usted": "Se quedan con usted {points} que se habrían retirado.",
    "waived.one": "Se queda contigo {points} que se habría retirado.",
    "waived.one/usted": "Se queda con usted {points} que se habría retirado.",
    # Entre miembros
    "given": "Has dado {points} a {to}. Tienes {left}.", "given/usted": "Ha dado {points} a {to}. Tiene {left}.",
    "merged": "La cuenta {old} forma ahora parte de la cuenta {into}.",
    "merged.points": "Con ella han venido {points}.", "merged.points.one": "Con ella ha venido {points}.",
    "merged.debt": "También ha venido lo que se debía: {points}.",
    "merged.since": "Tu tiempo con nosotros cuenta desde el {day}.",
    "merged.since/usted": "Su tiempo con nosotros cuenta desde el {day}.",
    "household.joined": "Ahora compartes puntos con el hogar {name}.",
    "household.joined/usted": "Ahora comparte puntos con el hogar {name}.",
    "household.left": "Ya no compartes puntos con el hogar {name}; los que tienes siguen siendo tuyos.",
    "household.left/usted": "Ya no comparte puntos con el hogar {name}; los que tiene siguen siendo suyos.",
    # En pausa
    "frozen": "Por ahora no se puede usar ningún punto, y ninguno caduca. Sigues ganando puntos.",
    "frozen/usted": "Por ahora no se puede usar ningún punto, y ninguno caduca. Sigue ganando puntos.",
    "unfrozen": "Tus puntos se pueden usar de nuevo, y les queda al menos el tiempo que les quedaba.",
    "unfrozen/usted": "Sus puntos se pueden usar de nuevo, y les queda al menos el tiempo que les quedaba.",
    "protected": "Por ahora nada caduca y nada se retira.",
    "protected.tier": "Por ahora nada caduca, nada se retira y tu nivel no baja.",
    "protected.tier/usted": "Por ahora nada caduca, nada se retira y su nivel no baja.",
    "protected.still": "Una protección ha terminado y otra sigue: nada caduca y nada se retira.",
    "unprotected": "La protección ha terminado; a tus puntos les queda al menos el tiempo que les quedaba.",
    "unprotected/usted": "La protección ha terminado; a sus puntos les queda al menos el tiempo que les quedaba.",
    "closed": "La cuenta está cerrada.",
    "closed.points": "Quedaban {points}, que han caducado.", "closed.points.one": "Quedaba {points}, que ha caducado.",
    "closed.debt": "Lo que se debía queda sin efecto: {points}.",
}  # fmt: skip

MEXICO = {
    "redeemed.pooled": "{reward}: se usaron {cost}. Tu hogar tiene {left}.",
    "redeemed.pooled/usted": "{reward}: se usaron {cost}. Su hogar tiene {left}.",
    "undone.pooled": "Se devolvieron {points}.", "undone.pooled.one": "Se devolvió {points}.",
    "reinstated": "Vuelves a tener {points} que habían vencido, para usar {until}.",
    "reinstated/usted": "Vuelve a tener {points} que habían vencido, para usar {until}.",
    "reinstated.one": "Vuelves a tener {points} que había vencido, para usar {until}.",
    "reinstated.one/usted": "Vuelve a tener {points} que había vencido, para usar {until}.",
    "goodwill": "Te dimos {points} como disculpa.", "goodwill/usted": "Le dimos {points} como disculpa.",
    "returned.expired": "De ello, {points} ya habían vencido.",
    "returned.expired.one": "De ello, {points} ya había vencido.",
    "given": "Diste {points} a {to}. Tienes {left}.", "given/usted": "Dio {points} a {to}. Tiene {left}.",
    "merged.points": "Con ella vinieron {points}.", "merged.points.one": "Con ella vino {points}.",
    "merged.debt": "También vino lo que se debía: {points}.",
    "frozen": "Por ahora no se puede usar ningún punto, y ninguno vence. Sigues ganando puntos.",
    "frozen/usted": "Por ahora no se puede usar ningún punto, y ninguno vence. Sigue ganando puntos.",
    "protected": "Por ahora nada vence y nada se retira.",
    "protected.tier": "Por ahora nada vence, nada se retira y tu nivel no baja.",
    "protected.tier/usted": "Por ahora nada vence, nada se retira y su nivel no baja.",
    "protected.still": "Una protección terminó y otra sigue: nada vence y nada se retira.",
    "unprotected": "La protección terminó; a tus puntos les queda al menos el tiempo que les quedaba.",
    "unprotected/usted": "La protección terminó; a sus puntos les queda al menos el tiempo que les quedaba.",
    "closed.points": "Quedaban {points}, que vencieron.", "closed.points.one": "Quedaba {points}, que venció.",
}  # fmt: skip
