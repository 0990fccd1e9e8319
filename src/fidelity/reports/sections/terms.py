"""The program: in plain words, what it promises and what is known of that, and what a new version changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fidelity.proofs.telling.text import details
from fidelity.proofs.telling.values import Teller
from fidelity.reports.charts import bars
from fidelity.reports.parts import Chart, Figure, Listed, Note, Section, Table, Tile
from fidelity.wording.phrasebook import phrase
from fidelity.wording.problems import sentence_in

if TYPE_CHECKING:
    from fidelity.proofs.difference import Difference
    from fidelity.proofs.finding import Finding
    from fidelity.proofs.report import ProofReport
    from fidelity.reports.saying import Saying

__all__ = ["change", "program", "promised"]

_TONES = {"refuted": "bad", "unknown": "look", "waived": "look"}
_KEYS = {"refuted": "proofs.bad", "unknown": "proofs.open", "waived": "proofs.signed", "proved": "proofs.proved"}
#: What the whole page shows at once; the rest waits behind a line.
_SHOWN = 4


def printed(say: Saying) -> list[Listed]:
    """The terms, as members read them, block by block."""
    found = []
    for block in say.program.explain(say.where.tag).split("\n\n")[1:]:
        title, *rest = block.splitlines()
        items: list[str] = []
        for line in rest:
            if line.startswith("- ") or not items:
                items.append(line.removeprefix("- "))
            else:
                items[-1] = f"{items[-1]} {line.strip()}"
        found.append(Listed(title, items))
    return found


def program(say: Saying) -> Section:
    """What members are told."""
    blocks = printed(say)
    return Section(id="program", title=say("program"), lead=say("program.lead"), lists=blocks)


def _promise(say: Saying, found: Finding) -> str:
    teller = Teller(say.program, say.where.tag, found.on, found.wallet, found.sums)
    promise: str = teller.say(found.property, about=teller.name(found.about))
    return promise


def promised(say: Saying, report: ProofReport) -> Section:
    """Each promise with how it stands: what is refuted with the two people who show it."""
    counts = Counter(each.status for each in report.findings)
    notes = []
    for status in ("refuted", "unknown", "waived"):
        for each in report.having(status):
            behind = details(report, say.where.tag, each)
            notes.append(Note(_TONES[status], say(_KEYS[status], promise=_promise(say, each)), behind))
    if report.holds:
        notes.append(Note("good", say("proofs.held.signed" if counts["waived"] else "proofs.held")))
    audit = say.program.audit()
    severity = {name: phrase(say.tongue, f"audit.{name}") for name in ("warning", "note") if audit.findings}
    behind = [
        f"{severity.get(each.severity, '')}: {sentence_in(say.tongue, each.message)}".removeprefix(": ")
        for each in audit.findings
    ]
    warned = any(each.severity == "warning" for each in audit.findings)
    if behind:
        notes.append(Note("look" if warned else "plain", say.count("audit.found", len(behind)), behind))
    else:
        notes.append(Note("good", say("audit.clean")))
    told = {name: counts[name] for name in ("proved", "refuted", "unknown", "waived")}
    rows = [(say(name), many) for name, many in told.items()]
    chart = Chart(
        say("proofs.chart"),
        bars(
            "proofs-chart", say("proofs.chart"), say("proofs.chart.about", **told),
            [(name, many, say.number(many)) for name, many in rows],
        ),
        Table(
            say("proofs.chart"), (say("standing"), say("promises")),
            [(say(key), Figure(say.number(many), many, f"proofs.{key}")) for key, many in told.items()],
        ),
    )  # fmt: skip
    proved = [_promise(say, each) for each in report.proved]
    lead = say("proofs.lead", proved=say.number(counts["proved"]), all=say.number(len(report.findings)))
    return Section(
        id="proofs", title=say("proofs"), lead=lead, notes=notes, charts=[chart],
        closed=(say("proofs.list", n=say.number(len(proved))), proved) if proved else None,
    )  # fmt: skip


def change(say: Saying, found: Difference) -> Section:
    """Who loses and who gains by the version that holds now, in the words of the plan."""
    versions = {"old": found.old.version, "new": found.new.version}
    if found.equal:
        return Section(id="diff", title=say("diff"), lead=say("diff.equal"), notes=[Note("good", say("diff.equal"))])
    key = "diff.unknown" if found.status == "unknown" else "diff.lead"
    loses, gains = len(found.loses), len(found.gains)
    lead = say(key, **versions, loses=say.number(loses), gains=say.number(gains))
    blocks = [each.splitlines() for each in found.explain(say.where.tag).strip().split("\n\n")]
    tones = {"-": "bad", "+": "good", "?": "look"}
    notes, edits = [], []
    for block in blocks:
        first = block[0]
        if first[:2] in {"- ", "+ ", "? "} and all(line.startswith("  ") for line in block[1:]):
            # Who gains is told by one case; who loses, by all that is known.
            behind = block[1:2] if first[0] == "+" else block[1:]
            notes.append(Note(tones[first[0]], first[2:], [line.strip() for line in behind]))
        elif len(block) > 1 and any(line[:2] in {"~ ", "- ", "+ "} for line in block[1:]):
            edits = block[1:]
    return Section(
        id="diff", title=say("diff"), lead=lead, notes=notes,
        closed=(say("diff.edits"), edits) if edits else None,
        tiles=[
            Tile(say("diff.loses"), Figure(say.number(loses), loses, "diff.loses"), tone="bad" if loses else "good"),
        ] if loses else [],
    )  # fmt: skip
