"""Las frases de los descuentos en español, como datos."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "heading.discounts": "Descuentos",
    "discount.off": "{off} de descuento sobre {which}", "discount.purchase": "la compra",
    "discount.units": ", solo en lo más barato, {units} como máximo",
    "discount.units.per": ", solo en {units} de cada {per}, lo más barato",
    "discount.most": ", como máximo {most}",
    "discount.one of": "De «{names}» cuenta solo el que más descuenta.",
    "discount.order": "Los descuentos se aplican en este orden, cada uno sobre lo que queda. Los puntos y las tarjetas "
    "de regalo pagan después.",
    "discount.reward": "Da {off}.",
    "discount.taken": "{name}: {amount} de descuento.", "discount.payable": "A pagar: {amount}.",
    "discount.missed.when": "{name} no se aplica: no es para esta compra.",
    "discount.missed.during": "{name} no se aplica: no es su momento.",
    "discount.missed.one of": "{name} no se aplica: otro descuenta más, y cuenta uno solo.",
    "discount.missed.nothing": "{name} no se aplica: aquí no hay nada que descontar.",
}  # fmt: skip
