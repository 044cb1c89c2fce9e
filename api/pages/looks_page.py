"""Looks: who looked at personal data, fines and exports, for whoever audits that."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.identity import looks
from api.identity.administering import identity_of
from api.pages.page import Page
from api.parts import apart

router = APIRouter(include_in_schema=False)

FIRST_PAGE = 2**62
PERSON_MAX, DIGITS_MAX = 80, 18


@router.get("/looks")
async def looked(request: Request) -> Response:
    """The last looks; `person` shows those of one, `before` the ones before."""
    page = await Page.open(request)
    page.parts.operator.has_to("read_looks")
    pool = identity_of(page.parts).credentials.pool
    text = page.asks.get("before", "")
    before = (
        int(text) if text.isdecimal() and len(text) < len(str(FIRST_PAGE)) else FIRST_PAGE
    )
    person = page.asks.get("person", "")[:PERSON_MAX]

    def read() -> list[looks.Look]:
        with pool.connection() as conn:
            return looks.latest(conn, before=before, person=person)

    found = await apart(read)
    more = found[-1].nth if len(found) == looks.ROWS_MAX else None
    return page.shows("looks.html", looks=found, person=person, more=more)
