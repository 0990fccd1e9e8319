"""Rows for warehouses: purchases, what is known of their members, and their lines, as tables."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Tags, Whole
from fidelity.rules.earning.rules import Group

TYPES = {Whole: "BIGINT", Amount: "BIGINT", Choice: "TEXT", Tags: "TEXT[]", Flag: "BOOLEAN", Day: "DATE"}
PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")


def plain(value):
    """A value of an event as a column holds it."""
    if isinstance(value, frozenset):
        return sorted(value)
    return getattr(value, "minor", value)


def type_of(kind):
    return "TIMESTAMPTZ" if isinstance(kind, Instant) else TYPES[type(kind)]


def columns_of(program, kind="purchase"):
    """The columns of a table of purchases, each with its type; the fields of the member with its owner before it."""
    found = {"id": "TEXT", "at": "TIMESTAMPTZ", "customer_since": "DATE", "tier": "TEXT"}
    schema = program.plan(kind).schema
    for path, each in schema.kinds.items():
        owner, _, name = path.partition(".")
        if owner == kind and name not in ("weekday", "date", "month", "day", "hour", "basis", "at"):
            found[name] = type_of(each)
        if owner == "measure" or (owner == "member" and not name.startswith("tenure")):
            found[name] = type_of(each)
    return found


def row_of(program, event, facts, key):
    own = program.declared.own
    row = {"id": key, "at": event.at, "customer_since": facts.customer_since or date(2199, 1, 1)}
    row["tier"] = facts.tier or program.first_tier
    row |= {name: plain(getattr(event, name)) for name in ("amount", "channel", "category", "store", "payment", "tags")}
    row |= {name: plain(getattr(event, name)) or 0 for name in PARTS}
    row |= {name: plain(event.fields.get(name, kind.default)) for name, kind in own.get("purchase", {}).items()}
    row |= {name: plain(facts.fields.get(name, kind.default)) for name, kind in own.get("member", {}).items()}
    # A field of the event has the short name, whatever a measure is called.
    return {each.name: facts.counters.get(each.path, 0) for each in program.measure_terms} | row


def line_columns_of(program):
    found = {"purchase": "TEXT", "position": "BIGINT", "amount": "BIGINT", "quantity": "BIGINT"}
    found |= {"category": "TEXT", "sku": "TEXT", "tags": "TEXT[]"}
    return found | {name: type_of(kind) for name, kind in program.declared.own.get("line", {}).items()}


def lines_of(program, event, key):
    own = program.declared.own.get("line", {})
    names = ("amount", "quantity", "category", "sku", "tags")
    return [
        {"purchase": key, "position": place}
        | {name: plain(getattr(each, name)) for name in names}
        | {name: plain(each.fields.get(name, kind.default)) for name, kind in own.items()}
        for place, each in enumerate(event.lines)
    ]


def by_rows(program):
    """*program* without what no row can tell: limits, and caps over a time."""

    def free(cap):
        return None if cap is not None and cap.per is not None else cap

    def one(each):
        if isinstance(each, Group):
            return evolve(each, rules=[one(rule) for rule in each.rules], cap=free(each.cap))
        return evolve(each, limit=None, cap=free(each.cap))

    return evolve(program, earn=[one(each) for each in program.earn], cap=free(program.cap))
