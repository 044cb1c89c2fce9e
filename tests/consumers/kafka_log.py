"""What can happen to a topic behind our back."""

import os
import signal

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from infra.broker.launcher import EmbeddedBroker
from infra.broker.server_properties import DATA
from infra.kafka import Cluster, Topics
from tests.waiting import until


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


def cut(broker: EmbeddedBroker, topic: str, *, keep: float) -> None:
    """A power cut: the broker dies, and the end of each partition was not on the disk.

    It starts again on what is left, as it would on a machine that comes back.
    """
    os.kill(broker.pid, signal.SIGKILL)
    until(lambda: not broker.is_running())
    data = broker.home / DATA
    for folder in data.glob(f"{topic}-*"):
        for log in folder.glob("*.log"):
            os.truncate(log, int(log.stat().st_size * keep))
        for made_of_it in (*folder.glob("*index"), *folder.glob("*.snapshot")):
            made_of_it.unlink()
    for checkpoint in ("recovery-point-offset-checkpoint", "replication-offset-checkpoint"):
        (data / checkpoint).unlink(missing_ok=True)
    broker.start()
