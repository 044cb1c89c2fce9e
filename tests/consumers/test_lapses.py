"""The reactor says what time did to the deadlines, each once, wherever it was killed."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers.opening import opened
from consumers.reacting import lapses, looking, running
from domain.complaint import contact, intake
from domain.complaint.state import Complaint
from domain.event import When
from tests.builders import LI, TUESDAY, governed, lodged, message
from tests.consumers.running import Talking

S46 = governed(clocks="S46@1").current
LATER = TUESDAY + timedelta(days=30)
TOPICS = """
SELECT split_part(topic, '.', 2) FROM ledger.event
 WHERE topic LIKE '%lapse%' ORDER BY position
"""


def accepted(ledger: Talking) -> UUID:
    """A complaint that owes two answers within three working days."""
    begun = ledger.loop.run(lodged(ledger.opened, under=S46))
    say(ledger, begun.complaint_id, intake.accepted, TUESDAY, unit="u")
    return begun.complaint_id


def say(ledger: Talking, one: UUID, do: Any, since: datetime, **said: Any) -> None:
    asked = {"who": LI, "when": When(occurred_at=since), **said}
    ledger.loop.run(ledger.opened.ledger.change(message(), one, None, do, **asked))


def react(ledger: Talking, conn: Connection[Any], now: datetime = LATER) -> list[str]:
    """Until nothing is left to do; what was recorded of lapses so far."""
    while ledger.loop.run(running.step(ledger.opened, conn, at=now)):
        pass
    return [topic for (topic,) in conn.execute(TOPICS)]


def test_what_passes_unmet_lapses_and_what_was_met_in_time_is_taken_back(
    ledger: Talking, conn: Connection[Any]
) -> None:
    one = accepted(ledger)
    assert react(ledger, conn, TUESDAY) == []
    assert react(ledger, conn, TUESDAY + timedelta(days=2)) == ["deadline_lapsed"]
    say(ledger, one, contact.replied, TUESDAY + timedelta(hours=9), part="corrective")
    assert react(ledger, conn) == ["deadline_lapsed", "lapse_withdrawn", "deadline_lapsed"]


def test_killed_anywhere_it_says_nothing_twice(
    ledger: Talking, conn: Connection[Any]
) -> None:
    """What it knows of its work is thrown away: it looks at everything again."""
    accepted(ledger)
    assert react(ledger, conn) == ["deadline_lapsed"] * 2
    for table in ("reaction", "moment"):
        conn.execute(f"DELETE FROM running.{table}".encode())
    assert react(ledger, conn) == ["deadline_lapsed"] * 2


def test_two_reactors_that_saw_the_same_say_it_once(
    ledger: Talking, conn: Connection[Any], database: str, tmp_path: Path
) -> None:
    """Neither knows of the other; one looks a day later than the other."""
    seen = ledger.opened.ledger.load(accepted(ledger))
    assert isinstance(seen, Complaint)
    with opened(database, master=tmp_path / "keys" / "master.key") as other:
        for one, now in ((other, LATER), (ledger.opened, LATER + timedelta(days=1))):
            ledger.loop.run(lapses.say(one, [seen], now=now))
        ledger.loop.run(other.appender.close())
    assert react(ledger, conn) == ["deadline_lapsed"] * 2


def test_after_an_outage_all_is_said_in_few_calls(
    ledger: Talking, conn: Connection[Any]
) -> None:
    """Sixty complaints at once: each lapse its own event, one entry for each complaint."""
    for _ in range(60):
        accepted(ledger)
    while looking.look(ledger.opened, conn):
        pass
    turns = 0
    while ledger.loop.run(lapses.step(ledger.opened, conn, now=LATER)):
        turns += 1
    assert turns == 2
    assert len(react(ledger, conn)) == 120


def test_an_answer_while_the_reactor_speaks_is_not_lost(
    ledger: Talking, conn: Connection[Any]
) -> None:
    """It had seen nothing of it: it looks again, and that one did not lapse."""
    one = accepted(ledger)
    seen = ledger.opened.ledger.load(one)
    assert isinstance(seen, Complaint)
    say(ledger, one, contact.replied, TUESDAY + timedelta(hours=9), part="corrective")
    ledger.loop.run(lapses.say(ledger.opened, [seen], now=LATER))
    assert react(ledger, conn) == ["deadline_lapsed"]
    stands = ledger.opened.ledger.load(one)
    assert isinstance(stands, Complaint)
    [lapsed] = [run for run in stands.deadlines.values() if run.lapse]
    assert lapsed.clock == "CLK-preventive-answer"
