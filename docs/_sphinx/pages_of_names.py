"""Pages of names: a directive that documents a room whole, and links that find a name wherever it is told.

Knows Sphinx and which rooms are public. Does not know what is in them.
"""

from __future__ import annotations

import builtins
import sys
from collections import defaultdict
from importlib import import_module
from inspect import isclass, isfunction, ismodule, signature
from typing import TYPE_CHECKING, Any, ClassVar

from docutils.nodes import section
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from public_rooms import ROOMS
from sphinx.addnodes import pending_xref
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.inspect import stringify_signature
from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Other people's packages, as annotations spell them: told as they are, without a link.
OUTSIDE = frozenset([
    "AsyncEngine", "Axes", "Engine", "abc", "attr", "attrs", "collections", "contextlib", "datetime", "decimal",
    "duckdb", "enum", "fractions", "functools", "hypothesis", "matplotlib", "narwhals", "np", "numbers", "numpy",
    "os", "pa", "pandas", "pathlib", "polars", "pyarrow", "pyspark", "pytest", "sa", "sqlalchemy", "st", "types",
    "typing", "zoneinfo",
])  # fmt: skip

_log = logging.getLogger(__name__)


# --- A room, whole ----------------------------------------------------------------------------------------------------


def names_in(room: str) -> list[str]:
    """What a room gives, without the rooms inside it."""
    module = import_module(room)
    return [name for name in module.__all__ if not ismodule(getattr(module, name))]


def home_of(room: str, name: str) -> str:
    """The first public room that gives the same thing under the same name."""
    thing = getattr(import_module(room), name)
    for other in ROOMS:
        module = import_module(other)
        if name in module.__all__ and getattr(module, name) is thing:
            return other
    return room


