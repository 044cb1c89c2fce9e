"""The web process: the app from settings, and a server with every bound spelled out."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api.identity.credentials import Credentials
from api.identity.identity import Identity
from api.identity.permissions import Person
from api.parts import LOOPBACK, Erasing, Mode, Opened, Operating, Parts
from api.wire import BoundedProtocol
from infra import wall_clock
from infra.passwords import Cost, Passwords
from infra.postgres.pool import Pool
from infra.settings import Settings

CONNECTIONS_MAX = 512  # more are told to come back
BACKLOG = 256  # that wait to be accepted
KEEP_ALIVE_S = 15  # of silence between two requests
END_S = 10  # for the requests under way when we stop


def parts_from(
    settings: Settings,
    *,
    opened: Opened,
    reads: Pool,
    clock: Callable[[], datetime],
    mode: Mode,
    hosts: Iterable[str] = (),
    demo: bool = False,
    exposed: bool = False,
    operating: Operating | None = None,
    erasing: Erasing | None = None,
    identity: Identity | None = None,
) -> Parts:
    """The parts of the app as the settings want them.

    *hosts*: names this ledger answers to besides those of this machine's own loopback.
    """
    operator = Person(settings.operator_id, settings.operator_role, settings.operator_name)
    return Parts(
        opened=opened,
        reads=reads,
        clock=clock,
        operator=operator,
        site=settings.site,
        zone=settings.zone,
        language=settings.language,
        mode=mode,
        hosts=LOOPBACK.union(host.lower() for host in hosts),
        demo=demo,
        exposed=exposed,
        operating=operating,
        erasing=erasing,
        identity=identity,
        trial=identity is None,
        secure=settings.sign_in.by_tls,
        profiles=settings.data_dir / "profiles",
        limits=settings.limits,
    )


def identity_from(settings: Settings, opened: Opened, pool: Pool) -> Identity | None:
    """The accounts, unless this is a trial. *pool*: of the role that signs people in."""
    chosen = settings.sign_in
    if chosen.mode == "trial":
        return None
    return Identity(
        ledger=opened.ledger,
        codec=opened.codec,
        parties=opened.keys,
        credentials=Credentials(pool),
        passwords=Passwords(Cost(chosen.hash_memory_kib, chosen.hash_passes)),
        clock=wall_clock.now,
        idle=timedelta(minutes=chosen.idle_minutes),
        longest=timedelta(hours=chosen.hours_max),
    )


def server(
    app: FastAPI,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: tuple[Path, Path] | None = None,
) -> uvicorn.Server:
    """A server for the app, not yet started; hand it a socket, or let it bind its own.

    One process: a second one on this machine would only make the first one's kept copies
    old.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            ssl_certfile=tls[0] if tls else None,
            ssl_keyfile=tls[1] if tls else None,
            loop="uvloop",
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,  # our logs
            access_log=False,
            proxy_headers=False,  # nobody in front of us is trusted until told so
            server_header=False,
            date_header=True,
            limit_concurrency=CONNECTIONS_MAX,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=END_S,
        )
    )
