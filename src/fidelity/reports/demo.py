"""The demonstration: a report on the record shop of `fidelity.demo` over the purchases that travel with the library.

Purchases are real. What people asked for, answered, were promised and thanked for is made up, from a seed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from fidelity.care import CarePolicy
from fidelity.care.dignity import every_month
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.care_desk import Care
from fidelity.datasets import cdnow
from fidelity.demo.riverside import ALBUM, SINGLE, riverside
from fidelity.journals import JournalInMemory
from fidelity.journey import STAGES, Journey, Review, Touchpoint
from fidelity.loyalty import Loyalty
from fidelity.replays import replay
from fidelity.reports.face import Report, report
from fidelity.reports.promotions import Promotion
from fidelity.simulation import Study, simulate
from fidelity.values.zones import first_instant, local_date

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["demonstration"]

_DAY = timedelta(days=1)
_SEED = 7
#: So many customers are played on.
_PLAYED = 3_000
_EN, _ES = "en", "es"
_AREAS = ("counter", "orders", "online")
#: The contacts with the shop: where they are in the journey, who makes them, and how much hangs on them.
_CONTACTS = (
    ("website", "página web", "discovery", "online", 2, 3, "web"),
    ("recommendation", "recomendación", "discovery", "counter", 4, 3, "people"),
    ("listening booth", "cabina de escucha", "consideration", "counter", 4, 5, "shop"),
    ("advice", "consejo", "consideration", "counter", 5, 5, "shop"),
    ("till", "caja", "purchase", "counter", 3, 3, "shop"),
    ("delivery", "entrega", "purchase", "orders", 5, 4, "post"),
    ("newsletter", "boletín", "use", "online", 1, 2, "mail"),
    ("complaint", "queja", "after the sale", "counter", 5, 5, "shop"),
)
#: How contented people are with each of these contacts, as the chance of the answers 1 to 5.
_CONTENT = {
    "website": (5, 10, 25, 40, 20), "recommendation": (2, 5, 15, 38, 40), "listening booth": (2, 4, 12, 40, 42),
    "advice": (1, 3, 8, 33, 55), "till": (4, 8, 24, 40, 24), "delivery": (14, 16, 22, 30, 18),
    "newsletter": (6, 12, 34, 32, 16), "complaint": (10, 12, 18, 30, 30),
}  # fmt: skip
_WORDS_ES = {
    "base": "base", "Saturday sounds": "sábados de música", "an armful of music": "un brazado de música",
    "first of the month": "la primera del mes", "another year together": "un año más juntos",
    "a card, signed by the whole shop": "una tarjeta firmada por toda la tienda", "Listener": "Oyente",
    "Collector": "Coleccionista", "Curator": "Curador", "a CD single": "un sencillo en CD",
    "an album of your choice": "un álbum a elegir",
}  # fmt: skip
#: What the shop calls the rest; the host's own codes are in the host's own language.
_SPANISH = {
    "counter": "mostrador", "orders": "pedidos", "online": "en línea", "owner": "dueña",
    "summer letter": "carta de verano", "a kind word": "unas palabras amables", "kindness": "amabilidad",
    "knows the music": "conoce la música", "solves at once": "resuelve al momento", "discovery": "descubrimiento",
    "consideration": "elección", "purchase": "compra", "use": "disfrute", "after the sale": "después",
    "web": "web", "people": "personas", "shop": "tienda", "post": "correo", "mail": "correo",
    **{english: spanish for english, spanish, *_ in _CONTACTS},
}  # fmt: skip


def _called(name: str, *, spanish: bool) -> str:
    return _SPANISH[name] if spanish else name


def demonstration(language: str = _EN) -> Report:
    """
    The report on the record shop, in *language*.

    Raises:
        MissingExtra: If Jinja2 is not installed.
    """
    program = evolve(riverside, words={_ES: _WORDS_ES})
    # Before, Saturdays gave nothing more.
    old = [each for each in program.earn if each.name != "Saturday sounds"]
    told = {name: each for name, each in _WORDS_ES.items() if name != "Saturday sounds"}
    before = evolve(program, version="1996-10", earn=old, words={_ES: told})
    log, lines = _lived(program)
    last = log["at"].max().astype(object).replace(tzinfo=UTC)
    spanish = language.startswith(_ES)
    return report(
        program,
        log,
        lines=lines,
        feedback=_answers(spanish=spanish),
        care=_cared(program, last, spanish=spanish),
        journey=_journey(local_date(last, program.zone), spanish=spanish),
        promotions=[
            Promotion(
                name=_called("summer letter", spanish=spanish), buyers=1_240, invited=8_000, others=1_020,
                uninvited=8_000, margin="6 USD", cost="900 USD",
            )
        ],
        before=before,
        study=_played(program, spanish=spanish),
        language=language,
        demo=True,
    )  # fmt: skip


def _lived(program: Program) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    The purchases as a log, and who asked for what: on the Saturday after there is enough, as in `fidelity.demo`.

    Tiers do not hang on what was spent, so what purchases earn is known before anybody asks for anything.
    """
    sales = cdnow()
    rows = len(sales)
    # Noon in New York, in winter.
    at = (sales.day.astype("M8[us]") + np.timedelta64(17, "h")).astype("M8[us]")
    members = np.array([f"M{each:05d}" for each in sales.customer.tolist()], object)
    bought: dict[str, Any] = {"member": members, "at": at, "amount": sales.cents}
    lines = {
        "row": np.arange(rows), "amount": sales.cents, "quantity": sales.quantity,
        "category": np.full(rows, "music", object),
    }  # fmt: skip
    points = np.asarray(replay(program, bought, lines=lines).points)
    who, when, what = _asking(sales.customer, at, points)
    more = len(who)
    gaps = np.full(more, None, object)
    log = {
        "kind": np.array(["purchase"] * rows + ["redemption"] * more, object),
        "member": np.concatenate([members, who]),
        "at": np.concatenate([at, when]),
        "amount": np.concatenate([sales.cents.astype(object), gaps]),
        "reward": np.concatenate([np.full(rows, None, object), what]),
    }
    return log, lines


