"""Telling: a study in plain words, for who reads for a minute. Figures are rounded to what a reader keeps in mind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from fidelity.simulation.aims import Aims
from fidelity.simulation.doubt import Band, Bands
from fidelity.simulation.measures import weighed
from fidelity.values.money import minor_digits
from fidelity.wording.numbers import amount, counted, number, percent
from fidelity.wording.phrasebook import capital, code, phrase, place, quoted

if TYPE_CHECKING:
    from fidelity.simulation.assumptions import Assumption, Effects
    from fidelity.simulation.comparing import Comparison
    from fidelity.simulation.study import Study

__all__ = ["tell"]

_FIGURES = 3
_MONTHS = 12
_MONTH = 365.2425 / 12 * 86_400_000_000
#: Of a unit of money paid this many are named, so that what comes of it is a figure that one can hold.
_UNIT = 100
#: Below this share of sales a change is none.
_NOTHING = 0.05
#: A year of publication, or the end of a range with its source.
_STUDIES = re.compile(r"\b(?:19|20)\d\d\b|^low: ")
#: How sources begin that name nobody.
_ORIGINS = {"assumed": "nowhere", "given by": "told", "switched off": "off"}


def rounded(value: float, figures: int = _FIGURES) -> Fraction:
    """*value* to so many significant figures, exactly as it will be written."""
    if not value or not isfinite(value):
        return Fraction(0)
    places = figures - 1 - floor(log10(abs(value)))
    scale = Fraction(10) ** places
    return Fraction(round(Fraction(value) * scale)) / scale


class _Telling:
    def __init__(self, study: Study, language: str) -> None:
        self.study, self.language = study, language

    def say(self, key: str, /, *, single: bool = False, **parts: str) -> str:
        return capital(phrase(self.language, f"study.{key}", parts, one=single))

    def money(self, value: float) -> str:
        """As a price tag shows it; nothing smaller than the smallest coin."""
        smallest = Fraction(1, 10 ** minor_digits(self.study.currency))
        said = round(rounded(value) / smallest) * smallest
        return amount(self.language, said, self.study.currency, short=True)

    def share(self, value: float) -> str:
        """*value* in percent; a tenth at the finest."""
        return percent(self.language, round(Fraction(value) * 10) / Fraction(1000))

    def part(self, value: float) -> str:
        """A number from an assumption, which is a share of one."""
        return percent(self.language, round(rounded(value, 2) * 1000) / Fraction(1000))

    def named(self, name: str) -> str:
        if name == "no program":
            return phrase(self.language, "study.nothing")
        # "today leaves more than candidate" is a sentence of other words; a name with a capital is seen to be one.
        return code(self.language, name) if name[:1].isupper() else quoted(self.language, name)

    def units(self, count: int, unit: str) -> str:
        one, many = place(self.language).data.UNITS[unit]
        return counted(self.language, count, one, many)

    def effect(self, name: str) -> str:
        return phrase(self.language, f"study.effect.{name}")

    def span(self) -> tuple[int, str]:
        """How long was played: how many years or months, and the same in words."""
        months = round((self.study.nothing.ends - self.study.nothing.begins) / _MONTH)
        count, unit = (months // _MONTHS, "years") if months % _MONTHS == 0 else (months, "months")
        return count, self.units(count, unit)

    def opening(self) -> Iterator[str]:
        study = self.study
        many = study.customers
        customers = phrase(self.language, "study.customers", one=many == 1, n=number(self.language, many))
        count, span = self.span()
        yield self.say("played", single=count == 1, span=span, customers=customers)
        yield self.say(
            "kept.assumed" if study.economics.assumed else "kept", margin=self.share(100 * study.economics.margin),
            cost=self.share(100 * study.economics.cost),
        )  # fmt: skip
        yield self.say("figures")
        if study.doubt is None and any(self.is_open(name) for name in study.names):
            # Played once: only chance among customers is in the ranges.
            yield self.say("luck")

    def is_open(self, name: str) -> bool:
        """Whether what a program leaves has a range that shows."""
        total = self.study.bands(name).total
        return self.money(total.low) != self.money(total.high)

    def program(self, name: str) -> Iterator[str]:
        """Its money, its points and its people, a line each."""
        for line in (self.money_of(name), self.points(name), self.people(name)):
            told = " ".join(line)
            if told:
                yield told

    def money_of(self, name: str) -> Iterator[str]:
        study, money = self.study, self.study.money(name)
        more, left = study.bands(name, "more sales"), study.bands(name)
        share = abs(money.uplift)
        if not isfinite(share) or share < _NOTHING:
            yield self.say("sales.same")
        else:
            low, high = self.ends(more.total)
            yield self.say(
                "sales.more" if money.uplift > 0 else "sales.less", sales=self.money(abs(money.more_sales)),
                uplift=self.share(share), low=low, high=high,
            )  # fmt: skip
        if money.rewards or money.fixed:
            key = "cost.both" if money.rewards and money.fixed else "cost.points" if money.rewards else "cost.fixed"
            yield self.say(key, rewards=self.money(money.rewards), fixed=self.money(money.fixed))
        known, moved = "" if self.is_open(name) else ".known", money.rewards or money.fixed or money.margin
        if known and not moved:
            yield self.say("left.nothing")
        else:
            yield self.say(
                ("left.gain" if money.margin >= 0 else "left.loss") + known, margin=self.money(abs(money.margin)),
                low=self.money(left.total.low), high=self.money(left.total.high),
            )  # fmt: skip
        if left.total.low < 0 < left.total.high:
            yield self.say("left.open")
        if money.rewards + money.fixed:
            yield from self.paying(name)

    def ends(self, band: Band) -> tuple[str, str]:
        """The ends of a band of more sales, or of fewer; each with its direction where they differ in it."""
        if band.low < 0 < band.high:
            return (
                phrase(self.language, "study.end.less", sum=self.money(-band.low)),
                phrase(self.language, "study.end.more", sum=self.money(band.high)),
            )
        low, high = sorted((abs(band.low), abs(band.high)))
        return self.money(low), self.money(high)

    def paying(self, name: str) -> Iterator[str]:
        money = self.study.money(name)
        if money.payback is None:
            yield self.say("payback.none")
        else:
            yield self.say("payback", single=money.payback == 1, months=self.units(money.payback, "months"))
        if self.study.bands(name).total.low > 0:
            # What surely pays needs no threshold.
            return
        if isfinite(money.break_even):
            yield self.say("even", even=self.share(money.break_even))
        else:
            yield self.say("even.none")

    def points(self, name: str) -> Iterator[str]:
        outcome, economics = self.study.outcome(name), self.study.economics
        used, died, waiting = (
            float(weighed(outcome, economics, each).sum()) for each in ("redeemed", "expired", "outstanding")
        )
        if not used + died + waiting:
            return
        said = [number(self.language, each) for each in _of_hundred((used, waiting, died))]
        yield self.say("points", redeemed=said[0], open=said[1], expired=said[2])
        liability = self.study.money(name).liability
        if liability:
            yield self.say("owed", owed=self.money(liability))

    def people(self, name: str) -> Iterator[str]:
        friction, fair = self.study.friction(name), self.study.fairness(name)
        program = self.study.outcome(name).program
        if friction.members and isfinite(friction.median):
            yield self.say("first", days=self.units(max(1, round(friction.median)), "days"))
        elif program is not None and not program.rewards:
            yield self.say("first.no")
        elif friction.members and program is not None and Aims.of(program).names:
            yield self.say("first.none")
        for reward, _ in () if program is None else Aims.of(program).left_out:
            yield self.say("aside", reward=code(self.language, reward))
        if fair.gap is not None and fair.given.any():
            yield self.say(
                "fair.newcomers" if fair.newcomers_ahead else "fair",
                unit=amount(self.language, _UNIT, self.study.currency, short=True),
                old=self.money(float(fair.given[-1])), new=self.money(float(fair.given[0])),
            )  # fmt: skip

    def verdict(self, found: Comparison) -> Iterator[str]:
        span = self.span()[1]
        one, two, gap = self.named(found.first), self.named(found.second), self.money(abs(found.gap.value))
        if found.same:
            yield self.say("same", one=one, two=two)
        elif found.better is None:
            yield self.say("cannot", span=span, one=one, two=two, gap=gap)
        else:
            other = two if found.better == found.first else one
            # Certain is nothing that was only played.
            chance = self.share(min(100 * found.chance, 99.9))
            better = self.named(found.better)
            yield self.say("better", span=span, better=better, other=other, gap=gap, chance=chance)
            if found.holds is not None:
                yield self.say("holds", holds=self.share(100 * found.holds))

    def open_questions(self, name: str) -> Iterator[str]:
        widest = _widest(self.study.bands(name))
        if widest is not None:
            yield self.say(f"width.{widest}")
        tornado = self.study.tornado(name)
        if tornado is not None:
            yield self.say(
                "most", effect=self.effect(tornado.effects[0]), program=self.named(name),
                from_value=self.part(float(tornado.low[0])), to_value=self.part(float(tornado.high[0])),
                at_low=self.money(float(tornado.at_low[0])), at_high=self.money(float(tornado.at_high[0])),
            )  # fmt: skip

    def assumed(self, effects: Effects, *, sources: bool) -> Iterator[str]:
        """What is assumed, under where it is from."""
        by_origin: dict[str, list[tuple[str, Assumption]]] = {}
        for name, each in effects.items():
            by_origin.setdefault(_origin(each), []).append((name, each))
        for origin, some in by_origin.items():
            yield self.say(f"from.{origin}")
            for name, each in some:
                named = sources or origin == "named"
                key = "assumption.source" if named else "assumption.fixed" if each.is_fixed else "assumption"
                yield phrase(
                    self.language, f"study.{key}", effect=self.effect(name), likely=self.part(each.likely),
                    low=self.part(each.low), high=self.part(each.high), source=each.source,
                )  # fmt: skip


def _of_hundred(parts: Sequence[float]) -> list[int]:
    """*parts* as whole hundredths that come to a hundred: what is left goes to the largest remainders."""
    exact = [_UNIT * each / sum(parts) for each in parts]
    whole = [floor(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda part: whole[part] - exact[part])
    for largest in order[: _UNIT - sum(whole)]:
        whole[largest] += 1
    return whole


def _origin(each: Assumption) -> str:
    """Where an assumption is from, in a word; "named" where its source says it best itself."""
    if each.error is not None:
        return "past"
    if _STUDIES.search(each.source):
        return "studies"
    return next((origin for start, origin in _ORIGINS.items() if each.source.startswith(start)), "named")


def _widest(bands: Bands) -> str | None:
    """What opens a figure most; None where only chance was looked at."""
    widths = {kind: band.high - band.low for kind, band in bands.kinds() if kind != "total"}
    return max(widths, key=lambda kind: widths[kind]) if len(widths) > 1 else None


def tell(study: Study, language: str, *, sources: bool = False) -> str:
    """
    *study* in plain words: which program is better, what was played, each program, what is open and what is assumed.

    Args:
        study: What to tell.
        language: In whose words.
        sources: Whether each assumption is told with its source in full, as it was written.

    Raises:
        WordingError: If nobody wrote the phrases of the language.
    """
    said = _Telling(study, language)
    # The first program is what the others are held against.
    rivals = [study.compare(study.names[0], each) for each in study.names[1:]] or [study.compare()]
    blocks = [" ".join(sentence for each in rivals for sentence in said.verdict(each)), " ".join(said.opening())]
    blocks += ["\n".join([capital(code(language, name)), *said.program(name)]) for name in study.names]
    about = next((each.better for each in rivals if each.better in study.names), None) or study.names[-1]
    blocks.append(" ".join([*said.open_questions(about), said.say("died")]))
    if study.effects is not None:
        blocks.append("\n".join(said.assumed(study.effects, sources=sources)))
    blocks.append(said.say("silent"))
    return "\n\n".join(blocks)
