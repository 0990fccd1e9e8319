"""The face: `report`, which puts together what it is given and writes the two pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from fidelity.errors import ValueRefused
from fidelity.proofs.report import ProofReport
from fidelity.proving import diff, prove
from fidelity.reports import sections as parts
from fidelity.reports.answers import answers_of
from fidelity.reports.history import History, history_of
from fidelity.reports.page import Frame, written
from fidelity.reports.parts import Figure, Note, Section
from fidelity.reports.promotions import Promotion
from fidelity.reports.saying import Saying
from fidelity.reports.sections.care import Human, human_of
from fidelity.reports.staff import staff_sections
from fidelity.rules.program import Program
from fidelity.values.spelling import shown
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.care.worth import PointWorth
    from fidelity.care_desk import Care
    from fidelity.journey import Impact, Journey
    from fidelity.reports.sections.plans import StudyLike

__all__ = ["Report", "report"]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
#: Where no time is told, no review of a map is overdue.
_FIRST_DAY = date.min


@frozen(repr=False)
class Report:
    """
    Two pages, each whole in itself: nothing is loaded from anywhere.

    Attributes:
        html: The page for managers.
        staff: The page for all staff.
        language: In which language they are.
        figures: Every number on the page for managers, by its name: ``figures["points.outstanding"]``.
    """

    html: str
    staff: str
    language: str
    figures: Mapping[str, Any] = field(factory=dict)

    def __repr__(self) -> str:
        return f"<report in {self.language}: {len(self.html) / 1000:,.0f} kB, {len(self.figures)} figures>"

    def save(self, path: str | Path, *, staff: str | Path | None = None) -> tuple[Path, ...]:
        """
        Write the page for managers to *path*, and that for all staff to *staff* if it is told.

        Raises:
            ValueRefused: If a file cannot be written.
        """
        told = ((path, self.html), (staff, self.staff))
        files = []
        for place, text in told:
            if place is not None:
                file = Path(place)
                try:
                    file.write_text(text, encoding="utf-8")
                except OSError as error:
                    message = f"{file} cannot be written ({error.strerror}); name a file in a folder that is there"
                    raise ValueRefused(message, value=str(file)) from error
                files.append(file)
        return tuple(files)


def report(
    program: Program,
    log: object = None,
    *,
    lines: object = None,
    members: object = None,
    feedback: object = None,
    until: datetime | None = None,
    before: Program | None = None,
    proofs: ProofReport | None = None,
    care: Care | None = None,
    journey: Journey | None = None,
    measured: Mapping[str, Impact] | None = None,
    promotions: Sequence[Promotion] = (),
    study: StudyLike | None = None,
    point_worth: PointWorth | None = None,
    data: Sequence[str] = (),
    language: str = "en",
    demo: bool = False,
) -> Report:
    """
    A report that a manager reads in two minutes, and a page for all staff.

    What is not given is left out, and one line says what would fill it. Nobody is named.

    Args:
        program: The program that holds now.
        log: What happened, as `fidelity.replay` takes it: purchases, redemptions, returns.
        lines: The lines of purchases, as there.
        members: What is known of members, as there.
        feedback: Answers, one a row: ``nps`` 0 to 10, ``csat`` 1 to 5, ``ces`` 1 to 7, as many as were asked; and
            ``contact`` and ``at``.
        until: The last instant that is told of; the last row of the log unless told.
        before: The version of the program that held before: what the change brings is told.
        proofs: What is proved of the program; it is proved unless told.
        care: The desk that keeps promises, hard times, complaints and thanks.
        journey: The map of contacts.
        measured: The measured impact of its contacts.
        promotions: Promotions with people who were not invited.
        study: A simulation: anything with ``table()`` and ``explain(language)``.
        point_worth: What points are worth in money; otherwise what the rewards say.
        data: Sentences about the data that readers should know.
        language: ``"en"``, ``"es"``, ``"es-MX"``, …
        demo: Whether to say that this is a demonstration.

    Returns:
        The report: `Report.html`, `Report.staff`, `Report.save`.

    Raises:
        MissingExtra: If Jinja2 is not installed.
        FidelityError: If something that is given cannot be read; see `fidelity.replay`, `fidelity.prove` and
            `fidelity.metrics`.

    Source:
        Principles O4, O9, E5, E6.
    """
    if not isinstance(program, Program):
        message = f'{shown(program)} is no program; give a Program, or what fidelity.load("program.toml") reads'
        raise ValueRefused(message, value=program)
    say = Saying(program, language)
    history = None if log is None else history_of(program, log, lines=lines, members=members, until=until)
    if history is not None and not history.log.rows:
        history = None
    answers = None if feedback is None else answers_of(feedback)
    human = None if care is None else _human(care, history, until)
    sections = _sections(say, history, point_worth)
    if before is not None:
        sections.insert(1, parts.change(say, diff(before, program)))
    sections.insert(1, parts.promised(say, proofs if proofs is not None else prove(program)))
    if answers is not None:
        sections.append(parts.experience(say, answers))
    if journey is not None:
        today = _FIRST_DAY if history is None and until is None else _today(program, history, until)
        sections.append(parts.journey(say, journey, answers, measured, today))
    if human is not None:
        sections.append(parts.people(say, human))
    sections.append(parts.standing(say, history, None if human is None else human.parity))
    if promotions:
        sections.append(parts.promotions(say, promotions))
    if study is not None:
        sections.append(parts.study(say, study))
    if data:
        sections.append(Section(id="data", title=say("data"), notes=[Note("plain", each) for each in data]))
    given = {
        "history": history, "feedback": answers, "journey": journey, "care": human, "before": before,
        "promotions": promotions or None, "study": study,
    }  # fmt: skip
    period = "" if history is None else say("period", first=say.day(history.days[0]), last=say.day(history.days[1]))
    common = Frame(period, str(import_module("fidelity").__version__), demo=demo)
    missing = [say(f"no.{name}") for name, each in given.items() if each is None]
    page = written(say, "report", sections, common, missing)
    staff = written(say, "staff", staff_sections(say, history, answers, human, journey), common)
    return Report(page, staff, say.where.tag, _figures(sections))


def _sections(say: Saying, history: History | None, point_worth: PointWorth | None) -> list[Section]:
    """The program, its members, and their points."""
    found = [parts.program(say)]
    if history is not None:
        found += [parts.members(say, history), parts.points(say, history, point_worth)]
    return found


def _human(care: Care, history: History | None, until: datetime | None) -> Human:
    """What the desk knows at the end of the time that is told of."""
    at = until if until is not None or history is None else history.until
    return human_of(care, _LONG_AGO, care.loyalty._office.now(at))  # noqa: SLF001 -- the shell's own clock


def _today(program: Program, history: History | None, until: datetime | None) -> date:
    at = until if history is None else history.until
    assert at is not None  # noqa: S101 -- one of them is told
    return local_date(at, program.zone)


def _figures(sections: Sequence[Section]) -> dict[str, Any]:
    """Every figure of the sections by its name."""
    found: dict[str, Any] = {}
    for section in sections:
        tables = [*section.tables, *(each.table for each in section.charts)]
        cells = [cell for table in tables for row in table.rows for cell in row]
        for each in [*(tile.figure for tile in section.tiles), *cells]:
            if isinstance(each, Figure) and each.of:
                found[each.of] = each.value
    return found
