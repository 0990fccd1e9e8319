"""Lo que puede estar mal en monederos, recompensas, hitos y palabras de un programa, en español."""

from __future__ import annotations

__all__ = ["SENTENCES"]

SENTENCES = {
    # Monederos y caducidad
    'points fade by whole days, not by "{a}"': 'los puntos menguan por días enteros, no por "{a}"',
    "write at least {a}": "escribe al menos {a}",
    "a share between nothing and all is lost each time, not {a}":
        "cada vez se pierde una parte entre nada y todo, no {a}",
    "all is lost after {a}, before the first part goes after {b}":
        "todo se pierde a los {a}, antes de que se vaya la primera parte a los {b}",
    'points of "{a}" fade, and the program ends them {b}': 'los puntos de "{a}" menguan, y el programa los termina {b}',
    'keep one of the two: give the wallet expiry="{a}", or leave decay= out':
        'deja uno de los dos: da al monedero expiry="{a}", o quita decay=',
    "decay is written {a}, not {b}": "decay se escribe {a}, no {b}",
    "what staff may put right is counted in whole days, not {a}":
        "lo que el personal corrige se cuenta en días enteros, no {a}",
    "activity says what counts, not {a}": "activity dice qué cuenta, no {a}",
    "leave it out for the usual": "quítalo para lo habitual",
    "{a} is no activity of a wallet": "{a} no es actividad de un monedero",
    "points that wait at most no time do not wait": "unos puntos que esperan nada como máximo no esperan",
    "{a} is no waiting time": "{a} no es un tiempo de espera",
    'write "14 days", "until confirmed" or "until confirmed, at most 60 days"':
        'escribe "14 days", "until confirmed" o "until confirmed, at most 60 days"',
    'points live whole days, not "{a}"': 'los puntos viven días enteros, no "{a}"',
    'write "1 day", or "0 days" for the day itself': 'escribe "1 day", o "0 days" para el mismo día',
    "the life after the end of the {a} is missing": "falta la vida tras el final de {a}",
    "write how long": "escribe cuánto",
    "points cannot end with {a}": "los puntos no pueden terminar con {a}",
    'only "to the end of the next calendar year" and its like say "next"':
        'solo "to the end of the next calendar year" y semejantes dicen "next"',
    "leave it out, or live longer": "quítalo, o da más vida",
    "whole months are counted without activity": "se cuentan meses enteros sin actividad",
    'write how many, as in idle=duration("18 months")': 'escribe cuántos, como idle=duration("18 months")',
    'points end after whole days without activity, not "{a}"':
        'los puntos terminan tras días enteros sin actividad, no "{a}"',
    "every day is whole": "todos los días son enteros", 'write it like {a} or "never"': 'escríbelo como {a} o "never"',
    "{a} is not an expiry": "{a} no es una caducidad",
    "{a} counts two times without activity": "{a} cuenta dos tiempos sin actividad",
    "keep the shorter one": "deja el más corto",
    # Recompensas y líneas duras
    '"{a}" is filtered by an opaque function, and nobody could say what it asks':
        'a "{a}" la filtra una función opaca, y nadie podría decir qué pide',
    "write the condition out in the rule language": "escribe la condición en el lenguaje de reglas",
    '"{a}" has {b} {c} where {d} are allowed: {l}': '"{a}" tiene {b} {c} y se admiten {d}: {l}',
    "cheapest to remove: {l} (principle R2)": "lo más barato de quitar: {l} (principio R2)",
    "{v} is not a Reward or a Payment": "{v} no es un Reward ni un Payment",
    "it takes off {a} in a program in {b}": "descuenta {a} en un programa en {b}",
    'add of = "base"': 'añade of = "base"', 'write group="base", not {a}': 'escribe group="base", no {a}',
    "{a} needs the time that counts: {v}": "a {a} le falta el tiempo que cuenta: {v}",
    'write a rule: when=streak >= 4, limit="once"': 'escribe una regla: when=streak >= 4, limit="once"',
    '"{a}" of {b} has no minimum for everyone': 'a "{a}" de {b} le falta un mínimo para todos',
    "{a} has {b} decimals": "{a} tiene {b} decimales", "{a} has {b} decimal": "{a} tiene {b} decimal",
    'add EarnRule(…, on="referral") for the advocate, or on="referred" for the friend':
        'añade EarnRule(…, on="referral") para quien recomienda, u on="referred" para quien llega',
    "write an amount above zero": "escribe un importe mayor que cero",
    "{a} of {v} is paid access: members never pay for access to rewards":
        "{a} de {v} es acceso de pago: los miembros nunca pagan por acceder a las recompensas",
    "remove it (principle R1)": "quítalo (principio R1)",
    '"{a}" asks for money, which is paid access: members never pay for access to rewards':
        '"{a}" pide dinero, y eso es acceso de pago: los miembros nunca pagan por acceder a las recompensas',
    'nobody can tell how large a basket "{a}" needs': 'nadie puede saber qué compra mínima pide "{a}"',
    "compare the basket itself: redemption.basket >= 20": "compara la propia compra: redemption.basket >= 20",
    '"{a}" needs a basket of {b}, and its worth is not told': '"{a}" pide una compra de {b}, y no se dice cuánto vale',
    "say worth=…": "di worth=…",
    "a basket above the worth is paid access": "una compra mayor que lo que vale es acceso de pago",
    '"{a}" is worth {b} and needs a basket of {c}: the rest is the price of access':
        '"{a}" vale {b} y pide una compra de {c}: la diferencia es el precio del acceso',
    '"{a}" takes {b} off a basket of {c}: the rest is the price of access':
        '"{a}" quita {b} de una compra de {c}: el resto es el precio del acceso',
    "leave the minimum basket out: a share comes off whatever is bought (principle R1)":
        "quita la compra mínima: un porcentaje se descuenta de cualquier compra (principio R1)",
    '"{a}" is said to be worth {b}, and takes {c} off at most': 'se dice que "{a}" vale {b}, y quita {c} como mucho',
    'write worth="{a}", or leave it out': 'escribe worth="{a}", o quítalo',
    "lower the basket to {a} or less (principle R1)": "baja la compra a {a} o menos (principio R1)",
    "a {a} is bought, and what is bought may not open a door to points or rewards":
        "el evento {a} se compra, y lo comprado no puede abrir la puerta a puntos ni recompensas",
    "let the rule be about something earned, declared or given (principle R1)":
        "que la regla trate de algo ganado, declarado o dado (principio R1)",
    "`{a}` is bought, and what is bought may not open a door to points or rewards":
        "`{a}` se compra, y lo comprado no puede abrir la puerta a puntos ni recompensas",
    "let the condition read something earned, declared or given (principle R1)":
        "que la condición lea algo ganado, declarado o dado (principio R1)",
    "paid access cannot be waived (principle R1)": "del acceso de pago no hay excepción (principio R1)",
    "remove the charge": "quita el cobro",
    "security is one of {a}, not {b}": "la seguridad es una de {a}, no {b}",
    "anything else is a filter": "lo demás es un filtro",
    "a legal term is one of {a}, not {b}": "una condición legal es una de {a}, no {b}",
    "a day, a product, an amount or a channel is a filter, and counts":
        "un día, un producto, un importe o un canal es un filtro, y cuenta",
    "a filter budget of {a} is above 2": "un presupuesto de filtros de {a} pasa de 2",
    "say why, who and when: {a}": "di por qué, quién y cuándo: {a}",
    "a list of texts is needed, not one text": "hace falta una lista de textos, no un solo texto",
    "{a} is not a legal term": "{a} no es una condición legal",
    '"{a}" says twice how long its voucher lasts': '"{a}" dice dos veces cuánto dura su vale',
    "keep voucher=, or voucher_life= for your own": "deja voucher=, o voucher_life= para los tuyos",
    'the cost of "{a}" is a formula of the quantity already': 'el coste de "{a}" ya es una fórmula de la cantidad',
    "more than {a} different formulas are costs": "más de {a} fórmulas distintas son costes",
    "let rewards that cost alike share one": "que las recompensas que cuestan lo mismo compartan una",
    "{a} of {b} cost {c} points, less than the {d} of {e}": "{a} de {b} cuestan {c} puntos, menos que los {d} de {e}",
    'short of a payment is "refuse" or "clamp", not {a}': 'short de un pago es "refuse" o "clamp", no {a}',
    'a share of the basket is above 0 and at most 1, such as "1/2", not {a}':
        'una parte de la compra es más de 0 y 1 como máximo, como "1/2", no {a}',
    "the limit of a payment is written {a}, in points, not {b}":
        "el límite de un pago se escribe {a}, en puntos, no {b}",
    '"{a}" pays nothing: {b} points are worth {c}': '"{a}" no paga nada: {b} puntos valen {c}',
    'say worth="5 EUR"': 'di worth="5 EUR"',
    '"{a}" takes at least {b} points, more than its limit of {c}':
        '"{a}" toma al menos {b} puntos, más que su límite de {c}',
    "{a} is not a number of points": "{a} no es un número de puntos",
    "write a whole number or a formula": "escribe un número entero o una fórmula",
    "a waiver of {a} needs a reason and a signature": "a una excepción de {a} le hacen falta un motivo y una firma",
    "a point is worth {a}, and the program is in {b}": "un punto vale {a}, y el programa está en {b}",
    "write it in {a}": "escríbelo en {a}",
    # Supuestos
    "a Python function cannot be assumed of every event": "una función de Python no se puede suponer de todo evento",
    "an assumption is about a whole event, not about one line of it":
        "un supuesto trata de un evento entero, no de una de sus líneas",
    "write lines(…) of it": "escribe lines(…) de ella",
    "no event can be as this assumes": "ningún evento puede ser como esto supone",
    "mend the condition, or leave it out": "corrige la condición o quítala",
    "{a} {b} is not as the program assumes of every event, {c}":
        "{a} {b} no es como el programa supone de todo evento, {c}",
    "correct the event, or what is assumed": "corrige el evento o lo que se supone",
    "{a} assumes {b} of every event, which a query cannot refuse":
        "{a} supone {b} de todo evento, lo que una consulta no puede rechazar",
    "decide tables with points_for, or leave the assumption out here":
        "decide las tablas con points_for o quita el supuesto aquí",
    # Hitos
    "a milestone is above nothing, not at {a}": "un hito está por encima de nada, no en {a}",
    "a milestone is of a wallet or of a measure: {a}, not {b}":
        "un hito es de un monedero o de una medida: {a}, no {b}",
    "milestone {a} tells nothing": "el hito {a} no dice nada",
    "add message=, benefit= or recognition=": "añade message=, benefit= o recognition=",
    'there is no wallet and no measure "{a}"': 'no hay ni monedero ni medida "{a}"',
    "{a} is not what {b} counts": "{a} no es lo que cuenta {b}",
    # Palabras
    "words is a table by language: {a}, not {b}": "words es una tabla por idioma: {a}, no {b}",
    "the languages are {a}": "los idiomas son {a}", "words are not known in {a}": "no hay palabras en {a}",
    "the words in {a} are a table: {b}, not {c}": "las palabras en {a} son una tabla: {b}, no {c}",
    '"{a}" is called by a text, or by one and many {b}, not {c}':
        '"{a}" se llama con un texto, o con uno y varios {b}, no {c}',
    'address is "tú" or "usted", not {a}': 'address es "tú" o "usted", no {a}',
    "call it as it stands in the program": "llámalo como está en el programa",
    'the program has nothing called "{a}"': 'el programa no tiene nada llamado "{a}"',
    'there is no reward "{a}"': 'no hay ninguna recompensa "{a}"',
    'the reward "{a}" does not come as a voucher': 'la recompensa "{a}" no se entrega como vale',
    'say how long one lasts: Reward(…, voucher="30 days")': 'di cuánto dura uno: Reward(…, voucher="30 days")',
    'no points of "{a}" end without activity': 'ningún punto de "{a}" termina por falta de actividad',
    'leave activity= out, or write expiry="after 12 months without activity"':
        'quita activity=, o escribe expiry="after 12 months without activity"',
    # Recomendaciones
    'within= is how long after joining the first purchase counts, such as "90 days"':
        'within= es hasta cuándo, tras inscribirse, cuenta la primera compra, como "90 days"',
    "no time at all is none": "ningún tiempo no es nada",
    '"{a}" is for friends whom a member brought, and the program does not say when that counts':
        '"{a}" es para amigos que trajo un miembro, y el programa no dice cuándo cuenta eso',
    "nobody gets anything for a referral": "nadie recibe nada por una recomendación",
    # Conversiones
    "conversions is a list": "conversions es una lista",
    "keep one conversion for a wallet": "deja una conversión por monedero",
    'the points of "{a}" are converted twice': 'los puntos de "{a}" se convierten dos veces',
    "a {a} begins by itself": "un {a} empieza por sí solo",
    "a block of {a} points is worth {b}": "un bloque de {a} puntos vale {b}",
    'say worth="0.50 EUR"': 'di worth="0.50 EUR"',
    'leave first= out, or write every="3 months"': 'quita first=, o escribe every="3 months"',
    'points are converted every "calendar quarter", or every "3 months" from a first day, not "{a}"':
        'los puntos se convierten cada "calendar quarter", o cada "3 months" desde un primer día, no "{a}"',
    'points converted every "{a}" need a first day': 'a los puntos convertidos cada "{a}" les falta un primer día',
    'write both partner= and billed="0.008 EUR"': 'escribe partner= y billed="0.008 EUR"',
    "rule {a}: a partner pays for points": "regla {a}: un socio paga por puntos",
    # Descuentos
    "give each a name of its own": "da a cada uno su propio nombre", "put that into when=": "pon eso en when=",
    "the lines in scope cannot depend on {a}": "las líneas a las que toca no pueden depender de {a}",
    'two discounts are called "{a}"': 'dos descuentos se llaman "{a}"',
    'money off says how much: off = "10 %" or off = "3 EUR"': 'un descuento dice cuánto: off = "10 %" u off = "3 EUR"',
    "{a} is no share of a price": "{a} no es parte de un precio", "{a} off takes nothing off": "{a} no descuenta nada",
    'a discount takes off off("10 %") or off("3 EUR"), not {a}':
        'un descuento quita off("10 %") u off("3 EUR"), no {a}',
    "it is above 0 % and at most 100 %": "es más de 0 % y 100 % como máximo",
    'money off is a share ("10 %") or an amount ("3 EUR"), not {a}':
        'un descuento es una parte ("10 %") o un importe ("3 EUR"), no {a}',
    "most= is the most that is taken off, above zero, not {a}":
        "most= es lo más que se descuenta, mayor que cero, no {a}",
    "of= takes the amount of some lines: lines(line.category == …).amount, not {a}":
        "of= toma el importe de unas líneas: lines(line.category == …).amount, no {a}",
    "per= says for how many units some are reduced": "per= dice por cuántas unidades se rebajan algunas",
    "say how many: units=1, per=3": "di cuántas: units=1, per=3",
    "{a} is not a discount": "{a} no es un descuento",
    # Servicio
    '"{a}" takes {b} up to {c}, and {d}': 'en "{a}", {b} espera hasta {c}, y {d}',
    "{a} is no service": "{a} no es un servicio", "say it once": "dilo una sola vez",
    'say it for everyone: minimum_standard=[Service("{a}", …)]':
        'dilo para todos: minimum_standard=[Service("{a}", …)]',
}  # fmt: skip
