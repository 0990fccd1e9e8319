"""The hundred and fifty cases of the field, and where each of them stands.

A case is a fact: a set-up, events and what must come of them, from the tests and the bugs of other systems, from
published terms, and from the worked examples of their documentation. A test says by `case` which ones it decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["DECIDED", "MISSING", "OUTSIDE", "REFUSED", "WAITING", "case"]

F = TypeVar("F", bound=Callable[..., object])


def _ids(system: str, numbers: str) -> frozenset[str]:
    return frozenset(f"{system}-{number}" for number in numbers.split())


#: The library gives the expected answer.
DECIDED = (
    _ids("ODOO", "003 008 010 011 015 018 023 026 028 031 043 051 053 056 058")
    | _ids("SYL", "001 003 005 006 008 010 011 013 015 016 018 020 021 023 025 026 028 031 033 035 038 040 041 043")
    | _ids("SYL", "046 055 056")
    | _ids("ERP", "001 003 005 006 008 010 011 013")
    | _ids("OSC", "003 015")
    | _ids("BUG", "01 03 06 08 11 13 15 16 18 20 21 28 31")
    | _ids("TERM", "01 05 08 10 11 15 21 30 36 38")
    | _ids("OSC", "001")
    | _ids("ODOO", "020 035 055")
    | _ids("OSC", "005 006 008 016")
    | _ids("BUG", "10")
    | _ids("DOC", "16")
    | _ids("DOC", "01 03 13 15 21 23")
    | _ids("TERM", "23 25")
    | _ids("DOC", "18 20")
    | _ids("ODOO", "001 025 030 036")
    | _ids("SYL", "036 048 050 051")
    | _ids("BUG", "05 33")
    | _ids("TERM", "03 06 31 33")
    | _ids("TERM", "13 16 18 20 26")
    | _ids("DOC", "10")
    | _ids("ODOO", "006 013 016 021 033 038 040 041 045 046")
    | _ids("OSC", "010 011 013")
    | _ids("BUG", "25 26")
    | _ids("ACC", "01 03 05 06")
)

#: A hard line stands against it; the test asserts the error.
REFUSED = (
    _ids("SYL", "030 045 053")
    | _ids("BUG", "23 30")
    | _ids("TERM", "28 35")
    | _ids("DOC", "05 06 08 11")
)  # fmt: skip

#: Matters of a cart, of taxes or of a vendor's screen, each with its reason.
OUTSIDE = {
    "ODOO-005": "how net and tax of an invoice line are split after a payment and a coupon",
    "ODOO-048": "9.40 and not 9.39 comes of rounding net and tax of a spread discount apart, as one vendor does",
    "ODOO-050": "whether a fixed tax shrinks with a discount is a matter of taxes",
}

#: Those that a later room decides, with its name.
WAITING = {
    "CX-01": "experience: a late promise is made good without being asked",
    "CX-03": "experience: a renewal never dearer than what a newcomer pays",
}

#: Those that no test decides yet, with what a program cannot say. To shrink until it is empty.
MISSING: dict[str, str] = {}


def case(*ids: str) -> Callable[[F], F]:
    """Says which cases a test decides, or shows to be refused."""
    for each in ids:
        if each not in DECIDED | REFUSED:
            message = f"{each} is not among the cases that are decided or refused; say in cases.py where it stands"
            raise ValueError(message)
    return lambda test: test
