"""Las frases de los recorridos en español, como datos."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "journey.of": "Recorrido: {name}", "journey.persona": "De quién: {persona}", "journey.satisfaction": "Satisfacción",
    "journey.no feedback": "Todavía no hay opiniones", "journey.no touchpoints": "Todavía no hay puntos de contacto",
    "journey.no area": "Sin área", "journey.owners": "Responsable: {owners}",
    "journey.legend.truth": "Momento de la verdad: impacto de 4 o 5",
    "journey.legend.loyalty": "Impacto declarado en la lealtad, de 1 a 5",
    "journey.legend.experience": "Impacto declarado en la experiencia, de 1 a 5",
    "journey.legend.measured": "Impacto medido, de 1 a 5 (asociación, no causa)",
    "journey.legend.curve": "Satisfacción media, de 1 a 5, con su intervalo",
    "journey.told": "{number}. {name} ({where})", "journey.told.loyalty": "impacto en la lealtad {impact}",
    "journey.told.experience": "impacto en la experiencia {impact}", "journey.told.measured": "impacto medido {impact}",
    "journey.told.satisfaction": "satisfacción {mean}", "journey.told.truth": "momento de la verdad",
    "journey.described": "{count} puntos de contacto en estas etapas: {stages}. {touchpoints}.",
}  # fmt: skip
