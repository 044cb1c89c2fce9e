"""The broker's settings, each with its reason."""

from collections.abc import Mapping

DATA = "data"  # relative to the home, so that no path has to be escaped
HOST = "127.0.0.1"


FIXED = {
    # One node that is broker and controller at once. It goes with `format --standalone`;
    # `quorum.voters` belongs to another way to found a cluster.
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "log.dirs": DATA,
    # After a kill -9 the old session must run out before the new one counts: 4 s to a
    # restart so, 12 s by default. Half of it would fence us on a short stall.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    # A misspelt name makes no topic.
    "auto.create.topics.enable": "false",
    # One broker has no replica: acknowledged means on the disk, not in its cache.
    "log.flush.interval.messages": "1",
    # Kept unless a topic says otherwise.
    "log.retention.hours": "-1",
    "log.retention.bytes": "-1",
    # One node has one copy; and one log each to open, instead of 50.
    "offsets.topic.num.partitions": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Where groups are used (tests, tools), they do not wait for more members.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # Small: 240 MB in all.
    "log.cleaner.dedupe.buffer.size": "2097152",
    "num.network.threads": "2",
    "num.io.threads": "2",
}


def render(
    *,
    port: int,
    controller_port: int,
    protocol: str = "PLAINTEXT",
    deletable: bool = False,
    extra: Mapping[str, str] | None = None,
) -> str:
    """`server.properties`; what stands in `extra` wins.

    `deletable` is for tests: in earnest a topic cannot vanish under its readers.
    """
    # All on this machine: never reachable from outside.
    broker, controller = f"{HOST}:{port}", f"{HOST}:{controller_port}"
    settings = FIXED | {
        "controller.quorum.bootstrap.servers": controller,
        "listeners": f"{protocol}://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"{protocol}://{broker}",
        "inter.broker.listener.name": protocol,
        "listener.security.protocol.map": f"{protocol}:{protocol},CONTROLLER:PLAINTEXT",
        "delete.topic.enable": str(deletable).lower(),
    }
    settings |= extra or {}
    return "".join(f"{name}={value}\n" for name, value in settings.items())
