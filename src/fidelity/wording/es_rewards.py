"""The phrases of rewards, payments and vouchers in Spanish, as plain data."""

from __future__ import annotations

__all__ = ["MEXICO", "PHRASES"]

PHRASES = {
    # Términos
    "payment": "{name}: {points} pagan {worth} de tu compra.",
    "payment/usted": "{name}: {points} pagan {worth} de su compra.",
    "payment.one": "{name}: {points} paga {worth} de tu compra.",
    "payment.one/usted": "{name}: {points} paga {worth} de su compra.",
    "payment.clamp": "Si pides usar más de lo que tienes, usamos lo que tienes.",
    "payment.clamp/usted": "Si pide usar más de lo que tiene, usamos lo que tiene.",
    "payment.round": "Lo que pagan se redondea hacia abajo al céntimo.",
    "reward.units": "{name} ({units}): {points}.", "reward.units.worth": "{name} ({units}, vale {worth}): {points}.",
    "reward.formula": "{name}: {formula} en puntos.",
    "reward.formula.worth": "{name} (cada uno vale {worth}): {formula} en puntos.",
    "filter.blocks": "Los puntos se usan en bloques de {text}.",
    "filter.at least": "Cada vez se usan al menos {text}.",
    "filter.share": "Puedes pagar con puntos hasta {text} de una compra.",
    "filter.share/usted": "Puede pagar con puntos hasta {text} de una compra.",
    "filter.limit": "Lo puedes tener {text}.", "filter.limit/usted": "Lo puede tener {text}.",
    "filter.limit.points": "Puedes usar en ello como máximo {points} {per}.",
    "filter.limit.points/usted": "Puede usar en ello como máximo {points} {per}.",
    "filter.limit.once": "Puedes usar en ello como máximo {points} cada vez.",
    "filter.limit.once/usted": "Puede usar en ello como máximo {points} cada vez.",
    "filter.during": "Lo puedes tener {between}.", "filter.during/usted": "Lo puede tener {between}.",
    "effect.voucher": "Además recibes un vale: {text}.", "effect.voucher/usted": "Además recibe un vale: {text}.",
    "alone.voucher": "recibes un vale: {text}", "alone.voucher/usted": "recibe un vale: {text}",
    "filter.voucher": "Se entrega como un vale a tu nombre. {life}",
    "filter.voucher/usted": "Se entrega como un vale a su nombre. {life}",
    # Consultas
    "quote.pays": "Con eso se pagan {worth}.",
    "quote.asked": "De lo pedido, {asked}, se pueden usar {points}.",
    "quote.at least": "En {reward} se usan al menos {points} cada vez.",
    "quote.basket": "En esta compra no cabe {reward}: admite {points}.",
    "quote.limit": "{reward:up} tiene un límite: por ahora quedan {left}.",
    "quote.limit.none": "{reward:up} tiene un límite, y por ahora está usado.",
    "quote.limit.opens": "Vuelve a haber sitio el {day}.",
    # Recibos
    "redeemed.paid": "Con eso se han pagado {worth}.",
    "valid through": "Vale hasta el {day}, ese día incluido.", "valid always": "No caduca.",
    "last through": "Se pueden usar {points} hasta el {day}.",
    "last through.one": "Se puede usar {points} hasta el {day}.",
    "voucher.code": "Tu vale: {code}.", "voucher.code/usted": "Su vale: {code}.",
    "voucher.used": "{reward:up}: se ha usado tu vale {code}.",
    "voucher.used/usted": "{reward:up}: se ha usado su vale {code}.",
    "voucher.back": "Tu vale {code} se puede usar otra vez.",
    "voucher.back/usted": "Su vale {code} se puede usar otra vez.",
    "voucher.given": "Recibes un vale para {reward}: {code}.",
    "voucher.given/usted": "Recibe un vale para {reward}: {code}.",
    "voucher.taken": "Con la devolución se retira tu vale {code}.",
    "voucher.taken/usted": "Con la devolución se retira su vale {code}.",
    "returned.redeemed": "Vuelven a ti {points} que usaste en ello.",
    "returned.redeemed/usted": "Vuelven a usted {points} que usó en ello.",
    "returned.redeemed.one": "Vuelve a ti {points} que usaste en ello.",
    "returned.redeemed.one/usted": "Vuelve a usted {points} que usó en ello.",
    # Conversiones
    "conversion": "{when}, {the} {many} se vuelven un vale: {points} dan {worth}, y cada {block} más dan {step}.",
    "conversion.blocks": "{when}, {the} {many} se vuelven un vale: cada {block} dan {step}.",
    "conversion.end": "Al terminar {unit}", "conversion.every": "Cada {duration}",
    "conversion.life": "Los vales van a tu nombre. {life}",
    "conversion.life/usted": "Los vales van a su nombre. {life}",
    "conversion.rest": "Lo que sobra se queda contigo.",
    "conversion.rest/usted": "Lo que sobra se queda con usted.",
    "converted": "{Points} se han vuelto un vale de {worth}.",
    "converted.one": "{Points} se ha vuelto un vale de {worth}.",
    # Fricción
    "friction.could": "{could} de {members} miembros podrían tener algo hoy.",
    "friction.refused": "{reward:up}: fuera de alcance para {count}, por {reason}.",
    "friction.points": "puntos que faltan", "friction.frozen": "tener la cuenta en espera",
    "friction.when": "sus condiciones", "friction.minimum balance": "el saldo mínimo",
    "friction.minimum basket": "la cesta mínima", "friction.channels": "el canal", "friction.blackout": "días cerrados",
    "friction.during": "sus días", "friction.limit": "su límite", "friction.at least": "el mínimo de puntos",
    "friction.basket": "la cesta",
    "friction.first": "La mitad de quienes tuvieron algo lo tuvo en {days}.",
    "friction.none": "Nadie ha tenido nada todavía.",
    "friction.enjoyed": "Se ha disfrutado el {percent} de los puntos ganados.",
}  # fmt: skip

MEXICO = {
    "payment.round": "Lo que pagan se redondea hacia abajo al centavo.",
}
