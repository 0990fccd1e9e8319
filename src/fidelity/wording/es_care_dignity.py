"""Las frases en español para tiempos difíciles, como datos. Leídas como quien las abre en un mal día."""

from __future__ import annotations

__all__ = ["MEXICO", "PHRASES"]

PHRASES = {
    # Un pago que no llegó
    "hardship.missed": (
        "Tu pago de {amount}, previsto para el {due}, todavía no nos ha llegado. Si ya está en camino, no hace falta "
        "que hagas nada."
    ),
    "hardship.missed/usted": (
        "Su pago de {amount}, previsto para el {due}, todavía no nos ha llegado. Si ya está en camino, no hace falta "
        "que haga nada."
    ),
    "hardship.stays": "Mientras tanto conservas todo lo que has ganado con nosotros, y nada caduca.",
    "hardship.stays/usted": "Mientras tanto conserva todo lo que ha ganado con nosotros, y nada caduca.",
    "hardship.invitation": (
        "Si es un mes difícil, nos gustaría hablar contigo. Tú dices cuándo y cómo, y buscamos contigo "
        "una forma que te venga bien."
    ),
    "hardship.invitation/usted": (
        "Si es un mes difícil, nos gustaría hablar con usted. Usted dice cuándo y cómo, y buscamos con "
        "usted una forma que le venga bien."
    ),
    "hardship.advice": (
        "Si quieres, alguien de aquí puede verlo contigo y decirte qué se puede hacer. La charla no cuesta nada, y "
        "después decides tú."
    ),
    "hardship.advice/usted": (
        "Si quiere, alguien de aquí puede verlo con usted y decirle qué se puede hacer. La charla no cuesta nada, y "
        "después decide usted."
    ),
    "hardship.payment plan": (
        "También puedes pagarlo en partes más pequeñas, sin recargo. Tú pones las cantidades y los días, y nosotros "
        "los anotamos."
    ),
    "hardship.payment plan/usted": (
        "También puede pagarlo en partes más pequeñas, sin recargo. Usted pone las cantidades y los días, y nosotros "
        "los anotamos."
    ),
    # Llegó después
    "hardship.paid": "Nos ha llegado tu pago de {amount}. Gracias.",
    "hardship.paid/usted": "Nos ha llegado su pago de {amount}. Gracias.",
    "hardship.paid in part": (
        "Nos ha llegado tu pago de {amount}. Gracias. Para los otros {left}, dinos qué te viene bien y cuándo."
    ),
    "hardship.paid in part/usted": (
        "Nos ha llegado su pago de {amount}. Gracias. Para los otros {left}, díganos qué le viene bien y cuándo."
    ),
    "hardship.goes on": "A tus puntos les queda al menos el tiempo que les quedaba.",
    "hardship.goes on/usted": "A sus puntos les queda al menos el tiempo que les quedaba.",
    # Buscar una forma entre los dos
    "hardship.open": (
        "Gracias por hablar con nosotros. "
        "Mientras no acordemos algo, no te enviaremos mensajes sobre pagos."
    ),
    "hardship.open/usted": (
        "Gracias por hablar con nosotros. "
        "Mientras no acordemos algo, no le enviaremos mensajes sobre pagos."
    ),
    "hardship.adviser": "Desde ahora, una misma persona de aquí lo ve contigo.",
    "hardship.adviser/usted": "Desde ahora, una misma persona de aquí lo ve con usted.",
    "hardship.advised": (
        "Gracias por la conversación. Tómate el tiempo que necesites; nada queda decidido hasta que tú lo digas."
    ),
    "hardship.advised/usted": (
        "Gracias por la conversación. Tómese el tiempo que necesite; nada queda decidido hasta que usted lo diga."
    ),
    "hardship.closed": "Lo que vimos contigo queda cerrado. Si algo cambia, habla con nosotros cuando quieras.",
    "hardship.closed/usted": "Lo que vimos con usted queda cerrado. Si algo cambia, hable con nosotros cuando quiera.",
    # Lo acordado
    "hardship.agreed": (
        "Acordamos {count} pagos: el primero, de {amount}, para el {first}, y el último para el {last}."
    ),
    "hardship.agreed.one": "Acordamos un pago de {amount}, para el {first}.",
    "hardship.grace": "Cada uno puede llegar hasta {days} después de su fecha y sigue a tiempo.",
    "hardship.grace.one": "Puede llegar hasta {days} después de su fecha y sigue a tiempo.",
    "hardship.days": "{n} días", "hardship.days.one": "un día",
    "hardship.no charge": (
        "No se añade nada a lo que pagas. Si un día o una cantidad deja de venirte bien, lo cambiamos."
    ),
    "hardship.no charge/usted": (
        "No se añade nada a lo que paga. Si un día o una cantidad deja de venirle bien, lo cambiamos."
    ),
    "hardship.instalment": (
        "Nos ha llegado tu pago de {paid}. Gracias. De lo acordado quedan {left}: lo siguiente, {amount}, para "
        "el {due}."
    ),
    "hardship.instalment/usted": (
        "Nos ha llegado su pago de {paid}. Gracias. De lo acordado quedan {left}: lo siguiente, {amount}, para "
        "el {due}."
    ),
    "hardship.instalment.one": (
        "Nos ha llegado tu pago de {paid}. Gracias. De lo acordado quedan {left}, para el {due}."
    ),
    "hardship.instalment.one/usted": (
        "Nos ha llegado su pago de {paid}. Gracias. De lo acordado quedan {left}, para el {due}."
    ),
    "hardship.can come": (
        "Para los {amount} del {due} hay tiempo hasta el {until}, sin recargo. Si te viene mejor otro día o una "
        "cantidad menor, dínoslo y lo cambiamos."
    ),
    "hardship.can come/usted": (
        "Para los {amount} del {due} hay tiempo hasta el {until}, sin recargo. Si le viene mejor otro día o una "
        "cantidad menor, díganoslo y lo cambiamos."
    ),
    "hardship.did not come": (
        "Los {amount} del {due} todavía no nos han llegado. Los planes cambian, y el nuestro también puede: dinos qué "
        "día o qué cantidad te viene bien ahora."
    ),
    "hardship.did not come/usted": (
        "Los {amount} del {due} todavía no nos han llegado. Los planes cambian, y el nuestro también puede: díganos "
        "qué día o qué cantidad le viene bien ahora."
    ),
    "hardship.completed": "Nos ha llegado tu pago de {amount}, y con él todo lo acordado. Gracias.",
    "hardship.completed/usted": "Nos ha llegado su pago de {amount}, y con él todo lo acordado. Gracias.",
    # Lo que ve el personal
    "staff.invite to talk": "invitar a hablar", "staff.adviser named": "hay quien le asesora",
    "staff.name an adviser": "nombrar a quien le asesore", "staff.plan agreed": "plan acordado con la persona",
}  # fmt: skip

