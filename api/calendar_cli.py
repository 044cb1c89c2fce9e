"""`ledger calendar …`: the days of a year or one of the plant's own, and what they move."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import typer
from psycopg import connect

from api.calendar_press import CalendarPress, OwnDay, Says
from api.identity.permissions import Person
from api.press import Saying
from api.terminal import fail, out
from consumers.beginning import desk
from consumers.home import Home
from consumers.recounting import clocked, recount
from domain import calendar_log
from domain.calendar_log import Notice
from domain.entry import Message
from domain.event import Who
from domain.ledger import Ledger, aside
from infra import settings, wall_clock, yaml_files
from infra.postgres.pool import role_dsn

SOURCE = "terminal"
DAY = "%Y-%m-%d"

calendar = typer.Typer(help="Working days.", no_args_is_help=True)


@calendar.callback()
def about() -> None:
    """Working days, as versioned data of the ledger."""


@calendar.command()
def publish(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
) -> None:
    """Publish a year; what is open and due otherwise moves. Sent again, it goes on."""
    notice = Notice.read(yaml_files.parse(file.read_bytes(), file.name))
    moved = _said(notice)
    out.print(f"{notice.calendar} {notice.year} is published; {moved} complaints moved.")


@calendar.command()
def override(
    name: Annotated[str, typer.Argument(metavar="CALENDAR", help="As in cn.")],
    day: Annotated[datetime, typer.Argument(formats=[DAY])],
    *,
    working: Annotated[bool, typer.Option("--working/--off")],
    reason: Annotated[str, typer.Option(help="Said beside each sum it counts in.")],
) -> None:
    """Say whether the plant works on a day, whatever the notice says of it."""
    own = OwnDay(day=day.date(), working=working, reason=reason)
    moved = _said(own, name)
    works = "works" if working else "does not work"
    out.print(f"The plant {works} on {own.day}; {moved} complaints moved.")


def _said(said: Notice | OwnDay, name: str = "") -> int:
    """Put it on record in the operator's name; how many complaints moved by it."""
    chosen = settings.load()
    home = Home(chosen)
    person = Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    if not person.may("publish"):
        fail(
            f"the role {person.role} publishes nothing: LEDGER_OPERATOR_ROLE names another"
        )
    now = wall_clock.now().astimezone(ZoneInfo(chosen.zone)).replace(microsecond=0)

    with home.reached() as dsn, desk(home, dsn) as ours:
        ledger, who = ours.opened.ledger, person.as_who(SOURCE)

        async def done() -> int:
            try:
                of = said.calendar if isinstance(said, Notice) else name
                await published(ledger, said, of, who=who, at=now)
                streams = await aside(_clocked, role_dsn(dsn, "ledger_app"))
                return await recount(ledger, streams, of, at=now)
            finally:
                await ours.opened.appender.close()

        return asyncio.run(done())


async def published(
    ledger: Ledger, said: Notice | OwnDay, name: str, *, who: Who, at: datetime
) -> None:
    """Put a year or a day on record, unless it is there already."""
    if name not in ledger.calendars:
        fail(f"there is no calendar {name}")
    press = CalendarPress(ledger, name)
    says: Says = press.year(said) if isinstance(said, Notice) else press.own_day(said)
    found = await aside(ledger.found, calendar_log.stream_of(name))
    digest = hashlib.sha256(said.model_dump_json().encode()).digest()
    message = Message(f"{SOURCE}:{who.by}", str(uuid4()), digest)
    expected = found.version if found else None
    await press.say(says, Saying(message=message, expected=expected, who=who, at=at))


def _clocked(dsn: str) -> list[UUID]:
    with connect(dsn) as conn:
        return clocked(conn)
