"""What the cases have in common: a shop in UTC, sales at noon, and short words for what is asked of the books."""

from __future__ import annotations

from datetime import UTC, date, datetime

import fidelity as fd

BASE = fd.EarnRule("base", fd.points(1, per="1 EUR"))


def at(when):
    """An instant in UTC: ``"2026-01-15"`` is noon of that day, ``"2026-01-15 23:59:59"`` what it says."""
    if isinstance(when, datetime):
        return when
    return datetime.fromisoformat(when if ":" in when else f"{when} 12:00").replace(tzinfo=UTC)


def program(*earn, **changed):
    """A program of a point for each euro, unless told otherwise."""
    terms = {"version": "1", "currency": "EUR", "timezone": "UTC", "earn": earn or (BASE,)}
    return fd.Program("Shop", **(terms | changed))


def shop(of=None, *members, since="2015-01-01", journal=None):
    """*of* at work, with members who joined at *since*."""
    loyalty = fd.Loyalty(of or program(), journal=journal)
    for member in members or ("ana",):
        loyalty.enroll(member, now=at(since))
    return loyalty


def sale(name, amount, on="2026-01-15", *, member="ana", currency="EUR", **more):
    return fd.Purchase(name, member=member, amount=f"{amount} {currency}", at=at(on), **more)


def buy(loyalty, name, amount, on="2026-01-15", **more):
    """Record a sale when it happens."""
    return loyalty.record(sale(name, amount, on, **more), now=at(on))


def give_back(loyalty, name, purchase, on="2026-01-15", **more):
    """Record goods that came back when they do."""
    return loyalty.record(fd.Return(name, purchase=purchase, at=at(on), **more), now=at(on))


def spend(loyalty, reward, key, on="2026-01-15", *, member="ana", **more):
    return loyalty.redeem(member, reward, key=key, now=at(on), **more)


def balance(loyalty, on="2026-01-15", member="ana", wallet="points"):
    return loyalty.balance(member, at=at(on), wallet=wallet)


def available(loyalty, on="2026-01-15", member="ana", wallet="points"):
    return balance(loyalty, on, member, wallet).available


def story(loyalty, on="2026-01-15", member="ana"):
    """The codes of the lines of the statement, enrollment left out."""
    return [each.code for each in loyalty.statement(member, at=at(on)).lines if each.code != "enrolled"]


def gone_on(receipt):
    """The day with whose first instant each lot of *receipt* is gone."""
    ends = [expires for _, _, _, expires in receipt.lots]
    assert all(each is not None and each == at(f"{each.date()} 00:00") for each in ends)
    return [each.date() for each in ends]


def open_lots(loyalty, on="2026-01-15", member="ana"):
    """What is left of each lot, and the day with whose first instant it is gone."""
    lots = loyalty.account(member, at=at(on)).lots()
    return [(lot.available, None if lot.expires is None else lot.expires.date()) for lot in lots if lot.available]


def day(text):
    return date.fromisoformat(text)
