"""The codec: a program as plain data (TOML, YAML, JSON) and back, with every problem in one error.

Each part is a table of keys in `parts`. A part that cannot be read is reported and left out, and the rest is checked
all the same. Keys by which programs in the field charge for access are refused for what they mean.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from attrs import evolve

from fidelity.errors import FidelityError, Problem, ProgramError
from fidelity.rules.checking import in_order
from fidelity.rules.hardlines import charge_problem, is_charge, names_a_charge
from fidelity.rules.spelling.parts import PROGRAM
from fidelity.rules.spelling.shapes import REQUIRED, Inexact, Key, Part, write_part
from fidelity.rules.spelling.tier_parts import with_measures
from fidelity.values.spelling import nearest, shown, suggest

__all__ = ["MAX_PARTS", "canonical", "digest", "from_dict", "to_dict"]

#: The number of parts of a program file: rules, rewards, tiers and whatever else is listed.
MAX_PARTS = 20_000
#: Problems told at once; a file with more of them is no program yet.
MAX_PROBLEMS = 100
#: How many keys a remedy lists at most.
MOST_LISTED = 24
#: How many misspelt keys of one part are matched with what is missing.
MOST_GUESSES = 10
#: Keys about the file itself; editors read `$schema`.
_OF_THE_FILE = ("format", "$schema")
#: The format of the plain spelling; files of a later format are refused.
FORMAT = 1


def canonical(plain: Mapping[str, Any]) -> str:
    """Plain data as one canonical text: sorted keys, no spaces."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """The SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def to_dict(program: Any) -> dict[str, Any]:
    """*program* as plain data; what a key holds by default is left out."""
    return {"format": FORMAT, **write_part(program, PROGRAM)}


def from_dict(plain: Mapping[str, Any]) -> Any:
    """
    The program that *plain* spells.

    Raises:
        ProgramError: With every problem, each with its path and remedy.
    """
    from fidelity.rules.program import Program, refuse

    if not isinstance(plain, Mapping):
        raise ProgramError([Problem("", f"a program is a table of named values, not {type(plain).__name__}")])
    problems: list[Problem] = []
    format_ = plain.get("format", FORMAT)
    if type(format_) is not int or format_ != FORMAT:
        remedy = f"update the library; this release reads format {FORMAT}"
        raise ProgramError([Problem("format", f"format {shown(format_)} is not known to this release", remedy)])
    _count(plain)
    reader = Reader(problems)
    try:
        held = reader.values({key: value for key, value in plain.items() if key not in _OF_THE_FILE}, PROGRAM, "")
    except RecursionError:
        raise ProgramError([Problem("", "nested too deeply", "write it flatter", code="too large")]) from None
    _count_a_measure(held, problems)
    title = str(held.get("name", "program"))
    if problems:
        # The parts that could be read are checked too, so that one error tells everything.
        if reader.full:
            problems.append(Problem("", f"these are the first {MAX_PROBLEMS} problems", "mend them to see the rest"))
        else:
            problems.extend(_further(Program, held, reader))
        refuse(in_order(problems, list(plain)), title=title)
    try:
        return Program(**held)
    except ProgramError as error:
        refuse(in_order(error.problems, list(plain)), title=title)
        raise  # never reached: there are problems


def _count_a_measure(held: dict[str, Any], problems: list[Problem]) -> None:
    """Put the measure itself where the tiers name one."""
    if held.get("tiers") is None:
        return
    found, wrong = with_measures(held["tiers"], {each.terms.name: each for each in held.get("measures", ())})
    problems.extend(wrong)
    held["tiers"] = found
    if found is None:
        del held["tiers"]


def _further(program: Callable[..., Any], held: dict[str, Any], reader: Reader) -> list[Problem]:
    """What else is wrong with the parts that could be read, at the places where they stand in the file."""
    if "currency" not in held or "earn" not in held:
        return []
    try:
        program(**_STAND_INS | held)
    except ProgramError as error:
        moved = (evolve(each, path=reader.place(each.path)) for each in error.problems)
        # Where something could not be read, what else is wrong there only follows from it.
        known = {each.path for each in reader.problems}
        return [each for each in moved if each.path not in known and not reader.follows(each)]
    except FidelityError as error:
        return [Problem("", error.message)]
    return []


#: What stands in for a name that is missing or cannot be read, so that the rest can be judged.
_STAND_INS = {"name": "program", "version": "0", "timezone": "UTC"}


def _count(plain: Mapping[str, Any]) -> None:
    parts = 0
    for value in plain.values():
        for each in value if isinstance(value, list) else ():
            inner = each.get("rules") if isinstance(each, Mapping) else None
            parts += 1 + (len(inner) if isinstance(inner, list) else 0)
    if parts > MAX_PARTS:
        message = f"the program lists {parts:,} parts where {MAX_PARTS:,} are allowed"
        raise ProgramError([Problem("", message, "split it, or key its rules by a table", code="too large")])


