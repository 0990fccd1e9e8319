"""Notices in words: points given back, given away, shared, prolonged, let go; accounts joined, paused and closed.

Every function takes plain values and gives one sentence. None blames, none cheers, none tells why somebody else
decided something: reasons are codes of the house. ``formal=True`` addresses the member as *usted*.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import capital, code, phrase, place, quoted

__all__ = [
    "closed",
    "enrolled",
    "extended",
    "forgiven",
    "frozen",
    "given",
    "goodwill",
    "household",
    "merged",
    "protection",
    "redeemed_pooled",
    "reinstated",
    "renewed",
    "rerated",
    "settled",
    "shares",
    "taken_back",
    "undone",
    "undone_pooled",
]

# -- together


def _points(language: str, key: str, points: int, wallet: str, *, formal: bool, **parts: str) -> str:
    said = numbers.points(language, points, wallet)
    return phrase(language, key, formal=formal, one=points == 1, points=said, Points=said, **parts)


def shares(language: str, given: Mapping[str, int], wallet: str = "points", *, back: bool = False) -> str:
    """
    Who gave how many points, or, with *back*, who got them back. Members are told by their ids.

    >>> shares("en", {"ana": 70, "luis": 50}), shares("es", {"ana": 1}, "miles", back=True)
    ('From ana, 70 points; from luis, 50 points.', 'Para ana, 1 milla.')
    """
    key = "share.to" if back else "share.from"
    parts = (
        phrase(language, key, member=code(language, member), points=numbers.points(language, points, wallet))
        for member, points in given.items()
    )
    return f"{capital('; '.join(parts))}."


def redeemed_pooled(
    language: str, reward: str, cost: int, left: int, wallet: str = "points", *, formal: bool = False
) -> str:
    """
    Points of a household used for a reward.

    >>> redeemed_pooled("en", "free coffee", 120, 30)
    'Free coffee: 120 points used. Your household has 30 left.'
    >>> redeemed_pooled("es-MX", "café gratis", 120, 30)
    'Café gratis: se usaron 120 puntos. Tu hogar tiene 30.'
    """
    said, rest = numbers.points(language, cost, wallet), numbers.bare(language, left, wallet)
    return phrase(language, "redeemed.pooled", formal=formal, reward=capital(reward), cost=said, left=rest)


def enrolled(language: str, since: date, *, formal: bool = False) -> str:
    """
    That somebody is a member, and since when a customer.

    >>> enrolled("en", date(2019, 5, 2))
    'You are a member. Your time with us counts from 2 May 2019.'
    """
    return phrase(language, "enrolled", formal=formal, day=dates.day(language, since))


# -- putting right


def undone(language: str, points: int, left: int, wallet: str = "points", *, formal: bool = False) -> list[str]:
    """
    Points that had been used and came back.

    Args:
        points: How many.
        left: How many of the same redemption may still come back.

    >>> undone("en", 120, 0), undone("es", 1, 119)
    (['You have 120 points back.'], ['Recuperas 1 punto.', 'Siguen usados 119 puntos.'])
    """
    said = [_points(language, "undone", points, wallet, formal=formal)]
    return [*said, *_left(language, left, wallet)]


def undone_pooled(language: str, points: int, left: int, given: Mapping[str, int], wallet: str = "points") -> list[str]:
    """
    Points that a household had used together and that came back, and to whom.

    >>> undone_pooled("en", 120, 0, {"ana": 70, "luis": 50})
    ['120 points came back.', 'To ana, 70 points; to luis, 50 points.']
    """
    said = [
        _points(language, "undone.pooled", points, wallet, formal=False),
        shares(language, given, wallet, back=True),
    ]
    return [*said, *_left(language, left, wallet)]


def _left(language: str, left: int, wallet: str) -> list[str]:
    return [_points(language, "undone.left", left, wallet, formal=False)] if left else []


def renewed(language: str, points: int, until: datetime, zone: ZoneInfo, wallet: str = "points") -> str:
    """
    How many points that came back have a new life, because theirs was over.

    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> renewed("en", 30, datetime(2026, 3, 1, tzinfo=madrid), madrid)
    '30 points of them can be used until 28 February 2026, that day included, because their own time was over.'
    """
    return _points(language, "renewed", points, wallet, formal=False, until=dates.until(language, until, zone))


def taken_back(language: str, points: int, wallet: str = "points") -> str:
    """
    How many of the points that came back go at once, because their purchase was returned.

    >>> taken_back("en", 80), taken_back("es", 1)
    ('80 points of them go, for what had earned them came back.', 'De ello, 1 punto se retira: su compra se devolvió.')
    """
    return _points(language, "taken.back", points, wallet, formal=False)


def settled(language: str, points: int, wallet: str = "points") -> str:
    """
    How many of the points that came in paid what was owed.

    >>> settled("en", 1), settled("es", 5)
    ('1 point of them goes to what was owed.', 'De ello, 5 puntos saldan lo que se debía.')
    """
    return _points(language, "settled", points, wallet, formal=False)


def extended(language: str, points: int, until: datetime, zone: ZoneInfo, wallet: str = "points") -> str:
    """
    Points that last longer.

    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> end = datetime(2027, 7, 1, tzinfo=madrid)
    >>> extended("en", 100, end, madrid), extended("es", 1, end, madrid)[:37]
    ('100 points now last until 30 June 2027, that day included.', '1 punto: ahora dura hasta el 30 de ju')
    """
    return _points(language, "extended", points, wallet, formal=False, until=dates.until(language, until, zone))


def reinstated(
    language: str, points: int, until: datetime, zone: ZoneInfo, wallet: str = "points", *, formal: bool = False
) -> str:
    """
    Points that had expired and can be used again.

    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> reinstated("en", 40, datetime(2027, 7, 1, tzinfo=madrid), madrid)
    '40 points that had expired can be used again, until 30 June 2027, that day included.'
    """
    return _points(language, "reinstated", points, wallet, formal=formal, until=dates.until(language, until, zone))


def goodwill(
    language: str,
    points: int,
    until: datetime | None,
    zone: ZoneInfo,
    wallet: str = "points",
    *,
    formal: bool = False,
) -> list[str]:
    """
    Points given as an apology, and how long they last; None means for ever, and nothing is said of it.

    >>> goodwill("en", 200, None, ZoneInfo("Europe/Madrid")), goodwill("es-MX", 1, None, ZoneInfo("UTC"))
    (['We have given you 200 points as an apology.'], ['Te dimos 1 punto como disculpa.'])
    """
    said = [_points(language, "goodwill", points, wallet, formal=formal)]
    if until is not None:
        said.append(phrase(language, "goodwill.until", one=points == 1, until=dates.until(language, until, zone)))
    return said


def forgiven(language: str, points: int, left: int, wallet: str = "points") -> list[str]:
    """
    Points that are no longer owed, and those that still are.

    >>> forgiven("en", 50, 0), forgiven("es", 1, 49)
    (['50 points are no longer owed.'], ['Ya no se debe 1 punto.', 'Todavía se deben 49 puntos.'])
    """
    said = [_points(language, "forgiven", points, wallet, formal=False)]
    return [*said, _points(language, "forgiven.left", left, wallet, formal=False)] if left else said


def rerated(language: str, event: str, points: int, wallet: str = "points") -> str:
    """
    What an event gives when it is decided once more: so many points more, fewer, or the same.

    Args:
        event: ``"kind/id"``.

    >>> rerated("en", "purchase/T-1", 20)
    'Decided once more, the purchase “T-1” gives 20 points more.'
    >>> rerated("es", "visit/V-1", -1)
    'Con el nuevo cálculo, la visita «V-1» da 1 punto menos.'
    >>> rerated("es", "anniversary/ana", 0)
    'El nuevo cálculo del aniversario ana no cambia los puntos.'
    """
    kind, _, name = event.partition("/")
    subjects: Mapping[str, str] = place(language).data.SUBJECTS
    subject = subjects.get(kind) or phrase(language, "event.other", name=quoted(language, kind))
    told = f"{subject} {code(language, name)}"
    if not points:
        return phrase(language, "rerated.same", event=told)
    key = "rerated.more" if points > 0 else "rerated.less"
    return _points(language, key, abs(points), wallet, formal=False, event=told)


# -- between members


def given(language: str, points: int, to: str, left: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    Points given to another member, who is told by the id.

    >>> given("en", 30, "luis", 70), given("es", 30, "luis", 70)
    ('You have given 30 points to luis. You have 70 left.', 'Has dado 30 puntos a luis. Tienes 70.')
    """
    who, rest = code(language, to), numbers.bare(language, left, wallet)
    return _points(language, "given", points, wallet, formal=formal, to=who, left=rest)


