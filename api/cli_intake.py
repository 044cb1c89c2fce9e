"""What came from other systems: import a file, and settle what was kept for a person."""

import asyncio
import csv
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import psycopg
import typer

from api.terminal import bar, fail, out, table
from consumers.beginning import desk, systems
from consumers.home import Home, HomeError
from consumers.inbound import letters, place, sources
from consumers.inbound.desk import Desk
from consumers.inbound.importing import Import, RefusedRow, Report
from consumers.inbound.intake import Intake
from consumers.inbound.message import MalformedError
from consumers.inbound.parcel import Told
from consumers.inbound.profile import Profile
from infra import settings
from infra.kafka import Publisher, TopicNames
from infra.postgres.pool import role_dsn

Through = Literal["kafka", "ledger"]
T = TypeVar("T")
SHOWN_MAX = 50  # refused rows at a terminal; `--refused` writes all that are kept
DEAD = tuple(kind for kind in letters.KINDS if kind != "held")

inbound = typer.Typer(help="The topic that other systems write.", no_args_is_help=True)


def bring_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    profile: Annotated[
        str, typer.Option(help="A YAML file, or the id of one that comes with us.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Send nothing.")] = False,
    through: Annotated[
        Through | None, typer.Option(help="Kafka where it runs, else the ledger.")
    ] = None,
    refused: Annotated[
        Path | None, typer.Option(help="Write the refused rows to this CSV.")
    ] = None,
) -> None:
    """Import a file: each row as messages of its system; rehearsed before any is sent."""
    home = Home(settings.load())
    chosen = _profile(home, profile)
    task = Import(file, chosen, systems(home).with_profile(chosen))
    with bar("Reading") as reached:
        report = task.rehearse(reached)
    out.print(f"{report.rows} rows, {report.messages} messages to send")
    if not dry_run and report.messages:
        report = _sent(home, task, chosen, through, of=report.rows)
    _show(report, refused)
    if report.refused_rows:
        raise typer.Exit(1)


def dead_letters(
    kind: Annotated[
        list[str] | None, typer.Option(help=f"Of {', '.join(letters.KINDS)}.")
    ] = None,
    after: Annotated[int, typer.Option(help="Where the last list ended.")] = 0,
) -> None:
    """List messages that a person has to look at: why, never what they say."""
    if strange := set(kind or ()) - set(letters.KINDS):
        fail(f"no such kind as {', '.join(sorted(strange))}")
    with (
        Home(settings.load()).reached() as dsn,
        psycopg.connect(role_dsn(dsn, "ledger_app")) as conn,
    ):
        found = letters.listed(conn, kinds=tuple(kind or DEAD), after=after)
    rows = [
        [
            one.nth,
            one.kind,
            one.source,
            one.message_id,
            _why(one.reason),
            one.recorded_at.isoformat(timespec="seconds"),
            one.kept_until.date() if one.kept else "too large to be kept",
        ]
        for one in found
    ]
    out.print(table(["nth", "kind", "source", "id", "why", "since", "kept until"], rows))
    if len(found) == letters.PAGE_MAX:
        out.print(f"More: ledger dead-letters --after {found[-1].nth}")


def redrive(
    nth: Annotated[int | None, typer.Argument(help="Of one letter.")] = None,
    kind: Annotated[
        str | None, typer.Option(help=f"All of {', '.join(letters.AGAIN)}.")
    ] = None,
) -> None:
    """Take the message of a letter in again, or all of a kind after a repair."""
    if (nth is None) == (kind is None):
        fail("name one letter, or a kind")

    async def again(ours: Desk, by: str) -> list[Told]:
        if kind is not None:
            return await letters.redrive_all(Intake(ours), kind, by=by)
        assert nth is not None
        return [await letters.redrive(Intake(ours), nth, by=by)]

    rows = [
        [told.source, told.message_id, told.outcome, _why(told.detail)]
        for told in _at_desk(again)
    ]
    out.print(table(["source", "id", "outcome", ""], rows))


