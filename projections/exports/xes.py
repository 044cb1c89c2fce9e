"""XES (IEEE 1849): the ledger as one trace a complaint, for process mining of one case."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from xml.sax.saxutils import quoteattr

from psycopg import Connection

from domain.codec import Codec
from domain.complaint.intake import Received
from projections.exports import log
from projections.exports.log import utc
from projections.projection import Recorded
from projections.snapshot import snapshot
from projections.stages import happened_at

MEDIA_TYPE = "application/xml"
TRACES_AT_ONCE = 200
STANDARD = "http://www.xes-standard.org/"
EXTENSIONS = {
    "Concept": "concept",
    "Time": "time",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
    "Identity": "identity",
}
# What a trace says of its complaint, as it was received.
OF_COMPLAINT = ("customer", "channel", "kind", "region", "site", "zone", "origin")


def xes(conn: Connection[Any], codec: Codec) -> Iterator[bytes]:
    """The log piece by piece; events of a trace are in the order they happened."""
    with snapshot(conn):
        at = log.head(conn)
        log.counts(conn, ("complaint",))
        yield "".join(_opening(at)).encode()
        found = log.events(conn, codec, ("complaint",), "stream")
        some: list[str] = []
        for _, trace in groupby(found, key=lambda one: one.stream_id):
            some += _trace(list(trace))
            if len(some) >= TRACES_AT_ONCE:
                yield "".join(some).encode()
                some = []
        yield ("".join(some) + "</log>\n").encode()


def _opening(at: log.Head) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<log xes.version="1849-2016" xes.features="" xmlns="{STANDARD}">\n'
    for name, prefix in EXTENSIONS.items():
        uri = f"{STANDARD}{prefix}.xesext"
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'<global scope="trace">{_one("concept:name", "unknown")}</global>\n'
    yield '<global scope="event">'
    yield _one("concept:name", "unknown")
    yield _one("time:timestamp", at.recorded_at)
    yield _one("lifecycle:transition", "complete")
    yield "</global>\n"
    yield '<classifier name="Activity" keys="concept:name"/>\n'
    yield _one("concept:name", "complaint-ledger") + "\n"
    yield _one("lifecycle:model", "standard") + "\n"
    yield _one("ledger:position", at.position) + "\n"
    yield _one("ledger:recorded_at", at.recorded_at) + "\n"


def _trace(found: list[Recorded]) -> Iterator[str]:
    first = found[0].event
    assert isinstance(first, Received), "a complaint begins with its receipt"
    item = first.items[0]
    words: dict[str, Any] = {
        "concept:name": first.number,
        "identity:id": first.originator_id,
        **{name: getattr(first, name) for name in OF_COMPLAINT},
        "product": item.product,
        "batch": item.batch,
        "defect": item.defect,
        "received_at": first.received_at,
    }
    yield "<trace>" + "".join(_known(words)) + "\n"
    for at in sorted(found, key=lambda one: (happened_at(one.event), one.version)):
        yield f"<event>{''.join(_known(_event(at)))}</event>\n"
    yield "</trace>\n"


def _event(at: Recorded) -> dict[str, Any]:
    event = at.event
    return {
        "concept:name": event.TOPIC,
        "time:timestamp": happened_at(event),
        "lifecycle:transition": "complete",
        "org:resource": event.who.by,
        "org:role": event.who.role,
        "identity:id": f"{at.stream_id}:{at.version}",
        "source": event.who.source,
        "clause": getattr(event, "clause", None),
        "version": at.version,
        "position": at.position,
        "recorded_at": at.recorded_at,
    }


def _known(words: dict[str, Any]) -> Iterable[str]:
    """What nobody has stated is left out: XES has no word for it."""
    return (_one(key, value) for key, value in words.items() if value is not None)


def _one(key: str, value: Any) -> str:  # noqa: ANN401  # whatever a column holds
    if key == "identity:id":
        kind, said = "id", str(value)
    elif isinstance(value, datetime):
        kind, said = "date", utc(value)
    elif isinstance(value, int):
        kind, said = "int", str(value)
    else:
        kind, said = "string", str(value)
    return f"<{kind} key={quoteattr(key)} value={quoteattr(_legal(said))}/>"


def _legal(said: str) -> str:
    """XML knows no control characters but tab and line ends, whatever stands in a text."""
    return "".join(c if c >= " " or c in "\t\n\r" else "\ufffd" for c in said)
