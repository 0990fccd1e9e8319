"""Judges the proofs by a corpus of labelled programs: ``python tests/proofs/corpus.py FILE.json``.

Prints per kind of property how many labels came out right, wrong and unknown; exits with 1 if any is wrong.

``--without-z3`` asks only the engines that need nothing beyond numpy. ``--scale 100000`` makes every bound of a whole
number so many times as large, where enumeration cannot help: a label that still holds then must come out as labelled,
and whatever else is decided must be borne out by its witness or by every engine that can tell.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

if __name__ == "__main__":
    HERE = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(HERE), str(HERE / "src")]

from attrs import evolve, frozen

from fidelity.errors import EngineDisagreement, FidelityError
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Amount, Choice, Day, Flag, Kind, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.proofs.obligation import Obligation, Status, Verdict
from fidelity.proofs.obligations import asked_of, counted, equivalent
from tests.proofs.loading import Loaded, loaded
from tests.proofs.neutral import Untranslatable

__all__ = ["Judged", "judged", "main", "obligations", "read", "replays", "verdicts"]

Decide = Callable[[Obligation], Verdict]
_DISAGREE = "the engines disagree"
#: How many times the seconds of a question it may take in all, engines that count steps included.
_PATIENCE = 3


@frozen
class Judged:
    """One label and what became of it: ``right``, ``wrong`` or ``unknown``."""

    program: str
    about: str
    holds: bool | None
    verdict: Verdict
    outcome: str

    @property
    def kind(self) -> str:
        """The kind of property, without what it is about."""
        return self.about.partition(":")[0]


def obligations(entry: Loaded) -> tuple[Obligation, ...]:
    """Everything that is asked of one program of the corpus, its second version included."""
    found = asked_of(entry.model).asked
    return (*found, *(equivalent(entry.model, entry.later).asked if entry.later is not None else ()))


def verdicts(entry: Loaded, decide: Decide) -> dict[str, Verdict]:
    """What is known of each property of one program, by id."""
    found = {each.id: each for each in counted(entry.model, [_decided(each, decide) for each in obligations(entry)])}
    for name, problem in entry.refused.items():
        # What the constructor refuses needs no engine; one that proves the contrary is believed.
        if name not in found or found[name].status != "proved":
            found[name] = Verdict(
                id=name, status="refuted", how="constant", why=f"{problem.path}: {problem.message}; {problem.remedy}"
            )
    return found


def _decided(asked: Obligation, decide: Decide) -> Verdict:
    try:
        return decide(asked)
    except EngineDisagreement as error:
        # Worse than a wrong answer, and counted as one.
        return Verdict(id=asked.id, status="unknown", how="structure", why=f"{_DISAGREE}: {error}")
    except Exception as error:  # noqa: BLE001 -- one question that breaks an engine leaves the others their answers
        return Verdict(id=asked.id, status="unknown", how="structure", why=f"{type(error).__name__}: {error}")


def judged(entry: Mapping[str, Any], decide: Decide, scale: int = 1) -> Iterator[Judged]:
    """Each label of *entry* with what became of it."""
    try:
        program = loaded(entry, scale)
    except (FidelityError, Untranslatable, KeyError, TypeError, ValueError) as error:
        for name, label in entry["labels"].items():
            verdict = Verdict(id=name, status="unknown", how="structure", why=f"it cannot be read: {error}")
            yield Judged(entry["id"], name, label["holds"], verdict, "unknown")
        return
    asked = {each.id: each for each in obligations(program)}
    found = verdicts(program, decide)
    for name, label in entry["labels"].items():
        verdict = found.get(name) or _of_nothing(program, name)
        verdict = _replayed(asked.get(name), verdict)
        holds = label["holds"] if scale == 1 or _stays(entry, name, label, asked.get(name)) else None
        outcome = "wrong" if verdict.why.startswith(_DISAGREE) else _outcome(verdict.status, holds)
        yield Judged(entry["id"], name, holds, verdict, outcome)


def _of_nothing(entry: Loaded, name: str) -> Verdict:
    """What is known of a property that is not asked: what does not read the tier or the tenure cannot hang on it."""
    verdict = Verdict(id=name, status="unknown", how="structure", why="it is not asked")
    if any(each.id == name for each in asked_of(entry.model).unasked):
        return verdict
    roles, doors = entry.model.roles, {each.name for each in entry.model.rewards}
    about = {"P4.tier": "tier", "P4.tenure": "tenure"}.get(name, "")
    if name.startswith("P4.access.") and name.partition(":")[2] in doors:
        about = name.removeprefix("P4.access.").partition(":")[0]
    if about in {"tier", "tenure"} and getattr(roles, about):
        return evolve(verdict, status="proved", how="constant", why=f"nothing hangs on the {about}")
    return verdict


def _outcome(status: Status, holds: bool | None) -> str:
    if status == "unknown":
        return "unknown"
    return "right" if holds is None or (status == "proved") == holds else "wrong"


def _stays(entry: Mapping[str, Any], name: str, label: Mapping[str, Any], asked: Obligation | None) -> bool:
    """Whether a label is true of larger bounds as well: values that showed it are still among those declared."""
    fields = entry["programme"]["fields"].values()
    if any(each["type"] == "int" and each["min"] > 0 for each in fields):
        return False
    if name.startswith("P2.count"):
        return not label["holds"]
    shown = asked is not None and label["holds"] == (asked.wants == "some")
    constant = asked is not None and not asked.reads
    return shown or constant


def _replayed(asked: Obligation | None, verdict: Verdict) -> Verdict:
    """*verdict*, unknown if its witness does not bear it out."""
    if asked is None or verdict.witness is None or replays(asked, verdict):
        shown = "refuted" if asked is not None and asked.wants == "none" else "proved"
        if asked is None or asked.wants != "none" or verdict.status != shown or verdict.witness is not None:
            return verdict
        return verdict if not asked.reads else evolve(verdict, status="unknown", why="no witness was given")
    message = f"{asked.id}: the witness {dict(verdict.witness)} does not satisfy the query"
    raise AssertionError(message)


def replays(asked: Obligation, verdict: Verdict) -> bool:
    """Whether the interpreter bears out the witness of *verdict*: declared values that satisfy the query."""
    values = verdict.witness or {}
    inside = all(_declared(kind, values.get(path)) for path, kind in asked.kinds.items() if path in asked.reads)
    return inside and all(interpret(each, values) for each in (*asked.assuming, asked.query))


def _declared(kind: Kind, value: object) -> bool:
    match kind, value:
        case Flag(), bool():
            return True
        case ((Whole(low, high) | Amount(low, high)), int()) if not isinstance(value, bool):
            return low <= value <= high
        case Day(low, high), int():
            return low.toordinal() - EPOCH_DAY <= value <= high.toordinal() - EPOCH_DAY
        case Choice(codes), str():
            return codes is None or value in codes
        case Tags(codes), frozenset():
            return codes is None or value <= set(codes)
    return False


# -- the command


def read(file: Path) -> list[dict[str, Any]]:
    """The programs of a file: a list of them, or a table that holds one, whatever it calls it."""
    found = json.loads(file.read_text(encoding="utf-8"))
    lists = [found] if isinstance(found, list) else [each for each in found.values() if isinstance(each, list)]
    return next((each for each in lists if each and all("programme" in entry for entry in each)), [])


def say(line: str) -> None:
    """Print a line: this is a command."""
    sys.stdout.write(f"{line}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge a file; 0 if nothing is wrong."""
    parser = argparse.ArgumentParser(prog="corpus.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--without-z3", action="store_true", help="ask only the engines that need no solver")
    parser.add_argument("--scale", type=int, default=1, help="how many times as large bounds of whole numbers are")
    parser.add_argument("--seconds", type=float, default=10.0, help="the most that one question may take")
    parser.add_argument("--only", default="", help="judge only programs or properties that contain this")
    parser.add_argument("--verbose", action="store_true", help="list what is wrong and what is unknown")
    chosen = parser.parse_args(arguments)
    entries = read(chosen.file)
    started = perf_counter()
    found = list(_judge_all(entries, _decider(with_z3=not chosen.without_z3, seconds=chosen.seconds), chosen))
    _print(found, verbose=chosen.verbose)
    say(f"{len(entries)} programs, {perf_counter() - started:.1f} s")
    return 1 if not found or any(each.outcome == "wrong" for each in found) else 0


