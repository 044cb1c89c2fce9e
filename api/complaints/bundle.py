"""The bundle of a complaint: what an auditor checks alone, without us and our programs."""

import asyncio
import base64
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field

from api import openapi
from api.asked import SOURCE, body_of
from api.identity.sites import complaint_of
from api.parts import Parts, apart, parts_in, parts_of, reading
from domain.codec import place
from domain.errors import Lack, UnreachableError
from domain.event import sealed_fields
from domain.words import Line
from infra.keys import COMMITTED
from infra.proof import merkle, store
from infra.proof.tiles import TileMissingError, nodes
from infra.proof.verify import FORMAT
from projections.snapshot import snapshot

SEALED_WITHIN_S, LOOK_S = 3.0, 0.2
HELD_MAX = 20  # earlier checkpoints that one bundle is shown to continue
EVENTS = """
    SELECT position, recorded_at, version, topic, state
      FROM ledger.event WHERE stream = %s ORDER BY version
"""


class Bundle(BaseModel):
    """Events as they are stored, with what proves them; `verify.py` checks it."""

    model_config = ConfigDict(title="Bundle", extra="forbid")

    format: str
    number: str
    stream: str
    checkpoint: str = Field(description="a signed note (C2SP)")
    events: list[dict[str, Any]]
    disclosed: list[dict[str, Any]] = Field(description="sealed texts that were opened")
    consistency: list[dict[str, Any]] = Field(description="from checkpoints you hold")
    statement: dict[str, Any] = Field(
        description="that these versions are all that was recorded up to this position"
    )


class Export(BaseModel):
    """To whom opened evidence is given, and why: recorded in clear, as they are."""

    model_config = ConfigDict(title="Export", frozen=True, extra="forbid", strict=True)

    recipient: Line
    reason: Line


SHAPES: tuple[type[BaseModel], ...] = (Bundle, Export)
PROBLEMS = {403, 404, 422, 503}
router = APIRouter(prefix="/complaints/{number}", tags=["proof"])


@dataclass(frozen=True, slots=True)
class Proved:
    """The events of one stream under one checkpoint."""

    checkpoint: str
    size: int
    events: Sequence[tuple[int, datetime, int, str, bytes]]
    paths: Sequence[Sequence[bytes]]
    consistency: Sequence[tuple[int, Sequence[bytes]]]
    waiting: bool  # something of it is not sealed yet


Held = Annotated[list[int] | None, Query(max_length=HELD_MAX)]


@router.get("/bundle", response_model=None, **openapi.of_read("Bundle", PROBLEMS))
async def bundle(
    number: str, parts: Annotated[Parts, Depends(parts_of)], held: Held = None
) -> Response:
    """Everything about a complaint that can be proved, as one file; names stay sealed.

    `held`: sizes of checkpoints that you were given before, which this one is then shown
    to continue.
    """
    parts.operator.has_to("read")
    complaint_id = await complaint_of(parts, number)
    found = await _sealed(parts, complaint_id, held or [])
    return _file(number, complaint_id, found, [])


@router.post(
    "/bundle",
    response_model=None,
    **openapi.of_command(Export, 200, PROBLEMS | {400, 413, 415}, answers="Bundle"),
)
async def opened_bundle(number: str, request: Request, held: Held = None) -> Response:
    """The same with what may name a person opened; the ledger records to whom and why."""
    parts = parts_in(request)
    parts.operator.has_to("read_personal")
    _, said = await body_of(request, parts, Export)
    return await opened_for(parts, number, said, source=SOURCE, held=held or [])


async def opened_for(
    parts: Parts, number: str, said: Export, *, source: str, held: Sequence[int] = ()
) -> Response:
    """One way for programs and for the form of our page: noted first, then given."""
    parts.operator.has_to("read_personal")
    complaint_id = await complaint_of(parts, number)
    found = await _sealed(parts, complaint_id, held)
    if parts.operating is None:
        raise UnreachableError(Lack("", "do it at a terminal"))
    await parts.operating.note_export(
        parts.operator.as_who(source),
        complaint_id=complaint_id,
        checkpoint=found.size,
        recipient=said.recipient,
        reason=said.reason,
    )
    disclosed = await apart(_opened, parts, complaint_id, found)
    return _file(number, complaint_id, found, disclosed)


def _file(
    number: str, stream: UUID, found: Proved, disclosed: list[dict[str, Any]]
) -> Response:
    text = json.dumps(_as_json(number, stream, found, disclosed), ensure_ascii=False)
    named = {"Content-Disposition": f'attachment; filename="{_name(number)}.bundle.json"'}
    return Response(text, 200, named, "application/json")


async def _sealed(parts: Parts, stream: UUID, held: Sequence[int]) -> Proved:
    """With its last event, if the sealer does its work; else with what is sealed of it."""
    until = time.monotonic() + SEALED_WITHIN_S
    while True:
        found = await reading(parts, _proved, stream, held)
        if found is not None and not found.waiting:
            return found
        if time.monotonic() > until:
            if found is not None and found.events:
                return found
            raise UnreachableError(Lack("", "it is not sealed yet: ask again"))
        await asyncio.sleep(LOOK_S)


def _proved(conn: Connection[Any], stream: UUID, held: Sequence[int]) -> Proved | None:
    with snapshot(conn):
        note = store.latest(conn)
        if note is None:
            return None
        size = int(note.splitlines()[1])
        rows = conn.execute(EVENTS, [stream]).fetchall()
        events = [row for row in rows if row[0] <= size]
        node = nodes(store.tile_of(conn, "events"))
        try:
            return Proved(
                note,
                size,
                events,
                [merkle.inclusion(node, row[0] - 1, size) for row in events],
                [(n, merkle.consistency(node, n, size)) for n in held if 0 < n < size],
                len(events) < len(rows),
            )
        except TileMissingError as error:
            raise UnreachableError(Lack("", "the proof is damaged: see health")) from error


def _opened(parts: Parts, stream: UUID, found: Proved) -> list[dict[str, Any]]:
    """What was sealed, opened for one who may read it."""
    codec, keys = parts.opened.codec, parts.opened.keys
    disclosed = []
    for _, _, version, topic, state in found.events:
        event = codec.to_domain_event(StoredEvent(stream, version, topic, bytes(state)))
        for name in sealed_fields(type(event)):
            sealed = getattr(event, name)
            if sealed is None or not sealed.startswith(COMMITTED):
                continue
            where = place(event, name)
            said = keys.disclosed(event.party_id, sealed, place=where)  # type: ignore[attr-defined]  # where a field is sealed, its person is named
            if said is not None:
                salt = base64.b64encode(said.salt).decode()
                disclosed.append(
                    {"version": version, "field": name, "text": said.text, "salt": salt}
                )
    return disclosed


def _as_json(
    number: str, stream: UUID, found: Proved, disclosed: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "number": number,
        "stream": str(stream),
        "checkpoint": found.checkpoint,
        "events": list(_events(found)),
        "disclosed": disclosed,
        "consistency": [{"size": n, "path": _texts(p)} for n, p in found.consistency],
        "statement": {"versions": len(found.events), "position": found.size},
    }


def _events(found: Proved) -> Iterator[dict[str, Any]]:
    for row, path in zip(found.events, found.paths, strict=True):
        position, recorded_at, version, topic, state = row
        yield {
            "position": position,
            "recorded_at": recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "version": version,
            "topic": topic,
            "state": base64.b64encode(bytes(state)).decode(),
            "path": _texts(path),
        }


def _texts(path: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in path]


def _name(number: str) -> str:
    """The number as a file may be called on any machine."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in number)
