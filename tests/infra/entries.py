"""Entries and writers for tests of the store itself, below the ledger."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from domain.entry import Entry
from infra.postgres.appender import Answer, Appender
from infra.postgres.pool import role_dsn

NUMBERED = b'{"number":"C-2026-"}'


class Writer:
    """Says entries as the application's role, and waits."""

    def __init__(self, database: str, role: str = "ledger_app") -> None:
        self.appender = Appender(role_dsn(database, role))

    async def say(self, *entries: Entry) -> list[Answer]:
        """One call."""
        return await self.appender.append(entries)


def entry(stream: UUID | None = None, saw: int = 0, **but: Any) -> Entry:
    """One event of a stream that stood at version *saw*."""
    stream = stream or uuid4()
    head = ("test", str(uuid4()), b"d", "accepted", stream, saw + 1, None)
    return Entry(*head, [(stream, saw + 1, "t", b"{}")])._replace(**but)


def numbered(**but: Any) -> Entry:
    """An entry that takes the next number of C-2026."""
    stream = uuid4()
    return entry(
        stream,
        events=[(stream, 1, "t", NUMBERED)],
        series="C-2026-",
        number_at=NUMBERED.index(b"-2026-") + len("-2026-"),
        **but,
    )


def verdicts(answers: Iterable[Answer]) -> list[str]:
    """What each was told, in a word."""
    return [answer.verdict for answer in answers]
