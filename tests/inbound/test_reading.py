import asyncio, threading, json
from uuid import uuid4
from contextlib import asynccontextmanager
import pytest
from consumers.inbound.reading import run
from infra.kafka import Topics, TopicNames, inbound_topic_config
from tests.broker_fixture import Upstream
from infra.kafka import Outgoing
from tests.inbound.messages import *
from tests.inbound import messages

@asynccontextmanager
async def running(desk, database, cluster, topics):
    stop = threading.Event()
    task = asyncio.create_task(run(desk, dsn=database, cluster=cluster, topics=topics, stop=stop))
    try: yield task
    finally:
        stop.set(); await task

async def until(desk, sql, want, s=20):
    for _ in range(int(s/0.05)):
        got = await desk.reading(lambda c: c.execute(sql).fetchall())
        if got == want: return
        await asyncio.sleep(0.05)
    assert got == want

async def test_it(desk, database, broker, topic_prefix):
    topic = TopicNames(topic_prefix).inbound
    with Topics(broker) as t: t.create(topic, partitions=3, config=inbound_topic_config())
    async with running(desk, database, broker, [topic]):
        with Upstream(broker) as up:
            for i in range(30):
                m = raw("received", A_COMPLAINT, subject=f"K-{i}", id=f"m{i}")
                up.send(topic, Outgoing(f"K-{i}".encode(), m.value, m.headers))
        await until(desk, "select count(*) from ledger.outcome where outcome='accepted'", [(30,)])
        with Upstream(broker, transactional_id="t1") as up:
            for n in range(4):
                up.begin()
                for i in range(3):
                    m = raw("contacted", A_CALL, subject=f"K-{i}", id=f"c{n}-{i}")
                    up.send(topic, Outgoing(f"K-{i}".encode(), m.value, m.headers))
                up.abort() if n%2 else up.commit()
        await until(desk, "select count(*) from ledger.outcome where outcome='accepted'", [(36,)])
        await until(desk, "select count(*) from running.inbound where next_offset = end_offset and open_until = end_offset", [(3,)])
        print(await desk.reading(lambda c: c.execute("select * from running.inbound").fetchall()))
        print(await desk.reading(lambda c: c.execute("select * from ledger.inbound_cursor").fetchall()))
