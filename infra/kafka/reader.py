"""Reads partitions, each from the offset it is told: our place is ours, not Kafka's."""

from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as client

from infra.kafka.cluster import REQUEST_MS, Cluster, connect
from infra.kafka.errors import (
    KafkaTroubleError,
    NoAnswerError,
    NotAllowedError,
    UnreadableRecordError,
    in_our_words,
    translated,
)

POLL_MS = 500
POLL_RECORDS = 1_000
FETCH_BYTES = 16_777_216

Isolation = Literal["read_committed", "read_uncommitted"]


class Message(NamedTuple):
    """One record as it stands in the log; a value of None is Kafka's "deleted"."""

    partition: int
    offset: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None
    timestamp_ms: int


class PartitionReader:
    """Some partitions of one topic, for one thread.

    After an error, whichever: `reset`, `seek` every partition, go on. `poll` insists.
    """

    def __init__(
        self, cluster: Cluster, topic: str, *, isolation: Isolation = "read_committed"
    ) -> None:
        """`read_uncommitted`: `end_offsets` counts what an open transaction holds back."""
        self.topic = topic
        self._cluster, self._isolation = cluster, isolation
        self._partitions: tuple[TopicPartition, ...] = ()
        self._unplaced: set[int] = set()
        self._consumer: Any = self._connected()

    def _connected(self) -> Any:  # noqa: ANN401 the client has no types
        return connect(
            self._cluster,
            KafkaConsumer,
            group_id=None,  # we own partitions by a lease, not by the group protocol
            enable_auto_commit=False,  # the default would commit before our rows do
            auto_offset_reset="none",  # the default jumps to the end without a word
            isolation_level=self._isolation,  # the default hands out aborted records
            allow_auto_create_topics=False,  # the default makes a topic of a misspelt name
            check_crcs=True,
            max_poll_records=POLL_RECORDS,  # a batch for set-wise SQL
            fetch_max_wait_ms=100,  # bounds what an idle topic adds to the latency
            fetch_max_bytes=FETCH_BYTES,
            max_partition_fetch_bytes=1_048_576,
            request_timeout_ms=REQUEST_MS,
            metadata_max_age_ms=5_000,  # the default finds a moved leader after 5 minutes
        )

    def assign(self, partitions: Iterable[int]) -> None:
        """These partitions from now on; `seek` each before the next `poll`."""
        self._partitions = tuple(
            TopicPartition(self.topic, partition) for partition in sorted(set(partitions))
        )
        with in_our_words(f"assigning {self.topic}"):
            self._consumer.assign(list(self._partitions))
        self._unplaced = {at.partition for at in self._partitions}

    def seek(self, partition: int, offset: int) -> None:
        """The next record of this partition is the one at `offset` or the first above."""
        with in_our_words(f"seeking {self.topic}-{partition}"):
            self._consumer.seek(TopicPartition(self.topic, partition), offset)
        self._unplaced.discard(partition)

    def poll(self, limit: int, *, wait_ms: int = POLL_MS) -> dict[int, list[Message]]:
        """At most `limit` records by partition, in order; empty when none came in time.

        Several partitions may come at once, and the position of each is then past them:
        whoever drops one must seek back. A broker that is gone, frozen, or has lost the
        topic, is silence here too; only `Topics.describe` tells them apart.
        """
        if self._unplaced:
            raise RuntimeError(f"seek first: {self.topic} {sorted(self._unplaced)}")
        try:
            polled = self._consumer.poll(timeout_ms=wait_ms, max_records=limit)
        except (client.KafkaError, OSError) as error:
            raise self._broken_by(error) from error
        # Without the right to describe the topic, the client itself would only be silent.
        if not polled and self.topic in self._consumer._cluster.unauthorized_topics:  # noqa: SLF001
            raise NotAllowedError(f"reading {self.topic}: no right to")
        return {
            at.partition: [
                Message(
                    at.partition,
                    record.offset,
                    record.key,
                    tuple(record.headers),
                    record.value,
                    record.timestamp,
                )
                for record in records
            ]
            for at, records in polled.items()
        }

    def _broken_by(self, error: Exception) -> Exception:
        """What happened; and no more polls before a reset.

        After an error in the middle of a batch the client's next poll never returns.
        """
        self._unplaced = {at.partition for at in self._partitions}
        doing = f"reading {self.topic}"
        if isinstance(error, client.CorruptRecordError):
            batch = self._consumer._fetcher._next_partition_records  # noqa: SLF001
            if batch is not None:  # the error itself does not say where it was
                where = batch.topic_partition.partition
                text = f"{doing}-{where} at {self.position(where)}: {error}"
                return UnreadableRecordError(text, where, self.position(where))
        return translated(error, doing)

    def position(self, partition: int) -> int:
        """The offset that comes next, past whatever a transaction left in between."""
        with in_our_words(f"position in {self.topic}-{partition}"):
            at = self._consumer.position(
                TopicPartition(self.topic, partition), timeout_ms=REQUEST_MS
            )
        if at is None:
            raise NoAnswerError(f"position in {self.topic}-{partition}: not known in time")
        return int(at)

    def end_offsets(self) -> dict[int, int]:
        """Where each partition ends: of what is committed, or of all, by the isolation."""
        with in_our_words(f"the end of {self.topic}"):
            said = self._consumer.end_offsets(list(self._partitions), REQUEST_MS)
        return {at.partition: offset for at, offset in said.items()}

    def beginning_offsets(self) -> dict[int, int]:
        """The first offset that each partition still holds."""
        with in_our_words(f"the beginning of {self.topic}"):
            said = self._consumer.beginning_offsets(list(self._partitions), REQUEST_MS)
        return {at.partition: offset for at, offset in said.items()}

    def reset(self) -> None:
        """A new client with the same partitions; `seek` each before the next `poll`."""
        self.close()
        self._consumer = self._connected()
        self.assign([at.partition for at in self._partitions])

    def close(self) -> None:
        """Give the connection back; nothing is committed anywhere."""
        # What it was to tell the broker, the broker will find out by itself.
        with suppress(KafkaTroubleError), in_our_words(f"closing {self.topic}"):
            self._consumer.close(autocommit=False, timeout_ms=REQUEST_MS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
