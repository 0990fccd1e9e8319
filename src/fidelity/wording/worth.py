"""What staying is worth to a member, in words: parity of price and product first."""

from __future__ import annotations

from datetime import date

from fidelity.values.money import Money
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import phrase

__all__ = ["staying"]


def staying(
    language: str,
    *,
    parity: tuple[str, str, date | None, int],
    gained: Money,
    forfeited: Money,
    rival: Money,
    first: Money,
    later: Money,
    gesture: Money,
    locked: bool,
) -> str:
    """
    What a conversation about staying rests on.

    Args:
        parity: The state and outcome of the last comparison, its day, and for how many days it is out of date.
        gained: What they get in a year by staying.
        forfeited: What they hold and would lose.
        rival: What the rival gives in the first year.
        first: By how much staying is better in the first year, by gains alone.
        later: And in each later year.
        gesture: What closes the gap that is left in the first year.
        locked: Whether they would stay for what they would lose.
    """
    state, outcome, last, overdue = parity
    said = {"gained": gained, "forfeited": forfeited, "rival": rival, "gesture": gesture}
    amounts = {name: numbers.money(language, each) for name, each in said.items()}
    lines = [
        phrase(
            language, f"parity.{state}" if state != "valid" else f"parity.{outcome}",
            day="" if last is None else dates.day(language, last), days=overdue,
        ),
        phrase(language, "staying.gained", amounts),
        phrase(language, "staying.forfeited", amounts),
        phrase(language, "staying.rival", amounts),
        _better(language, "first", first),
        _better(language, "later", later),
    ]  # fmt: skip
    if gesture.minor:
        lines.append(phrase(language, "staying.gesture", amounts))
    if locked:
        lines.append(phrase(language, "staying.locked"))
    return "\n".join(lines)


def _better(language: str, when: str, by: Money) -> str:
    key = "better" if by.minor >= 0 else "worse"
    return phrase(language, f"staying.{when}.{key}", amount=numbers.money(language, abs(by)))
