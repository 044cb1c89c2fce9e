"""As in production: `python -m consumers` starts all roles, `… ROLE` that one alone."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from consumers import roles
from consumers.home import TROUBLES, Home, prepare, say
from consumers.supervisor import Facts, Role, Server, Supervisor, Watched, orphaned
from infra import logs, settings
from infra.broker.errors import PortTakenError

KAFKA_PORT = 9092  # where people look for a broker; another one if it is taken
STARTED = (
    "sealer",
    "reactor",
    "projector",
    "relay",
    "intake",
    "web",
)  # stopped from the right


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it was stopped, 1 with a sentence when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m consumers", description=__doc__)
    parser.add_argument("role", nargs="?", choices=sorted(roles.ROLES))
    parser.add_argument(
        "--supervised",
        action="store_true",
        help="end when standard input does: the supervisor holds its other end",
    )
    said = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C while we start
    try:
        chosen = settings.load()
        logs.configure(chosen.log_level)
        if said.supervised:
            orphaned(roles.end_of_ours)
        if said.role:
            roles.run(said.role, Home(chosen))
        else:
            supervise(Home(chosen))
    except TROUBLES as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def supervise(home: Home) -> None:
    """Everything, until a signal says that it is enough."""
    with ExitStack() as stack:
        stack.enter_context(home.held())
        servers = [*_database(home, stack), *_broker(home, stack)]
        roles.make_topics(home)
        roles.prepare_database(home)
        kafka = home.cluster().bootstrap_servers
        say("Starting the roles ...")

        def note(facts: list[Facts]) -> None:
            home.note(kafka=kafka, processes=facts)

        Supervisor([*servers, *map(_role, STARTED)], note).run()
    say("Stopped.")


def _database(home: Home, stack: ExitStack) -> list[Watched]:
    if home.settings.database_url is not None:
        prepare(home.running_dsn())
        return []
    say("Starting the database ...")
    postgres = home.postgres()
    postgres.start()
    stack.callback(postgres.stop)
    prepare(postgres.dsn())
    return [Server("database", postgres, home.postmaster)]


def _broker(home: Home, stack: ExitStack) -> list[Watched]:
    if home.settings.kafka.bootstrap_servers:
        return []
    say("Starting the broker ...")
    broker = home.broker(KAFKA_PORT)
    try:
        broker.start()
    except PortTakenError:
        broker = home.broker()
        broker.start()
    stack.callback(broker.stop)
    say(f"Kafka: {broker.bootstrap_servers}")
    return [Server("broker", broker, lambda: broker.pid)]


def _role(name: str) -> Role:
    command = [sys.executable, "-m", "consumers", name, "--supervised"]
    return Role(name, command)


if __name__ == "__main__":
    sys.exit(main())
