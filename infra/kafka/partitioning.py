"""Which partition a key belongs to, as every Kafka client by default decides it."""

from kafka.partitioner.default import murmur2


def partition_for(key: bytes, partitions: int) -> int:
    """Healing asks the store for the complaints of one partition, so it must agree."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions
