"""Repeat alarms over HTTP: the list, one of them, and what people decide about it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.parts import Parts, parts_in, parts_of, reading
from api.shown import shown
from domain.cluster import Cluster
from domain.deeds import CLUSTER_DEEDS, Deed
from domain.entry import Message, Receipt
from domain.errors import Lack, UnknownClusterError, UnknownComplaintError
from domain.event import Stream
from domain.ledger import Request as Asked
from domain.rulebooks.rulebook import Rules
from projections import freshness
from projections.clusters import LIST_MAX, STATES, Row, by_state, one, tallied
from projections.snapshot import snapshot

Route = Callable[[UUID, Request], Awaitable[Response]]

router = APIRouter(prefix="/clusters", tags=["clusters"])
PROBLEMS = {400, 403, 404, 413, 415, 422, 503}


class Clusters(BaseModel):
    """Repeat alarms, what was raised last first, and how many there are in each state."""

    model_config = ConfigDict(title="Clusters", extra="forbid")

    clusters: list[dict[str, Any]]
    states: dict[str, int]
    position: int = Field(description="every event up to here is in these rows")


class ClusterShown(BaseModel):
    """One alarm with its members, as its table has it."""

    model_config = ConfigDict(title="ClusterShown", extra="allow")

    cluster_id: str
    rule: str
    state: str


SHAPES: tuple[type[BaseModel], ...] = (
    Clusters,
    ClusterShown,
    *(deed.shape for deed in CLUSTER_DEEDS.values()),
)


@router.get("", response_model=None, **openapi.of_read("Clusters", {403, 422, 503}))
async def listed(
    parts: Annotated[Parts, Depends(parts_of)],
    state: Annotated[str | None, Query(pattern=f"^({'|'.join(STATES)})$")] = None,
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = LIST_MAX,
) -> Response:
    """Alarms as their table has them, in one state or in all."""
    parts.operator.has_to("read_all")

    def read(conn: Connection[Any]) -> dict[str, Any]:
        with snapshot(conn):
            return {
                "clusters": by_state(conn, state, limit=limit),
                "states": tallied(conn),
                "position": freshness.read(conn, "clusters").position,
            }

    return shown(await reading(parts, read), parts.zone)


@router.get(
    "/{cluster}",
    response_model=None,
    **openapi.of_read("ClusterShown", {403, 404, 422, 503}),
)
async def read_one(cluster: UUID, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """One alarm with its members. The ETag is the version to decide on."""
    parts.operator.has_to("read_all")
    row = await found(parts, cluster)
    return shown(row, parts.zone, headers={"ETag": f'"{row.version}"'})


async def found(parts: Parts, cluster: UUID) -> Row:
    """The row of an alarm; refused when there is none."""
    row = await reading(parts, one, cluster)
    if row is None:
        raise UnknownClusterError(Lack("cluster", "check its id"))
    return row


def telling(deed: Deed) -> Route:
    """The route of one deed: a meeting is a fact, the others are decisions."""

    async def say(cluster: UUID, request: Request) -> Response:
        parts = parts_in(request)
        with counted(parts, deed.event.TOPIC):
            parts.operator.has_to(deed.event.TOPIC)
            expected = version_of(request, needed=not deed.is_fact)
            raw, body = await body_of(request, parts, deed.shape)
            message = message_of(request, parts, raw)
            receipt = await taken(
                parts, deed, cluster, body, message, expected=expected, source=SOURCE
            )
        name = {"cluster": str(cluster)}
        status = 201 if deed.is_fact else 200
        return told(receipt, parts, name, status=status, location=f"/clusters/{cluster}")

    return say


async def taken(
    parts: Parts,
    deed: Deed,
    cluster: UUID,
    body: BaseModel,
    message: Message,
    *,
    expected: int | None,
    source: str,
) -> Receipt:
    """Say it of a cluster: one way for programs and for the forms of our pages."""
    who = parts.operator.as_who(source)
    said = deed.said(body, who=who, at=parts.now(), ids={})

    def decide(stream: Stream, rules: Rules) -> Stream | None:
        if not isinstance(stream, Cluster):
            raise UnknownClusterError(Lack("cluster", "check its id"))
        return said(stream, rules)

    try:
        return await timed(
            parts, parts.ledger.take(Asked(message, cluster, expected, decide))
        )
    except UnknownComplaintError as error:
        raise UnknownClusterError(Lack("cluster", "check its id")) from error


for _deed in CLUSTER_DEEDS.values():
    router.add_api_route(
        f"/{{cluster}}/{_deed.name}",
        telling(_deed),
        methods=["POST"],
        response_model=None,
        status_code=201 if _deed.is_fact else 200,
        name=_deed.event.TOPIC,
        summary=_deed.event.TOPIC,
        description=str(_deed.do.__doc__),
        **openapi.of_deed(_deed),
    )
