"""Outcomes: what became of each message, for its source and for whoever asks."""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

HISTORY_MAX = 100

# Our number stands in the first event of the complaint.
COLUMNS = """
SELECT o.nth, o.source, o.message_id, o.outcome, o.stream, o.version, o.position, o.detail,
       o.recorded_at, convert_from(e.state, 'UTF8')::json ->> 'number'
"""
FIRST = "LEFT JOIN ledger.event AS e ON (e.stream, e.version) = (o.stream, 1)"
AFTER = (
    f"{COLUMNS} FROM ledger.outcome AS o {FIRST} WHERE o.nth > %s ORDER BY o.nth LIMIT %s"
)
HISTORY = f"""
{COLUMNS} FROM ledger.outcome AS o {FIRST}
  WHERE o.source = %s AND o.message_id = %s ORDER BY o.nth DESC LIMIT %s
"""
ANSWER = """(SELECT NULL::bigint AS nth, i.* FROM ledger.inbox AS i
               WHERE i.source = %s AND i.message_id = %s)"""
NOW = f"{COLUMNS} FROM {ANSWER} AS o {FIRST}"

NUMBER = """
SELECT convert_from(state, 'UTF8')::json ->> 'number' FROM ledger.event
 WHERE (stream, version) = (%s, 1)
"""


class Outcome(NamedTuple):
    """One answer to one message."""

    nth: int | None  # in the order of answers; none for the one that stands
    source: str
    message_id: str
    outcome: str
    stream: UUID | None
    version: int | None
    position: int | None
    detail: str | None
    recorded_at: datetime
    number: str | None

    def told(self) -> dict[str, Any]:
        """As its source reads it: what is not there is left out."""
        said = {
            "source": self.source,
            "message_id": self.message_id,
            "outcome": self.outcome,
            "number": self.number,
            "version": self.version,
            "position": self.position,
            **why(self.detail),
            "recorded_at": self.recorded_at.isoformat(),
        }
        return {name: value for name, value in said.items() if value is not None}


def after(conn: Connection[Any], nth: int, limit: int) -> list[Outcome]:
    """The next answers, in the order they were given."""
    return [Outcome(*row) for row in conn.execute(AFTER, [nth, limit]).fetchall()]


def standing(conn: Connection[Any], source: str, message_id: str) -> Outcome | None:
    """The answer that stands for a message."""
    row = conn.execute(NOW, [source, message_id]).fetchone()
    return Outcome(*row) if row else None


def history(conn: Connection[Any], source: str, message_id: str) -> list[Outcome]:
    """Every answer given under this id, newest first: also to copies of the message."""
    rows = conn.execute(HISTORY, [source, message_id, HISTORY_MAX]).fetchall()
    return [Outcome(*row) for row in rows]


def number(conn: Connection[Any], stream: UUID) -> str | None:
    """Our number of a complaint."""
    row = conn.execute(NUMBER, [stream]).fetchone()
    return row[0] if row else None


def why(detail: str | None) -> dict[str, Any]:
    """Code and lacks of what was not taken; nothing of a number."""
    if detail is None or not detail.startswith("{"):
        return {}
    said: dict[str, Any] = json.loads(detail)
    return {"code": said["code"], "lacks": said["lacks"]}
