"""The kernel: a short list of numpy steps that is run over columns, chunk by chunk, in buffers made once.

Knows nothing of programs: `columns` writes the steps. A chunk stays in the processor's cache from its first step to
its last one, and what is not needed any more lends its buffer to what comes next, so memory does not grow with rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

__all__ = ["CHUNK", "Array", "Cell", "Column", "Kernel", "Steps", "width"]

#: How many rows are worked on at once: few enough for the cache, many enough to hide what a step costs by itself
#: (half a millionth of a second, as long as it takes to add ten thousand small numbers).
CHUNK = 3 << 15

Array: TypeAlias = "NDArray[Any]"
_WIDTHS = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64)


class Column(Protocol):
    """A column as the kernel takes it: an array, or anything that makes a slice of one when it is asked."""

    def __getitem__(self, rows: slice, /) -> Array:
        """The values of *rows*."""


def width(low: int, high: int) -> np.dtype[Any]:
    """
    The narrowest whole-number type that holds everything from *low* to *high*, with a sign if there is a choice.

    >>> width(0, 100).name, width(0, 200).name, width(-1, 40_000).name
    ('int8', 'uint8', 'int32')
    """
    for kind in _WIDTHS:
        about = np.iinfo(kind)
        if about.min <= low and high <= about.max:
            return np.dtype(kind)
    message = f"no whole-number type holds everything from {low} to {high}"
    raise OverflowError(message)


@frozen
class Cell:
    """
    One value of a row while it is worked out: a constant, a column that was given, or what a step gives.

    Attributes:
        place: Which one it is.
        dtype: Its type; None for a constant.
        low, high: Its bounds, both included.
        constant: Its value, if it is always the same.
    """

    place: int
    dtype: np.dtype[Any] | None
    low: int
    high: int
    constant: int | None = None


@frozen
class _Step:
    """One step: *do* is called with its inputs, read as *kind*, and, last, with the array to write into."""

    do: Callable[..., object]
    inputs: tuple[int, ...]
    output: int
    over: bool
    kind: np.dtype[Any] | None

    def bound(self, cells: Sequence[Any]) -> tuple[Callable[..., object], tuple[Any, ...]]:
        """What to call, and with which arrays."""
        found = [cells[one] for one in self.inputs]
        if self.kind is not None:
            found = [each if each.dtype == self.kind else each.view(self.kind) for each in found]
        return self.do, (*found, cells[self.output])


@define
class Steps:
    """The steps of a kernel while they are written; each gives a value of its own."""

    columns: dict[str, Cell] = field(factory=dict)
    _constants: dict[int, object] = field(factory=dict)
    _steps: list[_Step] = field(factory=list)
    _types: dict[int, np.dtype[Any]] = field(factory=dict)
    _typed: dict[tuple[int, np.dtype[Any]], Cell] = field(factory=dict)
    _count: int = 0

    def _next(self) -> int:
        self._count += 1
        return self._count - 1

    def constant(self, value: int) -> Cell:
        """The same number in every row."""
        place = self._next()
        self._constants[place] = value
        return Cell(place, None, value, value, value)

    def typed(self, of: Cell, dtype: Any) -> Cell:  # noqa: ANN401 -- any numpy type
        """A constant as an array without dimensions, which costs numpy half of a number; others as they are."""
        if of.constant is None:
            return of
        key = (of.constant, np.dtype(dtype))
        found = self._typed.get(key)
        if found is None:
            place = self._next()
            self._constants[place] = np.array(of.constant, dtype)
            found = self._typed[key] = Cell(place, None, of.low, of.high, of.constant)
        return found

    def table(self, values: Array) -> Cell:
        """An array to look values up in."""
        place = self._next()
        self._constants[place] = values
        return Cell(place, None, int(values.min()), int(values.max()))

    def column(self, name: str, dtype: np.dtype[Any], low: int, high: int) -> Cell:
        """The column *name*, which is given when the kernel runs."""
        found = self.columns.get(name)
        if found is None:
            found = self.columns[name] = Cell(self._next(), dtype, low, high)
        return found

    def step(
        self,
        do: Callable[..., object],
        inputs: Sequence[Cell],
        dtype: Any,  # noqa: ANN401 -- any numpy type
        low: int,
        high: int,
        *,
        over: bool | None = None,
        kind: np.dtype[Any] | None = None,
    ) -> Cell:
        """
        What *do* gives for *inputs*.

        Args:
            do: Called with them and, last, an array to write into.
            over: Whether it may write over what it reads, element by element; a ufunc may.
            kind: As what to read them, if not as what they are; as wide as they are.
        """
        place = self._next()
        may = isinstance(do, np.ufunc) if over is None else over
        self._steps.append(_Step(do, tuple(each.place for each in inputs), place, may, kind))
        self._types[place] = np.dtype(dtype)
        return Cell(place, np.dtype(dtype), low, high)

    def _in_order(self, outputs: Sequence[Cell]) -> list[_Step]:
        """The steps that *outputs* need, each as late as it can be: what is not made yet needs no buffer."""
        makers = {each.output: each for each in self._steps}
        kept: dict[int, _Step] = {}
        waiting = [each.place for each in reversed(outputs)]
        while waiting:
            step = makers.get(waiting[-1])
            missing = [] if step is None else [one for one in step.inputs if one in makers and one not in kept]
            if missing:
                waiting.extend(reversed(missing))
                continue
            waiting.pop()
            if step is not None:
                kept.setdefault(step.output, step)
        return list(kept.values())

    def kernel(self, outputs: Sequence[Cell]) -> Kernel:
        """The kernel that gives *outputs*, with what they do not need left out."""
        kept = self._in_order(outputs)
        needed = {one for each in kept for one in each.inputs} | {each.place for each in outputs}
        last: dict[int, int] = {}
        for place, each in enumerate(kept):
            last |= dict.fromkeys(each.inputs, place)
        last |= {each.place: len(kept) for each in outputs}
        # Buffers are told apart by the bytes of a row: what has been worked out lends its place to any type as wide.
        free: dict[int, list[int]] = {}
        buffers: list[int] = []
        homes: dict[int, tuple[int, np.dtype[Any]]] = {}
        for place, each in enumerate(kept):
            over = [one for one in set(each.inputs) if last[one] == place and one in homes]
            dtype = self._types[each.output]
            # A step may write over what it reads, element by element, if both are equally wide.
            same = next((one for one in over if homes[one][1].itemsize == dtype.itemsize and each.over), None)
            if same is not None:
                home = homes[same][0]
                over.remove(same)
            elif free.get(dtype.itemsize):
                home = free[dtype.itemsize].pop()
            else:
                home = len(buffers)
                buffers.append(dtype.itemsize)
            homes[each.output] = (home, dtype)
            for one in over:
                free.setdefault(homes[one][1].itemsize, []).append(homes[one][0])
        return Kernel(
            {name: each for name, each in self.columns.items() if each.place in needed},
            {place: value for place, value in self._constants.items() if place in needed},
            tuple(kept), homes, tuple(buffers), tuple(each.place for each in outputs), self._count,
        )  # fmt: skip


@frozen
class Kernel:
    """
    Steps that are run over columns.

    Attributes:
        columns: The columns that are needed, with their types and bounds.
    """

    columns: Mapping[str, Cell]
    _constants: Mapping[int, object]
    _steps: tuple[_Step, ...]
    _homes: Mapping[int, tuple[int, np.dtype[Any]]]
    _buffers: tuple[int, ...]
    _outputs: tuple[int, ...]
    _cells: int

    def run(self, given: Mapping[str, Column], rows: int, into: Sequence[Array]) -> str:
        """
        Work out all outputs for all rows.

        Args:
            given: The columns, each of *rows* rows, of any type of whole numbers or of truth.
            rows: How many rows there are.
            into: One array for each output.

        Returns:
            The name of the first column that holds what lies outside its bounds, after which nothing is worked out;
            empty if none does.
        """
        cells: list[Any] = [None] * self._cells
        for place, value in self._constants.items():
            cells[place] = value
        most = min(CHUNK, rows)
        buffers = [np.empty(most * bytes_a_row, np.uint8) for bytes_a_row in self._buffers]
        narrowed: dict[int, Array] = {}
        given_places = {each.place for each in self.columns.values()}
        # What reads a given column is bound to it chunk by chunk, the rest once: binding costs as much as a short step.
        fresh = [place for place, each in enumerate(self._steps) if not given_places.isdisjoint(each.inputs)]
        calls: list[tuple[Callable[..., object], tuple[Any, ...]]] = []
        size = -1
        for start in range(0, rows, CHUNK):
            stop = min(start + CHUNK, rows)
            for name, cell in self.columns.items():
                chunk = given[name][start:stop]
                if not _within(chunk, cell.low, cell.high):
                    return name
                cells[cell.place] = chunk if chunk.dtype == cell.dtype else _narrowed(chunk, cell, narrowed)
            if stop - start != size:
                size = stop - start
                for place, (home, kind) in self._homes.items():
                    cells[place] = buffers[home][: size * kind.itemsize].view(kind)
                calls = [each.bound(cells) for each in self._steps]
            else:
                for place in fresh:
                    calls[place] = self._steps[place].bound(cells)
            for do, arrays in calls:
                do(*arrays)
            for place, array in zip(self._outputs, into, strict=True):
                array[start:stop] = cells[place]
        return ""


def _narrowed(chunk: Array, cell: Cell, buffers: dict[int, Array]) -> Array:
    """*chunk* in the type of its cell, in a buffer of its own."""
    found = buffers.get(cell.place)
    if found is None or len(found) < len(chunk):
        found = buffers[cell.place] = np.empty(len(chunk), cell.dtype)
    found = found[: len(chunk)]
    np.copyto(found, chunk, casting="unsafe")
    return found


def _within(chunk: Array, low: int, high: int) -> bool:
    """Whether all of *chunk* lies in its bounds."""
    kind = chunk.dtype
    if kind.kind == "b" or not chunk.size:
        return True
    if not low and kind.kind == "i":
        # What is negative is large without its sign: one look instead of two.
        return bool(_MOST(chunk.view(_UNSIGNED[kind.itemsize])) <= high)
    least, most = _RANGES[kind.kind, kind.itemsize]
    return (low <= least or bool(_LEAST(chunk) >= low)) and (most <= high or bool(_MOST(chunk) <= high))


_UNSIGNED = {size: np.dtype(f"u{size}") for size in (1, 2, 4, 8)}
_RANGES = {
    (kind, size): (int(np.iinfo(f"{kind}{size}").min), int(np.iinfo(f"{kind}{size}").max))
    for kind in "iu"
    for size in (1, 2, 4, 8)
}
# The methods of arrays ask for much that is not needed here, for as long as a look at some thousand rows takes.
_LEAST, _MOST = np.minimum.reduce, np.maximum.reduce
