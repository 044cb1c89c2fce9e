"""A clause as a row: where it stands, the case in words, what is given, what follows.

A row is `(path, words, given, then)`. The path is the one docs/rulebooks.md shows, and its
first part says how the row is read:

    grading.grades.x      facts and counts            the grade, and what it might be
    clocks.CLK-x          a story                     when it is due, met or late
    closure.gates.x       a story                     open, waived or shut
    closure               a story                     closed, or the gates that are shut
    approvals.x           a story                     who signs next, effective, executed
    repeats.REP-x         complaints, as facts        their count, and what then follows
    tallies.x             complaints, as facts        what is counted for the last of them
    screening.outcomes.x  a story                     what it still counts in
    spokesperson.n        facts                       who speaks to the customer
    stages.x              a story                     ended, or not
    hold_points.x         a story of a project        recorded, or refused
    duties.x              a story of a project        recorded, and when it was due
    escalation.rungs.x    a story                     who has it, and who is next
    archive.n             a story                     recorded, or what is lacking
    declares.facts.x      {}                          what may be answered, and where
    numbering             a channel                   the series that numbers it
    scorecard.rows.x      points lost, and facts      what is left of the row

Any other row, and any row whose given is no story, names a value beneath its path ("" is
the value itself). A story whose last line is refused comes to the fields of the refusal;
where nothing else is read of it, to `recorded`.
"""

from collections.abc import Callable, Mapping, Sequence

import pytest

from consumers.opening import rulebooks
from domain.rulebooks.rulebook import Rulebook
from tests.rulebooks import readers
from tests.rulebooks.projects import project
from tests.rulebooks.readers import Given
from tests.rulebooks.story import Story
from tests.rulebooks.values import at, told

BOOKS: Mapping[str, Rulebook] = {book.id: book for book in rulebooks()}

OF_PROJECTS = {"hold_points", "duties"}  # told of a project, not of a complaint

Row = tuple[str, str, Given, str]


def yuan(amount: float) -> int:
    """Money as facts have it: in fen."""
    return round(amount * 100)


def done(path: str, words: str) -> Row:
    """A duty of the regulation's own, done."""
    return path, words, f"2025-03-12 duty_done duty={path.rpartition('.')[2]}", "recorded"


def signs(decision: str, *steps: str) -> str:
    """A story: `quality_control proposed`, `general_manager approved`, each in turn.

    A role stands for a person of its own; `role/p-wang` names the person.
    """
    told = []
    for minute, step in enumerate(steps):
        who, meaning = step.split()
        role, _, person = who.partition("/")
        by = f" by={person}" if person else ""
        said = f"signed as={role}{by} decision={decision} meaning={meaning}"
        told.append(f"2025-03-12 09:{minute:02} {said}")
    return "\n".join(told)


def table(book: str, rows: Sequence[Row]) -> Callable[..., None]:
    """The rows of one regulation as a test."""

    @pytest.mark.parametrize("row", rows, ids=[f"{row[0]}: {row[1]}" for row in rows])
    def clause(row: Row) -> None:
        path, words, given, then = row
        found = said(BOOKS[book], path, given)
        assert found == then, f"{words}: {found!r}, not {then!r}"

    return clause


def said(book: Rulebook, path: str, given: Given) -> str:
    """What a regulation makes of a case."""
    section, *rest = path.split(".")
    name = rest[-1] if rest else ""
    if not isinstance(given, str):
        whole = section == "scorecard"  # a deduction is named with its row
        return readers.OF_FACTS[section](book, ".".join(rest) if whole else name, given)
    if not given.strip()[:1].isdigit():
        return told(at(book, f"{path}.{given}" if given else path))
    assert at(book, path) is not None
    if section in OF_PROJECTS:
        return project(book, given)
    story = Story(book, given)
    if story.refused:
        return f"refused: {' '.join(story.refused)}"
    kind = f"{section}.{rest[0]}" if section == "closure" and rest else section
    return readers.OF_STORIES.get(kind, readers.recorded)(story, name)
