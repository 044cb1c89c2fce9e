"""Sends records and waits for every answer; a publisher that failed once is thrown away."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NamedTuple, Self

from kafka import KafkaProducer
from kafka import errors as client

from infra.kafka.cluster import Cluster, connect
from infra.kafka.errors import (
    NotAllowedError,
    NotDeliveredError,
    RecordTooLargeError,
    SenderAliveError,
    in_our_words,
    translated,
)

# Longer than a broker takes to restart (4 s), short enough to be noticed.
DELIVERY_MS = 30_000
REQUEST_MS = 10_000
GRACE_S = 5
JOIN_S = 5


class Outgoing(NamedTuple):
    """A record to be sent; equal keys go to the same partition, in order."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None  # None: by the key


class Acknowledged(NamedTuple):
    """Where a record stands in the log."""

    partition: int
    offset: int


class Publisher:
    """Idempotent within one publisher: no doubles from its own retries, order by key."""

    def __init__(
        self,
        cluster: Cluster,
        *,
        delivery_ms: int = DELIVERY_MS,
        request_ms: int = REQUEST_MS,
    ) -> None:
        """`delivery_ms` bounds a record's way, `request_ms` one question to the broker."""
        # After a wedge the client's futures never end, so we count for ourselves.
        self._patience_s = delivery_ms / 1000 + GRACE_S
        self._failed = False
        self._producer: Any = connect(
            cluster,
            KafkaProducer,
            acks="all",
            enable_idempotence=True,  # said aloud: then a conflicting setting raises
            delivery_timeout_ms=delivery_ms,
            request_timeout_ms=request_ms,
            max_block_ms=request_ms,
            linger_ms=5,
            batch_size=131_072,
            max_request_size=1_048_576,
            compression_type="zstd",
            allow_auto_create_topics=False,  # the default makes a topic of a misspelt name
        )

    def publish(self, topic: str, records: Sequence[Outgoing]) -> list[Acknowledged]:
        """Send all, wait for all; where each now stands, in the order they were given.

        On an error any of them may stand in the log or not, and this publisher is done:
        `discard` it, look into the log, make a new one.
        """
        if self._failed:
            raise RuntimeError("this publisher has failed before: discard it")
        self._failed = True
        answers = self._answers([self._send(topic, record) for record in records])
        failures = [one for one in answers if isinstance(one, BaseException)]
        if not failures:
            self._failed = False
            return [Acknowledged(said.partition, said.offset) for said in answers]
        ours = [translated(one, f"publishing to {topic}") for one in failures]
        for error in ours:
            if isinstance(error, RecordTooLargeError | NotAllowedError):
                raise error  # the others fail only because of it
        text = f"{len(ours)} of {len(records)} records not acknowledged; {ours[0]}"
        raise NotDeliveredError(text) from failures[0]

    def _send(self, topic: str, record: Outgoing) -> Any:  # noqa: ANN401 the client has no types
        with in_our_words(f"publishing to {topic}"):
            return self._producer.send(
                topic,
                key=record.key,
                value=record.value,
                headers=list(record.headers),
                partition=record.partition,
            )

    def _answers(self, futures: list[Any]) -> list[Any]:
        """What became of each: where it stands, or the client's error."""
        until = time.monotonic() + self._patience_s
        answers = []
        for future in futures:
            try:
                said = future.get(timeout=max(0, until - time.monotonic()))
                if said.offset < 0:
                    raise client.KafkaError("acknowledged without an offset")  # noqa: TRY301
            except client.KafkaError as error:
                answers.append(error)
            else:
                answers.append(said)
        return answers

    def discard(self) -> None:
        """End its thread, whatever it was waiting for; nothing more goes out after this.

        The client's own `close` flushes first: wedged, it raises and lets the thread live,
        and what it had buffered may still be sent.
        """
        self._failed = True
        sender = self._producer._sender  # noqa: SLF001 there is no public way
        if sender.is_alive():
            sender.force_close()
            sender.join(JOIN_S)
        if sender.is_alive():
            raise SenderAliveError(f"{sender.name} has not ended within {JOIN_S} s")
        with in_our_words("closing a publisher"):
            self._producer.close(timeout=0)

    # After `publish` nothing is under way, so there is nothing that a flush would save.
    close = discard

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
