"""The annual sheet of a project: what each row allots, what was lost, what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection

from api.parts import Parts, reading
from api.penalty_charges import project_of
from domain.errors import InvalidError, Lack
from domain.penalty_charges import scorecard
from domain.project import Project, ProjectBegun
from domain.rulebooks.policy import Case
from domain.rulebooks.rulebook import Question, Rulebook
from domain.rulebooks.scores import Score, score
from projections import freshness, scores
from projections.penalties import Row
from projections.snapshot import snapshot

ANSWERS: Mapping[str, bool] = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One project and year, with what was answered about it."""

    project: Project
    name: str
    year: int
    book: Rulebook
    score: Score
    facts: Mapping[str, bool]
    questions: Mapping[str, Question]  # what makes a row zero
    notices: Sequence[Row]  # every deduction, reversed ones too


async def sheet(parts: Parts, number: str, year: int, said: Mapping[str, str]) -> Sheet:
    """The sheet as the ledger has it; *said* answers what makes a row zero."""
    project = await project_of(parts, number)
    rules = parts.ledger.rulebooks.of(project)
    card, book = scorecard(rules), rules.on("scores")
    questions = questions_of(book)
    facts = {name: ANSWERS[said[name]] for name in questions if said.get(name) in ANSWERS}
    found = await reading(parts, _of_one, year, project.number)
    return Sheet(
        project=project,
        name=next(project.all(ProjectBegun)).name,
        year=year,
        book=book,
        score=score(card, found[0], facts),
        facts=facts,
        questions=questions,
        notices=found[1],
    )


def _of_one(
    conn: Connection[Any], year: int, number: str
) -> tuple[Mapping[str, int], Sequence[Row]]:
    with snapshot(conn):
        lost = scores.lost(conn, year, number).get(number, {})
        return lost, scores.notices(conn, year, number)


def questions_of(book: Rulebook) -> dict[str, Question]:
    """The facts that make a row zero, as the regulation asks for them."""
    rows = book.scorecard.rows.values() if book.scorecard else ()
    asked = (name for row in rows if row.zero_when for name in row.zero_when.facts())
    known = book.declares.facts
    return {name: known[name] for name in dict.fromkeys(asked) if name in known}


@dataclass(frozen=True, slots=True)
class Line:
    """One project among all of them: its score before what facts make zero."""

    number: str
    name: str
    lost: int
    actual: int
    allotted: int
    rate: str | None


@dataclass(frozen=True, slots=True)
class Year:
    """Every project of a year, by the regulation that governs scores today."""

    year: int
    lines: Sequence[Line]
    position: int


async def of_year(parts: Parts, year: int) -> Year:
    """The scores of a year, one line a project."""
    case = Case(site=parts.site, received_on=date(year, 12, 31))
    name = parts.opened.policies.current.governing(case).get("scores")
    if name is None:
        raise InvalidError(Lack("scores", "no regulation in force governs this"))
    return await reading(parts, _of_all, parts.ledger.rulebooks[name], year)


def _of_all(conn: Connection[Any], book: Rulebook, year: int) -> Year:
    assert book.scorecard is not None, "a policy set names no other for scores"
    with snapshot(conn):
        lost = scores.lost(conn, year)
        lines = [
            _line(number, name, score(book.scorecard, lost.get(number, {}), {}))
            for number, name in scores.projects(conn)
        ]
        return Year(year, lines, freshness.read(conn, "penalties").position)


def _line(number: str, name: str, of: Score) -> Line:
    return Line(
        number=number,
        name=name,
        lost=sum(row.lost for row in of.rows),
        actual=of.actual,
        allotted=of.allotted,
        rate=None if of.rate is None else str(of.rate),
    )
