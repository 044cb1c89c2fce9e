"""A year is published: what was provisional moves, what is over keeps what it had."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.calendar_cli import published
from consumers.opening import Opened, opened
from consumers.recounting import clocked, recount
from domain import calendar_log
from domain.calendar_log import DaysOff, Notice
from domain.calendars import Calendars, Published
from domain.complaint import contact, intake
from domain.complaint.state import Complaint
from domain.errors import InvalidError, NotAllowedError
from domain.event import When
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, WANG, lodged, message
from tests.domain.calendars import CN, at
from tests.domain.timed import S46, Timed

CORRECTIVE = "CLK-corrective-answer"
NEW_YEAR = DaysOff(first=date(2027, 1, 1), last=date(2027, 1, 4), zh="元旦", en="New Year")
NOTICE = Notice(calendar="cn", year=2027, off=(NEW_YEAR,), worked=(date(2027, 1, 9),))
NO_RULES = Rules({})


def said(log: calendar_log.CalendarLog, **other: Any) -> None:
    words: dict[str, Any] = {**dict(NOTICE), "known": CN} | other
    words.pop("calendar")
    words |= {"who": WANG, "at": at("2026-12-20 09:00")}
    calendar_log.publish_year(log, NO_RULES, **words)


def published_2027() -> Calendars:
    log = calendar_log.begun("cn")
    said(log)
    return Calendars([Published(log.over(CN), log.version)])


def over_new_year() -> Timed:
    told = Timed(S46, "2026-12-31 08:00", Calendars([Published(CN)]))
    told.say(intake.accepted, "2026-12-31 09:00", unit="u")
    return told


def test_until_its_year_is_published_a_due_instant_is_provisional() -> None:
    told = over_new_year()

    assert told.due(CORRECTIVE) == at("2027-01-01 23:59:59")  # a Friday like any other
    assert told.deadline(CORRECTIVE).provisional


def test_publishing_moves_it_with_the_old_and_the_new() -> None:
    told = over_new_year()

    assert told.published(published_2027(), "2026-12-20 09:00") == [
        "moved corrective-answer/1 01-01 23:59:59 -> 01-05 23:59:59 (calendar)",
        "moved preventive-answer/1 01-05 23:59:59 -> 01-07 23:59:59 (calendar)",
    ]
    assert not told.deadline(CORRECTIVE).provisional
    assert told.published(published_2027(), "2026-12-20 09:00") == []


def test_what_is_over_keeps_the_calendar_it_had() -> None:
    told = over_new_year()
    told.say(contact.replied, "2027-01-04 09:00", part="corrective")
    assert told.verdicts(CORRECTIVE) == ["late"]

    told.published(published_2027(), "2027-01-05 09:00")
    told.say(contact.replied, "2027-01-05 10:00", part="preventive")

    assert told.verdicts(CORRECTIVE) == ["late"]
    assert told.deadline(CORRECTIVE).provisional


def test_the_same_again_is_nothing_and_another_text_needs_another_edition() -> None:
    log = calendar_log.begun("cn")
    said(log)
    said(log)
    assert log.version == 1

    with pytest.raises(NotAllowedError):
        said(log, worked=())
    said(log, worked=(), edition=2)

    assert log.over(CN).versions[2027] == 2


def test_a_day_of_another_year_is_refused() -> None:
    with pytest.raises(InvalidError):
        said(calendar_log.begun("cn"), worked=(date(2028, 1, 1),))


def test_the_plants_own_day_beats_every_notice() -> None:
    log = calendar_log.begun("cn")
    for _ in range(2):
        calendar_log.set_override(
            log,
            NO_RULES,
            who=WANG,
            at=at("2026-01-01 09:00"),
            day=date(2026, 10, 1),
            working=True,
            reason="赶工",
        )

    assert log.version == 1
    assert log.over(CN).look(date(2026, 10, 1)).working


async def test_open_complaints_move_once_and_no_process_counts_on_the_old_year(
    ledger: Opened, database: str, tmp_path: Path
) -> None:
    """Another process still has the old one: the store tells it, and it looks again."""

    async def accepted(mine: Opened) -> Any:
        begun = await lodged(mine, at=at("2026-12-31 08:00"))
        when = When(occurred_at=at("2026-12-31 09:00"))
        await mine.ledger.change(
            message(),
            begun.complaint_id,
            None,
            intake.accepted,
            who=LI,
            when=when,
            unit="u",
        )
        return begun.complaint_id

    def due(complaint_id: Any) -> Any:
        complaint = ledger.ledger.load(complaint_id)
        assert isinstance(complaint, Complaint)
        return complaint.deadlines[CORRECTIVE, 1].due_at

    before = await accepted(ledger)
    with opened(database, master=tmp_path / "keys" / "master.key") as other:
        await published(other.ledger, NOTICE, "cn", who=WANG, at=at("2026-12-31 10:00"))
        streams = with_a_clock(database)
        twice = [at("2026-12-31 10:00")] * 2
        moved = [await recount(other.ledger, streams, "cn", at=now) for now in twice]
        await other.appender.close()
    after = await accepted(ledger)

    assert due(before) == due(after) == at("2027-01-05 23:59:59")
    with psycopg.connect(database) as conn:
        count = "SELECT count(*) FROM ledger.event WHERE topic = 'complaint.deadline_moved'"
        assert conn.execute(count).fetchone() == (2,)
    assert moved[0] == 1
    await ledger.appender.close()


def with_a_clock(database: str) -> list[UUID]:
    with psycopg.connect(database) as conn:
        return clocked(conn)
