"""Choosing: which of the ways a log goes, and the one door to each of them. Whichever it is, the books are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen

from fidelity.errors import NotColumnar, TableError
from fidelity.ledger.terms import terms_of
from fidelity.replays.columns import Columnwise
from fidelity.replays.commands import Rows
from fidelity.replays.exact import Exact
from fidelity.replays.flows import Flows
from fidelity.replays.log import Log
from fidelity.replays.people import Known
from fidelity.replays.tables import Part, of_accounts, refusals
from fidelity.rules.audit import evaluation_class

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["WAYS", "Options", "Span", "Told", "replayed"]

#: The ways that may be asked for.
WAYS = ("auto", "columns", "exact")
#: From how many rows on columns are worth beginning. Measured: what they take to begin, 15 ms for 5 rules with lines
#: and 35 ms for 20 rules with tiers, is what 100 and 240 rows take the exact way.
_FEW = 200


@frozen
class Span:
    """
    When a log was learned.

    Attributes:
        first: The first instant of it; from then on the program holds.
        until: Up to when the clocks run.
    """

    first: datetime
    until: datetime


@frozen(eq=False)
class Told:
    """
    What is told of some members.

    Attributes:
        log: The log.
        known: What is known of the members, by name.
        lines: The table of lines, if there is one beside the log.
        rows: The log as commands, if it was read so already.
    """

    log: Log
    known: Mapping[str, Known]
    lines: Mapping[str, Any] | None = None
    rows: Rows | None = None


@frozen
class Options:
    """
    How a log is replayed.

    Attributes:
        way: One of `WAYS`.
        explain: Whether to tell what each rule gave.
        progress: What is told how many rows are done, and of how many.
        threads: How many work on it, where columns do.
    """

    way: str = "auto"
    explain: bool = False
    progress: Callable[[int, int], None] | None = None
    threads: int = 1


def replayed(program: Program, told: Told, flows: Flows, span: Span, options: Options) -> Part:
    """
    The books of the members of one log.

    Args:
        program: The rules.
        told: The log, and what is told beside it.
        flows: Where to count what is issued, redeemed and so on.
        span: When it was learned, as a whole.
        options: How.

    Raises:
        NotColumnar: If columns are asked for, and do not know what is said; names the clause.
        TableError: If a column is missing, or holds what it cannot.
    """
    because = "few rows"
    if options.way == "columns" or (options.way == "auto" and told.log.rows >= _FEW):
        try:
            return _by_columns(program, told, flows, span, options)
        except NotColumnar as error:
            if options.way == "columns":
                raise
            because = str(error.facts.get("clause", error.message))
        except TableError as error:
            # The exact door says what is wrong, of all rows, or reads what columns do not.
            because = str(error.facts.get("column", "table"))
            if options.way == "columns":
                _rows(program, told)
                raise NotColumnar(error.message, clause=because) from None
    return evolve(_exactly(program, told, flows, span, options), because=because)


def _by_columns(program: Program, told: Told, flows: Flows, span: Span, options: Options) -> Part:
    if options.explain:
        message = "what each rule gave is told one event at a time; leave explain out, or take the exact way"
        raise NotColumnar(message, clause="explain")
    if flows.periods.every == "day":
        message = 'columns tell the liability by months; write liability="month", or take the exact way'
        raise NotColumnar(message, clause="liability")
    return Columnwise(program, told.log, told.known, told.lines).run(
        flows, span.until, options.progress, options.threads
    )


def _rows(program: Program, told: Told) -> Rows:
    return told.rows or Rows(program, told.log, told.known, told.lines)


def _exactly(program: Program, told: Told, flows: Flows, span: Span, options: Options) -> Part:
    log = told.log
    run = Exact(program, _rows(program, told), flows, published=span.first, keyed=log.keyed, explain=options.explain)
    # Members who share nothing may come one after the other: what is known of one stays near.
    alone = not log.keyed and evaluation_class(program)[0] != "D"
    order = log.order(by_member=alone)
    run.run(np.arange(log.rows) if order is None else order, span.until, options.progress)
    there = [(name, each) for name, each in zip(log.names, run.accounts, strict=True) if each is not None]
    there.sort(key=lambda each: each[0])
    names, accounts = [name for name, _ in there], [account for _, account in there]
    tables = of_accounts(program, names, accounts, tuple(terms_of(program).wallets), span.until)
    refused = refusals(run.refused)
    if log.original is not None:
        refused["row"] = log.original[refused["row"]]
    return Part(run.points, run.by_rule, *tables, refused, len(names), log.original)
