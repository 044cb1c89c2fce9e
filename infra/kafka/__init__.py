"""Kafka, thinly: the one place that imports the client, with every default spelled out."""

from infra.kafka.cluster import Cluster
from infra.kafka.errors import (
    KafkaTroubleError,
    KafkaUnreachableError,
    NoAnswerError,
    NotAllowedError,
    NotDeliveredError,
    OffsetLostError,
    RecordTooLargeError,
    SenderAliveError,
    TopicMissingError,
    UnreadableRecordError,
)
from infra.kafka.partitioning import partition_for
from infra.kafka.publisher import Acknowledged, Outgoing, Publisher
from infra.kafka.reader import Isolation, Message, PartitionReader
from infra.kafka.topics import (
    Topic,
    TopicNames,
    Topics,
    checkpoints_topic_config,
    dead_letter_topic_config,
    events_topic_config,
    inbound_topic_config,
    outcomes_topic_config,
)

__all__ = [
    "Acknowledged",
    "Cluster",
    "Isolation",
    "KafkaTroubleError",
    "KafkaUnreachableError",
    "Message",
    "NoAnswerError",
    "NotAllowedError",
    "NotDeliveredError",
    "OffsetLostError",
    "Outgoing",
    "PartitionReader",
    "Publisher",
    "RecordTooLargeError",
    "SenderAliveError",
    "Topic",
    "TopicMissingError",
    "TopicNames",
    "Topics",
    "UnreadableRecordError",
    "checkpoints_topic_config",
    "dead_letter_topic_config",
    "events_topic_config",
    "inbound_topic_config",
    "outcomes_topic_config",
    "partition_for",
]
