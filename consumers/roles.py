"""The roles: what each process of a ledger does, run by itself or under the supervisor."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from functools import partial

from consumers import nightly, projecting, publishing, relay, sealing
from consumers.beginning import desk
from consumers.home import PASSING, Home, prepare
from consumers.inbound import reading
from consumers.inbound.desk import Desk
from consumers.inbound.relaying import DeadLetters, Outcomes
from consumers.notifying import running as notifying
from consumers.reacting import running as reacting
from consumers.relay_log import Source
from consumers.sealing.anchors import AnchorTopic, Checkpoints
from infra import wall_clock
from infra.kafka import (
    TopicNames,
    Topics,
)
from infra.logs import log
from projections import PROJECTIONS

WAIT_S = 1.0

Stop = threading.Event
Run = Callable[[Home, Stop], None]


def run(name: str, home: Home) -> None:
    """Do this until SIGTERM or SIGINT, once what it stands on is there."""
    stop = Stop()

    def enough(*_: object) -> None:
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, enough)
    needed = [partial(prepare_database, home)]
    if name != "web":
        needed.append(partial(make_topics, home))
    for ready in needed:
        patiently(ready, stop)
    if not stop.is_set():
        ROLES[name](home, stop)


def patiently(ready: Callable[[], None], stop: Stop) -> None:
    """Again until it succeeds: database and broker may still be on their way."""
    while not stop.is_set():
        try:
            ready()
        except PASSING as error:
            log.warning("waits", exc_info=error)
            stop.wait(WAIT_S)
        else:
            return


def prepare_database(home: Home) -> None:
    """Tables, functions and read models, as our files say."""
    prepare(home.running_dsn())
    projecting.prepare(home.running_dsn(), PROJECTIONS)
    projecting.show_readers(home.running_dsn())


def make_topics(home: Home) -> None:
    """Those that are missing; the others are left as somebody made them."""
    chosen = home.settings.kafka
    with Topics(home.cluster()) as there:
        there.create_ours(
            topics(home), partitions=chosen.partitions, replication=chosen.replication
        )


def together(*works: Callable[[Stop], None], stop: Stop) -> None:
    """Each in a thread. When one fails all end with the process: it may be half alive."""

    def work(one: Callable[[Stop], None]) -> None:
        try:
            one(stop)
        except BaseException:  # noqa: BLE001  # a thread of a library may live on
            log.critical("crashed", exc_info=True)
            os._exit(1)

    threads = [threading.Thread(target=work, args=[one]) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def topics(home: Home) -> TopicNames:
    """The names of our topics in this installation."""
    return TopicNames(home.settings.kafka.topic_prefix)


def end_of_ours(*_: object) -> None:
    """As if somebody had told us to end."""
    os.kill(os.getpid(), signal.SIGTERM)


def _web(home: Home, _stop: Stop) -> None:
    """The pages and the API."""
    from consumers import standalone  # noqa: PLC0415 the others need no web framework

    standalone.serve(home, home.running_dsn(), mode="kafka")


def _intake(home: Home, stop: Stop) -> None:
    """What other systems say goes into the ledger, each message with one answer."""
    dsn, cluster = home.running_dsn(), home.cluster()

    async def taken_in(with_this: Desk) -> None:
        inbound = [topics(home).inbound]
        at = wall_clock.now().replace(microsecond=0)
        await publishing.publish_shipped(with_this.opened, at=at)
        try:
            await reading.run(
                with_this, dsn=dsn, cluster=cluster, topics=inbound, stop=stop
            )
        finally:
            await with_this.opened.appender.close()

    with desk(home, dsn) as ours:
        asyncio.run(taken_in(ours))


def _relay(home: Home, stop: Stop) -> None:
    """What is recorded goes to the topics: events, answers, and why a letter is dead."""
    names, dsn, cluster = topics(home), home.running_dsn(), home.cluster()
    answers = (Outcomes(names), DeadLetters(names), Checkpoints(names))

    def events(stop: Stop) -> None:
        relay.run(dsn=dsn, cluster=cluster, topics=names, stop=stop)

    def carried(source: Source, stop: Stop) -> None:
        relay.keep_relaying(source, dsn=dsn, cluster=cluster, stop=stop)

    together(events, *(partial(carried, source) for source in answers), stop=stop)


def _reactor(home: Home, stop: Stop) -> None:
    """What follows by itself from what was recorded, and who is told of it."""
    dsn = home.running_dsn()
    works = (partial(reacting.at_home, home, dsn), partial(notifying.at_home, home, dsn))
    together(*works, stop=stop)


def _sealer(home: Home, stop: Stop) -> None:
    """What is recorded is sealed, and rechecked."""
    topic = AnchorTopic(home.cluster(), topics(home).checkpoints)
    sealing.run(home, home.running_dsn(), others=[topic], stop=stop)


def _projector(home: Home, stop: Stop) -> None:
    """What is in the events topic goes into the read models; each night, whether it did."""
    dsn = home.running_dsn()

    def projects(stop: Stop) -> None:
        projecting.run(
            PROJECTIONS,
            dsn=dsn,
            feed="kafka",
            stop=stop,
            cluster=home.cluster(),
            topics=topics(home),
            parked_max=home.settings.limits.parked,
        )

    together(projects, nightly.every_night(home.settings, dsn), stop=stop)


ROLES: Mapping[str, Run] = {
    "web": _web,
    "intake": _intake,
    "relay": _relay,
    "projector": _projector,
    "sealer": _sealer,
    "reactor": _reactor,
}