class Room(SphinxDirective):
    """``.. room:: fidelity.metrics`` tells all its names; with ``:of: fidelity.metrics.value`` those of that one."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"of": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        room = self.arguments[0]
        module, lines, elsewhere = import_module(room), [], defaultdict(list)
        chosen = set(names_in(self.options.get("of", room))).intersection(names_in(room))
        # What is called comes first, then what comes back.
        for name in sorted(chosen, key=lambda each: (isclass(getattr(module, each)), each)):
            if (home := home_of(room, name)) != room:
                elsewhere[home].append(f":py:obj:`~{home}.{name}`")
                continue
            thing = getattr(module, name)
            if isclass(thing):
                lines += [f".. autoclass:: {room}.{name}", "   :members:", "   :show-inheritance:", ""]
            elif isfunction(thing):
                lines += [f".. autofunction:: {room}.{name}", ""]
            else:
                lines += [f".. autodata:: {room}.{name}", "   :no-value:", ""]
        for home, links in elsewhere.items():
            lines += ["", f"Told with :py:mod:`{home}`: {', '.join(links)}.", ""]
        holder = section()
        holder.document = self.state.document
        self.state.nested_parse(StringList(lines, source=room), 0, holder)
        return holder.children


# --- Docstrings -------------------------------------------------------------------------------------------------------


def plainer(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:  # noqa: PLR0917 -- Sphinx calls
    """Spell what Napoleon, which comes next, would read as something else."""
    del app, name, options
    if what == "data" and lines[:1] == (type(thing).__doc__ or "").splitlines()[:1]:
        lines.clear()  # a constant without words of its own would be told as "dict() -> new empty dictionary"
    elif what in {"attribute", "data", "property"} and lines:
        lines[0] = f": {lines[0]}"  # what stands before a colon in its sentence is no type
    if "Attributes:" in lines:
        _as_list(lines, lines.index("Attributes:"))


def _as_list(lines: list[str], start: int) -> None:
    # Napoleon would link each attribute to any other of the same name, and take "low, high" for a type and a name.
    end = next((at for at in range(start + 1, len(lines)) if lines[at][:1].strip()), len(lines))
    told = []
    for line in lines[start + 1 : end]:
        words, colon, rest = line.strip().partition(": ")
        named = colon and line[:5].startswith("    ") and line[4:5].strip()
        told.append(f"* ``{words}``: {rest}" if named else f"  {line.strip()}" if line.strip() else "")
    lines[start:end] = [".. rubric:: Attributes", "", *told, ""]


class _Shortened:
    def __repr__(self) -> str:
        return "…"


def shorter(app: Sphinx, what: str, name: str, thing: object, *_: object) -> tuple[str, None] | None:
    """The signature of a class, where a default that is no plain value would be read as Python and is not."""
    del app, name
    if what != "class":
        return None
    try:
        found = signature(thing)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    plain = (int, float, str, tuple, type(None))
    told = [
        each if each.default is each.empty or isinstance(each.default, plain) else each.replace(default=_Shortened())
        for each in found.parameters.values()
    ]
    return stringify_signature(
        found.replace(parameters=told), show_annotation=False, show_return_annotation=False
    ), None


def narrower(app: Sphinx, tree: nodes.document) -> None:
    """A bare name means the one of its own room, and what is raised is an error: never the first of many alike."""
    del app
    errors = import_module("fidelity.errors").__all__
    for node in tree.findall(pending_xref):
        if node.get("refdomain") != "py":
            continue
        node.attributes.pop("refspecific", None)
        if node["reftype"] == "exc" and node["reftarget"] in errors:
            node["reftarget"] = f"fidelity.errors.{node['reftarget']}"


# --- Links ------------------------------------------------------------------------------------------------------------


class Names:
    """What stands on which page, by name, by the thing itself, and by the last word of its name."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.objects = env.domaindata["py"]["objects"]
        self.by_thing: dict[int, str] = {}
        self.by_word: defaultdict[str, list[str]] = defaultdict(list)
        for name, entry in self.objects.items():
            if entry.aliased or entry.objtype == "module":  # `program` is an argument, not fidelity.metrics.program
                continue
            self.by_word[name.rpartition(".")[2]].append(name)
            thing = _thing(name)
            if isclass(thing) or isfunction(thing):
                self.by_thing.setdefault(id(thing), name)
        # Words of annotations are those of the module that has them, whether or not it is public.
        rooms = [vars(module) for name, module in sys.modules.items() if name.startswith("fidelity")]
        self.known = {word for room in rooms for word in room}

    def find(self, target: str) -> str | None:
        """The name under which a thing is told."""
        thing = _thing(target)
        if thing is not None and id(thing) in self.by_thing:
            return self.by_thing[id(thing)]
        found = [name for name in self.by_word[target.rpartition(".")[2]] if f".{name}".endswith(f".{target}")]
        if "." not in target:
            # A bare word in small letters is an argument more often than one of the few functions of the same name.
            rooms = ROOMS if target[:1].isupper() else ("fidelity.metrics", "fidelity.journey")
            found = [name for name in found if name.rpartition(".")[0] in rooms]
        return found[0] if len(found) == 1 else None

    def exists(self, target: str) -> bool:
        """Whether there is such a thing, although it has no page."""
        return _thing(target) is not None or target.partition(".")[0] in self.known


def _thing(name: str) -> Any:  # noqa: ANN401 -- whatever stands there
    parts = name.split(".")
    if parts[0] != "fidelity":
        return None
    for length in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:length]))
        if module is not None:
            thing: Any = module
            for part in parts[length:]:
                thing = getattr(thing, part, None)
            return thing
    return None


def link(app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.TextElement) -> nodes.Node | None:
    """A link to where a name is told; the name alone where it has no page; nothing, so a warning, if it is nobody's."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    names = _names(app, env)
    if (found := names.find(target)) is not None:
        entry = names.objects[found]
        return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, [shown], found)
    outside = target.partition(".")[0] in OUTSIDE or hasattr(builtins, target)
    # What stands in single quotes in a docstring is a link only if it is a name.
    return shown if outside or node["reftype"] == "obj" or names.exists(target) else None


def _names(app: Sphinx, env: BuildEnvironment) -> Names:
    if not hasattr(app, "fidelity_names"):
        app.fidelity_names = Names(env)
    return app.fidelity_names


def all_told(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn, which ends a strict build, for each public name that is on no page."""
    del app
    objects = env.domaindata["py"]["objects"]
    for room in ROOMS:
        for name in names_in(room):
            if f"{home_of(room, name)}.{name}" not in objects:
                _log.warning("%s.%s is public and on no page: add its room to docs/reference/api", room, name)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("room", Room)
    app.connect("autodoc-process-docstring", plainer, priority=400)
    app.connect("autodoc-process-signature", shorter)
    app.connect("doctree-read", narrower)
    app.connect("missing-reference", link)
    app.connect("env-check-consistency", all_told)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
