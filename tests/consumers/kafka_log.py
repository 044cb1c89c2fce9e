"""What can happen to a topic behind our back."""

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from infra.kafka import Cluster, Topics


def forget(cluster: Cluster, topic: str, before: dict[int, int]) -> None:
    """Remove the records before these offsets, as their age would."""
    admin = KafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
    try:
        admin.delete_records(
            {TopicPartition(topic, part): offset for part, offset in before.items()}
        )
    finally:
        admin.close()


def make_again(cluster: Cluster, topic: str) -> None:
    """Delete it and make it: the same name, and nothing in it."""
    with Topics(cluster) as topics:
        partitions = topics.describe(topic).partitions
        topics.delete(topic)
        topics.create(topic, partitions=partitions)
