"""Sweeping: what has followed from time alone, written down as one entry.

Books that were never swept come to the same: the entry changes nothing, it tells whoever reads the journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from fidelity.entries import Entry, Settled
from fidelity.entries.codec import instant_text
from fidelity.ledger.account import Account
from fidelity.ledger.almanac import almanac_of
from fidelity.ledger.posting import Pen
from fidelity.ledger.rulebook import Rulebook
from fidelity.ledger.tier_state import FallAhead

__all__ = ["ORDER", "settled"]

#: In which order what falls on one instant happens (SEMANTICS D6).
ORDER = ("matured", "timed out", "taken back", "expired", "settled", "rose", "fell", "warned")
_EVER = datetime.min.replace(tzinfo=UTC)
_Fact = tuple[datetime, int, str, str, int]


def settled(
    rulebook: Rulebook, member: str, entries: Sequence[Entry], now: datetime, *, known: Account | None = None
) -> Settled | None:
    """
    What time alone has done to the books of *member* since they were last swept; None if it did nothing.

    Args:
        rulebook: What the program tells the books.
        member: Whose.
        entries: All of them, in order; none was learned after *now*.
        now: Up to when.
        known: The books as they stood when they were swept last; *entries* are those since then.
    """
    start = Account.open(rulebook, member) if known is None else known
    since = max((entry.now for entry in entries if isinstance(entry, Settled)), default=start.now or _EVER)
    pen = Pen(start, almanac_of(rulebook), watched=True)
    told: FallAhead | None = None
    looked = since == _EVER
    for entry in entries:
        if not looked and entry.now > since:
            told, looked = _warning(rulebook, pen, since), True
        pen.write(entry)
    told = told if looked else _warning(rulebook, pen, since)
    pen.advance(now)
    facts = [
        (fact.at, ORDER.index(fact.what), fact.wallet, fact.ref, fact.points)
        for fact in pen.facts or ()
        if since < fact.at <= now
    ]
    facts += _moves(rulebook, pen, since, now)
    ahead = _warning(rulebook, pen, now)
    if ahead is not None and (told is None or told.until != ahead.until):
        facts.append((now, ORDER.index("warned"), "", ahead.falls_to, 0))
    if not facts:
        return None
    # Facts of one instant stay as they were derived, except that kinds follow the published order.
    facts.sort(key=lambda fact: fact[:2])
    return Settled(at=now, now=now, facts=tuple(_row(fact) for fact in facts))


def _warning(rulebook: Rulebook, pen: Pen, at: datetime) -> FallAhead | None:
    """The fall that a member is warned of at *at*."""
    ladder, state, anchor = almanac_of(rulebook).ladder, pen.state, pen.anchor
    if ladder is None or ladder.terms.warns is None or state is None or anchor is None:
        return None
    if pen.circumstances.closed_at is not None:
        return None
    standing = ladder.standing(state, pen.tallies, anchor, max(at, state.clock))
    return None if standing is None else standing.warning


def _row(fact: _Fact) -> tuple[str, str, str, str, int]:
    at, what, wallet, ref, points = fact
    return ORDER[what], instant_text(at), wallet, ref, points


def _moves(rulebook: Rulebook, pen: Pen, since: datetime, now: datetime) -> Iterator[_Fact]:
    """The rises and falls."""
    ladder, state, anchor = almanac_of(rulebook).ladder, pen.state, pen.anchor
    if ladder is None or state is None or anchor is None:
        return
    for at, rose, tier in ladder.moves(state, pen.tallies, anchor, now):
        if since < at <= now:
            yield at, ORDER.index("rose" if rose else "fell"), "", tier, 0
