"""What the outcome relays carry: answers to their sources, and why a letter is dead."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import Connection

from consumers.envelope import SOURCE, SPEC_VERSION
from consumers.inbound import outcomes
from consumers.relay_log import Item
from infra.kafka import Outgoing, TopicNames

MARK = "ledger_nth"
# Where it was delivered stands with an earlier outcome, when it lay in a letter.
DEAD = """
SELECT l.nth, l.kind, l.source, l.message_id, l.digest, l.reason, now.recorded_at,
       came.topic, came.part, came.at_offset
  FROM ledger.letter AS l
  JOIN ledger.outcome AS now ON now.nth = l.nth
  LEFT JOIN LATERAL (SELECT * FROM ledger.outcome AS o
                      WHERE (o.source, o.message_id) = (l.source, l.message_id)
                        AND o.nth <= l.nth AND o.topic IS NOT NULL
                      ORDER BY o.nth DESC LIMIT 1) AS came ON true
 WHERE l.nth > %s AND l.kind IN ('malformed', 'defect', 'expired')
 ORDER BY l.nth LIMIT %s
"""


class Outcomes:
    """Each answer, under the name of its source: a source reads its own in order."""

    name = "outcomes"
    mark = MARK

    def __init__(self, topics: TopicNames) -> None:
        self.topic = topics.outcomes

    def after(self, conn: Connection[Any], number: int, limit: int) -> list[Item]:
        """The next answers."""
        return [
            _item(
                o.nth,
                o.source,
                f"outcome.{o.outcome}",
                o.message_id,
                o.recorded_at,
                o.told(),
            )
            for o in outcomes.after(conn, number, limit)
            if o.nth is not None
        ]


class DeadLetters:
    """Each message that is set aside: reason, place and digest, never what it says."""

    name = "dead letters"
    mark = MARK

    def __init__(self, topics: TopicNames) -> None:
        self.topic = topics.dead_letters

    def after(self, conn: Connection[Any], number: int, limit: int) -> list[Item]:
        """The next letters."""
        items = []
        for row in conn.execute(DEAD, [number, limit]).fetchall():
            nth, kind, source, message_id, digest, reason, at, topic, part, offset = row
            said = {
                "source": source,
                "message_id": message_id,
                "kind": kind,
                **outcomes.why(reason),
                "digest": bytes(digest).hex(),
                "topic": topic,
                "partition": part,
                "offset": offset,
                "recorded_at": at.isoformat(),
            }
            said = {name: value for name, value in said.items() if value is not None}
            items.append(_item(nth, source, f"letter.{kind}", message_id, at, said))
        return items


def _item(
    nth: int, key: str, kind: str, subject: str, at: datetime, said: Mapping[str, Any]
) -> Item:
    """A CloudEvent in binary mode."""
    headers = (
        ("ce_specversion", SPEC_VERSION),
        ("ce_id", f"{kind.partition('.')[0]}:{nth}".encode()),
        ("ce_source", SOURCE.encode()),
        ("ce_type", kind.encode()),
        ("ce_time", at.isoformat().encode()),
        ("ce_subject", subject.encode()),
        ("content-type", b"application/json"),
        (MARK, str(nth).encode()),
    )
    value = json.dumps(said, ensure_ascii=False).encode()
    return Item(nth, Outgoing(key=key.encode(), value=value, headers=headers))
