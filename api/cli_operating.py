"""The read models at a terminal: compared, made anew, put back, and let go on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import psycopg
import typer

from api.identity.permissions import Person
from api.terminal import bar, fail, out, table
from consumers import nightly
from consumers.beginning import desk
from consumers.fsck import Checked
from consumers.home import Home
from consumers.operating import Operating
from consumers.unparking import Tried
from domain.event import Who
from infra import settings
from infra.postgres.pool import role_dsn
from projections import PROJECTIONS, named
from projections.projection import Projection

SOURCE = "terminal"
T = TypeVar("T")

Name = Annotated[str, typer.Argument(help="Of a read model, as `ledger status` says.")]


def rebuild(name: Name) -> None:
    """Make the tables of a read model anew from the store; readers notice nothing."""
    _projection(name)
    with bar(f"Rebuilding {name}") as reached:
        made = _operating(lambda mine, who: mine.rebuild(who, name, reached))
    out.print(f"{name}: generation {made} is read from now on")


def rollback(name: Name) -> None:
    """Show the tables that were read before the last rebuild, brought up to date."""
    _projection(name)
    made = _operating(lambda mine, who: mine.roll_back(who, name))
    out.print(f"{name}: generation {made} is read again")


def fsck(
    name: Annotated[
        str | None,
        typer.Argument(help="of a read model, as `ledger status` says; else all"),
    ] = None,
) -> None:
    """Hold the read models against the ledger, and name the first difference of each.

    Changes nothing; people, projectors and readers go on meanwhile.
    """
    wanted = PROJECTIONS if name is None else (_projection(name),)
    differs = False
    with Home(settings.load()).reached() as dsn:
        for projection in wanted:
            with bar(f"Checking {projection.name}") as reached:
                found = nightly.check_and_note(projection, dsn=dsn, progress=reached)
            differs |= _told(found)
    raise typer.Exit(differs)


def unpark(
    number: Annotated[str | None, typer.Argument(help="of one complaint; else all")] = None,
) -> None:
    """Let complaints that a read model could not follow go on, if it can by now."""

    async def tried(mine: Operating, who: Who) -> list[Tried]:
        stream = _numbered(mine.dsn, number) if number else None
        return list(await mine.unpark(who, stream))

    found = _operating(tried)
    if not found:
        out.print("Nothing is parked.")
        return
    words = {True: "goes on", False: "is parked again"}
    rows = [
        [t.projection, t.stream_id, t.from_version, t.reason, words[t.goes_on]]
        for t in found
    ]
    out.print(table(["read model", "stream", "from version", "because of", ""], rows))
    if not all(t.goes_on for t in found):
        raise typer.Exit(1)


def _told(found: Checked) -> bool:
    """Say what became of one; whether there is a difference."""
    wrong = found.difference
    if wrong is None:
        out.print(f"{found.projection}: as the ledger says, {found.events} events")
        return False
    out.print(f"[bold red]{found.projection} differs[/]: `ledger rebuild` makes it anew")
    head = ["table", "row", "column", "held", "follows from the ledger"]
    cells = [wrong.table, wrong.row, wrong.column, wrong.held, wrong.follows]
    out.print(table(head, [["–" if cell is None else cell for cell in cells]]))
    return True


def _operating(work: Callable[[Operating, Who], Awaitable[T]]) -> T:
    """Do this in the operator's name; the ledger notes that they did."""
    chosen = settings.load()
    home = Home(chosen)
    person = Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    if not person.may("operate"):
        fail(f"the role {person.role} operates nothing: LEDGER_OPERATOR_ROLE names another")
    with home.reached() as dsn, desk(home, dsn) as ours:
        mine = Operating(ours.opened.ledger, dsn, chosen.zone, chosen.limits.parked)

        async def done() -> T:
            try:
                return await work(mine, person.as_who(SOURCE))
            finally:
                await ours.opened.appender.close()

        return asyncio.run(done())


def _projection(name: str) -> Projection:
    try:
        return named(name)
    except LookupError as error:
        fail(str(error))


def _numbered(dsn: str, number: str) -> UUID:
    with psycopg.connect(role_dsn(dsn, "ledger_app")) as conn:
        row = conn.execute(
            "SELECT stream FROM ledger.claim WHERE name = 'number' AND key = %s", [number]
        ).fetchone()
    if row is None:
        fail(f"no complaint has the number {number}")
    stream: UUID = row[0]
    return stream
