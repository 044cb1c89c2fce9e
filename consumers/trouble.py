"""Trouble: why a read model or a relay does not go on, said where health can see it."""

from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from projections import parked

Kind = Literal["waits", "stopped"]
WORDS_MAX = 500
OURS = ("domain", "projections", "consumers", "infra")
NOTE = """
INSERT INTO running.trouble AS t (what, kind, why, member) VALUES (%s, %s, %s, %s)
    ON CONFLICT (what) DO UPDATE
   SET (kind, why, member, since)
     = (excluded.kind, excluded.why, excluded.member, excluded.since)
 WHERE (t.kind, t.why) <> (excluded.kind, excluded.why)
"""


def note(
    conn: Connection[Any], what: str, kind: Kind, error: Exception, member: UUID
) -> None:
    """It waits, or it has stopped; since when is kept while the reason is the same."""
    conn.execute(NOTE, [what, kind, said(error), member])


def over(conn: Connection[Any], what: str) -> None:
    """It goes on."""
    conn.execute("DELETE FROM running.trouble WHERE what = %s", [what])


def said(error: Exception) -> str:
    """The kind of error; its words only where they are ours, which quote nobody."""
    kind = type(error)
    if kind.__module__.partition(".")[0] in OURS:
        return f"{kind.__name__}: {error}"[:WORDS_MAX]
    return parked.said(error)
