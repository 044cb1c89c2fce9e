"""The penalty ledger: a notice counts once it is approved, and no longer once reversed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from domain.amount import Amount
from domain.event import Event
from domain.penalty import Approved, Proposed, Reversed
from domain.registry import REGISTRY
from projections import PROJECTIONS, generations
from projections.penalties import (
    Row,
    Total,
    follow,
    of_complaint,
    penalties,
    totals,
    write,
)
from projections.projection import Recorded, UnhandledError
from tests.builders import LI
from tests.projections.telling import COMPLAINT, day, decision, fill, recorded_at, told

NOTICE, OTHER = UUID(int=77), UUID(int=78)


def proposed(minor: int = 20_000, currency: str = "CNY", **said: Any) -> Event:
    words = {
        "complaint_id": COMPLAINT,
        "person": "p-zhao",
        "act": "未按规定检验",
        "penalty_clause": "5.2.1.3",
        "amount": Amount(minor=minor, currency=currency),
    }
    return decision(Proposed, day(1), **words | said)


APPROVED = decision(Approved, day(2))
REVERSED = decision(Reversed, day(3), reason="wrong person")


def notice(*events: Event, nth: int = 1) -> list[Recorded]:
    return told(*events, complaint=UUID(int=76 + nth), position=nth * 10)


def row_after(line: Sequence[Recorded]) -> Row:
    row: Row | None = None
    for at in line:
        row = follow(row, at)
    assert row is not None
    return row


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    generations.install(projector_conn, PROJECTIONS)
    return projector_conn


@pytest.mark.parametrize(
    ("given", "then"),
    [
        (
            (proposed(),),
            {
                "notice_id": NOTICE,
                "complaint_id": COMPLAINT,
                "person": "p-zhao",
                "act": "未按规定检验",
                "clause": "5.2.1.3",
                "amount_minor": 20_000,
                "currency": "CNY",
                "state": "proposed",
                "proposed_at": day(1),
                "approved_at": None,
                "reversed_at": None,
            },
        ),
        ((proposed(), APPROVED), {"state": "approved", "approved_at": day(2)}),
        (
            (proposed(), APPROVED, REVERSED),
            {"state": "reversed", "approved_at": day(2), "reversed_at": day(3)},
        ),
        ((proposed(), APPROVED), {"version": 2, "updated_at": recorded_at(11)}),
        ((proposed(), APPROVED), {"recorded_at": recorded_at(10), "position": 11}),
    ],
)
def test_what_events_make_of_a_notice(
    given: tuple[Event, ...], then: dict[str, Any]
) -> None:
    row = row_after(notice(*given))

    assert {name: getattr(row, name) for name in then} == then


def test_every_event_of_a_notice_is_known_and_no_other() -> None:
    class Invented(Event):
        TOPIC = "penalty.invented"

    begun = row_after(notice(proposed()))
    ours = {topic for topic in REGISTRY if penalties.follows(topic)}

    assert ours == {event.TOPIC for event in (Proposed, Approved, Reversed)}
    with pytest.raises(UnhandledError):
        follow(begun, notice(proposed(), Invented(who=LI))[1])


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_what_is_read_is_what_follows(
    conn: Connection[Any], app_conn: Connection[Any], size: int, times: int
) -> None:
    first, second = notice(proposed(), APPROVED, REVERSED), notice(proposed(5), nth=2)
    line = [*first, *second]

    for nth in range(0, len(line), size):
        for _ in range(times):
            fill(conn, penalties, line[nth : nth + size])

    assert of_complaint(app_conn, COMPLAINT) == [row_after(first), row_after(second)]
    assert of_complaint(app_conn, OTHER) == []


def test_a_notice_never_goes_back(conn: Connection[Any], app_conn: Connection[Any]) -> None:
    line = notice(proposed(), APPROVED)
    fill(conn, penalties, line)

    with conn.transaction():
        generations.enter(conn, "penalties_g1")
        write(conn, [row_after(line[:1])])

    assert [row.state for row in of_complaint(app_conn, COMPLAINT)] == ["approved"]


def test_only_what_is_approved_counts_and_a_reversal_nets_to_zero(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    fill(conn, penalties, notice(proposed(100), nth=1))
    assert totals(app_conn) == []
    fill(conn, penalties, notice(proposed(200), APPROVED, nth=2))
    fill(conn, penalties, notice(proposed(40, complaint_id=OTHER), APPROVED, nth=3))
    fill(conn, penalties, notice(proposed(7, "EUR"), APPROVED, nth=4))
    assert totals(app_conn) == [Total("CNY", 240, 2), Total("EUR", 7, 1)]
    assert totals(app_conn, complaint_id=OTHER) == [Total("CNY", 40, 1)]

    fill(conn, penalties, notice(proposed(200), APPROVED, REVERSED, nth=2))

    assert totals(app_conn) == [Total("CNY", 40, 1), Total("EUR", 7, 1)]
    assert totals(app_conn, complaint_id=COMPLAINT) == [Total("EUR", 7, 1)]
