"""Español: cómo se cuentan, se conservan y se pierden los niveles."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "either": "{first} o {last}", "score.spend": "{amount} en compras", "score.base": "{points} sin contar extras",
    "counts.base": "puntos sin contar extras",
    "tier.keep": "Conservas {name} con {score}.", "tier.keep/usted": "Conserva {name} con {score}.",
    "tier.lasts": "Un nivel dura {duration} desde que lo alcanzas. Si entonces lo alcanzas, dura otro tanto.",
    "tier.lasts/usted": "Un nivel dura {duration} desde que lo alcanza. Si entonces lo alcanza, dura otro tanto.",
    "tier.grace.end": "Si dejas de alcanzar tu nivel, lo conservas {duration} más, {ends}.",
    "tier.grace.end/usted": "Si deja de alcanzar su nivel, lo conserva {duration} más, {ends}.",
    "tier.ends.week": "hasta el final de la semana", "tier.ends.month": "hasta el final del mes",
    "tier.ends.quarter": "hasta el final del trimestre", "tier.ends.half-year": "hasta el final del semestre",
    "tier.ends.year": "hasta el final del año",
    "tier.until": "Dura hasta el {day} siguiente.", "tier.day": "{day} de {month}",
    "tier.credited": "Hemos añadido algo a lo que cuenta para tu nivel.",
    "tier.credited/usted": "Hemos añadido algo a lo que cuenta para su nivel.",
    "tier.matched": "Tienes el nivel {tier} {until}.", "tier.matched/usted": "Tiene el nivel {tier} {until}.",
    "tier.surplus": "Lo que tienes por encima de tu nivel cuenta también en el periodo siguiente.",
    "tier.surplus/usted": "Lo que tiene por encima de su nivel cuenta también en el periodo siguiente.",
    "tier.surplus.most": "Lo que tienes por encima de tu nivel cuenta en el periodo siguiente, hasta {most}.",
    "tier.surplus.most/usted": "Lo que tiene por encima de su nivel cuenta en el periodo siguiente, hasta {most}.",
    "tier.crossing.whole event": "Lo que te lleva a un nuevo nivel suma ya con ese nivel.",
    "tier.crossing.whole event/usted": "Lo que le lleva a un nuevo nivel suma ya con ese nivel.",
    "tier.crossing.marginal": "Lo que te lleva a un nuevo nivel suma con ese nivel a partir del umbral.",
    "tier.crossing.marginal/usted": "Lo que le lleva a un nuevo nivel suma con ese nivel a partir del umbral.",
}  # fmt: skip