def merged(
    language: str,
    old: str,
    into: str,
    *,
    wallets: Mapping[str, int],
    debts: Mapping[str, int],
    since: date,
    formal: bool = False,
) -> list[str]:
    """
    That an account became part of another, and what came with it, by wallet.

    >>> since = date(2019, 5, 2)
    >>> for line in merged("en", "ana2", "ana", wallets={"points": 100}, debts={"miles": 5}, since=since):
    ...     print(line)
    The account ana2 is now part of the account ana.
    100 points came with it.
    What was owed came with it too: 5 miles.
    Your time with us counts from 2 May 2019.
    """
    said = [phrase(language, "merged", old=code(language, old), into=code(language, into))]
    said += [_points(language, "merged.points", each, name, formal=False) for name, each in wallets.items() if each]
    said += [_points(language, "merged.debt", each, name, formal=False) for name, each in debts.items() if each]
    return [*said, phrase(language, "merged.since", formal=formal, day=dates.day(language, since))]


def household(language: str, name: str, *, joined: bool, formal: bool = False) -> str:
    """
    That a member shares points with a household, or does no longer.

    >>> household("en", "elm street", joined=True), household("es", "olmo", joined=False)[:40]
    ('You now share points with the household “elm street”.', 'Ya no compartes puntos con el hogar olmo')
    """
    key = "household.joined" if joined else "household.left"
    return phrase(language, key, formal=formal, name=code(language, name))


