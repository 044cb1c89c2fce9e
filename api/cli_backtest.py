"""`ledger backtest`: ask a regulation about the whole store; nothing is changed."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from api.terminal import bar, fail, out, table
from consumers.home import Home
from consumers.library import Library, rulebook
from consumers.opening import acting, calendars, rulebooks
from domain.assess.backtest import Backtest, Outcome
from domain.codec import Codec
from domain.registry import REGISTRY
from domain.rulebooks.reading import WrongRulebookError
from domain.rulebooks.rulebook import Rulebook
from infra import settings, wall_clock, yaml_files
from infra.postgres.pool import role_dsn
from infra.postgres.recorder import open_recorder
from projections.back_test import Summary, outcomes
from projections.back_test_csv import back_test_csv

NO_GRADE = "–"


def backtest(
    regulation: Annotated[
        str,
        typer.Argument(metavar="RULEBOOK", help="As S46@1, or a file not yet published."),
    ],
    csv: Annotated[
        Path | None, typer.Option(help="Write each complaint to this file.")
    ] = None,
) -> None:
    """Say what a regulation would have made of every complaint; nothing is changed."""
    with Home(settings.load()).reached() as dsn:
        app = role_dsn(dsn, "ledger_app")
        book = _book(regulation, app)
        now = wall_clock.now().replace(microsecond=0)
        recorder = open_recorder(app)
        with closing(recorder.datastore):
            test = Backtest(book, calendars(recorder, Codec(REGISTRY)), now)
        summary = Summary()
        codec = Codec(REGISTRY)
        with (
            psycopg.connect(app, autocommit=True) as conn,
            bar(f"Asking {book.name}") as reached,
        ):
            found = _noted(outcomes(conn, codec, test, reached), summary)
            about = {"rulebook": book.name, "asked_at": now.isoformat()}
            _write(found, csv, about)
    _show(book, summary)


def _write(found: Iterable[Outcome], csv: Path | None, about: dict[str, str]) -> None:
    if csv is None:
        for _ in found:
            pass
        return
    with csv.open("wb") as file:
        for piece in back_test_csv(found, bom=True, about=about):
            file.write(piece)


def _noted(found: Iterable[Outcome], summary: Summary) -> Iterator[Outcome]:
    for one in found:
        summary.add(one)
        yield one


def _book(name: str, dsn: str) -> Rulebook:
    """A file as it lies there, or what was published under this name."""
    path = Path(name)
    if path.is_file():
        try:
            return rulebook(path.read_bytes(), path.name)
        except (yaml_files.YamlFileError, WrongRulebookError) as error:
            fail(str(error))
    recorder = open_recorder(dsn)
    with closing(recorder.datastore):
        library = Library(recorder, Codec(REGISTRY), rulebooks(), acting())
        try:
            return library.rulebooks[name]
        except KeyError:
            fail(f"no regulation {name} is published, and there is no such file")


def _show(book: Rulebook, summary: Summary) -> None:
    out.print(f"{book.name} {book.title.en} / {book.title.zh}", markup=False)
    out.print(
        f"{summary.complaints:,} complaints: {summary.differ:,} with another grade than"
        f" recorded, {summary.open:,} that might be worse, {summary.late:,} late,"
        f" {summary.repeated:,} repeated, {summary.candidates:,} with a fine candidate"
    )
    rows = [
        [recorded or NO_GRADE, would_be or NO_GRADE, f"{n:,}"]
        for (recorded, would_be), n in summary.grades.most_common()
    ]
    out.print(table(["recorded", "would be", "complaints"], rows))
