"""`ledger rulebook publish …`, `ledger policy-set publish …`: two persons publish."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from api.drafts import policy_draft, rulebook_draft
from api.identity.permissions import Person
from api.press import Press, Saying
from api.terminal import fail, out
from consumers.beginning import desk
from consumers.home import Home
from consumers.publishing import publish_shipped
from domain.entry import Message
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
Why = Annotated[str, typer.Option(help="Said to everybody who reads its history.")]
Speaker = Callable[[str], Saying]  # what is said, in the operator's name, on no version yet
Work = Callable[[Press, Speaker], Awaitable[None]]

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
    _at_press(lambda press, speaker: _proposed(press, draft, speaker))


def approve(name: Name) -> None:
    """Publish the version of a regulation that somebody else put forward."""
    _at_press(partial(_approved, "rulebook", name))


def reject(name: Name, *, reason: Why) -> None:
    """Put aside the version of a regulation that waits for its approval."""
    _at_press(partial(_rejected, "rulebook", name, reason))


def withdraw(
    name: Name,
    *,
    last_day: Annotated[
        datetime, typer.Option(formats=[DAY], help="The last day it governs new cases.")
    ],
    reason: Why,
) -> None:
    """Let a version of a regulation govern nothing that is new."""

    async def said(press: Press, speaker: Speaker) -> None:
        found, _ = await press.named("rulebook", name)
        saying = replace(speaker(name), expected=found.version)
        await press.withdraw(name, saying, last_day=last_day.date(), reason=reason)
        out.print(f"{name} governs nothing new after {last_day:%Y-%m-%d}.")

    _at_press(said)


@policy_set.command("publish")
def publish_policy_set(file: File, *, retroactive: Reason = None) -> None:
    """Put a version of the policy set forward; somebody else approves it."""
    text = file.read_text("utf-8")

    async def said(press: Press, speaker: Speaker) -> None:
        books = await aside(press.books)
        draft, _ = policy_draft(text, books, retroactive=retroactive)
        await _proposed(press, draft, speaker)

    _at_press(said)


@policy_set.command("approve")
def approve_policy_set(name: Name) -> None:
    """Publish the version of the policy set that somebody else put forward."""
    _at_press(partial(_approved, "policy_set", name))


@policy_set.command("reject")
def reject_policy_set(name: Name, *, reason: Why) -> None:
    """Put aside the version of the policy set that waits for its approval."""
    _at_press(partial(_rejected, "policy_set", name, reason))


async def _proposed(press: Press, draft: Draft, speaker: Speaker) -> None:
    found = await aside(press.opened.ledger.found, begun(draft).id)
    version = found.version if isinstance(found, Publication) else None
    saying = replace(speaker(draft.sha256), expected=version)
    await press.propose(draft, saying)
    name = f"{draft.id}@{draft.version}"
    kind = "rulebook" if draft.kind == "rulebook" else "policy-set"
    by = saying.who.by
    out.print(f"{name} is put forward by {by}. Somebody else: ledger {kind} approve {name}")


async def _approved(kind: Kind, name: str, press: Press, speaker: Speaker) -> None:
    found, _ = await press.named(kind, name)
    await press.approve(kind, name, replace(speaker(name), expected=found.version))
    out.print(f"{name} is published.")


async def _rejected(
    kind: Kind, name: str, reason: str, press: Press, speaker: Speaker
) -> None:
    found, _ = await press.named(kind, name)
    saying = replace(speaker(name), expected=found.version)
    await press.reject(kind, name, saying, reason)
    out.print(f"{name} is put aside; nothing is published.")


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
        who = person.as_who(SOURCE)

        def speaker(said: str) -> Saying:
            digest = hashlib.sha256(said.encode()).digest()
            message = Message(f"{SOURCE}:{who.by}", str(uuid4()), digest)
            return Saying(message=message, expected=None, who=who, at=now)

        async def done() -> None:
            try:
                await publish_shipped(ours.opened, at=now)
                await work(press, speaker)
            finally:
                await ours.opened.appender.close()

        asyncio.run(done())
