"""A ledger whose events are sealed, and the places that a superuser can reach in it."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from consumers.sealing.anchors import AnchorFile
from consumers.sealing.running import session
from consumers.sealing.sealer import Sealer
from domain.entry import Entry
from infra.proof import store
from infra.proof.compare import Finding
from infra.proof.note import SigningKey
from infra.proof.recheck import Recheck
from tests.infra.entries import Writer, entry

KEY = SigningKey(b"k" * 32, kind="complaint-ledger")
TOPICS = ("complaint.received", "complaint.graded", "complaint.contacted")
_SECOND = count()


def clock() -> datetime:
    """A second later each time."""
    return datetime(2026, 3, 3, tzinfo=UTC) + timedelta(seconds=next(_SECOND))


@dataclass(frozen=True)
class Sealed:
    """A database with its anchors, and how a superuser comes in."""

    database: str
    superuser: str
    file: AnchorFile

    @contextmanager
    def sealer(self) -> Iterator[Sealer]:
        """A sealer that has begun, on a session of its own."""
        with closing(session(self.database)) as conn:
            made = Sealer(conn, KEY, self.file, clock=clock)
            made.begin()
            yield made

    def seal(self) -> None:
        """All that is new, with a checkpoint over it."""
        with self.sealer() as sealer:
            while sealer.step():
                pass

    @contextmanager
    def tampering(self) -> Iterator[Connection[Any]]:
        """A superuser at work, with no trigger in the way; undone at the end."""
        with psycopg.connect(self.superuser) as conn:
            for table in ("ledger.event", "ledger.inbox", "sealing.checkpoint"):
                conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
            yield conn
            conn.rollback()

    def found(self, conn: Connection[Any]) -> list[Finding]:
        """What a recheck of everything finds, by the anchors outside."""
        signed = [KEY.verifying.checked(note) for note in self.file.notes()]
        recheck = Recheck(conn, store.head(conn), signed)
        found = [one for _, findings in recheck.steps() for one in findings]
        return sorted(
            [*found, *recheck.explained()], key=lambda one: (one.position, one.what)
        )


def sealed(server: str, database: str, folder: Path) -> Sealed:
    name = str(conninfo_to_dict(database)["dbname"])
    superuser = make_conninfo(server, dbname=name)
    return Sealed(database, superuser, AnchorFile(folder / "anchors" / "checkpoints"))


async def fill(database: str, events: int, *, seed: int) -> None:
    """So many events: one to three in a message, of complaints old and new."""
    chance = random.Random(seed)  # noqa: S311 the same every time
    writer, at = Writer(database), dict[UUID, int]()
    while events:
        said: list[Entry] = []
        touched: set[UUID] = set()
        while events and len(said) < 40:
            new = UUID(int=chance.getrandbits(128), version=4)
            stream = chance.choice([*at, new]) if at and chance.random() < 0.7 else new
            if stream in touched:
                continue
            touched.add(stream)
            saw, many = at.get(stream, 0), min(chance.randrange(1, 4), events)
            news = [
                (
                    stream,
                    saw + n,
                    chance.choice(TOPICS),
                    chance.randbytes(40).hex().encode(),
                )
                for n in range(1, many + 1)
            ]
            said.append(entry(stream, saw, version=saw + many, events=news))
            at[stream], events = saw + many, events - many
        assert {a.verdict for a in await writer.appender.append(said)} == {"recorded"}
    await writer.appender.close()
