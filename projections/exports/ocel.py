"""OCEL 2.0 (JSON): the ledger as events about many objects, for process mining."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import Any

from psycopg import Connection

from domain.codec import Codec
from projections.exports import log
from projections.exports.log import utc
from projections.exports.objects import (
    ATTRIBUTES,
    Related,
    Thing,
    related,
    shared_of,
    thing_of,
)
from projections.projection import Recorded
from projections.snapshot import snapshot
from projections.stages import happened_at

MEDIA_TYPE = "application/json"
AT_ONCE = 500
EVENT_ATTRIBUTES = {
    "version": "integer",
    "position": "integer",
    "recorded_at": "time",
    "role": "string",
    "source": "string",
    "clause": "string",
}


def ocel(conn: Connection[Any], codec: Codec, *, penalties: bool) -> Iterator[bytes]:
    """The log piece by piece: read twice, so that nothing has to be held whole.

    The format has no place for what a log stands for, so that is an object of its own, of
    type `ledger`. *penalties* also takes along whom they are about.
    """
    streams = log.WITH_PENALTIES if penalties else log.STREAMS
    with snapshot(conn):
        at = log.head(conn)
        topics = log.counts(conn, streams)
        yield _opening(topics)
        stands = Thing("ledger", "ledger")
        stands.note("position", at.position, at.recorded_at)
        stands.note("recorded_at", utc(at.recorded_at), at.recorded_at)
        found = log.events(conn, codec, streams, "stream")
        things = chain([stands], _things(found, streams))
        yield from _listed(_object(one) for one in things)
        yield b'],\n"events": [\n'
        found = log.events(conn, codec, streams, "ledger")
        yield from _listed(_event(one, streams) for one in found)
        yield b"]}\n"


def _opening(topics: Iterable[str]) -> bytes:
    object_types = [_type(name, kinds) for name, kinds in ATTRIBUTES.items()]
    event_types = [_type(topic, EVENT_ATTRIBUTES) for topic in topics]
    said = f'"objectTypes": {_json(object_types)},\n"eventTypes": {_json(event_types)}'
    return f'{{{said},\n"objects": [\n'.encode()


def _type(name: str, kinds: dict[str, str]) -> dict[str, Any]:
    attributes = [{"name": one, "type": kind} for one, kind in kinds.items()]
    return {"name": name, "attributes": attributes}


def _things(found: Iterable[Recorded], streams: tuple[str, ...]) -> Iterator[Thing]:
    """Each stream as an object, then what several of them share: once each."""
    shared: dict[str, Thing] = {}
    there: set[str] = set()
    for _, stream in groupby(found, key=lambda one: one.stream_id):
        told = list(stream)
        yield thing_of(told, streams)
        there.add(str(told[0].stream_id))
        for one in told:
            for to in related(one.event, streams):
                if to.is_shared:
                    shared.setdefault(to.object_id, shared_of(to))
    yield from shared.values()


def _object(one: Thing) -> dict[str, Any]:
    attributes = [
        {"name": name, "time": utc(at), "value": value} for name, value, at in one.noted
    ]
    return {
        "id": one.object_id,
        "type": one.kind,
        "attributes": attributes,
        "relationships": _relationships(one.related),
    }


def _event(one: Recorded, streams: tuple[str, ...]) -> dict[str, Any]:
    event = one.event
    words = {
        "version": one.version,
        "position": one.position,
        "recorded_at": utc(one.recorded_at),
        "role": event.who.role,
        "source": event.who.source,
        "clause": getattr(event, "clause", None),
    }
    about = Related(event.TOPIC.partition(".")[0], str(one.stream_id), "about")
    return {
        "id": f"{one.stream_id}:{one.version}",
        "type": event.TOPIC,
        "time": utc(happened_at(event)),
        "attributes": [
            {"name": name, "value": value}
            for name, value in words.items()
            if value is not None
        ],
        "relationships": _relationships([about, *related(event, streams)]),
    }


def _relationships(found: Iterable[Related]) -> list[dict[str, str]]:
    told = dict.fromkeys((one.object_id, one.qualifier) for one in found)
    return [{"objectId": to, "qualifier": how} for to, how in told]


def _listed(found: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The members of a JSON list, some at a time."""
    lines = (_json(one) for one in found)
    between = ""
    while some := list(islice(lines, AT_ONCE)):
        yield (between + ",\n".join(some)).encode()
        between = ",\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
