"""Members and points: who is there, what was issued, enjoyed and lost, and what is owed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fidelity.reports.charts import Series, bars, lines
from fidelity.reports.parts import Cell, Chart, Figure, Note, Section, Table, Tile
from fidelity.values.money import Money

if TYPE_CHECKING:
    from fidelity.care.worth import PointWorth
    from fidelity.reports.history import History
    from fidelity.reports.saying import Saying

__all__ = ["liability", "members", "points"]

_FLOWS = ("issued", "redeemed", "expired", "reversed", "settled", "outstanding")
#: From what share of points that expire somebody should look.
MUCH = 25


def members(say: Saying, history: History) -> Section:
    """Who is there, who came, who stays, and their tiers."""
    first, last = (say.day(each) for each in history.days)
    count = history.books.members
    tiles = [
        Tile(
            say.count("members.count", count), Figure(say.number(count), count, "members.count"),
            say.count("members.idle", history.idle) if history.idle else "",
        )
    ]  # fmt: skip
    for name in ("active", "repeat"):
        found = getattr(history, name)
        if found is not None:
            figure, between = say.estimate(found, f"members.{name}")
            tiles.append(Tile(say(f"members.{name}"), figure, between))
    charts = []
    if len(history.newcomers) > 1:
        charts.append(_newcomers(say, history))
    if history.tiers:
        charts.append(_tiers(say, history))
    lead = say.count("members.lead", count, first=first, last=last)
    return Section(id="members", title=say("members"), lead=lead, tiles=tiles, charts=charts)


def _newcomers(say: Saying, history: History) -> Chart:
    months = history.newcomers
    most = max(months, key=lambda each: each[1])
    about = say("members.new.about", month=say.whole_month(most[0]), n=say.number(most[1]))
    svg = lines(
        "new-members", say("members.new"), about, [say.month(day) for day, _ in months],
        [Series(say("members.new.head"), [many for _, many in months])], say.short, stacked=True,
    )  # fmt: skip
    rows = [(say.whole_month(day), Figure(say.number(many), many, f"members.new.{day:%Y-%m}")) for day, many in months]
    return Chart(say("members.new"), svg, Table(say("members.new"), (say("month"), say("members.new.head")), rows))


def _tiers(say: Saying, history: History) -> Chart:
    whole = sum(many for _, many in history.tiers) or 1
    rows = [(say.name(name), many, say.percent(100 * many / whole)) for name, many in history.tiers]
    told = ", ".join(f"{name}: {say.number(many)}" for name, many, _ in rows)
    svg = bars(
        "tiers", say("members.tiers"), say("members.tiers.about", tiers=told),
        [(name, many, f"{say.number(many)} · {share}") for name, many, share in rows],
    )  # fmt: skip
    table = Table(
        say("members.tiers"), (say("tier"), say("members.count"), say("share")),
        [
            (name, Figure(say.number(many), many, f"members.tier.{key}"), share)
            for (name, many, share), (key, _) in zip(rows, history.tiers, strict=True)
        ],
    )  # fmt: skip
    return Chart(say("members.tiers"), svg, table)


def liability(history: History, worth: PointWorth | None) -> tuple[Money, Money] | None:
    """What outstanding points come to in money at least and at most; None if nobody said what they are worth."""
    if worth is not None:
        found = worth.of(history.outstanding(history.main))
        return found, found
    return history.worth(history.main)


def points(say: Saying, history: History, worth: PointWorth | None) -> Section:
    """Where all points are, month by month, what ends soon, and what it comes to in money."""
    wallet, totals = history.main, history.books.totals[history.main]
    left, noun = history.outstanding(wallet), say.noun(wallet)

    def told(value: int) -> str:
        return say.points(value, wallet)

    tiles = [
        Tile(say("points.left", points=noun), Figure(told(left), left, "points.outstanding")),
        _owed(say, history, worth),
    ]
    if totals["issued"]:
        share = 100 * totals["expired"] / totals["issued"]
        tone = "look" if share >= MUCH else "plain"
        figure = Figure(say.percent(share), totals["expired"] / totals["issued"], "points.never")
        tiles.append(Tile(say("points.never"), figure, say("points.never.note"), tone))
    ready = history.ready(wallet)
    if ready is not None:
        note = say("points.ready.note", reward=say.name(ready[1]))
        tiles.append(Tile(say("points.ready"), Figure(say.number(ready[0]), ready[0], "points.ready"), note))
    charts = _over_time(say, history)
    ends = history.ends(wallet)
    if ends:
        charts.append(_ending(say, ends, wallet))
    lead = say("points.lead", points=noun, outstanding=told(left), **{name: told(totals[name]) for name in _FLOWS[:3]})
    refused = len(list(history.books.refusals()))
    notes = [Note("plain", say.count("points.refused", refused))] if refused else []
    return Section(
        id="points", title=say("points"), lead=lead, tiles=tiles, charts=charts, notes=notes,
        tables=[_wallets(say, history), *(_months(say, history, each) for each in history.wallets)],
    )  # fmt: skip


def _owed(say: Saying, history: History, worth: PointWorth | None) -> Tile:
    found = liability(history, worth)
    if found is None:
        return Tile(say("points.worth"), Figure("–", None, "points.worth"), say("points.worth.none"))
    low, high = found
    figure = Figure(say.about(high), high.minor, "points.worth")
    if worth is not None:
        told = say.points(worth.points, history.main)
        note = say("points.worth.one", low=say.about(low), points=told, worth=say.money(worth.worth))
    elif low == high:
        note = say("points.worth.same")
    else:
        note = say("points.worth.range", low=say.about(low), high=say.about(high))
    return Tile(say("points.worth"), figure, note)


def _over_time(say: Saying, history: History) -> list[Chart]:
    wallet = history.main
    months = history.months(wallet)
    if len(months) < 2:  # noqa: PLR2004 -- one month is no development
        return []
    labels, noun = [say.month(day) for day, _ in months], say.noun(wallet)
    most = max(months, key=lambda each: each[1]["issued"])
    totals = history.books.totals[wallet]
    told = {name: say.points(totals[name], wallet) for name in _FLOWS[:3]}
    issued = lines(
        "issued", say("points.flows"),
        say("points.flows.about", points=noun, month=say.whole_month(most[0]), n=say.points(most[1]["issued"], wallet)),
        labels, [Series(say("points.issued"), [each["issued"] for _, each in months])], say.short, stacked=True,
    )  # fmt: skip
    spent = lines(
        "spent", say("points.spent"), say("points.spent.about", points=noun, **told), labels,
        [Series(say(f"points.{name}"), [each[name] for _, each in months]) for name in ("redeemed", "expired")],
        say.short, stacked=True,
    )  # fmt: skip
    line = lines(
        "outstanding", say("points.line"),
        say("points.line.about", points=noun, n=say.points(months[-1][1]["outstanding"], wallet)), labels,
        [Series(say("points.outstanding"), [each["outstanding"] for _, each in months])], say.short,
    )  # fmt: skip

    def table(key: str, names: tuple[str, ...]) -> Table:
        rows = [(say.whole_month(day), *(say.points(each[name], wallet) for name in names)) for day, each in months]
        return Table(say(key), (say("month"), *(say(f"points.{name}") for name in names)), rows)

    return [
        Chart(say("points.line"), line, table("points.line", ("outstanding",))),
        Chart(say("points.flows"), issued, table("points.flows", ("issued",))),
        Chart(say("points.spent"), spent, table("points.spent", ("redeemed", "expired"))),
    ]


def _ending(say: Saying, ends: tuple[tuple[date, int], ...], wallet: str) -> Chart:
    whole, most = sum(many for _, many in ends), max(ends, key=lambda each: each[1])
    about = say("points.ends.about", n=say.points(whole, wallet), month=say.whole_month(most[0]))
    svg = lines(
        "ends", say("points.ends"), about, [say.month(day) for day, _ in ends],
        [Series(say.noun(wallet), [many for _, many in ends])], say.short, stacked=True,
    )  # fmt: skip
    rows = [
        (say.whole_month(day), Figure(say.points(many, wallet), many, f"points.ends.{day:%Y-%m}")) for day, many in ends
    ]
    return Chart(say("points.ends"), svg, Table(say("points.ends"), (say("month"), say.noun(wallet)), rows))


def _wallets(say: Saying, history: History) -> Table:
    names = (*_FLOWS, "owed") if any(each["debt"] for each in history.books.totals.values()) else _FLOWS
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        cells = []
        for wallet in history.wallets:
            totals = history.books.totals[wallet]
            value = {"outstanding": history.outstanding(wallet), "owed": totals["debt"]}.get(name, totals.get(name, 0))
            cells.append(Figure(say.points(value, wallet), value, f"points.{wallet}.{name}"))
        rows.append((say(f"points.{name}"), *cells))
    heads = tuple(say.noun(wallet) for wallet in history.wallets)
    return Table(say("points.wallets"), ("", *heads), rows)


def _months(say: Saying, history: History, wallet: str) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            say.whole_month(day),
            *(
                Figure(say.points(each[name], wallet), each[name], f"month.{wallet}.{day:%Y-%m}.{name}")
                for name in _FLOWS
            ),
        )
        for day, each in history.months(wallet)
    ]
    heads = (say("month"), *(say(f"points.{name}") for name in _FLOWS))
    return Table(f"{say('points.table')}: {say.noun(wallet)}", heads, rows, folded=True)
