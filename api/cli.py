"""`ledger …`: what an operator does at a terminal."""

from typing import Annotated
from uuid import UUID

import psycopg
import typer

from api import cli_intake, condition, press_cli, proof_cli, rulebook_cli
from api.terminal import bar, fail, out, table
from consumers import nightly, unparking
from consumers import rebuild as rebuilding
from consumers.faults import BusyError
from consumers.fsck import Checked
from consumers.home import TROUBLES, Home
from consumers.inbound import sources
from consumers.inbound.tables import TableError
from domain.errors import RefusedError
from infra import logs, settings
from infra.postgres import schema
from infra.postgres.appender import UnavailableError
from infra.postgres.pool import role_dsn
from projections import PROJECTIONS, named
from projections.projection import Projection

app = typer.Typer(
    name="ledger",
    help="Customer complaints as an append-only ledger.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # what crashes is logged, without anybody's words
)
app.command("import")(cli_intake.bring_in)
app.command()(cli_intake.dead_letters)
app.command()(cli_intake.redrive)
app.command()(cli_intake.dismiss)
app.command()(proof_cli.key)
app.command()(proof_cli.verify)
app.add_typer(cli_intake.inbound, name="inbound")
rulebook_cli.rulebook.command()(press_cli.publish)
rulebook_cli.rulebook.command()(press_cli.approve)
app.add_typer(rulebook_cli.rulebook, name="rulebook")
app.add_typer(press_cli.policy_set, name="policy-set")
# Said in one sentence, and mended by a person.
REPORTED = (
    *TROUBLES,
    BusyError,
    rebuilding.RebuildFailedError,
    sources.ProfileError,
    TableError,
    UnavailableError,
)
COLOURS = {"green": "green", "yellow": "yellow", "red": "bold red"}


def main() -> None:
    """The command line; what a person can mend is said in a sentence."""
    try:
        app()
    except RefusedError as refused:
        lacks = (f"{lack.field}: {lack.fix}" for lack in refused.lacks)
        fail(" ".join([str(refused.__doc__), *lacks]))
    except REPORTED as error:
        fail(str(error))


@app.callback()
def _begin() -> None:
    logs.configure(settings.load().log_level)


@app.command()
def status() -> None:
    """What runs here, how current it is, and what needs a person."""
    home = _home()
    noted = home.noted() or {}
    with psycopg.connect(role_dsn(home.running_dsn(), "ledger_app")) as conn:
        found = condition.look(conn, "kafka" if "kafka" in noted else "embedded")
    colour = found.colour()
    out.print(f"[{COLOURS[colour]}]{colour}[/]  position {found.head_position}")
    for worse, words in found.faults():
        out.print(f"  [{COLOURS[worse]}]{words}[/]")
    out.print(
        table(
            ["", "name", "position", "behind", "seconds", "parked"],
            [
                [w.kind, w.name, w.position, w.lag_events, f"{w.lag_seconds:.1f}", w.parked]
                for w in found.workers
            ],
        )
    )
    if processes := noted.get("processes"):
        out.print(
            table(
                ["process", "pid", "restarts", "since"],
                [
                    [
                        p["name"],
                        p["pid"] or "–",
                        p["restarts"],
                        p["since"] or "does not run",
                    ]
                    for p in processes
                ],
            )
        )
    for kind, count in found.letters.items():
        out.print(f"{count} {kind}: `ledger dead-letters --kind {kind}` lists them")


@app.command()
def rebuild(
    name: Annotated[str, typer.Argument(help="of a read model, as `ledger status` says")],
) -> None:
    """Make the tables of a read model anew from the store; readers notice nothing."""
    _projection(name)
    home = _home()
    with home.reached() as dsn, bar(f"Rebuilding {name}") as reached:
        limit = home.settings.limits.parked
        made = rebuilding.rebuild(name, dsn=dsn, progress=reached, parked_max=limit)
    out.print(f"{name}: generation {made} is read from now on")


@app.command()
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
    home = _home()
    differs = False
    with home.reached() as dsn:
        for projection in wanted:
            with bar(f"Checking {projection.name}") as reached:
                found = nightly.check_and_note(projection, dsn=dsn, progress=reached)
            differs |= _told(found)
    raise typer.Exit(differs)


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


def _projection(name: str) -> Projection:
    try:
        return named(name)
    except LookupError as error:
        fail(str(error))


@app.command()
def unpark(
    number: Annotated[str | None, typer.Argument(help="of one complaint; else all")] = None,
) -> None:
    """Let complaints that a read model could not follow go on, if it can by now."""
    home = _home()
    with home.reached() as dsn:
        stream = _numbered(dsn, number) if number else None
        tried = list(unparking.unpark(PROJECTIONS, dsn=dsn, stream_id=stream))
    if not tried:
        out.print("Nothing is parked.")
        return
    words = {True: "goes on", False: "is parked again"}
    out.print(
        table(
            ["read model", "stream", "from version", "because of", ""],
            [
                [t.projection, t.stream_id, t.from_version, t.reason, words[t.goes_on]]
                for t in tried
            ],
        )
    )
    if not all(t.goes_on for t in tried):
        raise typer.Exit(1)


@app.command()
def restore_functions() -> None:
    """Write our functions over those in the database, once it is known who changed them."""
    with _home().reached(as_it_is=True) as dsn:
        schema.restore_functions(dsn)
        schema.check_functions(dsn)
    out.print("The functions are as our files say.")


def _home() -> Home:
    return Home(settings.load())


def _numbered(dsn: str, number: str) -> UUID:
    with psycopg.connect(role_dsn(dsn, "ledger_app")) as conn:
        row = conn.execute(
            "SELECT stream FROM ledger.claim WHERE name = 'number' AND key = %s", [number]
        ).fetchone()
    if row is None:
        fail(f"no complaint has the number {number}")
    stream: UUID = row[0]
    return stream


if __name__ == "__main__":
    main()
