"""What every way of starting begins with: a database that is ready, and threads beside."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from consumers.home import Home, prepare, say
from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.inbound.sources import Sources
from consumers.opening import opened
from consumers.supervisor import LOOK_S, Server
from infra.postgres.pool import open_pool, role_dsn

READS_MAX = 16  # connections for pages, lists and looking up


@contextmanager
def database(home: Home) -> Iterator[str]:
    """The owner's database, ready; our own server is started again when it dies."""
    given = home.settings.database_url
    if given is not None:
        prepare(given.get_secret_value())
        yield given.get_secret_value()
        return
    say("Starting the database ...")
    postgres = home.postgres()
    postgres.start()
    server = Server("database", postgres)
    try:
        prepare(postgres.dsn())
        with watching(server):
            yield postgres.dsn()
    finally:
        server.end()


@contextmanager
def beside(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Do this in a thread meanwhile, and wait for its end."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=[stop], name="beside")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def watching(server: Server) -> Iterator[None]:
    """Start it again when it dies."""

    def look(stop: threading.Event) -> None:
        while not stop.wait(LOOK_S):
            server.look()

    with beside(look):
        yield


def systems(home: Home) -> Sources:
    """The systems we know: by the profiles that come with us, and those of the folder."""
    folder = home.profiles if home.profiles.is_dir() else None
    return sources.load(site=home.settings.site, zone=home.settings.zone, folder=folder)


@contextmanager
def desk(home: Home, dsn: str) -> Iterator[Desk]:
    """A ledger, and what messages are taken in with.

    Close the appender on the event loop that used it.
    """
    chosen = home.settings
    keys = chosen.keys_url.get_secret_value() if chosen.keys_url else None
    with (
        opened(dsn, keys_dsn=keys, master=home.master_key) as ledger,
        open_pool(role_dsn(dsn, "ledger_app"), size_max=READS_MAX) as reads,
    ):
        yield Desk(
            opened=ledger,
            reads=reads,
            sources=systems(home),
            held_days=chosen.limits.held_days,
        )
