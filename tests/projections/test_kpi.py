"""Figures in their tables: what is counted, when it was known, and when it is judged."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from api.kpi_asked import dictionary
from domain.kpi.contribution import months_back
from infra.postgres.pool import role_dsn
from projections import generations
from projections.kpi import kpi
from projections.kpi_changes import changes
from projections.kpi_query import Asked, cell, lines, tally
from projections.projection import Recorded
from tests.conftest import a_database
from tests.domain.march import CLOSED_LATE_KNOWN, LATE_CLOSING, ZONE, as_recorded, placed
from tests.domain.test_kpi_figures import ANNULLED, BY_PHONE, PUBLISHED
from tests.projections import kpi_slowly
from tests.projections.kpi_histories import told
from tests.projections.telling import fill
from tests.scenarios.language import at

MARCH, MONTHS = "2025-03", ("2026-02", "2026-03", "2026-04")
HISTORIES, LOOKS = 60, 4


@pytest.fixture(scope="module")
def conn(server: str, template: str) -> Iterator[Connection[Any]]:
    """One database for all; each test begins with empty tables."""
    with (
        a_database(server, template) as dsn,
        psycopg.connect(role_dsn(dsn, "ledger_projector"), autocommit=True) as made,
    ):
        generations.install(made, [kpi])
        yield made


@pytest.fixture(autouse=True)
def _empty(conn: Connection[Any]) -> None:
    conn.execute("TRUNCATE kpi_g1.kpi_lines, kpi_g1.kpi_kept")


def asked(moment: str | datetime, position: int | None = None) -> Asked:
    when = at(moment) if isinstance(moment, str) else moment
    return Asked(at=when, position=position, zone=ZONE)


def said(conn: Connection[Any], name: str, month: str, what: Asked) -> str:
    found = cell(conn, what, dictionary()[name].definition, month)
    return f"{found.numerator}/{found.denominator} = {found.value}"


def march(conn: Connection[Any]) -> int:
    """A25's month, and the position at which it was published on the first of April."""
    complaints = as_recorded()
    fill(conn, kpi, [at for events in complaints for at in events])
    late = complaints[CLOSED_LATE_KNOWN]
    published = complaints[-1][-1].position
    again = placed(
        [LATE_CLOSING], late[0].stream_id, published + 1, version=late[-1].version + 1
    )
    fill(conn, kpi, again)
    fill(conn, kpi, again)
    return published


def test_a25_the_month_as_published_and_as_known_now(conn: Connection[Any]) -> None:
    """A closing of 31 March reaches the log later; delivered twice it counts once."""
    published = march(conn)

    def resolution(what: Asked) -> str:
        return said(conn, "KPI-resolution", MARCH, what)

    assert resolution(asked("2025-04-01 09:00", published)) == "27/36 = 75.0"
    assert resolution(asked("2025-04-02 09:00")) == "28/36 = 77.8"
    assert resolution(asked("2025-05-02 09:00", published)) == "27/36 = 75.0"


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("KPI-first-response", "33/36 = 91.7"),
        ("KPI-repeat-rate", "5/36 = 13.9"),
        ("KPI-satisfaction", "21/24 = 87.5"),
        ("KPI-callback-coverage", "24/28 = 85.7"),
        ("KPI-implementation", "15/18 = 83.3"),
    ],
)
def test_a25_the_other_names(conn: Connection[Any], name: str, then: str) -> None:
    march(conn)
    assert said(conn, name, MARCH, asked("2025-04-02 09:00")) == then


def test_a25_opens_to_exactly_what_is_counted(conn: Connection[Any]) -> None:
    march(conn)
    definition = dictionary()["KPI-resolution"].definition
    what = asked("2025-04-02 09:00")

    above, below, out = (
        lines(conn, what, definition, MARCH, part)
        for part in ("numerator", "denominator", "excluded")
    )

    assert len(above) == 28
    assert {one.number for one in above} < {one.number for one in below}
    assert [one.reasons for one in out] == [["not_counted"]] * 4
    late = next(one for one in above if one.number == "C-2025-000027")
    assert (late.topic, late.version) == ("complaint.closed", 5)


def test_a_figure_can_be_narrowed_and_the_parts_make_the_whole(
    conn: Connection[Any],
) -> None:
    fill(conn, kpi, told(3, streams=6, events=80))
    definition = dictionary()["KPI-claimed-ppm"].definition
    what = asked("2026-06-01")
    products = conn.execute("SELECT DISTINCT product FROM reading.kpi_lines").fetchall()
    assert len(products) > 1
    for month in MONTHS:
        parts = [
            cell(conn, Asked(at=what.at, zone=ZONE, product=p), definition, month).numerator
            for (p,) in products
        ]
        assert sum(parts) == cell(conn, what, definition, month).numerator


# --- Any history, at any position and instant. ------------------------------------------


def deliver(conn: Connection[Any], line: Sequence[Recorded], dice: Random) -> None:
    """In batches of any size, some of them twice."""
    place = 0
    while place < len(line):
        size = dice.randrange(1, 12)
        batch = line[place : place + size]
        for _ in range(dice.choice([1, 1, 2])):
            fill(conn, kpi, batch)
        place += size