MEXICO = {
    "hardship.missed": (
        "Tu pago de {amount}, previsto para el {due}, todavía no nos llega. Si ya viene en camino, no necesitas hacer "
        "nada."
    ),
    "hardship.missed/usted": (
        "Su pago de {amount}, previsto para el {due}, todavía no nos llega. Si ya viene en camino, no necesita hacer "
        "nada."
    ),
    "hardship.stays": "Mientras tanto conservas todo lo que has ganado con nosotros, y nada se vence.",
    "hardship.stays/usted": "Mientras tanto conserva todo lo que ha ganado con nosotros, y nada se vence.",
    "hardship.invitation": (
        "Si es un mes difícil, nos gustaría platicar contigo. Tú dices cuándo y cómo, y buscamos contigo "
        "una forma que te acomode."
    ),
    "hardship.invitation/usted": (
        "Si es un mes difícil, nos gustaría platicar con usted. Usted dice cuándo y cómo, y buscamos con "
        "usted una forma que le acomode."
    ),
    "hardship.advice": (
        "Si quieres, alguien de aquí puede verlo contigo y decirte qué se puede hacer. La plática no cuesta nada, y "
        "después decides tú."
    ),
    "hardship.advice/usted": (
        "Si quiere, alguien de aquí puede verlo con usted y decirle qué se puede hacer. La plática no cuesta nada, y "
        "después decide usted."
    ),
    "hardship.payment plan": (
        "También puedes pagarlo en partes más pequeñas, sin recargo. Tú pones los montos y los días, y nosotros los "
        "anotamos."
    ),
    "hardship.payment plan/usted": (
        "También puede pagarlo en partes más pequeñas, sin recargo. Usted pone los montos y los días, y nosotros los "
        "anotamos."
    ),
    "hardship.paid": "Ya nos llegó tu pago de {amount}. Gracias.",
    "hardship.paid/usted": "Ya nos llegó su pago de {amount}. Gracias.",
    "hardship.paid in part": (
        "Ya nos llegó tu pago de {amount}. Gracias. Para los otros {left}, dinos qué te acomoda y cuándo."
    ),
    "hardship.paid in part/usted": (
        "Ya nos llegó su pago de {amount}. Gracias. Para los otros {left}, díganos qué le acomoda y cuándo."
    ),
    "hardship.advised": (
        "Gracias por la plática. Tómate el tiempo que necesites; nada queda decidido hasta que tú lo digas."
    ),
    "hardship.advised/usted": (
        "Gracias por la plática. Tómese el tiempo que necesite; nada queda decidido hasta que usted lo diga."
    ),
    "hardship.open": (
        "Gracias por platicar con nosotros. "
        "Mientras no acordemos algo, no te enviaremos mensajes sobre pagos."
    ),
    "hardship.open/usted": (
        "Gracias por platicar con nosotros. "
        "Mientras no acordemos algo, no le enviaremos mensajes sobre pagos."
    ),
    "hardship.closed": "Lo que vimos contigo queda cerrado. Si algo cambia, búscanos cuando quieras.",
    "hardship.closed/usted": "Lo que vimos con usted queda cerrado. Si algo cambia, búsquenos cuando quiera.",
    "hardship.no charge": "No se agrega nada a lo que pagas. Si un día o un monto deja de acomodarte, lo cambiamos.",
    "hardship.no charge/usted": (
        "No se agrega nada a lo que paga. Si un día o un monto deja de acomodarle, lo cambiamos."
    ),
    "hardship.instalment": (
        "Ya nos llegó tu pago de {paid}. Gracias. De lo acordado quedan {left}: lo siguiente, {amount}, para el {due}."
    ),
    "hardship.instalment/usted": (
        "Ya nos llegó su pago de {paid}. Gracias. De lo acordado quedan {left}: lo siguiente, {amount}, para el {due}."
    ),
    "hardship.instalment.one": (
        "Ya nos llegó tu pago de {paid}. Gracias. De lo acordado quedan {left}, para el {due}."
    ),
    "hardship.instalment.one/usted": (
        "Ya nos llegó su pago de {paid}. Gracias. De lo acordado quedan {left}, para el {due}."
    ),
    "hardship.can come": (
        "Para los {amount} del {due} hay tiempo hasta el {until}, sin recargo. Si te acomoda mejor otro día o un monto "
        "menor, dinos y lo cambiamos."
    ),
    "hardship.can come/usted": (
        "Para los {amount} del {due} hay tiempo hasta el {until}, sin recargo. Si le acomoda mejor otro día o un monto "
        "menor, díganos y lo cambiamos."
    ),
    "hardship.did not come": (
        "Los {amount} del {due} todavía no nos llegan. Los planes cambian, y el nuestro también puede: dinos qué día "
        "o qué monto te acomoda ahora."
    ),
    "hardship.did not come/usted": (
        "Los {amount} del {due} todavía no nos llegan. Los planes cambian, y el nuestro también puede: díganos qué "
        "día o qué monto le acomoda ahora."
    ),
    "hardship.completed": "Ya nos llegó tu pago de {amount}, y con él todo lo acordado. Gracias.",
    "hardship.completed/usted": "Ya nos llegó su pago de {amount}, y con él todo lo acordado. Gracias.",
}  # fmt: skip
