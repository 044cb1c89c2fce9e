"""The roles: what each process of a ledger does, run by itself or under the supervisor."""

import os
import signal
import threading
from collections.abc import Callable, Mapping

from consumers import projecting, relay
from consumers.home import Home
from infra.kafka import TopicNames
from projections import PROJECTIONS

Stop = threading.Event
Run = Callable[[Home, Stop], None]


def run(name: str, home: Home) -> None:
    """Do this until SIGTERM or SIGINT."""
    stop = Stop()

    def enough(*_: object) -> None:
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, enough)
    ROLES[name](home, stop)


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


def _relay(home: Home, stop: Stop) -> None:
    """What is recorded goes to the events topic."""
    relay.run(
        dsn=home.running_dsn(), cluster=home.cluster(), topics=topics(home), stop=stop
    )


def _projector(home: Home, stop: Stop) -> None:
    """What is in the events topic goes into the read models."""
    projecting.run(
        PROJECTIONS,
        dsn=home.running_dsn(),
        feed="kafka",
        stop=stop,
        cluster=home.cluster(),
        topics=topics(home),
        parked_max=home.settings.limits.parked,
    )


ROLES: Mapping[str, Run] = {
    "web": _web,
    "relay": _relay,
    "projector": _projector,
}
