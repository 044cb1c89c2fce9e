"""The shelf, attacked: two processes decide about few complaints; then all is judged."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from consumers.opening import Opened
from domain import batch
from domain.complaint.state import Complaint
from domain.entry import Receipt
from domain.errors import ChangedMeanwhileError, Lack, RefusedError, retold, told
from domain.event import Event, sealed_fields
from domain.shelf import Shelf
from tests.builders import lodged
from tests.domain.crowd import request, settled

Notes = list[dict[str, Any]]
COMPLAINTS = 5
NOT_JUDGED = {"BusyError", "UnreachableError", "UnavailableError"}  # "send it again"
ROOT = Path(__file__).parents[2]


class Judge:
    """Folds the store, and asks of each answer whether it was true."""

    def __init__(self, mine: Opened, database: str) -> None:
        self.rulebooks = mine.ledger.rulebooks
        with psycopg.connect(database) as conn:
            self.rows = conn.execute(
                "SELECT position, recorded_at, stream, version FROM ledger.event ORDER BY 1"
            ).fetchall()
            inbox = conn.execute(
                "SELECT message_id, outcome, stream, version, position, recorded_at, detail"
                " FROM ledger.inbox WHERE source = 'crowd'"
            )
            self.inbox = {row[0]: row[1:] for row in inbox}
        streams = {row[2] for row in self.rows}
        self.events = {s: [_event(e) for e in mine.ledger.events.get(s)] for s in streams}

    def at(self, stream: UUID, version: int) -> Complaint:
        made: Complaint | None = None
        for event in self.events[stream][:version]:
            made = event.mutate(made)
        assert made is not None
        return made

    def verdict(self, spec: dict[str, Any], version: int) -> RefusedError | list[Event]:
        """What the decision says of the complaint as it stood at *version*."""
        asked = request(spec)
        made = self.at(asked.stream_id, version)
        if asked.expected_version not in (None, version):
            fix = f"look at version {version} and decide again"
            return ChangedMeanwhileError(Lack("If-Match", fix))
        try:
            asked.decide(made, self.rulebooks.of(made))
        except RefusedError as refused:
            return refused
        return made.news

    def judge_the_store(self, specs: dict[str, dict[str, Any]]) -> None:
        """No hole; each event is what its message led to on the version it saw."""
        assert [row[0] for row in self.rows] == list(range(1, len(self.rows) + 1))
        assert all(earlier[1] < later[1] for earlier, later in pairwise(self.rows))
        written = {(row[2], row[3]) for row in self.rows if row[3] > 1}
        for key, (outcome, stream, version, position, _, detail) in self.inbox.items():
            said = self.verdict(specs[key], version if position is None else version - 1)
            if position is not None:
                written.remove((stream, version))
                assert isinstance(said, list)
                event = self.events[stream][version - 1]
                assert [_shut(one) for one in said] == [_shut(event)]
            elif outcome == "accepted":
                assert said == []
            else:
                assert isinstance(said, RefusedError)
                assert str(retold(detail, version=version)) == str(said)
        assert written == set(), "an event nobody asked for"

    def judge_the_answers(self, notes: Notes) -> None:
        """A receipt stands in the store; a refusal was true, and of no older version."""
        first_asked: dict[str, float] = {}
        for note in notes:
            key = note["spec"]["key"]
            first_asked[key] = min(note["began"], first_asked.get(key, note["began"]))
        for note in notes:
            if note.get("error") in NOT_JUDGED:
                continue
            key, about = note["spec"]["key"], UUID(note["spec"]["about"])
            known = self.inbox.get(key)
            since = first_asked[key] if known else note["began"]
            assert note["version"] >= newest_known(notes, about, since), "stale"
            if receipt := note.get("receipt"):
                assert known is not None
                stands = (known[0], str(known[1]), *known[2:4], str(known[4]))
                answer = [str(receipt["complaint_id"]), receipt["version"]]
                answer += [receipt["position"], str(receipt["recorded_at"])]
                assert stands == ("accepted", *answer)
            else:
                said = self.verdict(note["spec"], note["version"])
                assert isinstance(said, RefusedError)
                assert note["error"] == type(said).__name__
                assert note["lacks"] == json.loads(told(said))["lacks"]


def newest_known(notes: Notes, about: UUID, since: float) -> int:
    """The highest version that somebody had been told of before."""
    told_of = [
        note["receipt"]["version"]
        for note in notes
        if "receipt" in note
        and note["ended"] < since
        and UUID(note["spec"]["about"]) == about
    ]
    return max(told_of, default=1)


def _event(event: object) -> Event:
    assert isinstance(event, Event)
    return event


def _shut(event: Event) -> dict[str, Any]:
    """An event without what is sealed in the store and open in a fresh decision."""
    return event.model_dump(exclude=set(sealed_fields(type(event))))


def let_loose(
    database: str, master: Path, ids: list[str], notes: Path, *, kill: bool
) -> Notes:
    """Two processes; now and then one of their connections is cut."""
    files = [notes / f"{name}.jsonl" for name in ("one", "two")]
    crowd = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.domain.crowd"),
                *(database, str(master), f.stem, str(f), *ids),
            ],
            cwd=ROOT,
        )
        for f in files
    ]
    chance = Random(1)  # noqa: S311
    with psycopg.connect(database, autocommit=True) as conn:
        while any(member.poll() is None for member in crowd):
            conn.execute("SELECT pg_sleep(%s)", [chance.uniform(0.05, 0.3)])
            if kill and all(f.exists() for f in files):  # both have begun
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " ORDER BY random() LIMIT 1"
                )
    assert [member.wait() for member in crowd] == [0, 0]
    return [json.loads(line) for f in files for line in f.read_text().splitlines()]


@pytest.mark.parametrize("kill", [False, True], ids=["", "connections_cut"])
async def test_two_processes_with_shelves_tell_nobody_anything_untrue(
    ledger: Opened, database: str, tmp_path: Path, kill: bool
) -> None:
    ids = [str((await lodged(ledger)).complaint_id) for _ in range(COMPLAINTS)]
    master = tmp_path / "keys" / "master.key"

    notes = await asyncio.to_thread(let_loose, database, master, ids, tmp_path, kill=kill)

    specs = {note["spec"]["key"]: note["spec"] for note in notes}
    judge = Judge(ledger, database)
    judge.judge_the_store(specs)
    judge.judge_the_answers(notes)
    kinds = Counter("receipt" if "receipt" in note else note["error"] for note in notes)
    assert {"receipt", "ChangedMeanwhileError", "NotAllowedError"} <= set(kinds)

    requests = [request(specs[key]) for key in judge.inbox]
    answers = await batch.take_in(ledger.ledger, requests, ledger.ledger.append)
    for asked, answer, (outcome, _, version, *_rest) in zip(
        requests, answers, judge.inbox.values(), strict=True
    ):
        first = settled(asked, answer)
        assert isinstance(first, Receipt if outcome == "accepted" else RefusedError)
        assert first.version == version
    await ledger.appender.close()


def test_what_is_not_recorded_is_not_kept() -> None:
    made = complaint(1)
    made.news.append(Event.model_construct())

    with pytest.raises(AssertionError):
        Shelf().put(made)


def test_the_one_put_back_longest_ago_goes_first() -> None:
    shelf = Shelf(size=2)
    made = [complaint(n) for n in range(3)]
    for one in made:
        shelf.put(one)

    assert [shelf.take(UUID(int=n)) for n in range(3)] == [None, *made[1:]]


def complaint(nth: int) -> Complaint:
    """One of its own, with nothing new."""
    return Complaint(id=UUID(int=nth), number=f"C-{nth}", party_id=UUID(int=9), zone="UTC")
