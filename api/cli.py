"""`ledger …`: what an operator does at a terminal."""

import psycopg
import typer

from api import (
    backup_cli,
    calendar_cli,
    cli_backtest,
    cli_intake,
    cli_operating,
    condition,
    export_cli,
    press_cli,
    proof_cli,
    rulebook_cli,
)
from api.terminal import fail, out, table
from consumers.faults import BusyError
from consumers.home import TROUBLES, Home
from consumers.inbound import sources
from consumers.inbound.tables import TableError
from domain.errors import RefusedError
from infra import logs, settings
from infra.postgres import schema
from infra.postgres.appender import UnavailableError
from infra.postgres.dump import DumpError
from infra.postgres.pool import role_dsn

app = typer.Typer(
    name="ledger",
    help="Customer complaints as an append-only ledger.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # what crashes is logged, without anybody's words
)
app.command("import")(cli_intake.bring_in)
app.command()(cli_backtest.backtest)
app.command()(export_cli.export)
app.command()(export_cli.reader)
app.command()(cli_intake.dead_letters)
app.command()(cli_intake.redrive)
app.command()(cli_intake.dismiss)
app.command()(proof_cli.key)
app.command()(proof_cli.verify)
app.command()(backup_cli.backup)
app.command()(backup_cli.restore)
app.command()(cli_operating.fsck)
app.command()(cli_operating.rebuild)
app.command()(cli_operating.rollback)
app.command()(cli_operating.unpark)
app.add_typer(cli_intake.inbound, name="inbound")
app.add_typer(calendar_cli.calendar, name="calendar")
rulebook_cli.rulebook.command()(press_cli.publish)
rulebook_cli.rulebook.command()(press_cli.approve)
rulebook_cli.rulebook.command()(press_cli.reject)
rulebook_cli.rulebook.command()(press_cli.withdraw)
app.add_typer(rulebook_cli.rulebook, name="rulebook")
app.add_typer(press_cli.policy_set, name="policy-set")
# Said in one sentence, and mended by a person.
REPORTED = (
    *TROUBLES,
    BusyError,
    DumpError,
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
def restore_functions() -> None:
    """Write our functions over those in the database, once it is known who changed them."""
    with _home().reached(as_it_is=True) as dsn:
        schema.restore_functions(dsn)
        schema.check_functions(dsn)
    out.print("The functions are as our files say.")


def _home() -> Home:
    return Home(settings.load())


if __name__ == "__main__":
    main()
