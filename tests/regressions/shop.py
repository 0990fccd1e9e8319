"""A shop of plain terms, a point for each euro, for the bugs of others: each test changes what its bug is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import fidelity as fd

MADRID = ZoneInfo("Europe/Madrid")
#: A Thursday.
NOON = datetime(2026, 1, 15, 12, tzinfo=MADRID)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def program(**changed):
    terms = {
        "version": "1",
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "earn": [fd.EarnRule("base", fd.points(1, per="1 EUR"))],
        "rewards": [fd.Reward("coffee", cost=100)],
        "expiry": "12 months",
    }
    return fd.Program("Shop", **(terms | changed))


def shop(*members, of=None, journal=None, now=NOON):
    loyalty = fd.Loyalty(of or program(), journal=journal)
    for member in members or ("ana",):
        loyalty.enroll(member, now=now)
    return loyalty


def sale(name, amount, *, member="ana", at=NOON, **more):
    return fd.Purchase(name, member=member, amount=f"{amount} EUR", at=at, **more)


def buy(loyalty, name, amount, *, at=NOON, now=None, **more):
    return loyalty.record(sale(name, amount, at=at, **more), now=now or at)


def give_back(loyalty, name, purchase, *, at=NOON, **more):
    return loyalty.record(fd.Return(name, purchase=purchase, at=at, **more), now=at)


def available(loyalty, member="ana", at=NOON, **more):
    return loyalty.balance(member, at=at, **more).available


def at_once(*jobs):
    """What each of *jobs* came to, a value or the error it raised, when all begin at the same moment."""
    start, found = Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        start.wait()
        try:
            found[place] = job()
        except fd.FidelityError as error:
            found[place] = error

    threads = [Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
