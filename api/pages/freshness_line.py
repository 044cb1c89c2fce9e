"""The freshness line alone, for a page that renews it while somebody reads."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.page import Page

router = APIRouter(include_in_schema=False)


@router.get("/freshness")
async def line(request: Request) -> Response:
    """How current the tables are, as a piece of a page."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    return page.shows("freshness.html")