def dismiss(nth: Annotated[int, typer.Argument(help="Of one letter.")]) -> None:
    """Let a letter go: what it holds is not taken in."""
    _at_desk(lambda ours, by: letters.dismiss(ours, nth, by=by))
    out.print(f"Letter {nth} is dismissed.")


@inbound.command("go-on")
def go_on() -> None:
    """Read on behind messages that were lost before we read them; it is recorded."""
    home = Home(settings.load())
    topic = TopicNames(home.settings.kafka.topic_prefix).inbound
    cluster = home.cluster()
    gone = _at_desk(lambda ours, by: place.go_on(Intake(ours), cluster, topic, by=by))
    for one in gone:
        out.print(str(one))
    out.print("Reading goes on." if gone else "Nothing was lost.")


def _at_desk(work: Callable[[Desk, str], Awaitable[T]]) -> T:
    """Do this with a ledger of our own, in the operator's name."""
    home = Home(settings.load())

    async def done(ours: Desk) -> T:
        try:
            return await work(ours, home.settings.operator_id)
        finally:
            await ours.opened.appender.close()

    with home.reached() as dsn, desk(home, dsn) as ours:
        return asyncio.run(done(ours))


def _profile(home: Home, said: str) -> Profile:
    """By its file, or by its id among those that come with us or lie in the folder."""
    places = [Path(said), *(f / f"{said}.yaml" for f in (home.profiles, sources.OURS))]
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise HomeError(f"no profile {said}: name a YAML file, or one of {_ids(home)}")
    return sources.read(found)


def _ids(home: Home) -> str:
    folders = (sources.OURS, home.profiles)
    return ", ".join(sorted(path.stem for f in folders for path in f.glob("*.yaml")))


def _sent(
    home: Home, task: Import, chosen: Profile, through: Through | None, *, of: int
) -> Report:
    """Every message, to the topic or straight into the ledger."""
    if through == "kafka" or (through is None and "kafka" in (home.noted() or {})):
        _check_known(home, chosen)
        topic = TopicNames(home.settings.kafka.topic_prefix).inbound
        with bar("Sending", of=of) as reached, Publisher(home.cluster()) as publisher:
            return task.publish(publisher, topic, reached)
    with bar("Taking in", of=of) as reached:

        async def taken(ours: Desk, _by: str) -> Report:
            known = ours.sources.with_profile(chosen)
            return await task.bring_in(Intake(replace(ours, sources=known)), reached)

        return _at_desk(taken)


def _check_known(home: Home, chosen: Profile) -> None:
    """Who reads the topic has to know the system, or every message is a dead letter."""
    try:
        known = systems(home).of(chosen.sources[0]).profile
    except MalformedError:
        known = None
    if known != chosen:
        raise HomeError(
            f"intake does not know {chosen.id} as it is: put it into {home.profiles} and"
            " start the ledger again, or import with --through ledger"
        )


def _show(report: Report, refused: Path | None) -> None:
    for outcome, count in sorted(report.outcomes.items()):
        out.print(f"{count} {outcome}")
    if not report.refused_rows:
        return
    out.print(f"[bold red]{report.refused_rows} rows are refused[/]")
    out.print(table(["line", "field", "why"], _cells(report.refused[:SHOWN_MAX])))
    if len(report.refused) > SHOWN_MAX:
        out.print(f"and {len(report.refused) - SHOWN_MAX} more reasons: --refused FILE.csv")
    if refused is not None:
        with refused.open("w", encoding="utf-8", newline="") as written:
            csv.writer(written).writerows(
                [("line", "field", "why"), *_cells(report.refused)]
            )


def _cells(rows: Iterable[RefusedRow]) -> list[tuple[int, str, str]]:
    return [(row.line, row.field, row.reason) for row in rows]


def _why(reason: str | None) -> str:
    """The sentences of a reason; a number of ours as it is."""
    if reason is None or not reason.startswith("{"):
        return reason or ""
    said = json.loads(reason)
    lacks = (": ".join(filter(None, (o["field"], o["fix"]))) for o in said["lacks"])
    return "; ".join(lacks) or str(said["code"])
