"""The back-test page: what another regulation would have made of the same complaints."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.back_testing import asked
from api.back_tests import Run
from api.pages.choices import named
from api.pages.page import Page
from domain.assess.backtest import Outcome
from domain.rulebooks.rulebook import Rulebook

router = APIRouter(include_in_schema=False)
NO_GRADE = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint that comes out otherwise."""

    number: str
    recorded: str
    would_be: str
    might_be: str
    late: int
    repeated: str
    fines: str


@router.get("/backtest")
async def back_test(request: Request) -> Response:
    """Choose a regulation; then how far it is; then what differs, one by one."""
    page = await Page.open(request)
    page.parts.operator.has_to("read_all")
    chosen = request.query_params.get("rulebook")
    again = request.query_params.get("again") == "1"
    run = await asked(page.parts, chosen, again=again) if chosen else None
    books = [book for book in page.parts.ledger.rulebooks if _says_something(book)]
    return page.shows(
        "backtest.html",
        run=run,
        books=[(b.name, f"{b.name} {named(b.title, page.lang)}") for b in books],
        lines=_lines(run, page) if run else [],
        grades=_grades(run, page) if run else [],
        title=named(run.book.title, page.lang) if run else "",
    )


def _says_something(book: Rulebook) -> bool:
    return bool(book.grading or book.clocks or book.repeats)


def _grades(run: Run, page: Page) -> list[tuple[str, str, int]]:
    return [
        (graded(old, run.book, page), graded(new, run.book, page), n)
        for (old, new), n in run.summary.grades.most_common()
    ]


def graded(code: str | None, book: Rulebook, page: Page) -> str:
    """A code of the regulation asked, with its name there."""
    if code is None:
        return NO_GRADE
    for grade in book.grading.grades if book.grading else ():
        if grade.code == code:
            name = named(grade.name, page.lang)
            return name if name == code else f"{code} {name}"
    return code


def _lines(run: Run, page: Page) -> list[Line]:
    """Those that differ, as far as they are kept, by number."""
    found = sorted(run.differences, key=lambda one: one.number)
    return [_line(one, run.book, page) for one in found]


def _line(one: Outcome, book: Rulebook, page: Page) -> Line:
    between = str(page.w("frame.list_separator"))
    recorded = [f"{scheme}:{code}" for scheme, code in sorted(one.recorded.items())]
    return Line(
        number=one.number,
        recorded=between.join(recorded) or NO_GRADE,
        would_be=graded(one.would_be, book, page),
        might_be=between.join(graded(code, book, page) for code in one.might_be),
        late=len(one.late),
        repeated=between.join(
            named(book.repeats[each.rule].name, page.lang) for each in one.repeated
        ),
        fines=between.join(each.clause for each in one.fines),
    )