def _decider(*, with_z3: bool, seconds: float) -> Decide:
    from fidelity.proofs.engines.deciding import decide

    own: tuple[str, ...] = ("structure", "regions")
    engines = (*own, "z3") if with_z3 else own

    def decided(asked: Obligation) -> Verdict:
        try:
            with _at_most(seconds * _PATIENCE):
                return decide(asked, engines=engines, seconds=seconds)
        except TimeoutError:
            if with_z3:
                return decide(asked, engines=("z3",), seconds=seconds)
        return Verdict(id=asked.id, status="unknown", how="regions", why=f"no answer in {seconds * _PATIENCE:.0f} s")

    return decided


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError if what is inside takes longer; where the system has no such clock, let it."""

    def stop(*_: object) -> None:
        raise TimeoutError

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _judge_all(entries: Iterable[Mapping[str, Any]], decide: Decide, chosen: argparse.Namespace) -> Iterator[Judged]:
    for entry in entries:
        every = list(judged(entry, decide, chosen.scale))
        yield from (each for each in every if chosen.only in f"{each.program} {each.about}")


def _print(found: Sequence[Judged], *, verbose: bool) -> None:
    outcomes = ("right", "wrong", "unknown")
    counts = Counter((each.kind, each.outcome) for each in found)
    width = max((len(each.kind) for each in found), default=8)
    say(f"{'property':<{width}}" + "".join(f"{each:>9}" for each in outcomes))
    for kind in sorted({each.kind for each in found}, key=lambda name: (int(name[1:].partition(".")[0]), name)):
        say(f"{kind:<{width}}" + "".join(f"{counts[kind, each]:>9}" for each in outcomes))
    totals = Counter(each.outcome for each in found)
    say(f"{'all':<{width}}" + "".join(f"{totals[each]:>9}" for each in outcomes))
    unlabelled = sum(each.holds is None for each in found)
    share = 100 * totals["unknown"] / max(1, len(found))
    told = f"; of {unlabelled} no label stays true at this scale" if unlabelled else ""
    say(f"{share:.2f} % unknown{told}")
    how = Counter(each.verdict.how for each in found if each.outcome != "unknown")
    say("decided by " + ", ".join(f"{name} {count}" for name, count in how.most_common()))
    for each in found if verbose else ():
        if each.outcome != "right":
            say(f"{each.outcome}: {each.program} {each.about}: {each.verdict.status}, {each.verdict.why}")


if __name__ == "__main__":
    sys.exit(main())
