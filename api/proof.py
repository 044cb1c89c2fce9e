"""The proof over HTTP: the last checkpoint, and that what was signed is still there."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field

from api import openapi
from api.parts import Parts, parts_of, reading
from api.problems import DoorError
from domain.errors import InvalidError, Lack, UnreachableError
from infra.proof import merkle, store, verify
from infra.proof.tiles import TileMissingError, nodes
from projections.snapshot import snapshot

POSITION_MAX = 2**62
VERIFIER = Path(verify.__file__).read_text("utf-8")
PROBLEMS = {403, 404, 422, 503}
router = APIRouter(prefix="/ledger", tags=["proof"])
Place = Annotated[int, Query(ge=1, le=POSITION_MAX)]


class Inclusion(BaseModel):
    """Where a leaf stands, and the hashes from it up to the root (RFC 6962)."""

    model_config = ConfigDict(title="Inclusion", extra="forbid")

    position: int
    size: int
    leaf: str = Field(description="base64, as every hash")
    path: list[str]


class Consistency(BaseModel):
    """That the first so many events are what they were (RFC 6962)."""

    model_config = ConfigDict(title="Consistency", extra="forbid")

    held: int
    size: int
    path: list[str]


SHAPES: tuple[type[BaseModel], ...] = (Inclusion, Consistency)
TEXT: dict[int | str, openapi.Doc] = {
    200: {
        "description": "A signed note (C2SP).",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/checkpoint",
    response_model=None,
    response_class=Response,
    responses={**TEXT, **openapi.failing({403, 404})},
)
async def checkpoint(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """How many events there are and their root, as the sealer signed it last."""
    parts.operator.has_to("read")
    note = await reading(parts, store.latest)
    if note is None:
        raise DoorError("not-found", Lack("", "nothing is sealed yet"))
    return Response(note, media_type="text/plain; charset=utf-8")


@router.get(
    "/verify.py",
    response_model=None,
    response_class=Response,
    responses={
        200: {
            "description": "A Python program, to be read before it is believed.",
            "content": {"text/x-python": {"schema": {"type": "string"}}},
        }
    },
)
async def verifier() -> Response:
    """The program that checks a bundle. Whoever doubts us has it from elsewhere."""
    return Response(VERIFIER, media_type="text/x-python; charset=utf-8")


@router.get(
    "/proof/inclusion", response_model=None, **openapi.of_read("Inclusion", PROBLEMS)
)
async def inclusion(
    parts: Annotated[Parts, Depends(parts_of)], position: Place, size: Place
) -> Response:
    """That an event stands at this position of the first so many."""
    parts.operator.has_to("read")
    if position > size:
        raise InvalidError(Lack("position", "no more than the size"))

    def read(conn: Connection[Any]) -> dict[str, Any]:
        node = _nodes(conn, size)
        path = merkle.inclusion(node, position - 1, size)
        leaf = _text(node(0, position - 1))
        return {"position": position, "size": size, "leaf": leaf, "path": _texts(path)}

    return JSONResponse(await reading(parts, _whole, read))


@router.get(
    "/proof/consistency", response_model=None, **openapi.of_read("Consistency", PROBLEMS)
)
async def consistency(
    parts: Annotated[Parts, Depends(parts_of)], held: Place, size: Place
) -> Response:
    """That the first *held* of so many events are those that they were."""
    parts.operator.has_to("read")
    if held > size:
        raise InvalidError(Lack("held", "no more than the size"))

    def read(conn: Connection[Any]) -> dict[str, Any]:
        path = merkle.consistency(_nodes(conn, size), held, size)
        return {"held": held, "size": size, "path": _texts(path)}

    return JSONResponse(await reading(parts, _whole, read))


def _whole(conn: Connection[Any], read: Any) -> dict[str, Any]:  # noqa: ANN401  # either
    """In one snapshot; a tile that is missing is an alarm of the sealer's."""
    try:
        with snapshot(conn):
            found: dict[str, Any] = read(conn)
            return found
    except TileMissingError as error:
        raise UnreachableError(Lack("", "the proof is damaged: see health")) from error


def _nodes(conn: Connection[Any], size: int) -> merkle.Node:
    if size > (sealed := store.head(conn).size):
        raise DoorError("not-found", Lack("size", f"so far {sealed} are sealed"))
    return nodes(store.tile_of(conn, "events"))


def _texts(path: Sequence[bytes]) -> list[str]:
    return [_text(one) for one in path]


def _text(one: bytes) -> str:
    return base64.b64encode(one).decode()
