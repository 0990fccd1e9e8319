"""P2: anyone may join, and few filters stand before a reward; those that others imply do not count (principle R2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from fidelity.language.tree import not_
from fidelity.proofs.model import Access, Filter, Model
from fidelity.proofs.obligation import Status, Verdict
from fidelity.proofs.obligations.asking import Asking, all_hold

__all__ = ["counted", "opening"]

_EFFECTIVE = "P2.effective:"


def opening(asking: Asking) -> None:
    """
    Whether anyone may join, and which filters count.

    ``P2.open``: nobody is kept from joining; ``P2.effective:REWARD:PLACE``: this filter keeps somebody out whom the
    others let in. How many do is told by `counted` once they are decided.
    """
    model = asking.model
    if model.enrol is not None:
        asking.ask("P2.open", not_(model.enrol))
    if model.promised.filters is None:
        return
    for reward in model.rewards:
        asked = [each.when for each in _kept(reward) if each.when is not None]
        for place, here in enumerate(asked):
            others = [*asked[:place], *asked[place + 1 :]]
            # In the order of the filters, as a reader meets them; a filter that stands twice implies itself.
            query = all_hold([not_(here), *others])
            asking.ask(f"{_EFFECTIVE}{reward.name}:{place}", query, wants="some", cause=(reward.name,))


def counted(model: Model, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """
    *verdicts* with what they say of single filters gathered: one ``P2.count:REWARD`` for each reward.

    Proved if a reward has at most `Promised.filters` effective filters, refuted if it has more, unknown if that hangs
    on one that is unknown. The value ``effective filters`` tells how many; the witness is of the last that counts.
    """
    found = {each.id: each for each in verdicts}
    rest = tuple(each for each in found.values() if not each.id.startswith(_EFFECTIVE))
    if model.promised.filters is None:
        return rest
    return (*rest, *(_count(model, each, found, model.promised.filters) for each in model.rewards if _kept(each)))


def _kept(reward: Access) -> list[Filter]:
    return [each for each in reward.filters if each.door == "filter"]


def _count(model: Model, reward: Access, found: Mapping[str, Verdict], most: int) -> Verdict:
    kept = _kept(reward)
    sure = sum(each.weight for each in kept if each.when is None)
    perhaps, last, seconds = 0, None, 0.0
    for place, each in enumerate(each for each in kept if each.when is not None):
        verdict = found.get(f"{_EFFECTIVE}{reward.name}:{place}{model.mark}")
        seconds += 0.0 if verdict is None else verdict.seconds
        if verdict is None or verdict.status == "unknown":
            perhaps += each.weight
        elif verdict.status == "proved":
            sure, last = sure + each.weight, verdict
    status: Status = "refuted" if sure > most else "unknown" if sure + perhaps > most else "proved"
    about = f"{sure} of {len(kept)} filters keep somebody out whom the others let in, and {most} may"
    return Verdict(
        id=f"P2.count:{reward.name}{model.mark}",
        status=status,
        how="constant" if last is None else last.how,
        why=about if status != "unknown" else f"{about}; of {perhaps} more nobody can tell",
        witness=last.witness if status == "refuted" and last is not None else None,
        values={"effective filters": Fraction(sure), "filters stated": Fraction(most)},
        seconds=seconds,
    )
