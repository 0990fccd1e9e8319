"""Journeys to be drawn: the cases in which a chart could go wrong."""

import numpy as np

from fidelity.journey import Feedback, Journey, Touchpoint, impact_from_counts

__all__ = ["CASES", "drawn"]

LONG = [
    "Atención telefónica de reclamaciones extraordinarias", "Electroencefalografistas y otorrinolaringólogos",
    "Renovación automática del contrato de mantenimiento", "Visita", "Cita para la instalación del contador inteligente",
]  # fmt: skip


def two():
    return Journey(
        "Coffee", [
            Touchpoint(name="visit", stage="purchase", channel="shop", area="sales", loyalty=5, experience=4, owners="Ana"),
            Touchpoint(name="bill", stage="use", channel="mail", area="service", loyalty=2, experience=1),
        ], persona="Luis, 31, in a hurry",
    )  # fmt: skip


def forty(names=("contact",), areas=("sales", "service", "logistics", "billing"), stages=None):
    stages = stages or ("discovery", "consideration", "purchase", "use", "after the sale")
    return Journey(
        "Electricity", [
            Touchpoint(
                name=f"{names[place % len(names)]} {place}", stage=stages[place * len(stages) // 40], channel=["web", "phone", "app"][place % 3],
                area=areas[place * 7 % len(areas)], loyalty=place % 5 + 1, experience=(place * 3) % 5 + 1, owners=("Julia",) if place % 4 == 0 else (),
            )
            for place in range(40)
        ], stages=stages, persona="A family of four that moved house",
    )  # fmt: skip


def spanish():
    areas = ("Dirección de atención a clientes", "Comunicación institucional", "Facturación")
    stages = ("Descubrimiento", "Consideración de alternativas", "Contratación", "Uso", "Después de la venta")
    return Journey(
        "Compañía de electricidad del noroeste peninsular y de las islas", [
            Touchpoint(
                name=LONG[place % 5] + (f" {place}" if place > 4 else ""), stage=stages[place % 5], channel="Oficina comercial y mensajería instantánea",
                area=areas[place % 3], loyalty=place % 5 + 1, experience=5 - place % 5, owners=("María Fernanda Etxeberria", "Íñigo"),
            )
            for place in range(10)
        ], stages=stages, persona="Doña Concepción, 71 años, que prefiere que alguien conteste el teléfono a la primera",
    )  # fmt: skip


def told(journey, seed=3, skip=()):
    random = np.random.default_rng(seed)
    names = [name for name in journey.names if name not in skip]
    said = np.clip(random.normal(random.uniform(1.5, 4.8, len(names))[:, None], 1, (len(names), 40)).round(), 1, 5)
    counts = {name: (int(random.integers(60, 90)), 100, int(random.integers(55, 80)), 100) for name in names}
    return Feedback(np.repeat(names, 40), said.ravel()), impact_from_counts(counts)


def none():
    return Journey("Nothing yet", [])


def one_stage():
    return forty(stages=("use",), areas=("service",))


CASES = {
    "two": (two, True, {}),
    "forty": (forty, True, {}),
    "spanish": (spanish, True, {"language": "es-MX"}),
    "no feedback": (spanish, False, {"language": "es"}),
    "print": (two, True, {"theme": "print", "width": 680}),
    "dark": (forty, True, {"theme": "dark"}),
    "narrow": (spanish, True, {"width": 240}),
    "wide": (forty, True, {"width": 2400, "theme": "print"}),
    "empty": (none, False, {}),
    "one stage": (one_stage, True, {"width": 400}),
}


def drawn(case):
    make, heard, options = CASES[case]
    journey = make()
    feedback, measured = told(journey, skip=journey.names[1:2] if len(journey) > 3 else ()) if heard else (None, None)
    return journey.draw(feedback, measured, **options)
