"""Kafka as a feed: partitions of the events topic that are ours by a lease, not a group."""

from collections import deque
from collections.abc import Iterable, Sequence

from consumers.envelope import record_of
from consumers.feed import BATCH_MAX, Batch, GapError, LostPlaceError, TopicChangedError
from infra.kafka import Cluster, Message, PartitionReader, Topics
from projections.progress import Place


class KafkaFeed:
    """Begins one record back, to see that the log is the one it was."""

    def __init__(self, cluster: Cluster, topic: str, *, limit: int = BATCH_MAX) -> None:
        self.name = topic
        self._limit = limit
        self._topics = Topics(cluster)
        try:
            found = self._topics.describe(topic)
            self._reader = PartitionReader(cluster, topic)
        except BaseException:
            self._topics.close()
            raise
        self.partitions = found.partitions
        self._id = str(found.id)
        self._at: dict[int, Place] = {}
        self._unproven: set[int] = set()
        self._polled: deque[tuple[int, list[Message]]] = deque()

    def assign(self, partitions: Iterable[int]) -> None:
        """Read these from now on; start each before the next poll."""
        self._at.clear()
        self._unproven.clear()
        self._polled.clear()
        self._reader.assign(partitions)

    def start(self, partition: int, at: Place | None) -> Place:
        """Read on from there; a partition that nobody began is read from its first record.

        Where its first records are gone, what they said must come from the store.
        """
        first = self._reader.beginning_offsets()[partition]
        end = self._reader.end_offsets()[partition]
        beginning = Place(first, self._id, 0)
        if at is None and first > 0:
            raise LostPlaceError(partition, "begun late", beginning)
        at = at or beginning
        if at.topic_id != self._id:
            raise LostPlaceError(partition, "another topic of this name", beginning)
        if at.next_offset < first:
            raise LostPlaceError(partition, "records are gone", beginning)
        if at.next_offset > end:
            raise LostPlaceError(partition, "the log was cut", beginning)
        self._polled = deque(one for one in self._polled if one[0] != partition)
        self._at[partition] = at
        one_back = at.next_offset > first
        self._unproven.discard(partition)
        if one_back:
            self._unproven.add(partition)
        self._reader.seek(partition, at.next_offset - one_back)
        return at

    def poll(self, wait_s: float) -> Batch | None:
        """What comes next. The client may bring several partitions at once; keep all."""
        if not self._polled:
            polled = self._reader.poll(self._limit, wait_ms=int(wait_s * 1000))
            self._polled.extend(polled.items())
        while self._polled:
            partition, messages = self._polled.popleft()
            if partition in self._unproven:
                messages = self._proven(partition, messages)
            if messages:
                return self._batch(partition, messages)
        return None

    def check(self) -> None:
        """A topic that was deleted or made again is silence, not an error: ask."""
        if str(self._topics.describe(self.name).id) != self._id:
            raise TopicChangedError(self.name)

    def close(self) -> None:
        """Give both connections back."""
        try:
            self._reader.close()
        finally:
            self._topics.close()

    def _proven(self, partition: int, messages: Sequence[Message]) -> list[Message]:
        """Without the record one back, if it is the one we read last."""
        at, back = self._at[partition], messages[0]
        if back.offset != at.next_offset - 1:
            raise GapError(f"{self.name}-{partition}: {back.offset}, one back of {at}")
        if record_of(back).position != at.last_position:
            first = self._reader.beginning_offsets()[partition]
            raise LostPlaceError(
                partition, "the log was written anew", Place(first, self._id, 0)
            )
        self._unproven.discard(partition)
        return list(messages[1:])

    def _batch(self, partition: int, messages: Sequence[Message]) -> Batch:
        at = self._at[partition]
        for offset, message in enumerate(messages, start=at.next_offset):
            if message.offset != offset:
                raise GapError(f"{self.name}-{partition}: {message.offset}, not {offset}")
        records = [record_of(message) for message in messages]
        to = Place(messages[-1].offset + 1, self._id, records[-1].position)
        self._at[partition] = to
        return Batch(partition, at, to, records)
