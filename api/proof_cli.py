"""`ledger verify` and `ledger key`: whether what is stored is what was signed."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from psycopg import Connection

from api.terminal import bar, fail, out, table
from consumers import roles, sealing
from consumers.home import Home, HomeError
from consumers.sealing.anchors import AnchorTopic
from domain.restoration import STREAM
from infra import settings
from infra.postgres.pool import role_dsn
from infra.proof import recheck, store
from infra.proof.compare import Finding
from infra.proof.lives import Lives, recorded, still_covering
from infra.proof.note import Checkpoint, NoteError, VerifyingKey

SHOWN_MAX = 20
KEPT = "the database"
NOTES = 10_000  # read at once
Row = tuple[str, str, int, str]  # number, version, position, what is wrong
# The message that led to an event has its answer at or behind it.
WHERE = """
SELECT c.key, e.version FROM ledger.event AS e
  LEFT JOIN ledger.claim AS c ON c.name = 'number' AND c.stream = e.stream
 WHERE e.position = %(at)s
 UNION ALL
(SELECT c.key, i.version - (i.position - %(at)s) FROM ledger.inbox AS i
  LEFT JOIN ledger.claim AS c ON c.name = 'number' AND c.stream = i.stream
 WHERE i.position >= %(at)s ORDER BY i.position LIMIT 1)
 LIMIT 1
"""


def key() -> None:
    """The public key of this ledger: give it to auditors by another way than evidence."""
    home = Home(settings.load())
    if not home.sealer_key.exists():
        fail("nothing was sealed here yet: start the ledger once")
    with home.reached(as_it_is=True) as dsn:
        out.print(str(_own_key(home, dsn)), soft_wrap=True, markup=False)


def verify(
    public: Annotated[
        str | None, typer.Option("--key", help="the public key, or a file with it")
    ] = None,
) -> None:
    """Recheck every event against what was signed, here and where it is anchored."""
    home = Home(settings.load())
    with home.reached(as_it_is=True) as dsn:
        try:
            known = _own_key(home, dsn) if public is None else _given(public)
        except NoteError as error:
            fail(str(error))
        with psycopg.connect(role_dsn(dsn, "ledger_app"), autocommit=True) as conn:
            began = time.monotonic()
            signed, wrong = _signed(home, conn, known)
            lives = recorded(conn, STREAM)
            covering = still_covering(signed, lives)
            with bar("Rechecking") as reached:
                head, found = recheck.whole(conn, covering, reached)
            took = max(time.monotonic() - began, 0.001)
            rows = [(*_where(conn, one), one.position, one.words) for one in found]
            unsealed = conn.execute(
                "SELECT greatest(max(position) - %s, 0) FROM ledger.event", [head.size]
            ).fetchone()
    out.print(
        f"{head.size:,} events and {head.answers:,} answers under {len(covering):,}"
        f" checkpoints in {took:.1f} s ({head.size / took:,.0f} events/s)"
    )
    _told_of_lives(len(signed) - len(covering), lives)
    if unsealed and unsealed[0]:
        out.print(f"{unsealed[0]:,} events are recorded and not sealed yet")
    if rows or wrong:
        _told_of_wrong(rows, wrong)
        raise typer.Exit(1)
    out.print("Everything that is sealed is as it was signed.")


def _told_of_wrong(rows: Sequence[Row], wrong: Sequence[str]) -> None:
    for words in wrong:
        out.print(f"[bold red]{words}[/]")
    if rows:
        out.print("[bold red]What is stored is not what was signed.[/] First:")
        heads = ["number", "version", "position", "what is wrong"]
        out.print(table(heads, rows[:SHOWN_MAX]))
    if len(rows) > SHOWN_MAX:
        out.print(f"and {len(rows) - SHOWN_MAX} more")


def _told_of_lives(gone: int, lives: Lives) -> None:
    if gone:
        out.print(
            f"{gone:,} checkpoints cover events that are gone since an older copy was put"
            f" back: the ledger is in life {lives.now}, see `ledger.restored`"
        )


def _own_key(home: Home, dsn: str) -> VerifyingKey:
    """Better is --key: an auditor has it by another way."""
    with psycopg.connect(role_dsn(dsn, "ledger_app")) as conn:
        return sealing.own_key(home, conn)


def _given(public: str) -> VerifyingKey:
    path = Path(public)
    return VerifyingKey.read(path.read_text("utf-8") if path.is_file() else public)


def _signed(
    home: Home, conn: Connection[Any], known: VerifyingKey
) -> tuple[list[Checkpoint], list[str]]:
    """All checkpoints that can be found, and what is wrong about them."""
    signed: dict[str, Checkpoint] = {}
    wrong, outside = [], 0
    for place, notes in _places(home, conn, known):
        count = 0
        for note in notes:
            count += 1
            try:
                signed.setdefault(note, known.checked(note))
            except NoteError as error:
                wrong.append(f"checkpoint {count} in {place}: {error}")
        out.print(f"{count:,} checkpoints in {place}", markup=False)
        outside += count if place != KEPT else 0
    if not outside:
        out.print("No checkpoint lies outside: the database is only held against itself.")
    return list(signed.values()), wrong


def _places(
    home: Home, conn: Connection[Any], known: VerifyingKey
) -> Iterator[tuple[str, Sequence[str]]]:
    yield KEPT, list(_kept(conn))
    file = sealing.file_of(home, known)
    yield f"the file {file.path}", list(file.notes())
    try:
        cluster = home.cluster()
    except HomeError:
        return  # embedded: no broker runs here, and none is named
    topic = roles.topics(home).checkpoints
    yield f"the topic {topic}", list(AnchorTopic(cluster, topic).notes())


def _kept(conn: Connection[Any]) -> Iterator[str]:
    size = 0
    while page := store.notes(conn, size, NOTES):
        yield from (note for _, note in page)
        size = page[-1][0]


def _where(conn: Connection[Any], one: Finding) -> tuple[str, str]:
    """Number and version of the event at a position, or of what stood there."""
    row = conn.execute(WHERE, {"at": one.position}).fetchone()
    return (str(row[0] or "?"), str(row[1])) if row else ("?", "?")
