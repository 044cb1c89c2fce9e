"""`ledger calendar publish FILE`: the days of a year, and the deadlines they move."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.identity.permissions import Person
from api.terminal import fail, out
from consumers.beginning import desk
from consumers.home import Home
from consumers.recounting import recount
from domain import calendar_log
from domain.calendar_log import Notice
from domain.entry import Message
from domain.event import Who
from domain.ledger import Ledger, aside
from infra import settings, wall_clock, yaml_files
from infra.postgres.pool import role_dsn

SOURCE = "terminal"

calendar = typer.Typer(help="Working days.", no_args_is_help=True)


@calendar.callback()
def about() -> None:
    """Working days, as versioned data of the ledger."""


@calendar.command()
def publish(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
) -> None:
    """Publish a year; what is open and due otherwise moves. Sent again, it goes on."""
    raw = file.read_bytes()
    notice = Notice.read(yaml_files.parse(raw, file.name))
    chosen = settings.load()
    home = Home(chosen)
    person = Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    if not person.may("publish"):
        fail(
            f"the role {person.role} publishes nothing: LEDGER_OPERATOR_ROLE names another"
        )
    now = wall_clock.now().astimezone(ZoneInfo(chosen.zone)).replace(microsecond=0)

    with home.reached() as dsn, desk(home, dsn) as ours:

        async def done() -> int:
            try:
                await published(
                    ours.opened.ledger, notice, who=person.as_who(SOURCE), at=now
                )
                reader = role_dsn(dsn, "ledger_app")
                return await recount(ours.opened.ledger, reader, notice.calendar, at=now)
            finally:
                await ours.opened.appender.close()

        moved = asyncio.run(done())
    out.print(f"{notice.calendar} {notice.year} is published; {moved} complaints moved.")


async def published(ledger: Ledger, notice: Notice, *, who: Who, at: datetime) -> None:
    """Put a year on record, unless it is there already."""
    if notice.calendar not in ledger.calendars:
        fail(f"there is no calendar {notice.calendar}")
    stream = calendar_log.stream_of(notice.calendar)
    found = await aside(ledger.found, stream)
    digest = hashlib.sha256(notice.model_dump_json().encode()).digest()
    message = Message(f"{SOURCE}:{who.by}", digest.hex()[:40], digest)
    said = {
        **dict(notice),
        "known": ledger.calendars.shipped(notice.calendar),
        "who": who,
        "at": at,
    }
    del said["calendar"]
    if found is not None:
        await ledger.change(
            message, stream, found.version, calendar_log.publish_year, **said
        )
    else:
        log = calendar_log.begun(notice.calendar)
        calendar_log.publish_year(log, ledger.rulebooks.of(log), **said)
        if log.news:
            await ledger.begin(message, log)
    ledger.calendars.again()
