"""A shop whose people are cared for, and its clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import fidelity as fd

__all__ = ["MEXICO", "NOON", "local", "shop"]

MEXICO = ZoneInfo("America/Mexico_City")
NOON = datetime(2026, 1, 5, 18, tzinfo=UTC)


def shop():
    """A point for each ten pesos; points last a year."""
    return fd.Program(
        "Esquina",
        version="1",
        currency="MXN",
        timezone="America/Mexico_City",
        earn=[fd.EarnRule("base", fd.points(1, per="10 MXN"))],
        rewards=[fd.Reward("coffee", cost=50)],
        expiry="12 months",
    )


def local(text):
    """An instant of 2026 on the shop's clock: ``local("04-10 18:00")``."""
    year = "" if text[4:5] == "-" else "2026-"
    return datetime.fromisoformat(f"{year}{text}").replace(tzinfo=MEXICO)
