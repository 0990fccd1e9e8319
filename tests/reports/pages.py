"""Pages read as a browser would: their tags, texts and figures. And a small café that has some of everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import numpy as np

import fidelity as fd

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
VOID = {"meta", "link", "br", "hr", "img", "input", "rect", "circle", "line"}


class Page(HTMLParser):
    """The tags of a page with their attributes, the texts of headings, and its figures by name."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.figures, self.headings, self.text = [], {}, [], []
        self._open = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID and tag not in {"polygon", "polyline"}:
            self._open.append(tag)
        if tag == "data":
            self.figures[found["data-of"]] = found["value"]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append([tag, ""])

    def handle_endtag(self, tag):
        if tag not in {"polygon", "polyline"} | VOID:
            assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] in {"style", "script"}:
            return
        self.text.append(data)
        if self._open and self._open[-1] in {"h1", "h2", "h3"}:
            self.headings[-1][1] += data

    @property
    def said(self):
        return " ".join(" ".join(self.text).split())

    def having(self, tag):
        return [found for name, found in self.tags if name == tag]


def cafe(name="Café Aurora", *, rule="base", reward="free coffee", tier="Friend", version="1", points=1):
    return fd.Program(
        name,
        version=version,
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            fd.EarnRule(rule, fd.points(points, per="1 EUR")),
            fd.EarnRule("opinion", fd.points(5), on="feedback"),
        ],
        tiers=fd.TierSet([fd.Tier(tier), fd.Tier("Family", at=60)], counts="points earned", over="12 months"),
        rewards=[fd.Reward(reward, cost=20, worth="2 EUR"), fd.Reward("cake", cost=50, worth="6 EUR")],
        expiry="90 days",
    )


def log(*, reward="free coffee", members=("ana", "eva", "leo"), months=6):
    """Purchases of some people over some months, an opinion each, and a reward for the first."""
    kinds, who, at, amount, rewards = [], [], [], [], []
    for month in range(months):
        for place, member in enumerate(members):
            kinds += ["purchase", "feedback"]
            when = START + timedelta(days=30 * month + place)
            who += [member, member]
            at += [when, when + timedelta(hours=1)]
            amount += [1_250 + 100 * place, None]
            rewards += [None, None]
    kinds.append("redemption")
    who.append(members[0])
    at.append(START + timedelta(days=65))
    amount.append(None)
    rewards.append(reward)
    instants = np.array([each.replace(tzinfo=None) for each in at], "M8[us]")
    return {"kind": kinds, "member": who, "at": instants, "amount": amount, "reward": rewards}


def answers(contacts=("counter", "app"), n=120):
    random = np.random.default_rng(1)
    at = np.datetime64("2026-01-01T12", "us") + np.arange(n) * np.timedelta64(36, "h")
    return {
        "nps": random.integers(3, 11, n),
        "csat": random.integers(2, 6, n),
        "ces": [None if each % 3 else 6 for each in range(n)],
        "contact": [contacts[each % len(contacts)] for each in range(n)],
        "at": at,
    }
