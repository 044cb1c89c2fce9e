"""Persisting: a work that is begun again, whatever stopped it; its trouble is shown."""

import threading
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import psycopg

from consumers import trouble
from consumers.faults import passes
from consumers.ownership import MemberLostError, open_session
from domain.errors import UnreachableError
from infra.logs import log
from infra.postgres.appender import UnavailableError

NOBODY = UUID(int=0)
PAUSE_S = 2.0
STOPPED_S = 30.0  # somebody may have mended it meanwhile
PASSING = UnavailableError | UnreachableError | MemberLostError


def persist(
    what: str, work: Callable[[], None], *, dsn: str, stop: threading.Event
) -> None:
    """Until told to stop. What passes is tried again soon, all else now and then."""
    while not stop.is_set():
        try:
            work()
        except Exception as error:  # noqa: BLE001  # seen in health, and tried again
            waits = passes(error) or isinstance(error, PASSING)
            say = log.warning if waits else log.error
            say(f"{what}_waits" if waits else f"{what}_stopped", exc_info=error)
            with (
                suppress(psycopg.Error),  # then nobody can be told
                open_session(dsn, "ledger trouble") as conn,
            ):
                trouble.note(conn, what, "waits" if waits else "stopped", error, NOBODY)
            stop.wait(PAUSE_S if waits else STOPPED_S)
