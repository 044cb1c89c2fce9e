"""How the ledger is doing: for a probe, for Prometheus, and in words for a person."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api import openapi
from api.condition import UNDELIVERED, Colour, Condition, look
from api.metrics import Metrics
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.errors import UnreachableError

router = APIRouter(tags=["operations"])


class WorkerShown(BaseModel):
    """One that keeps up with the ledger: a read model's projector, or a relay."""

    model_config = ConfigDict(title="WorkerShown", extra="forbid")

    kind: str
    name: str
    position: int
    lag_events: int
    lag_seconds: float
    heartbeat_at: AwareDatetime | None
    heartbeat_age_s: float | None
    live: bool
    trouble: str | None
    parked: int


class CheckShown(BaseModel):
    """The last time a read model was held against the ledger."""

    model_config = ConfigDict(title="CheckShown", extra="forbid")

    projection: str
    generation: str
    began_at: AwareDatetime
    ended_at: AwareDatetime
    position: int
    events: int
    outcome: str
    place: str | None


class Health(BaseModel):
    """The whole of it: red when what is read is not what is so, or will not be."""

    model_config = ConfigDict(title="Health", extra="forbid")

    status: Colour
    mode: str
    database: bool
    why: list[str]
    head_position: int | None = None
    workers: list[WorkerShown] = []
    letters: dict[str, int] = {}
    resets: int = 0
    checks: list[CheckShown] = []


SHAPES: tuple[type[BaseModel], ...] = (WorkerShown, CheckShown, Health)
LETTER_KINDS = ("held", "conflict", "malformed", "defect", "expired")
_HEALTH = openapi.of_read("Health", ())
_RED: dict[int | str, openapi.Doc] = {
    503: {**_HEALTH["responses"][200], "description": "It is red."}
}


@router.get("/health/live", **openapi.of_read(None, ()))
async def live() -> dict[str, str]:
    """The process answers. Restart it when it does not."""
    return {"status": "live"}


@router.get(
    "/health/ready",
    response_model=None,
    responses={**openapi.of_read(None, ())["responses"], 503: openapi.failing([503])[503]},
)
async def ready(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """The store can be reached, so commands are taken. Send nobody here while it is not."""
    await reading(parts, look, parts.mode)
    return JSONResponse({"status": "ready"})


@router.get("/health", response_model=None, responses={**_HEALTH["responses"], **_RED})
async def health(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Everything that runs, how far it has come, and what needs a person."""
    found = await condition(parts)
    said: dict[str, Any] = {"status": "red", "mode": parts.mode, "database": False}
    if found is None:
        said["why"] = ["the database does not answer"]
    else:
        said |= {
            "status": found.colour(),
            "database": True,
            "why": [why for _, why in found.faults()],
            "head_position": found.head_position,
            "workers": found.workers,
            "letters": dict(found.letters),
            "resets": found.resets,
            "checks": [check._asdict() for check in found.checks],
        }
    return shown(said, parts.zone, status=503 if said["status"] == "red" else 200)


async def condition(parts: Parts) -> Condition | None:
    """How everything is doing; `None` when the database does not answer."""
    try:
        return await reading(parts, look, parts.mode)
    except UnreachableError:
        return None


@router.get(
    "/metrics",
    response_model=None,
    response_class=Response,
    responses={
        200: {
            "description": "In Prometheus' text format.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
async def metrics(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """The same in numbers, and what was counted since the process began."""
    note(parts.metrics, await condition(parts))
    return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def note(gauges: Metrics, found: Condition | None) -> None:
    """Set every gauge to what was found; what was not found has no value."""
    gauges.forget()
    gauges.store_up.set(found is not None)
    if found is None:
        return
    gauges.head.set(found.head_position)
    gauges.resets.set(found.resets)
    for kind in LETTER_KINDS:
        gauges.letters.labels(kind).set(found.letters.get(kind, 0))
    for state in ("waiting", "sending", *UNDELIVERED):
        gauges.notices.labels(state).set(found.notices.get(state, 0))
    for one in found.workers:
        named = (one.kind, one.name)
        gauges.lag_events.labels(*named).set(one.lag_events)
        gauges.lag_seconds.labels(*named).set(one.lag_seconds)
        gauges.parked.labels(*named).set(one.parked)
        gauges.live.labels(*named).set(one.live)
        if one.heartbeat_age_s is not None:
            gauges.heartbeat_age.labels(*named).set(one.heartbeat_age_s)