def _played(program: Program, *, spanish: bool) -> Study:
    """A year more of some customers, with points that last as long as today, and with points that last longer."""
    sales = cdnow()
    some = sales.customer <= _PLAYED
    past = {
        "member": sales.customer[some],
        "at": (sales.day[some].astype("M8[us]") + np.timedelta64(17, "h")).astype("M8[us]"),
        "amount": sales.cents[some],
    }
    # A simulated purchase has no items.
    told = {name: each for name, each in _WORDS_ES.items() if name != "an armful of music"}
    rules = [each for each in program.earn if each.name != "an armful of music"]
    today = evolve(program, earn=rules, words={_ES: told})
    longer = evolve(today, version="1998-09", expiry="18 months, to the end of the month")
    names = ("hoy", "18 meses") if spanish else ("today", "18 months")
    return simulate(
        past, dict(zip(names, (today, longer), strict=True)), years=1, seed=_SEED, margin=0.3, cost=0.6, draws=0
    )  # fmt: skip


def _asking(
    customers: NDArray[np.int64], at: NDArray[np.datetime64], points: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.datetime64], NDArray[np.object_]]:
    """Who asks for what, and when: members with an even number save for albums, those with an odd one take singles."""
    found: list[tuple[str, np.datetime64, str]] = []
    left: dict[int, int] = {}
    order = np.argsort(at, kind="stable")
    for row in order.tolist():
        customer = int(customers[row])
        have = left.get(customer, 0) + int(points[row])
        wish = SINGLE if customer % 2 else ALBUM
        # What is left after asking is what the member reckons with from there on.
        many, left[customer] = divmod(have, wish.least)
        # Ten in New York on the next Saturday; day 0 of 1970 was a Thursday.
        day = at[row].astype("M8[D]")
        saturday = day + np.timedelta64(int((1 - day.astype(np.int64)) % 7 + 1), "D")
        when = saturday.astype("M8[us]") + np.timedelta64(15, "h")
        found += [(f"M{customer:05d}", when, wish.name)] * many
    last = at.max()
    found = [each for each in found if each[1] <= last]
    who, when_all, what = (np.array(each) for each in zip(*found, strict=True))
    return who.astype(object), when_all.astype("M8[us]"), what.astype(object)


