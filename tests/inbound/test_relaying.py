"""Outcomes reach their sources in order; dead letters carry a reason, and no payload."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consumers.inbound import letters as kept
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.parcel import Arrival
from consumers.inbound.relaying import DeadLetters, Outcomes
from consumers.relay import keep_relaying
from infra.kafka import (
    Cluster,
    Message,
    PartitionReader,
    TopicNames,
    Topics,
    dead_letter_topic_config,
    outcomes_topic_config,
)
from tests.inbound.looking import until
from tests.inbound.messages import A_COMPLAINT, arrival, contacted, raw, received


@pytest.fixture
def names(broker: Cluster, topic_prefix: str) -> TopicNames:
    made = TopicNames(topic_prefix)
    with Topics(broker) as topics:
        topics.create(made.outcomes, partitions=2, config=outcomes_topic_config())
        topics.create(made.dead_letters, partitions=2, config=dead_letter_topic_config())
    return made


@asynccontextmanager
async def relaying(dsn: str, cluster: Cluster, names: TopicNames) -> AsyncIterator[None]:
    stop = threading.Event()
    works = [
        asyncio.to_thread(keep_relaying, source, dsn=dsn, cluster=cluster, stop=stop)
        for source in (Outcomes(names), DeadLetters(names))
    ]
    work = asyncio.gather(*works)
    try:
        yield
    finally:
        stop.set()
        await work


async def read(cluster: Cluster, topic: str, many: int) -> list[Message]:
    """So many records of a topic."""
    found: list[Message] = []
    with PartitionReader(cluster, topic) as reader:
        reader.assign([0, 1])
        reader.seek(0, 0)
        reader.seek(1, 0)

        async def all_are() -> bool:
            polled = await asyncio.to_thread(reader.poll, 100, wait_ms=50)
            found.extend(message for some in polled.values() for message in some)
            return len(found) >= many

        await until(all_are, f"{many} records in {topic}")
    return found


def told(messages: list[Message], source: str) -> list[dict[str, Any]]:
    """What a source reads, in the order it reads it."""
    mine = [message for message in messages if message.key == source.encode()]
    return [json.loads(message.value or b"") for message in mine]


async def test_a_source_reads_the_outcome_of_each_of_its_messages(
    desk: Desk, intake: Intake, database: str, broker: Cluster, names: TopicNames
) -> None:
    async with relaying(database, broker, names):
        await intake.take([contacted(0, id="b"), received(1, id="x", source="erp")])
        await intake.take([received(2, id="a"), arrival("closed", {}, 3, id="c")])
        await intake.take([arrival("received", A_COMPLAINT | {"kind": "x"}, 4, id="a")])
        messages = await read(broker, names.outcomes, 6)

    crm = told(messages, "crm")
    assert [f"{one['message_id']} {one['outcome']}" for one in crm] == [
        "b held",
        "a accepted",
        "b accepted",
        "c refused",
        "a conflict",
    ]
    assert [one.get("number") for one in crm] == [None, *["C-2026-000002"] * 4]
    assert [one.get("version") for one in crm] == [None, 1, 2, 2, 1]
    assert [one.get("position") for one in crm] == [None, 2, 3, None, 2]
    assert crm[3]["code"] == "not-ready"
    assert {lack["field"] for lack in crm[3]["lacks"]} >= {"verified"}
    assert [one["message_id"] for one in told(messages, "erp")] == ["x"]


async def test_an_outcome_is_a_cloud_event(
    intake: Intake, database: str, broker: Cluster, names: TopicNames
) -> None:
    async with relaying(database, broker, names):
        await intake.take([received(0, id="客诉-1")])
        [message] = await read(broker, names.outcomes, 1)

    headers = {name: (value or b"").decode() for name, value in message.headers}
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"] == "outcome.accepted"
    assert headers["ce_subject"] == "客诉-1"
    assert headers["ce_id"] == "outcome:1"
    assert headers["content-type"] == "application/json"


async def test_a_dead_letter_carries_reason_place_and_digest_and_not_the_message(
    desk: Desk, intake: Intake, database: str, broker: Cluster, names: TopicNames
) -> None:
    broken = raw("received", A_COMPLAINT, received(7).raw.place)
    cut = Arrival(replace(broken, value=(broken.value or b"")[:-1]))
    async with relaying(database, broker, names):
        await intake.take([cut, contacted(8, id="b")])
        much_later = replace(desk, clock=lambda: desk.clock() + timedelta(days=9))
        assert await kept.expire(much_later) == 1
        messages = await read(broker, names.dead_letters, 2)

    said = [json.loads(message.value or b"") for message in messages]
    malformed, expired = sorted(said, key=lambda one: str(one["kind"]), reverse=True)
    assert (malformed["kind"], malformed["code"]) == ("malformed", "unreadable")
    assert (malformed["partition"], malformed["offset"]) == (0, 7)
    assert len(malformed["digest"]) == 64
    assert (expired["kind"], expired["message_id"]) == ("expired", "b")
    assert (expired["code"], expired["offset"]) == ("expired", 8)
    everything = b"".join((message.value or b"") for message in messages)
    for planted in ("陈洁", "138 0013 8000", "阀体"):
        assert planted.encode() not in everything
        assert json.dumps(planted)[1:-1].encode() not in everything
