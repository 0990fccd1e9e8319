"""Choosing: which of the ways a log goes, and the one door to each of them. Whichever it is, the books are the same."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.ledger.terms import terms_of
from fidelity.replays.commands import Rows
from fidelity.replays.exact import Exact
from fidelity.replays.flows import Flows
from fidelity.replays.tables import Part, of_accounts, refusals
from fidelity.rules.audit import evaluation_class

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Span", "replayed"]


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


def replayed(
    program: Program, rows: Rows, flows: Flows, span: Span, *, explain: bool = False, keyed: bool | None = None
) -> Part:
    """
    The books of the members of one log.

    Args:
        program: The rules.
        rows: The log.
        flows: Where to count what is issued, redeemed and so on.
        span: When it was learned, as a whole.
        explain: Whether to tell what each rule gave.
        keyed: Whether two rows may be called alike; None: look.
    """
    log = rows.log
    keyed = log.keyed if keyed is None else keyed
    run = Exact(program, rows, flows, published=span.first, keyed=keyed, explain=explain)
    # Members who share nothing may come one after the other: what is known of one stays near.
    alone = not keyed and evaluation_class(program)[0] != "D"
    run.run(log.order(by_member=alone), span.until)
    accounts = [each for each in run.accounts if each is not None]
    names = [name for name, each in zip(log.names, run.accounts, strict=True) if each is not None]
    wallets = tuple(terms_of(program).wallets)
    tables = of_accounts(program, names, accounts, wallets, span.until)
    return Part(run.points, run.by_rule, *tables, refusals(run.refused), len(names), log.original)
