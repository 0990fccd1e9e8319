"""Calibration: what a purchase history says of its customers, and what has to be assumed beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from fidelity.metrics.arguments import one_of
from fidelity.metrics.value import purchase_history
from fidelity.rules.row_columns import taken
from fidelity.simulation.calibration.learning import learn
from fidelity.simulation.calibration.models import Choice, correlation, fitted, spending
from fidelity.simulation.calibration.reading import last_day, read, told_of
from fidelity.simulation.calibration.result import Calibration, Drawn
from fidelity.simulation.calibration.seasons import PERIODS, Period, Seasons, seasons
from fidelity.simulation.visits import Visits

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Calibration", "Drawn", "Seasons", "calibrate"]


def calibrate(
    history: object,
    *,
    program: Program | None = None,
    redemptions: object = None,
    until: str | date | datetime | np.datetime64 | None = None,
    model: Choice = "best",
    calendar: Period | None = None,
    kind: str = "purchase",
    currency: str | None = None,
) -> Calibration:
    """
    Customers like those of a history, ready to be simulated.

    Args:
        history: What was bought, one row a visit, in any order: a dict of columns, a dataframe, a `PurchaseLog` or a
            list of events. ``member`` (or ``customer``), ``at`` (or ``day``) and ``amount`` (or ``cents``; whole
            numbers are the smallest unit) must be there; where there is a column ``kind``, rows of the kind
            ``redemption`` tell of rewards, in ``reward``. All other columns are what visits look like.
        program: The rules that held while it happened: with the redemptions they tell what the program changed.
        redemptions: The redemptions as a table of their own, with ``member``, ``at`` and ``reward``.
        until: The last day that the models may see, included whole; what comes after is kept for `holdout`.
        model: ``"BG/NBD"``, ``"MBG/NBD"``, or ``"best"``: the likelier of the two, which a note tells.
        calendar: ``"week"``, ``"month"`` or ``"quarter"``: in each everybody may come more or less often than else, by
            a campaign or a season, which is then told apart from customers who leave; the days to come are taken as
            average days of the history. None: every day is like the others.
        kind: What kind of event a visit is.
        currency: Of the amounts, where neither a program nor a column says it.

    Returns:
        A `Calibration`.

    Raises:
        TableError: If a column is missing or holds what it cannot.
        SimulationError: If it is no history, or currencies differ.
        MetricError: If a date is none, or there is no such model.
        FitError: If the history determines no model: nobody bought again, nobody paid, or all customers began in one
            period of the calendar.

    Note:
        Customers must be watched from their first purchase on. Purchases of one day are one; where effects are
        measured, those of one instant. The models suppose that rates stay as they are while a customer stays: seasons,
        campaigns and growth of the shop are not in them. Effects are measured with `program` and redemptions, if at
        least twenty rewards were taken and the log is surer of them than what is published; they suppose that each
        member aims at one reward and was a member from the first visit on.

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24 (2005) 275–284; E. P. Batislam, M. Denizel,
        A. Filiztekin, International Journal of Research in Marketing 24 (2007) 201–209; P. S. Fader, B. G. S. Hardie,
        The Gamma-Gamma Model of Monetary Value (2013).

    >>> from fidelity.datasets import cdnow
    >>> found = calibrate(cdnow(), until="1997-09-30")
    >>> found.tried.chosen, found.n, found.currency
    ('MBG/NBD', 23570, 'USD')
    >>> round(calibrate(cdnow(), until="1997-09-30", calendar="week").holdout().ratio.value, 3)
    0.975
    """
    if calendar is not None:
        one_of("calendar", calendar, PERIODS)
    log = read(history, program=program, redemptions=redemptions, kind=kind, currency=currency)
    last = last_day(log, until)
    day, end = log.day.astype("datetime64[D]"), np.datetime64(last, "D")
    customers = purchase_history(log.names[log.member], day, log.amount / log.unit, until=end, unit="day")
    notes = [*told_of(log)]
    seen = np.arange(int(np.searchsorted(log.day, last, "right")))
    fresh = len(np.unique(log.member[seen])) - customers.n
    if fresh:
        notes.append(
            f"{fresh:,} customers came on the last day, {end}, for the first time: nothing is known of them yet"
        )
    purchases, tried, told = fitted(customers, model)
    notes += told
    spend, told = spending(customers, log.member[seen], log.amount[seen] / log.unit)
    notes += told
    together, told = correlation(customers)
    notes += told
    free = int((log.amount[seen] == 0).sum())
    if free:
        notes.append(f"{free:,} visits cost nothing; they count as visits, and lower the mean of what is spent")
    found = None
    if calendar is not None:
        places = log.places_of(customers.customers)
        found = seasons(
            log.member[seen], log.day[seen], customers, places, period=calendar, start=purchases, held=tried.held
        )
        purchases, customers = found.purchases, found.customers
        notes.append(f"each {calendar} has a rate of its own; what is to come is played at that of an average day")
    learned = learn(
        log,
        program,
        last,
        purchases=purchases,
        spend=spend,
        customers=customers,
        seasonal=found is not None,
        held=tried.held,
    )
    looks = {name: taken(each, seen) for name, each in log.columns.items()}
    return Calibration(
        learned.purchases, learned.spend, learned.effects, Visits(log.kind, looks), learned.customers, log.currency,
        end, together, tried, learned.measured, (*notes, *learned.notes), log, (purchases, customers),
        seasons=found,
    )  # fmt: skip