def _answers(*, spanish: bool) -> dict[str, Any]:
    """Made-up answers of six quarters: people are a little more content with every one."""
    random = np.random.default_rng(_SEED)
    said: dict[str, list[Any]] = {"nps": [], "csat": [], "ces": [], "contact": [], "at": []}
    first = np.datetime64("1997-01-10T12", "us")
    for month in range(18):
        for english, its_spanish, *_ in _CONTACTS:
            chances = np.array(_CONTENT[english], float)
            chances[3:] *= 1 + month / 40
            for csat in random.choice(np.arange(1, 6), size=9, p=chances / chances.sum()).tolist():
                said["csat"].append(csat)
                said["nps"].append(int(np.clip(csat * 2 + random.integers(-2, 2), 0, 10)))
                said["ces"].append(int(np.clip(csat + random.integers(0, 3), 1, 7)))
                said["contact"].append(its_spanish if spanish else english)
                said["at"].append(
                    first + np.timedelta64(30 * month, "D") + np.timedelta64(int(random.integers(25)), "D")
                )
    return {**said, "at": np.array(said["at"], "M8[us]")}


def _journey(today: date, *, spanish: bool) -> Journey:
    """The map of the shop's contacts."""

    def called(name: str) -> str:
        return _called(name, spanish=spanish)

    touchpoints = [
        Touchpoint(
            name=called(name), stage=called(stage), area=called(area), channel=called(channel), owners=called(area),
            loyalty=loyalty, experience=experience, metric="satisfacción" if spanish else "satisfaction",
            target="85 %" if spanish else "85%", kind="complaint" if name == "complaint" else "ordinary",
        )
        for name, _, stage, area, loyalty, experience, channel in _CONTACTS
    ]  # fmt: skip
    return Journey(
        "Riverside Records", touchpoints, stages=[called(each) for each in STAGES],
        review=Review("quarter", last=today - timedelta(days=40)),
    )  # fmt: skip


