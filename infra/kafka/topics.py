"""Topics: ours by name and setting, and what the cluster says of any."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

from kafka import errors as client
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from infra.kafka.cluster import REQUEST_MS, Cluster, connect
from infra.kafka.errors import (
    NoAnswerError,
    TopicMissingError,
    in_our_words,
    translated,
)

PARTITIONS = 12
DAY_MS = 86_400_000
RETENTION_MS = 14 * DAY_MS
FOR_EVER = -1
# Room for an event of 256 kB, sealed, with its headers; and for a batch of small ones.
RECORD_BYTES = 1_048_588
WAIT_S = 10
PAUSE_S = 0.02


class TopicNames(NamedTuple):
    """The product's five topics, behind the prefix of this installation."""

    prefix: str = ""

    @property
    def events(self) -> str:
        """What happened to complaints; public, additive changes only."""
        return f"{self.prefix}complaints.events.v1"

    @property
    def inbound(self) -> str:
        """What upstream systems tell us."""
        return f"{self.prefix}complaints.inbound.v1"

    @property
    def dead_letters(self) -> str:
        """Which of it could not be read, and why; never the message itself."""
        return f"{self.inbound}.dlq"

    @property
    def outcomes(self) -> str:
        """What became of each message."""
        return f"{self.prefix}complaints.outcomes.v1"

    @property
    def checkpoints(self) -> str:
        """What the sealer signed: where no administrator of the database can reach it."""
        return f"{self.prefix}ledger.checkpoints"

    @property
    def ours_alone(self) -> tuple[str, ...]:
        """Those that only we write: all of it can be said again from the store."""
        return (self.events, self.dead_letters, self.outcomes, self.checkpoints)


@dataclass(frozen=True)
class Topic:
    """A topic as the cluster has it."""

    name: str
    id: UUID  # another one after it was deleted and made again
    partitions: int
    leaderless: tuple[int, ...]

    @property
    def usable(self) -> bool:
        """Every partition can be read and written now."""
        return self.partitions > 0 and not self.leaderless


def _kept(retention_ms: int) -> dict[str, str]:
    return {
        "cleanup.policy": "delete",  # compaction would leave holes
        "retention.ms": str(retention_ms),
        "retention.bytes": "-1",
        "max.message.bytes": str(RECORD_BYTES),
        "unclean.leader.election.enable": "false",  # would lose acknowledged records
    }


def events_topic_config(retention_ms: int = RETENTION_MS) -> dict[str, str]:
    """For the events topic; the store is the ledger, so the topic need not keep all."""
    return _kept(retention_ms)


def inbound_topic_config(retention_ms: int = RETENTION_MS) -> dict[str, str]:
    """For a topic that others write, whose contents we must survive."""
    return _kept(retention_ms) | {
        # The broker unpacks and then measures: a megabyte that would unpack to a gigabyte
        # in our reader is refused to its sender.
        "compression.type": "uncompressed",
        # By a sender's own time stamp an old complaint would be past its retention at once.
        "message.timestamp.type": "LogAppendTime",
    }


def dead_letter_topic_config(retention_ms: int = 30 * DAY_MS) -> dict[str, str]:
    """For reasons and places: as long as the sealed message itself is kept."""
    return _kept(retention_ms)


def outcomes_topic_config(retention_ms: int = RETENTION_MS) -> dict[str, str]:
    """For answers, which are also to be had over HTTP."""
    return _kept(retention_ms)


def checkpoints_topic_config() -> dict[str, str]:
    """For signed checkpoints: an anchor is kept for ever."""
    return _kept(FOR_EVER)


