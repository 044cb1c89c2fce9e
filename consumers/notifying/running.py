"""Running the outbox: one at work at a time, reading on and sending what waits."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection

from consumers import trouble
from consumers.home import Home
from consumers.notifying import noticing, outbox, recipients, sending
from consumers.notifying.recipients import Recipients
from consumers.notifying.sending import Ways
from consumers.opening import Opened, opened, shipped_calendars
from consumers.ownership import Member, open_session
from consumers.persisting import persist
from infra.logs import log
from infra.mail import MailServer
from infra.settings import NotifySettings
from infra.wall_clock import now

LEASE = WHAT = "outbox"
IDLE_S = 1.0


def at_home(home: Home, dsn: str, stop: threading.Event) -> None:
    """Tell people, as the settings of this home say, until told to stop."""
    given = home.settings.keys_url
    run(
        dsn,
        home.settings.notify,
        master=home.master_key,
        keys_dsn=given.get_secret_value() if given else None,
        stop=stop,
    )


def run(
    dsn: str,
    chosen: NotifySettings,
    *,
    master: Path,
    keys_dsn: str | None = None,
    stop: threading.Event,
    clock: Callable[[], datetime] = now,
) -> None:
    """Until told to stop. What passes is tried again; what does not is shown."""

    def work() -> None:
        _begun(dsn)
        told = recipients.read(chosen.recipients)
        told.check({one.id for one in shipped_calendars()})
        with opened(dsn, keys_dsn=keys_dsn, master=master) as ledger:
            try:
                _telling(ledger, dsn, told, ways(chosen), stop, clock)
            finally:
                asyncio.run(ledger.appender.close())

    persist(WHAT, work, dsn=dsn, stop=stop)


def _begun(dsn: str) -> None:
    """From now on people are told, and health looks at us, whatever may stop us next."""
    with open_session(dsn, "ledger outbox") as conn:
        if outbox.position(conn) is None:
            noticing.begin(conn)


def ways(chosen: NotifySettings) -> Ways:
    """How anything leaves this house, by the settings."""
    server = None
    if chosen.smtp_host:
        server = MailServer(
            chosen.smtp_host,
            chosen.smtp_port,
            chosen.smtp_security,
            chosen.smtp_user,
            chosen.smtp_password.get_secret_value(),
        )
    return Ways(
        server,
        chosen.sender,
        chosen.webhook_secret.get_secret_value(),
        chosen.pages_url.rstrip("/"),
        timedelta(seconds=chosen.gather_s),
    )


def _telling(
    ledger: Opened,
    dsn: str,
    told: Recipients,
    by: Ways,
    stop: threading.Event,
    clock: Callable[[], datetime],
) -> None:
    with Member(dsn) as member, closing(member.session()) as conn:
        begun = False
        while not stop.is_set() and not member.lost:
            if not member.take(LEASE):
                stop.wait(IDLE_S)  # another one is at work
                continue
            if not begun:
                begun = True
                outbox.forget(conn)
                if left := outbox.left_over(conn):
                    log.warning("outbox_left_over", rows=left)
            if not step(ledger, conn, told, by, at=clock()):
                trouble.over(conn, WHAT)
                stop.wait(IDLE_S)


def step(
    ledger: Opened, conn: Connection[Any], told: Recipients, by: Ways, *, at: datetime
) -> bool:
    """Read on, then send what waits; whether there was anything. *at*: the time it is."""
    at = at.replace(microsecond=0)
    if noticing.notice(ledger, conn, told, now=at, gather=by.gather):
        return True  # to the end first: what is told then goes in one letter
    return sending.send(ledger, conn, told, by, now=at)
