"""Penalty catalogs: their versions, and publishing the next one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.parts import Parts, parts_of
from api.penalty_shapes import CatalogBody
from api.problems import DoorError
from api.shown import shown
from domain.catalog_stream import CatalogStream, Terms, catalog_stream_id, publish
from domain.entry import Message, Receipt
from domain.errors import Lack
from domain.ledger import Request as Asked
from domain.ledger import aside
from domain.rulebooks.rulebook import Rulebooks

router = APIRouter(prefix="/catalogs", tags=["catalogs"])


@router.get(
    "/{catalog}", response_model=None, **openapi.of_read("CatalogShown", {403, 404, 503})
)
async def versions(catalog: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Every version with its text, and when the next update is due."""
    parts.operator.has_to("read")
    found = await aside(parts.ledger.found, catalog_stream_id(catalog))
    if not isinstance(found, CatalogStream):
        raise DoorError("not-found", Lack("catalog", "publish its first version"))
    months = update_months(parts.ledger.rulebooks, catalog)
    due = found.update_due(months) if months else None
    said: dict[str, Any] = {
        "catalog": catalog,
        "version": found.version,
        "versions": [
            one.model_dump(
                mode="json", exclude={"originator_id", "originator_version", "saw"}
            )
            for one in found.versions
        ],
        "update_due": due,
        "overdue": due is not None and parts.now().date() > due,
    }
    return shown(said, parts.zone, headers={"ETag": f'"{found.version}"'})


def update_months(rulebooks: Rulebooks, catalog: str) -> int | None:
    """How many months after the last version its regulation asks for the next."""
    for book in rulebooks:
        if book.penalties and book.penalties.catalog == catalog:
            for duty in book.duties.values():
                if duty.months_after_last:
                    return duty.months_after_last
    return None


@router.post(
    "",
    response_model=None,
    summary="catalog.published",
    **openapi.of_command(CatalogBody, 200, {400, 403, 409, 412, 413, 415, 422, 428, 503}),
)
async def publication(
    request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """Publish a version: the first needs no If-Match, each later one what it saw."""
    with counted(parts, "published"):
        parts.operator.has_to("published")
        raw, body = await body_of(request, parts, CatalogBody)
        message = message_of(request, parts, raw)
        receipt, catalog = await _published(request, parts, body, message)
    place = f"/catalogs/{catalog}"
    return told(receipt, parts, {}, status=200, location=place)


async def _published(
    request: Request,
    parts: Parts,
    body: CatalogBody,
    message: Message,
) -> tuple[Receipt, str]:
    catalog = await aside(parts.opened.catalog_of, body.text)
    terms = Terms.model_validate(body.model_dump(exclude={"text"}))
    text, who, at = body.text, parts.operator.as_who(SOURCE), parts.now()
    stream_id = catalog_stream_id(catalog.id)
    if await aside(parts.ledger.found, stream_id) is None:
        begun = publish(None, catalog, text, terms, who=who, at=at)
        return await timed(parts, parts.ledger.begin(message, begun)), catalog.id

    def decide(stream: Any, _rules: object) -> None:  # noqa: ANN401  # the catalog's
        publish(stream, catalog, text, terms, who=who, at=at)

    expected = version_of(request, needed=True)
    asked = Asked(message, stream_id, expected, decide)
    return await timed(parts, parts.ledger.take(asked)), catalog.id
