"""The phrases in Spanish of what members share: campaigns, stock, allowances, referrals. Plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Campañas
    "window.from.day": "desde el {day}",
    "window.from.instant": "desde el {instant}",
    "campaign.window": "La campaña «{name}» dura {start} {end}.",
    "campaign.points": "La campaña «{name}» da como máximo {points} entre todos los miembros. Después termina.",
    "campaign.spend": "La campaña «{name}» cuenta las compras de todos los miembros hasta {amount}. Después termina.",
    "campaign.times": "La campaña «{name}» se aplica {times} en total, entre todos los miembros. Después termina.",
    "campaign.whole": "Lo que ya no cabe entero no se da.",
    "campaign.rules": "La campaña «{name}» tiene estas reglas: {rules}.",
    "reason.campaign": "la campaña «{name}» dura {start} {end}",
    "reason.suspended": "la campaña «{name}» está en pausa",
    "reason.budget": "la campaña «{name}» ya ha dado todo lo que tenía",
    "cap.shared": "como máximo {points} entre todos los miembros",
    "cap.shared.spend": "puntos por compras de todos los miembros hasta {amount}",
    "campaign.paused": "{name} está en pausa: {reason}.",
    "campaign.resumed": "{name} sigue en marcha.",
    # Lo que queda
    "left": "{name}: quedan {left}; usados: {used}.",
    "left.one": "{name}: queda {left}; usados: {used}.",
    "left.again": "Desde el {day} hay más.",
    "stock": "«{reward}»: hay {n} en total.",
    "stock.none": "«{reward}»: ahora no queda.",
    "stock.left": "«{reward}»: quedan {n}.",
    "stock.left.one": "«{reward}»: queda {n}.",
    # Recomendaciones
    "referral.counts": "Una recomendación cuenta cuando la persona que traes hace su primera compra, en los {within} "
    "desde su alta.",
    "referral.counts/usted": "Una recomendación cuenta cuando la persona que trae hace su primera compra, en los "
    "{within} desde su alta.",
    "referral.counts.from": "Una recomendación cuenta cuando la persona que traes compra por {amount} o más, en los "
    "{within} desde su alta.",
    "referral.counts.from/usted": "Una recomendación cuenta cuando la persona que trae compra por {amount} o más, en "
    "los {within} desde su alta.",
    "referral.withheld": "Esta recomendación no cuenta. Las dos cuentas siguen como están.",
    "referral.invited": "El código de la invitación es {invitation}.",
    "finding.ring": "{members} se trajeron en círculo.",
    "finding.star": "{members} trajo a {n} personas, y ninguna volvió a comprar.",
    "finding.household": "{members} comparten hogar.",
    "finding.duplicate": "{members} llegaron como la misma persona.",
    "finding.self": "{members} son cuentas de una misma persona.",
    "finding.person": "Conviene que lo mire una persona; no se retira nada.",
}
