"""Las frases de lo que resulta de una simulación en español, como datos."""

from __future__ import annotations

__all__ = ["MEXICO", "PHRASES"]

PHRASES = {
    "study.customers": "{n} clientes",
    "study.customers.one": "{n} cliente",
    "study.nothing": "ningún programa",
    "study.played": "Se simularon {span} con {customers}: con cada programa y sin ninguno, con la misma suerte.",
    "study.played.one": "Se simuló {span} con {customers}: con cada programa y sin ninguno, con la misma suerte.",
    "study.kept": "De las ventas queda el {margin} antes de recompensas. Una recompensa cuesta el {cost} de lo que"
    " vale.",
    "study.kept.assumed": "Se supone que de las ventas queda el {margin} antes de recompensas, porque nadie lo ha"
    " dicho. Una recompensa cuesta el {cost} de lo que vale.",
    "study.figures": "Es lo que resulta de tus cifras y de los supuestos, no una promesa.",
    "study.figures/usted": "Es lo que resulta de sus cifras y de los supuestos, no una promesa.",
    "study.luck": "Los intervalos de 90 de cada 100 casos recogen solo la suerte entre clientes: lo supuesto y lo"
    " estimado se toma en su valor más probable.",
    "study.sales.more": "Las ventas son de {sales} más que sin programa (un {uplift} más); en 90 de cada 100 casos,"
    " entre {low} y {high}.",
    "study.sales.less": "Las ventas son de {sales} menos que sin programa (un {uplift} menos); en 90 de cada 100 casos,"
    " entre {low} y {high}.",
    "study.end.more": "{sum} más",
    "study.end.less": "{sum} menos",
    "study.sales.same": "Se vende lo mismo que sin programa: nada de lo supuesto hace volver más a la gente.",
    "study.cost.both": "Los puntos dados cuestan {rewards} y llevarlo cuesta {fixed}.",
    "study.cost.points": "Los puntos dados cuestan {rewards}.",
    "study.cost.fixed": "Llevarlo cuesta {fixed}.",
    "study.left.gain": "Quedan {margin}; en 90 de cada 100 casos, entre {low} y {high}.",
    "study.left.gain.known": "Quedan {margin}.",
    "study.left.loss": "Cuesta {margin} más de lo que trae; lo que queda está, en 90 de cada 100 casos,"
    " entre {low} y {high}.",
    "study.left.loss.known": "Cuesta {margin} más de lo que trae.",
    "study.left.nothing": "No cuesta nada y no trae nada.",
    "study.left.open": "Así que no se sabe si gana o pierde dinero.",
    "study.payback": "A los {months} se ha pagado solo.",
    "study.payback.one": "Al cabo de {months} se ha pagado solo.",
    "study.payback.none": "En este tiempo no se paga solo.",
    "study.even": "Para pagarse solo necesita que las ventas crezcan un {even}.",
    "study.even.none": "Los puntos dados se llevan todo lo que queda de las ventas: ningún crecimiento los paga.",
    "study.points": "De cada 100 puntos, {redeemed} se usan, {open} siguen esperando y {expired} caducan sin usarse:"
    " ganados y nunca disfrutados.",
    "study.died": "Los puntos que caducan cuentan como pagados: aquí ningún programa parece mejor porque caduquen.",
    "study.owed": "Al final aún se deben puntos por valor de {owed}.",
    "study.first": "La mitad de los miembros tiene su primera recompensa en {days} o menos.",
    "study.first.none": "Menos de la mitad de los miembros llega a una primera recompensa en este tiempo.",
    "study.first.no": "No tiene recompensas.",
    "study.aside": "Nadie ahorra para {reward}: no se simula.",
    "study.fair": "Por cada {unit} que pagan, los miembros más antiguos reciben {old} y los nuevos {new}.",
    "study.fair.newcomers": "Por cada {unit} que pagan, los miembros nuevos reciben {new} y los más antiguos solo"
    " {old}.",
    "study.same": "{one} y {two} dejan lo mismo con cada uno de los clientes.",
    "study.most": "Lo que más pesa es {effect}: entre {from_value} y {to_value}, lo que deja {program} va de"
    " {at_low} a"
    " {at_high}.",
    "study.width.assumptions": "La duda viene sobre todo de lo que se supone: si se mide, la respuesta será más"
    " nítida.",
    "study.width.parameters": "La duda viene sobre todo de lo poco que el pasado dice de cómo compra la gente.",
    "study.width.process": "La duda viene sobre todo de la suerte: qué clientes vienen.",
    "study.playing": "Simulando los programas",
    "study.saved": "Todas las cifras están en {file}.",
    "study.notes": "Notas sobre los datos (en inglés):",
    "study.better": "En {span}, {better} deja {gap} más que {other} después de recompensas y costes. La"
    " probabilidad de que sea el mejor es del {chance}.",
    "study.cannot": "En {span}, no se puede saber si deja más {one} o {two}: la diferencia de {gap} no pasa de lo"
    " que hace la suerte.",
    "study.holds": "Con otros supuestos sigue por delante en el {holds} de los casos.",
    "study.assumption": "- {effect}: {likely} (de {low} a {high})",
    "study.assumption.fixed": "- {effect}: {likely}",
    "study.assumption.source": "- {effect}: {likely} (de {low} a {high}). {source}",
    "study.from.past": "Estimado con tu propio pasado:",
    "study.from.past/usted": "Estimado con su propio pasado:",
    "study.from.studies": "Supuesto, dentro de los límites de estudios sobre otros comercios:",
    "study.from.nowhere": "Supuesto, porque aquí nadie lo ha medido:",
    "study.from.told": "Tal como se dio:",
    "study.from.off": "Desactivado:",
    "study.from.named": "Supuesto, con su fuente:",
    "study.silent": "No puede decir qué hará la competencia ni qué cambiará en el propio negocio. Lo supuesto sigue"
    " siendo supuesto hasta que una prueba lo mida: dar el programa a unos y todavía no a otros.",
    "study.effect.goal_gradient": "cuánto más viene la gente con una recompensa a la vista",
    "study.effect.post_reward_reset": "cuánto menos viene justo después de una recompensa",
    "study.effect.points_pressure": "cuánto más compra cuando falta poco para una recompensa",
    "study.effect.redemption": "con qué frecuencia se pide una recompensa que ya está al alcance",
    "study.effect.never": "cuántos miembros nunca piden una recompensa",
    "study.effect.enrolment": "cuántos clientes se apuntan en su primera visita",
}

MEXICO = {
    "study.better": "En {span}, {better} deja {gap} más que {other} después de recompensas y costos. La"
    " probabilidad de que sea el mejor es del {chance}.",
    "study.points": "De cada 100 puntos, {redeemed} se usan, {open} siguen esperando y {expired} vencen sin usarse:"
    " ganados y nunca disfrutados.",
    "study.died": "Los puntos que vencen cuentan como pagados: aquí ningún programa parece mejor porque venzan.",
    "study.effect.enrolment": "cuántos clientes se inscriben en su primera visita",
}
