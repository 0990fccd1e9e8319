"""The life of points in words, where it hangs on what happens: inactivity, fading, waiting for a confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from fidelity.values.decay import Decay
from fidelity.values.expiry import Expiry
from fidelity.values.periods import Duration
from fidelity.values.waiting import UntilConfirmed
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import agreeing, listing, phrase

__all__ = ["confirmed", "fading", "inactive", "nothing_waited", "usable", "windows"]


def _verbs(language: str, activity: Iterable[str], words: Mapping[str, str], *, formal: bool) -> str:
    return listing(language, [phrase(language, f"idle.{each}", words, formal=formal) for each in activity], how="or")


def inactive(
    language: str, value: Expiry, activity: Iterable[str], wallet: str = "points", *, formal: bool = False
) -> list[str]:
    """
    How points end all at once without activity.

    >>> from fidelity.values.expiry import expiry
    >>> for said in inactive("en", expiry("after 18 whole months without activity"), ["earn"]):
    ...     print(said)
    Points end all at once at the end of a month: 18 months after the month of the last time you earn points.
    Nothing else counts as activity.
    """
    assert value.idle is not None  # noqa: S101  (who asks has looked)
    words = agreeing(language, wallet)
    last = phrase(language, "idle.last", verbs=_verbs(language, activity, words, formal=formal))
    unit = value.idle.unit
    key = "idle.days" if not value.whole else "idle.whole" if unit == "months" else f"idle.whole.{unit}"
    said = phrase(language, key, words, formal=formal, life=dates.duration(language, value.idle), last=last)
    return [said, phrase(language, "idle.others", formal=formal)]


def fading(
    language: str, value: Decay, activity: Iterable[str], wallet: str = "points", *, formal: bool = False
) -> list[str]:
    """
    How points fade.

    >>> weekly = Decay(after="12 weeks", every="week", lose="5 %", at_least=5, all_at="20 weeks")
    >>> print(*fading("en", weekly, ["earn"]), sep=chr(10))
    Your points begin to fade 12 weeks after the last time you earn points.
    You then lose 5% of them every week, rounded down, and at least 5 points.
    After 20 weeks all of them are gone.
    It stops, and the count begins again, when you earn points.
    """
    words = agreeing(language, wallet)
    verbs = _verbs(language, activity, words, formal=formal)
    last = phrase(language, "idle.last", verbs=verbs)
    every = (
        phrase(language, f"decay.every.{value.every.unit}")
        if value.every.count == 1
        else dates.duration(language, value.every)
    )
    share = numbers.percent(language, value.lose)
    said = [
        phrase(language, "decay.first", words, formal=formal, after=dates.duration(language, value.after), last=last),
        phrase(
            language, "decay.each", words, formal=formal, every=every, share=share,
            least=numbers.points(language, value.at_least, wallet),
        ),
    ]  # fmt: skip
    if value.all_at is not None:
        said.append(phrase(language, "decay.all", words, formal=formal, all=dates.duration(language, value.all_at)))
    return [*said, phrase(language, "decay.stop", words, formal=formal, verbs=verbs)]


def confirmed(language: str, value: UntilConfirmed, wallet: str = "points", *, formal: bool = False) -> list[str]:
    """
    From when points can be used that wait for a confirmation.

    >>> print(*confirmed("es", UntilConfirmed(Duration(60, "days"))), sep=chr(10))
    Puedes usar tus puntos cuando se confirma tu compra.
    Eso es como muy tarde 60 días después de ganarlos.
    """
    words = agreeing(language, wallet)
    said = [phrase(language, "confirmed", words, formal=formal)]
    if value.at_most is not None:
        earning, span = phrase(language, "to earn", words), dates.duration(language, value.at_most)
        said.append(phrase(language, "confirmed.most", words, formal=formal, duration=span, earning=earning))
    return said


def usable(language: str, points: int, expires: datetime | None, zone: ZoneInfo, wallet: str = "points") -> str:
    """
    What can be used since it was confirmed.

    >>> usable("en", 50, None, ZoneInfo("UTC")), usable("es", 1, None, ZoneInfo("UTC"), "miles")
    ('You can use 50 points now.', 'Ya puedes usar 1 milla.')
    """
    said = numbers.points(language, points, wallet)
    if expires is None:
        return phrase(language, "usable", points=said)
    return phrase(language, "usable.until", points=said, until=dates.until(language, expires, zone))


def nothing_waited(language: str) -> str:
    """
    That a confirmation changed nothing.

    >>> nothing_waited("es")
    'No había puntos en espera de esto.'
    """
    return phrase(language, "usable.nothing")


def windows(
    language: str,
    reinstatement: Duration | None,
    extension: Duration | None,
    wallet: str = "points",
    *,
    formal: bool = False,
) -> list[str]:
    """
    In which windows staff may give points back or let them live longer; None: what holds for most is not said.

    >>> windows("en", Duration(10, "days"), None)
    ['Points that have ended can be given back within 10 days.']
    """
    words = agreeing(language, wallet)
    return [
        phrase(language, f"window.{name}", words, formal=formal, duration=dates.duration(language, span))
        for name, span in (("reinstatement", reinstatement), ("extension", extension))
        if span is not None
    ]
