"""`ledger rulebook publish …`, `ledger policy-set publish …`: two persons publish."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from api.identity.permissions import Person
from api.press import Press, policy_draft, rulebook_draft
from api.terminal import fail, out
from consumers.beginning import desk
from consumers.home import Home
from consumers.publishing import publish_shipped
from domain.entry import Message
from domain.event import Who
from domain.ledger import aside
from domain.rulebooks.approving import begun
from domain.rulebooks.publication import Draft, Kind, Publication
from infra import settings, wall_clock

SOURCE = "terminal"
DAY = "%Y-%m-%d"

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="As in S46@2.")]
Reason = Annotated[
    str | None, typer.Option(help="Why it may reach back to what was decided.")
]
Work = Callable[[Press, Who, datetime], Awaitable[None]]

policy_set = typer.Typer(help="What governs what.", no_args_is_help=True)


def publish(
    file: File,
    *,
    effective_on: Annotated[
        datetime | None,
        typer.Option(formats=[DAY], help="Where the text names no day itself."),
    ] = None,
    retroactive: Reason = None,
) -> None:
    """Put a version of a regulation forward; somebody else approves it."""
    day: date | None = effective_on.date() if effective_on else None
    draft, _ = rulebook_draft(
        file.read_text("utf-8"), effective_on=day, retroactive=retroactive
    )
    _at_press(lambda press, who, at: _proposed(press, draft, who, at))


def approve(name: Name) -> None:
    """Publish the version of a regulation that somebody else put forward."""
    _at_press(lambda press, who, at: _approved(press, "rulebook", name, who, at))


@policy_set.command("publish")
def publish_policy_set(file: File, *, retroactive: Reason = None) -> None:
    """Put a version of the policy set forward; somebody else approves it."""
    text = file.read_text("utf-8")

    async def said(press: Press, who: Who, at: datetime) -> None:
        books = await aside(press.books)
        draft, _ = policy_draft(text, books, retroactive=retroactive)
        await _proposed(press, draft, who, at)

    _at_press(said)


@policy_set.command("approve")
def approve_policy_set(name: Name) -> None:
    """Publish the version of the policy set that somebody else put forward."""
    _at_press(lambda press, who, at: _approved(press, "policy_set", name, who, at))


async def _proposed(press: Press, draft: Draft, who: Who, at: datetime) -> None:
    found = await aside(press.opened.ledger.found, begun(draft).id)
    version = found.version if isinstance(found, Publication) else None
    name, message = f"{draft.id}@{draft.version}", _message(who, draft.sha256)
    await press.propose(draft, message, version, who=who, at=at)
    kind = "rulebook" if draft.kind == "rulebook" else "policy-set"
    out.print(
        f"{name} is put forward by {who.by}. Somebody else: ledger {kind} approve {name}"
    )


async def _approved(press: Press, kind: Kind, name: str, who: Who, at: datetime) -> None:
    found, _ = await press.named(kind, name)
    message = _message(who, name)
    await press.approve(kind, name, message, found.version, who=who, at=at)
    out.print(f"{name} is published.")


def _message(who: Who, said: str) -> Message:
    return Message(
        f"{SOURCE}:{who.by}", str(uuid4()), hashlib.sha256(said.encode()).digest()
    )


def _at_press(work: Work) -> None:
    """Do this in the operator's name, in a ledger that has what comes with us."""
    chosen = settings.load()
    home = Home(chosen)
    person = Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    if not person.may("publish"):
        fail(
            f"the role {person.role} publishes nothing: LEDGER_OPERATOR_ROLE names another"
        )
    now = wall_clock.now().astimezone(ZoneInfo(chosen.zone)).replace(microsecond=0)

    with home.reached() as dsn, desk(home, dsn) as ours:
        press = Press(opened=ours.opened, reads=ours.reads, zone=chosen.zone)

        async def done() -> None:
            try:
                await publish_shipped(ours.opened, at=now)
                await work(press, person.as_who(SOURCE), now)
            finally:
                await ours.opened.appender.close()

        asyncio.run(done())
