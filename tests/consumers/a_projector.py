"""A process that projects until it is killed: `python -m tests.consumers.a_projector`."""

import sys
import threading

from consumers import projecting
from infra.kafka import Cluster, TopicNames
from projections.stages import stages


def main(dsn: str, servers: str, prefix: str) -> None:
    """Through Kafka, in earnest."""
    projecting.run(
        [stages],
        dsn=dsn,
        feed="kafka",
        cluster=Cluster(servers),
        topics=TopicNames(prefix),
        stop=threading.Event(),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
