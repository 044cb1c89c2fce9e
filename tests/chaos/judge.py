"""After the storm: the store, the topics and the tables, each held against the others."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import dict_row

from consumers.ownership import open_session
from consumers.rebuild import rebuild
from domain.event import LEDGER, REACTOR
from infra.kafka import Cluster, Message, PartitionReader, TopicNames, Topics
from infra.webhook import ID, SIGNATURE, TIME, signature
from projections import PROJECTIONS, freshness, generations
from tests.chaos.plant import SECRET
from tests.chaos.upstream import SOURCE, Sent
from tests.consumers.receivers import Post
from tests.projections.filling import Rows, rows

QUIET_WITHIN_S = 120.0
PAUSE_S = 0.2
Row = dict[str, Any]
LAPSED = "complaint.deadline_lapsed"
OWED = ("CLK-corrective-answer", "CLK-preventive-answer")
REACTED = """
SELECT bool_and(r.position = (SELECT max(position) FROM ledger.event))
       AND NOT EXISTS (SELECT FROM running.moment WHERE at < clock_timestamp())
       AND NOT EXISTS (SELECT FROM running.repeat_due)
  FROM running.reaction AS r WHERE r.name = 'complaints'
"""
TOLD = """
SELECT bool_and(r.position = (SELECT max(position) FROM ledger.event))
       AND NOT EXISTS (
           SELECT FROM running.outbox WHERE state IN ('waiting', 'sending'))
  FROM running.reaction AS r WHERE r.name = 'outbox'
