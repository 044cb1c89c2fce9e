"""How the clauses of the office are read: questions, ladders, papers, numbers, points."""

from typing import Any
from uuid import UUID

from domain.complaint.escalation import climb
from domain.complaint.keeping import filings
from domain.errors import RefusedError
from domain.numbering import series_for
from domain.penalty import PointsDeducted
from domain.penalty_charges import deduct_points
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.rulebooks.scores import score
from tests.builders import LI, TUESDAY
from tests.domain.fining import Books
from tests.rulebooks.story import Story


def rung(story: Story, _name: str) -> str:
    """Who has it now, and whom it may be taken to."""
    found = climb(story.flow.complaint, story.flow.rules)
    assert found is not None
    return f"at {found.at}, then {' or '.join(found.may) or 'nobody'}"


def filed(story: Story, nth: str) -> str:
    """What the role still has to file."""
    mine = [*filings(story.flow.complaint, story.flow.rules)][int(nth)]
    return f"lacking: {' '.join(mine.lacking)}" if mine.lacking else "recorded"


def asked(book: Rulebook, name: str, _given: Any) -> str:
    """Of what the question is, what may be answered, and whether a page asks it."""
    fact = book.declares.facts[name]
    shown = "asked" if name in book.questions() else f"of a {fact.subject}"
    return " ".join([fact.kind, *fact.values]) + f", {shown}"


def numbered(book: Rulebook, _name: str, given: Any) -> str:
    """The series that gives a complaint of a channel its number."""
    return series_for(book.numbering, given["channel"], else_="C-2026-")


def points(book: Rulebook, name: str, given: Any) -> str:
    """A row of a score: what is left of it, or the points that a deduction takes."""
    row, _, deduction = name.removeprefix("rows.").partition(".deductions.")
    if deduction:
        return _lost(book, row, int(deduction) + 1, given)
    assert book.scorecard is not None
    facts = {fact: value for fact, value in given.items() if fact != "lost"}
    rows = score(book.scorecard, {row: given.get("lost", 0)}, facts).rows
    (found,) = [one for one in rows if one.row == row]
    perhaps = f", asks {' '.join(found.asks)}" if found.asks else ""
    if found.allotted is None:
        return f"points not stated{', zero' if found.zeroed else ''}{perhaps}"
    return f"{found.actual} of {found.allotted}{perhaps}"


def _lost(book: Rulebook, row: str, nth: int, given: Any) -> str:
    try:
        notice = deduct_points(
            UUID(int=1),
            Rules({"scores": book}),
            Books().look(),
            who=LI,
            at=TUESDAY,
            project="桂花园三期",
            year=2025,
            row=row,
            deduction=nth,
            times=given["times"],
        )
    except RefusedError as refused:
        return f"refused: {' '.join(lack.field for lack in refused.lacks)}"
    (taken,) = [one for one in notice.news if isinstance(one, PointsDeducted)]
    return f"-{taken.points}"
