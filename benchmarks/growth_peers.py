"""Who else decides one event under 10 to 10,000 campaigns: CLIPS and zen-engine, each as its own expert would write it.

CLIPS gets its campaigns as facts, joined to the event by five rules: equal slots are hashed, so that an event meets the
campaigns of its own tier, channel, category, store and article only. (A rule for each campaign takes longer.) One call
asserts the event, runs, retracts it and gives the sum. zen-engine gets one compiled expression that adds up all
campaigns; a graph of decision tables that collect, which is how its documentation would have it, took 75 times as long
for 10 campaigns and 5 times as long for 10,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.programs import CampaignTerms
    from benchmarks.workload import Row

__all__ = ["CLIPS", "GROWTH_PEERS", "ZEN", "GrowthPeer"]

FIELDS = ("tier", "channel", "category", "store_id", "sku")
_TEXTS = frozenset({"tier", "channel", "category"})


@dataclass(frozen=True)
class GrowthPeer:
    """
    One way to decide one event under campaigns.

    Attributes:
        name: As the table shows it.
        make: Takes the campaigns by field and gives the function that is timed.
        prepare: Makes from a plain dict what that function reads; not timed.
        distribution: The package to name with its version.
    """

    name: str
    make: Callable[[Mapping[str, Sequence[CampaignTerms]]], Callable[[Any], Any]]
    prepare: Callable[[Row], Any]
    distribution: str


# --- CLIPS: campaigns as facts, one rule a field ----------------------------------------------------------------------


def _clips(campaigns: Mapping[str, Sequence[CampaignTerms]]) -> Callable[[Any], Any]:
    import clips

    environment = clips.Environment()
    slots = " ".join(f"(slot {name} (type {'SYMBOL' if name in _TEXTS else 'INTEGER'}))" for name in FIELDS)
    environment.build(f"(deftemplate sale (slot amount (type INTEGER)) {slots})")
    environment.build("(defglobal ?*points* = 0)")
    for name in FIELDS:
        environment.build(f"(deftemplate by-{name} (slot value) (slot from) (slot points))")
        environment.build(
            f"(defrule add-{name} (sale (amount ?amount) ({name} ?value))"
            f" (by-{name} (value ?value) (from ?from&:(<= ?from ?amount)) (points ?more))"
            " => (bind ?*points* (+ ?*points* ?more)))"
        )
    values = " ".join(f"({name} ?{name})" for name in FIELDS)
    environment.build(
        f"(deffunction decide (?amount {' '.join(f'?{name}' for name in FIELDS)})"
        f" (bind ?*points* 0) (bind ?sale (assert (sale (amount ?amount) {values})))"
        " (run) (retract ?sale) ?*points*)"
    )
    for name, listed in campaigns.items():
        for value, least, points in listed:
            environment.assert_string(f"(by-{name} (value {value}) (from {least}) (points {points}))")
    environment.run()
    # The engine lives no longer than its environment, which a method alone does not keep.
    return lambda event: environment.call("decide", *event)


def _clips_event(row: Row) -> Any:  # noqa: ANN401 - numbers and the engine's own symbols
    import clips

    return (row["amount"], *(clips.Symbol(row[name]) if name in _TEXTS else row[name] for name in FIELDS))


# --- zen-engine: one expression, compiled once ------------------------------------------------------------------------


def _zen(campaigns: Mapping[str, Sequence[CampaignTerms]]) -> Callable[[Any], Any]:
    import zen

    terms = [
        f"({name} == {value!r} and amount >= {least} ? {points} : 0)"
        for name, listed in campaigns.items()
        for value, least, points in listed
    ]
    decide: Callable[[Any], Any] = zen.compile_expression(" + ".join(terms)).evaluate
    return decide


def _zen_event(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("amount", *FIELDS)}


CLIPS = GrowthPeer("CLIPS", _clips, _clips_event, "clipspy")
ZEN = GrowthPeer("zen-engine", _zen, _zen_event, "zen-engine")
GROWTH_PEERS = [CLIPS, ZEN]
