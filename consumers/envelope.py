"""An event on its way through Kafka: a CloudEvents 1.0 message in binary mode."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consumers.feed import Record, StrangeRecordError
from infra.kafka import Message

SPEC_VERSION = b"1.0"
CONTENT_TYPE = b"application/json"
SOURCE = "/complaint-ledger"
MARK = "ledger_position"
EVENT_VERSION = 1  # of the stored shape; a second one gets a topic word of its own


def headers_of(record: Record, source: str = SOURCE) -> tuple[tuple[str, bytes], ...]:
    """What stands beside the bytes: enough to order and to check them unopened."""
    stream, at = str(record.stream_id), record.recorded_at.isoformat()
    return tuple(
        (name, word.encode() if isinstance(word, str) else word)
        for name, word in (
            ("ce_specversion", SPEC_VERSION),
            ("ce_id", f"{stream}:{record.version}"),
            ("ce_source", source),
            ("ce_type", record.topic),
            ("ce_time", at),
            ("ce_subject", stream),
            ("ce_dataschema", f"urn:complaint-ledger:{record.topic}:v{EVENT_VERSION}"),
            ("content-type", CONTENT_TYPE),
            (MARK, str(record.position)),
            ("ledger_recorded_at", at),
            ("stream_version", str(record.version)),
        )
    )


def record_of(message: Message) -> Record:
    """The event in a message of ours."""
    where = f"partition {message.partition} offset {message.offset}"
    try:
        record = _record(dict(message.headers), message.value or b"")
    except (KeyError, ValueError) as error:
        raise StrangeRecordError(f"{where}: not an event of ours") from error
    if message.key != str(record.stream_id).encode() or not record.state:
        raise StrangeRecordError(f"{where}: its key and its id do not agree")
    return record


def _record(headers: Mapping[str, bytes | None], state: bytes) -> Record:
    stream, _, version = _text(headers, "ce_id").partition(":")
    return Record(
        stream_id=UUID(stream),
        version=int(version),
        position=int(_text(headers, MARK)),
        recorded_at=datetime.fromisoformat(_text(headers, "ledger_recorded_at")),
        topic=_text(headers, "ce_type"),
        state=state,
    )


def _text(headers: Mapping[str, bytes | None], name: str) -> str:
    value = headers[name]
    if value is None:
        raise ValueError(name)
    return value.decode()
