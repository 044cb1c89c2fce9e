"""Rehearsal: what would become of a message, without recording anything."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from consumers.inbound.desk import Desk
from consumers.inbound.memory import remembered
from consumers.inbound.parcel import (
    CONFLICT,
    DUPLICATE,
    REUSED,
    Arrival,
    Parcel,
    Told,
    parcel,
)
from consumers.inbound.planning import Plan
from domain.codec import HEAD, Codec
from domain.entry import ACCEPTED, REFUSED, Entry
from domain.errors import ChangedMeanwhileError, Lack, RefusedError, told
from domain.event import Event, Stream
from domain.ledger import Request, aside
from domain.registry import REGISTRY

SEAL_BYTES = 28  # what a seal adds


class Paper:
    """Seals nothing and knows no key: only how long a seal would be."""

    def seal(self, party_id: UUID, plain: str, *, place: str) -> str:  # noqa: ARG002
        """Something of that length."""
        return base64.b64encode(bytes(SEAL_BYTES + len(plain.encode()))).decode()

    def open(self, party_id: UUID, sealed: str, *, place: str) -> str:  # noqa: ARG002
        """Nothing was sealed, so nothing is ever opened."""
        raise TypeError("a rehearsal has no keys")

    def lacking(self, party_ids: Iterable[UUID]) -> list[UUID]:  # noqa: ARG002
        """No key is needed."""
        return []

    def ready(self, party_ids: Iterable[UUID]) -> None:
        """No key is needed."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the message would be told, and the events it would lead to, in its own words."""

    told: Told
    events: Sequence[dict[str, Any]] = ()


async def rehearse(desk: Desk, arrival: Arrival) -> Rehearsed:
    """Read, look up and decide, on what stands now. Another message may come first."""
    made = parcel(arrival, desk.sources)
    memory = await desk.reading(remembered, [made.key], list(made.names))
    policy = await aside(desk.opened.policies.look)
    asked = Plan(memory, policy, desk.clock()).of(made)
    if isinstance(asked, Request):
        return await _decided(desk, made, asked)
    assert isinstance(asked, Entry), "only a message in a letter waits without a word"
    before = memory.answers.get(made.key)
    if before is not None and before.digest != made.digest:
        return Rehearsed(Told(*made.key, CONFLICT, detail=REUSED))
    outcome = DUPLICATE if before is not None else asked.outcome
    return Rehearsed(
        Told(*made.key, outcome, asked.stream, asked.version, detail=asked.detail)
    )


async def _decided(desk: Desk, made: Parcel, asked: Request) -> Rehearsed:
    made.party_id = uuid4()
    if asked.begins is not None:
        stream = asked.begins()
    else:
        stream = await aside(desk.opened.ledger.load, asked.stream_id)
    seen = stream.version - len(stream.news)
    try:
        news = _news(desk, stream, asked)
    except RefusedError as refused:
        known = asked.stream_id if seen else None
        at = (known, seen or None)
        return Rehearsed(Told(*made.key, REFUSED, *at, detail=told(refused)))
    events = [
        {
            "topic": event.TOPIC,
            **event.model_dump(mode="json", exclude=HIDDEN, exclude_none=True),
        }
        for event in news
    ]
    known = asked.stream_id if seen else None
    return Rehearsed(Told(*made.key, ACCEPTED, known, stream.version), events)


# Made up for the rehearsal.
HIDDEN = {*HEAD, "party_id"}


def _news(desk: Desk, stream: Stream, asked: Request) -> list[Event]:
    """What would be recorded; refused as the ledger itself would refuse it."""
    also = None
    if asked.begins is None:
        named = asked.expected_version
        if named not in {None, stream.version}:
            fix = f"look at version {stream.version} and decide again"
            raise ChangedMeanwhileError(Lack("version", fix))
        also = asked.decide(stream, desk.opened.ledger.rulebooks.of(stream))
    news = [*stream.news, *(also.news if also else ())]
    paper = Codec(REGISTRY, Paper())
    for event in news:
        paper.to_stored_event(event)  # refuses what is too large
    return news