# -- standing still


def frozen(language: str, *, still: bool, formal: bool = False) -> str:
    """
    That an account is paused, or no longer.

    >>> frozen("en", still=True)
    'For now no points can be used, and none expire. You go on earning.'
    >>> frozen("es", still=False)
    'Tus puntos se pueden usar de nuevo, y les queda al menos el tiempo que les quedaba.'
    """
    return phrase(language, "frozen" if still else "unfrozen", formal=formal)


def protection(language: str, *, began: bool, protected: bool, tiers: bool = True, formal: bool = False) -> str:
    """
    That a protection began, or ended.

    Args:
        protected: Whether the member is protected now.
        tiers: Whether the program has tiers.

    >>> protection("en", began=True, protected=True)
    'For now nothing expires, nothing is taken back, and your tier does not fall.'
    >>> protection("es", began=False, protected=True)
    'Una protección ha terminado y otra sigue: nada caduca y nada se retira.'
    """
    started = "protected.tier" if tiers else "protected"
    key = started if began else "protected.still" if protected else "unprotected"
    return phrase(language, key, formal=formal)


def closed(language: str, expired: Mapping[str, int], let_go: Mapping[str, int]) -> list[str]:
    """
    That an account is closed: the points that were left, and those that were owed, by wallet.

    >>> closed("en", {"points": 30}, {})
    ['The account is closed.', '30 points were left and have expired.']
    >>> closed("es-MX", {}, {"points": 5})
    ['La cuenta está cerrada.', 'Lo que se debía queda sin efecto: 5 puntos.']
    """
    said = [phrase(language, "closed")]
    said += [_points(language, "closed.points", each, name, formal=False) for name, each in expired.items() if each]
    return [
        *said,
        *(_points(language, "closed.debt", each, name, formal=False) for name, each in let_go.items() if each),
    ]