class Reader:
    """Reads parts and collects what is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        #: Of each list of parts, the places that could be read; and the names of the parts that could not.
        self.kept: dict[str, list[int]] = {}
        self.lost: set[str] = set()

    def place(self, path: str) -> str:
        """*path* among the parts that could be read, as a path of the file."""
        match = _PLACE.match(path)
        if match is None or match[1] not in self.kept:
            return path
        kept = self.kept[match[1]]
        return f"{match[1]}[{kept[int(match[2])]}]{path[match.end() :]}" if int(match[2]) < len(kept) else path

    def follows(self, problem: Problem) -> bool:
        """Whether *problem* only says that a part is missing which stands in the file and could not be read."""
        if problem.code != "reference":
            return False
        return any(f'"{name}"' in problem.message for name in self.lost) or any(
            each.path.startswith(("events", "fields")) for each in self.problems
        )

    def tell(self, problem: Problem) -> None:
        """Keep *problem*; a charge always, anything else until there are enough."""
        if not self.full or problem.code == "paid access":
            self.problems.append(problem)

    @property
    def full(self) -> bool:
        """Whether there are more problems than anybody reads at once."""
        return len(self.problems) >= MAX_PROBLEMS

    def part(self, plain: Any, shape: Part, path: str) -> Any:
        """The part that *plain* spells; None if it cannot be read (and then there is a problem)."""
        if not isinstance(plain, Mapping):
            self.tell(Problem(path, f"{shape.what} is a table of named values, not {shown(plain)}"))
            return None
        before = len(self.problems)
        held = self.values(plain, shape, path)
        if self.full:
            return None
        if len(self.problems) > before:
            return self._salvaged(held, shape)
        try:
            return shape.make(**held)
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            self.tell(Problem(path, message, remedy, code=error.code))
        except (TypeError, ValueError, AttributeError) as error:
            self.tell(Problem(path, f"{shape.what} cannot be made: {error}"))
        return None

    def _salvaged(self, held: dict[str, Any], shape: Part) -> Any:
        """What could be read of a part that cannot stand, so that the rest of it is judged too."""
        try:
            return shape.make(**{**shape.stand_in, **held})
        except (FidelityError, TypeError, ValueError, AttributeError, KeyError):
            return None

    def values(self, plain: Mapping[str, Any], shape: Part, path: str) -> dict[str, Any]:  # noqa: C901 -- one branch a part of the program
        """The values of a part's keys."""
        held: dict[str, Any] = {}
        # Keys that stand there under a misspelt name are not missing besides. A few: finding the nearest takes time.
        known = shape_names(shape)
        strange = list(islice((each for each in plain if each not in known), MOST_GUESSES))
        meant = {nearest(each, known) for each in strange}
        before = len(self.problems)
        keys = {key.name: key for key in shape.keys}
        for name, value in plain.items():
            where = _under(path, name)
            if name in keys:
                found = self._value(keys[name], value, where)
                if found is not _MISSING:
                    held[name] = found
            elif shape.own is not None and name in shape.own_keys:
                continue
            elif names_a_charge(name):
                if is_charge(value):
                    self.tell(charge_problem(path, name, value))
            elif not self.full:  # a suggestion takes its time
                remedy = suggest(name, [*keys, *shape.own_keys]) or f"it takes {_listed([*keys, *shape.own_keys])}"
                self.tell(Problem(where, f"{shape.what} has no key {shown(name)}", remedy))
        if shape.own is not None:
            try:
                held |= shape.own(plain)
            except FidelityError as error:
                # Beside other problems of the part it may only follow from them.
                if len(self.problems) == before:
                    message, _, remedy = error.message.partition("; ")
                    inexact = [each for each in shape.own_keys if isinstance(plain.get(each), Inexact)]
                    where = _under(path, inexact[0]) if inexact else path
                    self.tell(Problem(where, message, remedy, code=error.code))
        for name, key in keys.items():
            if key.default is REQUIRED and name not in plain and name not in meant:
                where = _under(path, name)
                self.tell(Problem(where, f"{shape.what} needs {name}", f"add {name} = …"))
        return held

    def _value(self, key: Key, value: Any, where: str) -> Any:
        if self.full:
            return _MISSING
        try:
            held = key.read(value)
            if key.part is None:
                return held
            if key.many:
                parts = [self.part(each, key.part(each), f"{where}[{place}]") for place, each in enumerate(held)]
                self.kept[where] = [place for place, each in enumerate(parts) if each is not None]
                self.lost |= {_name_of(each) for each, part in zip(held, parts, strict=True) if part is None}
                return tuple(each for each in parts if each is not None)
            part = self.part(held, key.part(held), where)
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            self.tell(Problem(where, message, remedy, code=error.code))
        except RecursionError:
            self.tell(Problem(where, "nested too deeply", "write it flatter", code="too large"))
        else:
            return _MISSING if part is None else part
        return _MISSING


def _under(path: str, name: object) -> str:
    """The path of the key *name*, short whatever the key is."""
    key = name[:60] if isinstance(name, str) else shown(name)
    return f"{path}.{key}" if path else key


def shape_names(shape: Part) -> tuple[str, ...]:
    """Every key that a part of this shape may have."""
    return (*(key.name for key in shape.keys), *shape.own_keys)


def _listed(keys: Sequence[str]) -> str:
    """*keys* to choose from: the first of them if nobody would read them all."""
    if len(keys) <= MOST_LISTED:
        return ", ".join(keys)
    return f"{', '.join(keys[: MOST_LISTED - 4])} and {len(keys) - MOST_LISTED + 4} others"


def _name_of(plain: Any) -> str:
    name = plain.get("name", plain.get("group", "")) if isinstance(plain, Mapping) else ""
    return name if isinstance(name, str) else ""


_PLACE = re.compile(r"(\w+)\[(\d+)\]")
_MISSING = object()