class Topics:
    """The cluster's own view, for one thread; each call answers or fails in seconds."""

    def __init__(self, cluster: Cluster, *, request_ms: int = REQUEST_MS) -> None:
        """`request_ms` bounds one question to the cluster."""
        self._admin: Any = connect(
            cluster,
            KafkaAdminClient,
            request_timeout_ms=request_ms,
            metadata_max_age_ms=5_000,
        )

    def create(
        self,
        name: str,
        *,
        partitions: int = PARTITIONS,
        replication: int = 1,
        config: Mapping[str, str] | None = None,
    ) -> Topic:
        """The topic, ready for use; one that is there is left as it is.

        The number of partitions is for good: keys would move, and more are a new topic.
        Only where it is missing is a right to make it needed.
        """
        try:
            self.describe(name)
        except TopicMissingError:
            self._make(name, partitions, replication, config or {})
        made = self._until(name, lambda topic: topic is not None and topic.usable)
        assert made is not None
        return made

    def _make(
        self, name: str, partitions: int, replication: int, config: Mapping[str, str]
    ) -> None:
        insync = max(1, replication - 1)  # one copy may be away, and no record is lost
        settings = {"min.insync.replicas": str(insync), **config}
        wanted = {
            "num_partitions": partitions,
            "replication_factor": replication,
            "configs": settings,
        }
        try:
            # Made by another at this moment: it stays as it is.
            with suppress(client.TopicAlreadyExistsError):
                self._admin.create_topics({name: wanted}, timeout_ms=REQUEST_MS)
        except (client.KafkaError, OSError) as error:
            raise translated(error, f"making the topic {name}") from error

    def create_ours(
        self, names: TopicNames, *, partitions: int = PARTITIONS, replication: int = 1
    ) -> dict[str, Topic]:
        """The product's five topics, each with its settings; by name."""
        configs = {
            names.events: events_topic_config(),
            names.inbound: inbound_topic_config(),
            names.dead_letters: dead_letter_topic_config(),
            names.outcomes: outcomes_topic_config(),
            names.checkpoints: checkpoints_topic_config(),
        }
        return {
            name: self.create(
                name,
                partitions=1 if name == names.checkpoints else partitions,  # in one order
                replication=replication,
                config=config,
            )
            for name, config in configs.items()
        }

    def describe(self, name: str) -> Topic:
        """The topic as it is now; asking takes about a millisecond."""
        with in_our_words(f"describing {name}"):
            said = self._admin.describe_topics([name])[0]
            error = client.for_code(said["error_code"])
            if error is not client.NoError:
                raise error(f"no topic {name}")
        return _topic(said)

    def names(self) -> list[str]:
        """All topics we may see."""
        with in_our_words("listing topics"):
            return sorted(self._admin.list_topics())

    def settings(self, name: str) -> dict[str, str]:
        """All settings of a topic, also those it was not given (needs DESCRIBE_CONFIGS)."""
        asked = ConfigResource(ConfigResourceType.TOPIC, name)
        with in_our_words(f"settings of {name}"):
            said = self._admin.describe_configs([asked], config_filter="all")
        return {key: one["value"] for key, one in said["topic"][name].items()}

    def delete(self, name: str) -> None:
        """Gone when this returns; what is not there is gone already."""
        try:
            self._admin.delete_topics([name], timeout_ms=REQUEST_MS)
        except client.UnknownTopicOrPartitionError:
            return
        except (client.KafkaError, OSError) as error:
            raise translated(error, f"deleting {name}") from error
        self._until(name, lambda topic: topic is None)

    def cluster_id(self) -> str:
        """Which cluster has answered: an address says little about that."""
        with in_our_words("describing the cluster"):
            return str(self._admin.describe_cluster()["cluster_id"])

    def leaderless(self) -> list[str]:
        """Partitions that nobody can read or write now, as `topic-partition`."""
        with in_our_words("describing all topics"):
            topics = [_topic(said) for said in self._admin.describe_topics()]
        return [f"{topic.name}-{number}" for topic in topics for number in topic.leaderless]

    def close(self) -> None:
        """Give the connection back."""
        self._admin.close()

    def _until(self, name: str, done: Callable[[Topic | None], bool]) -> Topic | None:
        """The topic when it is as wanted: a change is accepted before it is there."""
        until = time.monotonic() + WAIT_S
        while True:
            try:
                topic: Topic | None = self.describe(name)
            except TopicMissingError:
                topic = None
            if done(topic):
                return topic
            if time.monotonic() > until:
                raise NoAnswerError(
                    f"{name} is not as asked for within {WAIT_S} s: {topic}"
                )
            time.sleep(PAUSE_S)  # no broker says when its metadata has come round

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _topic(said: Mapping[str, Any]) -> Topic:
    partitions = said["partitions"]
    return Topic(
        said["name"],
        UUID(str(said["topic_id"])),
        len(partitions),
        tuple(one["partition_index"] for one in partitions if one["leader_id"] < 0),
    )
