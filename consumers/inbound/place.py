"""Our place in a topic that others write, and what to do when it is not there any more."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from consumers.inbound.intake import Intake
from consumers.inbound.message import MalformedError, Place, Raw
from consumers.inbound.parcel import Arrival
from domain.errors import ChangedMeanwhileError, Lack
from infra.kafka import Cluster, PartitionReader, Topics
from infra.logs import log

STORED = """
SELECT part, topic_id, next_offset FROM ledger.inbound_cursor WHERE topic = %s
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where we read on, in a topic of this id."""

    topic_id: str
    next_offset: int


class MessagesLostError(Exception):
    """Messages are gone from a topic before we read them; an operator lets us go on."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A range of a partition that nobody can read any more."""

    topic: str
    partition: int
    was: Stored
    topic_id: str
    beginning: int  # where reading can go on

    def __str__(self) -> str:
        """What an operator is told."""
        where = f"{self.topic} [{self.partition}]"
        if self.topic_id != self.was.topic_id:
            what = f"the topic was made again; what it held from {self.was.next_offset} on"
        elif self.beginning > self.was.next_offset:
            what = f"offsets {self.was.next_offset} to {self.beginning - 1}"
        else:
            what = f"the log went back; what it held before offset {self.was.next_offset}"
        return f"{where}: {what} cannot be read. To go on without: ledger inbound go-on"


def stored(conn: Connection[Any], topic: str) -> dict[int, Stored]:
    """Where we read on in each partition that we have begun."""
    rows = conn.execute(STORED, [topic]).fetchall()
    return {part: Stored(topic_id, at) for part, topic_id, at in rows}


def lost(
    topic: str,
    topic_id: str,
    at: dict[int, Stored],
    beginnings: dict[int, int],
    ends: dict[int, int],
) -> list[Lost]:
    """What of these partitions was removed, or rewritten, before we read it."""
    return [
        Lost(topic, partition, was, topic_id, beginnings[partition])
        for partition, was in sorted(at.items())
        if partition in beginnings
        and (
            was.topic_id != topic_id
            or not beginnings[partition] <= was.next_offset <= ends[partition]
        )
    ]


async def go_on(intake: Intake, cluster: Cluster, topic: str, *, by: str) -> list[Lost]:
    """Accept what is lost, and read on behind it: an operator's decision, recorded.

    It stands as a malformed message of its own, so it goes to the dead letters too.
    """
    gone = await intake.desk.reading(_look, cluster, topic)
    for one in gone:
        until = f"{one.was.next_offset}-{one.topic_id}-{one.beginning}"
        fix = f"{one}; {by} let reading go on"
        place = Place(topic, one.was.topic_id, one.partition, one.was.next_offset)
        error = MalformedError("lost", "", fix)
        await intake.take([Arrival(Raw((), until.encode(), place), lost=error)])
        await intake.desk.reading(_skip, one)
        log.warning(
            "messages_lost", topic=topic, partition=one.partition, offset=one.beginning
        )
    return gone


def _look(conn: Connection[Any], cluster: Cluster, topic: str) -> list[Lost]:
    at = stored(conn, topic)
    with Topics(cluster) as topics, PartitionReader(cluster, topic) as reader:
        described = topics.describe(topic)
        reader.assign(range(described.partitions))
        limits = reader.beginning_offsets(), reader.end_offsets()
    return lost(topic, str(described.id), at, *limits)


def _skip(conn: Connection[Any], one: Lost) -> None:
    words = [one.topic, one.partition, one.was.next_offset, one.topic_id, one.beginning]
    row = conn.execute("SELECT ledger.skip_lost(%s, %s, %s, %s, %s)", words).fetchone()
    if row is None or not row[0]:
        raise ChangedMeanwhileError(Lack("topic", "somebody else let it go on: look again"))
