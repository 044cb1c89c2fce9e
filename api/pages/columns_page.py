"""The page for analysts: every view and column, what it means, and how to take it along."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.columns import named
from api.exports import FORMS, LOGS, may_take
from api.pages.page import Page
from projections.exports.cut import exported
from projections.exports.views import READER, views

router = APIRouter(include_in_schema=False)

EXAMPLE = (
    'psql "$(.venv/bin/ledger reader)" -c'
    ' "SELECT stage, count(*) FROM reading.tracking GROUP BY 1"'
)


@router.get("/columns")
async def columns(request: Request) -> Response:
    """Views that the person may not take along are described all the same."""
    page = await Page.open(request)
    person = page.parts.operator
    person.has_to("read")
    files = {name for name in exported() if may_take(person, views()[name])}
    return page.shows(
        "columns.html",
        views=views().values(),
        named=named,
        lang=page.lang,
        files=files,
        forms=tuple(FORMS),
        logs=LOGS if person.may("read_all") else {},
        reader=READER,
        example=EXAMPLE,
    )
