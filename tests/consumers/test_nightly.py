"""Nightly: each read model once a night, whoever is at work; what became of it is kept."""

import threading
from datetime import datetime, time, timedelta
from typing import Any

import psycopg
import pytest

from api.condition import look
from consumers import nightly, projecting
from consumers.nightly import check_and_note, last_turn
from consumers.rebuild import rebuild
from projections import PROJECTIONS, checked, named
from tests.consumers.running import Loop, Talking, caught_up, complain, running
from tests.waiting import until

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-03-03T02:59:59+08:00", "2026-03-02T03:00:00+08:00"),
        ("2026-03-03T03:00:00+08:00", "2026-03-03T03:00:00+08:00"),
        ("2026-03-02T19:00:00+00:00", "2026-03-03T03:00:00+08:00"),
        ("2026-03-03T23:59:59+08:00", "2026-03-03T03:00:00+08:00"),
    ],
)
def test_a_turn_is_a_time_of_day_at_the_plant(now: str, turn: str) -> None:
    said = last_turn(datetime.fromisoformat(now), time(3), ZONE)

    assert said == datetime.fromisoformat(turn)


def filling(dsn: str) -> Loop:
    return lambda stop: projecting.run(PROJECTIONS, dsn=dsn, feed="store", stop=stop)


def test_each_night_once_and_what_differs_is_seen_by_a_probe(
    ledger: Talking, database: str
) -> None:
    complain(ledger, 3)
    projecting.prepare(database)
    with running(filling(database)), psycopg.connect(database, autocommit=True) as conn:
        caught_up(conn, *(one.name for one in PROJECTIONS))
    clock = [datetime.fromisoformat("2099-01-02T02:59:00+08:00")]

    def at_work(stop: threading.Event) -> None:
        words: dict[str, Any] = {"at": time(3), "zone": ZONE, "look_s": 0.01}
        nightly.run(PROJECTIONS, dsn=database, stop=stop, clock=lambda: clock[0], **words)

    with psycopg.connect(database, autocommit=True) as conn:
        with running(at_work):
            assert checked.last(conn) == [], "it is not night yet"
            clock[0] += timedelta(minutes=1)
            until(lambda: len(checked.last(conn)) == len(PROJECTIONS))
        assert {one.outcome for one in checked.last(conn)} == {"same"}
        assert look(conn, "embedded").checks == tuple(checked.last(conn))

        conn.execute("SET ROLE ledger_projector")
        conn.execute("UPDATE stages_g1.stages SET role = 'x' WHERE version = 1")
        conn.execute("RESET ROLE")
        assert check_and_note(named("stages"), dsn=database).difference
        red = [why for colour, why in look(conn, "embedded").faults() if colour == "red"]
        assert any("stages is not as the ledger says: stages C-2026" in one for one in red)

        rebuild("stages", dsn=database)
        assert "stages" not in {one.projection for one in checked.last(conn)}, "made anew"
