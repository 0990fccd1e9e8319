"""Strategies for histories: commands that are legal in their order, because each is drawn from what came before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from hypothesis import strategies as st

from fidelity.commands import Command
from fidelity.errors import FidelityError
from fidelity.rules.program import Program
from fidelity.testing.strategies.operations import OPERATIONS
from fidelity.testing.strategies.shop import Shop
from fidelity.values.spelling import suggest

__all__ = ["histories"]

# Often at once, sometimes a season later: points mature, expire, and holds time out.
_STEPS = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 90).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 60).map(lambda days: timedelta(days=days)),
    st.integers(60, 500).map(lambda days: timedelta(days=days)),
)


@st.composite
def histories(
    draw: st.DrawFn,
    program: Program,
    *,
    members: Iterable[str] = ("ana", "eva", "leo"),
    operations: Iterable[str] | None = None,
    max_size: int = 20,
) -> tuple[Command, ...]:
    """
    Commands to a shop that opens with *program*: who joins, buys, brings back, redeems, sets aside, gives, and so on.

    Each says its own ``now``. Nearly all are legal when they are given in order; what shrinking leaves out is drawn
    anew from what is left, so a smaller history is as legal as a larger one.

    Args:
        program: The rules.
        members: Who may come.
        operations: Names of `OPERATIONS` to draw from; all of them if None. Enrolling is always among them.
        max_size: The most commands.

    ::

        @given(histories(program, operations=["purchase", "return", "redeem"]))
        def test_my_shop_answers_as_the_books_do(history): ...
    """
    names = list(OPERATIONS if operations is None else dict.fromkeys(("enroll", *operations)))
    for name in names:
        if name not in OPERATIONS:
            message = f"no operation is called {name!r}; {suggest(name, OPERATIONS) or 'OPERATIONS has the names'}"
            raise FidelityError(message, operation=name)
    shop = Shop(program, tuple(members))
    for _ in range(draw(st.integers(1, max_size))):
        shop.wait(draw(_STEPS))
        possible = {name: found for name in names if (found := OPERATIONS[name].among(shop))}
        if not possible:
            break
        weighted = [name for name in possible for _ in range(OPERATIONS[name].weight)]
        name = draw(st.sampled_from(weighted))
        shop.tell(OPERATIONS[name].make(draw, shop, draw(st.sampled_from(possible[name]))))
    return tuple(shop.told)