def _cared(program: Program, last: datetime, *, spanish: bool) -> Care:
    """What the shop did for forty customers in its last months: promises, hard times, complaints and thanks."""

    def called(name: str) -> str:
        return _called(name, spanish=spanish)

    policy = StaffPolicy(
        authorities=[
            Authority("counter", case="20 USD", day="900 USD", escalates_to="owner"),
            Authority("owner", case="500 USD"),
        ],
        point_worth="0.05 USD",
    )
    start = last - timedelta(days=200)
    care = Care(Loyalty(program, JournalInMemory()), CarePolicy(staff=policy))
    staff = ("Bo", "Kim", "Lou")
    for place, each in enumerate(staff):
        care.appoint(each, "counter", key=f"role {each}", now=start)
        care.let_name(each, agreed=place != 1, key=f"name {each}", now=start)
    opening = local_date(start + 30 * _DAY, program.zone)
    care.publish_aspects(
        {called("kindness"): 3, called("knows the music"): 2, called("solves at once"): 3},
        scale=(1, 5),
        start=opening,
        key="aspects",
        now=start,
    )
    care.check_parity(
        ["Tower Road", "Discount Discs"], "at par", evidence="forty albums, the same shelf price within 2 %",
        key="parity", now=last - 120 * _DAY,
    )  # fmt: skip
    story = _Story(care, [])
    for place in range(42):
        area, contact = _AREAS[place % 3], _CONTACTS[(3, 5, 2)[place % 9 // 3]][0]
        story.person(place, start + place * 4 * _DAY, called(area), late=place % 7 == 3 or place % 12 == 1)
        if place % 5 == 0:
            story.complaint(place, start + place * 4 * _DAY, staff[place % 3], called("counter"))
        if place % 3 == 0:
            story.thanks(place, start + (place * 4 + 1) * _DAY, staff[place % 3], called(contact))
    for place in range(7):
        story.hard_times(place, start + (60 + place) * _DAY)
    story.happen()
    closing = local_date(last, program.zone)
    for each in staff[:2]:
        care.recognize(
            each, called("a kind word"), public=True, key=f"public {each}", now=last - 5 * _DAY, start=opening,
            end=closing,
        )  # fmt: skip
    return care


@frozen
class _Story:
    """What happens to some people, told one by one and lived in the order of time."""

    care: Care
    steps: list[tuple[datetime, int, Callable[[datetime], object]]]

    def _then(self, at: datetime, step: Callable[[datetime], object]) -> None:
        self.steps.append((at, len(self.steps), step))

    def happen(self) -> None:
        for at, _, step in sorted(self.steps, key=lambda each: each[:2]):
            step(at)

    def person(self, place: int, at: datetime, area: str, *, late: bool) -> None:
        """Somebody joins and is promised a call back or an order; most are kept in time."""
        care, member, key = self.care, f"P{place:02d}", f"promise {place}"
        since = date(1996, 3, 1)
        self._then(at - 30 * _DAY, lambda now: care.loyalty.enroll(member, customer_since=since, now=now))
        self._then(at, lambda now: care.promise(member, "call back", due=now + 2 * _DAY, area=area, key=key, now=now))
        self._then(at + (5 if late else 1) * _DAY, lambda now: care.keep_promise(member, key, now=now))

    def complaint(self, place: int, at: datetime, by: str, area: str) -> None:
        """A scratched record, made good within minutes; two of them had to come back."""
        care, member, key = self.care, f"P{place:02d}", f"complaint {place}"
        amends = {"record": "15 USD"}
        self._then(at, lambda now: care.complain(member, "scratched record", area=area, key=key, now=now))
        self._then(
            at + timedelta(minutes=3 + place),
            lambda now: care.resolve(member, key, by=by, resolution="replaced", grants=amends, now=now),
        )
        if place in {10, 30}:
            self._then(at + 2 * _DAY, lambda now: care.reopen(member, key, key=f"again {place}", now=now))

    def thanks(self, place: int, at: datetime, employee: str, touchpoint: str) -> None:
        """Somebody says thank you."""
        key = f"thanks {place}"
        self._then(at, lambda now: self.care.praise(f"P{place:02d}", employee, touchpoint=touchpoint, key=key, now=now))

    def hard_times(self, place: int, at: datetime) -> None:
        """A payment missed, a plan, and most of it paid."""
        care, member, key = self.care, f"P{place:02d}", f"plan {place}"
        zone = care.loyalty.program.zone
        day = local_date(at, zone)
        parts = every_month("100 USD", first=day + 30 * _DAY, times=3)
        missed = {"payment": f"bill {place}", "due": day - _DAY, "amount": "300 USD"}
        case = {"key": f"case {place}", "words": "fewer gigs this winter", "adviser": "Bo"}
        self._then(at, lambda now: care.payment_missed(member, **missed, now=now))  # type: ignore[arg-type]  # as named
        self._then(at + _DAY, lambda now: care.open_hardship(member, **case, now=now))
        self._then(
            at + 2 * _DAY,
            lambda now: care.agree_plan(member, f"case {place}", parts, owed="300 USD", key=key, now=now),
        )
        for number in range(3 if place % 3 else 2):
            when = first_instant(day + (30 + 30 * number) * _DAY, time(12), zone)
            part = f"part {place} {number}"
            self._then(when, partial(_paid, care, member, key, part))


def _paid(care: Care, member: str, plan: str, key: str, now: datetime) -> None:
    care.instalment_paid(member, plan, "100 USD", key=key, now=now)
