"""Counts of a list for programs: how many complaints by source, category, month."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import QueryParams

from api import openapi
from api.complaints import query
from api.identity.sites import narrowed
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.errors import InvalidError, Lack
from projections import freshness
from projections.snapshot import snapshot
from projections.tracking_counts import COUNTED, counts_by
from projections.tracking_filter import Query

PROBLEMS = {403, 413, 422, 503}
BY_MAX = 3
BY = {
    "name": "by",
    "in": "query",
    "required": True,
    "schema": {
        "type": "array",
        "maxItems": BY_MAX,
        "items": {"type": "string", "enum": list(COUNTED)},
    },
}

router = APIRouter(tags=["complaints"])


class Counts(BaseModel):
    """How many complaints have each combination of values, most first."""

    model_config = ConfigDict(title="Counts", extra="forbid")

    counts: list[dict[str, Any]] = Field(description="the values, null unknown, and `n`")
    total: int
    position: int = Field(description="every event up to here is in these counts")


SHAPES: tuple[type[BaseModel], ...] = (Counts,)


@router.get(
    "/complaints/counts",
    response_model=None,
    openapi_extra={"parameters": [BY, *query.PARAMETERS]},
    **openapi.of_read("Counts", PROBLEMS),
)
async def counts(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """How many of a list's complaints there are by one to three of its columns."""
    parts.operator.has_to("read")
    by = request.query_params.getlist("by")
    if not 1 <= len(set(by)) == len(by) <= BY_MAX:
        raise InvalidError(Lack("by", f"one to {BY_MAX} of {', '.join(COUNTED)}"))
    rest = [(n, v) for n, v in request.query_params.multi_items() if n != "by"]
    asked = query.query_of(QueryParams(rest), limit_max=parts.limits.page_rows)
    asked = narrowed(parts, asked)
    return shown(await reading(parts, _counted, by, asked), parts.zone)


def _counted(conn: Connection[Any], by: list[str], asked: Query) -> dict[str, Any]:
    with snapshot(conn):
        found = counts_by(conn, *by, query=asked)
        position = freshness.read(conn, "tracking").position
    most_first = sorted(found.items(), key=lambda one: (-one[1], str(one[0])))
    rows = [{**dict(zip(by, values, strict=True)), "n": n} for values, n in most_first]
    return {"counts": rows, "total": sum(found.values()), "position": position}