"""


class Judge:
    """Asks of everything that can be read whether it is true."""

    def __init__(self, dsn: str, cluster: Cluster) -> None:
        self.dsn, self.cluster, self.topics = dsn, cluster, TopicNames("")

    def wait_until_quiet(self) -> None:
        """Everything that was sent has its outcome, and every table has caught up."""
        self._until("every message has its outcome", self._all_have_outcomes)
        self._until("nothing is held", lambda conn: not self._held(conn))
        self._until("every table has caught up", self._caught_up)
        self._until("the reactor has said all", self._reacted)
        self._until("everybody was told", self._told)
        self._until("every table has caught up", self._caught_up)
        self._until("the relay has caught up", self._relayed)

    def judge(self, sent: Sent, mail: Post, webhook: Post) -> Counter[str]:
        """Everything; returns how many of what there was."""
        with psycopg.connect(self.dsn, row_factory=dict_row) as conn:
            events = conn.execute("SELECT * FROM ledger.event ORDER BY position").fetchall()
            inbox = conn.execute("SELECT * FROM ledger.inbox").fetchall()
            outcomes = conn.execute("SELECT * FROM ledger.outcome ORDER BY nth").fetchall()
        self.judge_the_store(events, inbox, sent)
        lapses = self.judge_the_reactor(events)
        self.judge_the_notices(lapses, mail, webhook)
        self.judge_the_outcomes(outcomes)
        self.judge_the_topic(events)
        self.judge_the_tables(events)
        return Counter(
            events=len(events),
            messages=len(inbox),
            lapses=lapses,
            **{
                f"outcome_{o}": n
                for o, n in Counter(r["outcome"] for r in outcomes).items()
            },
        )

    def judge_the_store(self, events: list[Row], inbox: list[Row], sent: Sent) -> None:
        """No hole, times forwards, each message once, nothing acknowledged lost."""
        assert [row["position"] for row in events] == list(range(1, len(events) + 1))
        assert all(a["recorded_at"] < b["recorded_at"] for a, b in pairwise(events))
        by_key = {row["message_id"]: row for row in inbox if row["source"] != SOURCE}
        for key, position in sent.acknowledged.items():
            assert by_key[key]["position"] == position, "acknowledged, and not as it stands"
        from_crm = {row["message_id"]: row for row in inbox if row["source"] == SOURCE}
        assert set(from_crm) == set(sent.messages), (
            "a message was lost, or came from nowhere"
        )
        assert {row["outcome"] for row in from_crm.values()} == {"accepted"}
        caused = sum(
            row["position"] is not None for row in inbox if row["source"] != REACTOR.source
        )
        spoken = sum(said_by(row) not in {LEDGER.by, REACTOR.by} for row in events)
        assert caused == spoken, "one event for each message that led to one"

    def judge_the_reactor(self, events: list[Row]) -> int:
        """Whatever was accepted long ago lapsed, both its answers, each once."""
        accepted = {r["stream"] for r in events if r["topic"] == "complaint.accepted"}
        owed = Counter((one, clock) for one in accepted for clock in OWED)
        lapsed = Counter(
            (row["stream"], json.loads(bytes(row["state"]))["clock"])
            for row in events
            if row["topic"] == LAPSED
        )
        assert lapsed == owed, "a lapse is missing, or was said twice"
        return lapsed.total()

    def judge_the_notices(self, lapses: int, mail: Post, webhook: Post) -> None:
        """No second mail; who was not told, or perhaps was, is on the list for a person."""
        with psycopg.connect(self.dsn) as conn:
            found = conn.execute(
                "SELECT channel, state, words, id FROM running.outbox"
            ).fetchall()
        told = Counter(
            line
            for one in mail.mails
            for line in one.get_content().splitlines()
            if "deadline missed" in line
        )
        assert set(told.values()) <= {1}, "somebody was told twice"
        by_mail = {words: state for channel, state, words, _ in found if channel == "mail"}
        assert len(by_mail) == lapses, "a notice is missing"
        assert set(by_mail.values()) <= {"sent", "unsure"}
        assert {w for w, state in by_mail.items() if state == "sent"} <= set(told)
        posted = {head[ID] for head, _ in webhook.posts}
        assert posted == {str(i) for channel, _, _, i in found if channel == "webhook"}
        assert len(posted) == lapses
        for head, body in webhook.posts:
            assert head[SIGNATURE] == signature(SECRET, at=head[TIME], body=body)

    def judge_the_outcomes(self, outcomes: list[Row]) -> None:
        """Each delivery has exactly one outcome; they are numbered without a hole."""
        assert [row["nth"] for row in outcomes] == list(range(1, len(outcomes) + 1))
        told = Counter((r["part"], r["at_offset"]) for r in outcomes if r["topic"])
        redriven = Counter(told.values())
        assert set(redriven) <= {1}, "a delivery has two outcomes"
        there = {(p, m.offset) for p, m in self.records(self.topics.inbound)}
        assert set(told) == there, "a delivery without an outcome"

    def judge_the_topic(self, events: list[Row]) -> None:
        """Every event is in the log, as stored, and in order within its stream."""
        seen: dict[int, bytes] = {}
        versions: dict[str, int] = {}
        for _, message in self.records(self.topics.events):
            headers = head(message)
            stream, version = headers["ce_id"].decode().rsplit(":", 1)
            seen.setdefault(int(headers["ledger_position"]), message.value or b"")
            assert int(version) <= versions.get(stream, 0) + 1, "a hole in the topic"
            versions[stream] = max(versions.get(stream, 0), int(version))
        assert seen == {row["position"]: bytes(row["state"]) for row in events}

    def judge_the_tables(self, events: list[Row]) -> None:
        """The tracking table is what a plain fold says, and all that a rebuild says."""
        expected = folded(events)
        with psycopg.connect(self.dsn, row_factory=dict_row) as conn:
            shown = conn.execute("SELECT * FROM reading.tracking").fetchall()
        assert len(shown) == len(expected)
        for row in shown:
            wanted = expected[row["complaint_id"]]
            assert {name: row[name] for name in wanted} == wanted
        for projection in PROJECTIONS:
            before = self._table(projection.name)
            rebuild(projection.name, dsn=self.dsn, progress=lambda _done, _all: None)
            assert self._table(projection.name) == before, projection.name

    def _table(self, name: str) -> Rows:
        """All that the tables hold that are read now."""
        with open_session(self.dsn, "ledger judge") as conn:
            live = generations.live(conn, name)
            assert live is not None
            return rows(conn, live.name)

    def records(self, topic: str) -> Iterator[tuple[int, Message]]:
        """Every record that can be read, partition by partition."""
        with Topics(self.cluster) as topics:
            partitions = list(range(topics.describe(topic).partitions))
        with PartitionReader(self.cluster, topic) as reader:
            reader.assign(partitions)
            ends = reader.end_offsets()
            for partition, first in reader.beginning_offsets().items():
                reader.seek(partition, first)
            while any(reader.position(p) < ends[p] for p in partitions):
                for partition, messages in reader.poll(1_000).items():
                    yield from ((partition, message) for message in messages)

    def _all_have_outcomes(self, conn: Connection[Any]) -> bool:
        row = conn.execute("SELECT count(*) FROM ledger.outcome WHERE topic IS NOT NULL")
        [told] = row.fetchone() or [0]
        return bool(told >= sum(1 for _ in self.records(self.topics.inbound)))

    def _held(self, conn: Connection[Any]) -> int:
        row = conn.execute("SELECT count(*) FROM ledger.inbox WHERE outcome = 'held'")
        [held] = row.fetchone() or [0]
        return int(held)

    def _caught_up(self, conn: Connection[Any]) -> bool:
        return all(freshness.read(conn, p.name).lag_events == 0 for p in PROJECTIONS)

    def _relayed(self, conn: Connection[Any]) -> bool:
        row = conn.execute("SELECT coalesce(max(position), 0) FROM ledger.event").fetchone()
        [last] = row or [0]
        headers = (head(m) for _, m in self.records(self.topics.events))
        return len({int(h["ledger_position"]) for h in headers}) == int(last)

    def _reacted(self, conn: Connection[Any]) -> bool:
        """It has looked at everything, and waits for no moment that is past."""
        row = conn.execute(REACTED).fetchone()
        return row == (True,)

    def _told(self, conn: Connection[Any]) -> bool:
        row = conn.execute(TOLD).fetchone()
        return row == (True,)

    def _until(self, what: str, so: Callable[[Connection[Any]], bool]) -> None:
        until = time.monotonic() + QUIET_WITHIN_S
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            while not so(conn):
                if time.monotonic() > until:
                    raise TimeoutError(f"waited in vain until {what}")
                threading.Event().wait(PAUSE_S)


def said_by(row: Row) -> str:
    """Who said an event."""
    by: str = json.loads(bytes(row["state"]))["who"]["by"]
    return by


def head(message: Message) -> dict[str, bytes]:
    """The headers of a record of ours; each has a value."""
    return {name: value for name, value in message.headers if value is not None}


def folded(events: list[Row]) -> dict[Any, Row]:
    """Some columns of the tracking table, by a fold that knows nothing of ours."""
    rows: dict[Any, Row] = {}
    for event in events:
        if not event["topic"].startswith("complaint."):
            continue
        said = json.loads(bytes(event["state"]))
        row = rows.setdefault(event["stream"], {"first_contact_at": None})
        row |= {"version": event["version"], "position": event["position"]}
        if event["topic"] == "complaint.received":
            item = said["items"][0]
            row |= {"number": said["number"], "customer": said.get("customer")}
            row |= {"product": item.get("product"), "batch": item.get("batch")}
        elif event["topic"] == "complaint.contacted":
            at = datetime.fromisoformat(said["when"]["occurred_at"])
            row["first_contact_at"] = min(row["first_contact_at"] or at, at)
    return rows
