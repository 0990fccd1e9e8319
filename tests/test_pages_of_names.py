"""Every public name is on a page of the reference: each room that gives names is told there, or named here as inner."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import fidelity

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted((DOCS / "reference" / "api").glob("*.md"))

# Rooms with names that serve this library alone, or that the room in front gives.
INNER = {"fidelity.cli", "fidelity.demo", "fidelity.proofs", "fidelity.wording"}


def public_rooms():
    namespace = {}
    exec((DOCS / "_sphinx" / "public_rooms.py").read_text("utf-8"), namespace)  # noqa: S102 -- our own list
    return namespace["ROOMS"]


def told():
    """(room, of) of each directive on the pages."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    return re.findall(r"^\.\. room:: (\S+)(?:\n   :of: (\S+))?", text, flags=re.MULTILINE)


def rooms_that_give_names():
    yield "fidelity"
    for each in pkgutil.walk_packages(fidelity.__path__, "fidelity."):
        parts = each.name.split(".")
        # Of the rooms behind rooms only those of care are a front of their own.
        front = len(parts) == 2 or (len(parts) == 3 and each.ispkg and parts[1] == "care")
        if (
            front
            and not any(part.startswith("_") for part in parts)
            and getattr(import_module(each.name), "__all__", None)
        ):
            yield each.name


def test_every_room_with_names_is_public_or_known_to_be_inner():
    missing = set(rooms_that_give_names()) - set(public_rooms()) - INNER
    assert not missing, f"add {sorted(missing)} to docs/_sphinx/public_rooms.py and `.. room::` to docs/reference/api"


def test_every_public_name_is_on_a_page():
    names = {}
    for room, of in told():
        chosen = set(import_module(of or room).__all__)
        names.setdefault(room, set()).update(chosen.intersection(import_module(room).__all__))
    errors = set(import_module("fidelity.errors").__all__)
    for room in public_rooms():
        missing = (
            set(import_module(room).__all__) - names.get(room, set()) - (set() if room == "fidelity.errors" else errors)
        )
        assert not missing, f"{room}: {sorted(missing)} are on no page of docs/reference/api"


def test_no_page_of_names_is_left_out_of_the_index():
    index = (DOCS / "reference" / "api" / "index.md").read_text("utf-8")
    assert {page.stem for page in PAGES} - {"index"} == set(re.findall(r"^([a-z-]+)$", index, flags=re.MULTILINE))