@pytest.mark.parametrize("lot", range(4))
def test_every_cell_is_what_a_slow_fold_of_the_events_says(
    conn: Connection[Any], lot: int
) -> None:
    values = 0
    for seed in range(lot, HISTORIES, 4):
        dice, line = Random(seed), told(seed)  # noqa: S311  # nothing secret
        conn.execute("TRUNCATE kpi_g1.kpi_lines, kpi_g1.kpi_kept")
        deliver(conn, line, dice)
        for _ in range(LOOKS):
            position = dice.randrange(1, len(line) + 1)
            moment = at("2026-02-20") + timedelta(hours=dice.randrange(24 * 75))
            what, month = asked(moment, position), dice.choice(MONTHS)
            slowly = kpi_slowly.figures(line, month, position, moment)
            sums = tally(conn, what, months_back(month, 1))
            for name, pair in slowly.items():
                found = sums.figure(dictionary()[name].definition, month)
                assert (found.numerator, found.denominator) == pair, (seed, name, month)
                values += pair[0] > 0
    assert values > HISTORIES, "most cells have something in them"


def test_every_figure_opens_to_what_it_counts(conn: Connection[Any]) -> None:
    """Line by line: as many as the numerator says, or they sum to it; so below the line."""
    opened = 0
    for seed in range(6):
        line = told(seed, streams=8, events=140)
        conn.execute("TRUNCATE kpi_g1.kpi_lines, kpi_g1.kpi_kept")
        fill(conn, kpi, line)
        what = asked("2026-04-10", len(line) * 7 // 8)
        for month in MONTHS:
            sums = tally(conn, what, months_back(month, 1))
            for one in dictionary():
                figure = sums.figure(one.definition, month)
                above = lines(conn, what, one.definition, month, "numerator")
                below = lines(conn, what, one.definition, month, "denominator")
                out = lines(conn, what, one.definition, month, "excluded")
                times = one.definition.unit == "duration"
                counted = len(above) if times else sum(each.amount for each in above)
                assert counted == figure.numerator, one.id
                side = one.definition.denominator
                if side and side.months == 1:
                    assert sum(each.amount for each in below) == figure.denominator
                assert len(out) == figure.excluded, one.id
                assert all(each.reasons for each in out)
                if one.definition.is_part:
                    keys = {(each.stream_id, each.subject) for each in below}
                    assert {(e.stream_id, e.subject) for e in above} <= keys, one.id
                opened += len(above)
    assert opened > 100


# --- Why it changed. --------------------------------------------------------------------

MAY = "2025-05"


def may(conn: Connection[Any]) -> Asked:
    """product.md 4D: 38 of 42 as of the fifth of June; then two things become known."""
    place = 1
    for nth, events in enumerate(PUBLISHED):
        fill(conn, kpi, placed(events, UUID(int=1 + nth), place))
        place += len(events)
    then = asked("2025-06-05 09:00", place - 1)
    fill(conn, kpi, placed(BY_PHONE, UUID(int=900), place))
    annulled = placed([ANNULLED], UUID(int=1), place + 9, version=len(PUBLISHED[0]) + 1)
    fill(conn, kpi, annulled)
    return then


def test_the_two_lines_that_explain_86_0(conn: Connection[Any]) -> None:
    then, now = may(conn), asked("2025-06-13 09:00")
    assert said(conn, "KPI-closing", MAY, then) == "38/42 = 90.5"
    assert said(conn, "KPI-closing", MAY, now) == "37/43 = 86.0"

    found = changes(conn, dictionary()["KPI-closing"], MAY, then, now)

    assert [(one.kind, one.number, one.above, one.below) for one in found] == [
        ("added", "late", 0, 1),
        ("re_judged", "C-0", -1, 0),
    ]
    assert [one.topic for one in found] == ["complaint.deadline_set", "complaint.reopened"]


def test_another_definition_is_a_line_of_its_own(conn: Connection[Any]) -> None:
    march(conn)
    kpi_, other = dictionary()["KPI-received"], dictionary()["KPI-claimed"]
    now = asked("2025-04-02 09:00")
    found = changes(conn, kpi_, MARCH, now, now, now=other)
    assert [(one.kind, one.above) for one in found] == [("definition", 1)] * 4


def test_the_lines_make_exactly_the_difference(conn: Connection[Any]) -> None:
    """Between any two points of any history, for every figure that is added up."""
    kinds = set()
    for seed in range(6):
        dice, line = Random(seed), told(seed, streams=6, events=90)  # noqa: S311  # nothing secret
        conn.execute("TRUNCATE kpi_g1.kpi_lines, kpi_g1.kpi_kept")
        fill(conn, kpi, line)
        first = dice.randrange(1, len(line))
        then = asked("2026-03-25", first)
        now = asked("2026-04-20", dice.randrange(first, len(line) + 1))
        for month in MONTHS:
            old, new = (tally(conn, each, months_back(month, 1)) for each in (then, now))
            for one in dictionary():
                side = one.definition.denominator
                if one.definition.unit == "duration" or (side and side.months > 1):
                    continue
                was = old.figure(one.definition, month)
                is_ = new.figure(one.definition, month)
                found = changes(conn, one, month, then, now)
                kinds |= {each.kind for each in found}
                above = sum(each.above for each in found)
                assert was.numerator + above == is_.numerator, (seed, month, one.id)
                below = sum(each.below for each in found)
                assert (was.denominator or 0) + below == (is_.denominator or 0), one.id
    assert kinds >= {"added", "moved", "removed", "re_judged", "denominator", "due"}
