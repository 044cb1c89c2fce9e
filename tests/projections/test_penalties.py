"""The penalty ledger: a notice counts once it is approved, and no longer once reversed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from domain.amount import Amount
from domain.event import Event
from domain.penalty import Part, Proposed, Superseded
from domain.penalty_after import Approved, Changed, Notified, Reversed
from domain.registry import REGISTRY
from projections import PROJECTIONS, generations, penalty_query
from projections.penalties import Row, follow, penalties, write
from projections.penalty_query import Asked, Total, of_complaint, totals
from projections.projection import Recorded, UnhandledError
from tests.builders import LI
from tests.projections.telling import COMPLAINT, day, decision, fill, recorded_at, told

NOTICE, OTHER = UUID(int=77), UUID(int=78)


def cny(minor: int) -> Amount:
    return Amount(minor=minor, currency="CNY")


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
TOLD = decision(Notified, day(2), stamped=True)
CHANGED = decision(Changed, day(30), old=cny(20_000), amount=cny(15_000), reason="酌情")
REVERSED = decision(Reversed, day(60), reason="wrong person")


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
                "kind": "fine",
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
        ((proposed(), APPROVED, TOLD), {"state": "notified", "stamped": True}),
        ((proposed(), APPROVED, CHANGED), {"state": "changed", "amount_minor": 15_000}),
        (
            (proposed(), APPROVED, REVERSED),
            {"state": "reversed", "approved_at": day(2), "reversed_at": day(60)},
        ),
        (
            (proposed(), APPROVED, REVERSED, proposed(5, round=2)),
            {"state": "proposed", "amount_minor": 5, "reversed_at": None},
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


def test_an_event_nobody_knows_stops_it() -> None:
    class Invented(Event):
        TOPIC = "penalty.invented"

    begun = row_after(notice(proposed()))

    assert all(
        topic.startswith("penalty.") for topic in REGISTRY if penalties.follows(topic)
    )
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
    assert totals(app_conn) == [Total("fine", "CNY", 240, 2), Total("fine", "EUR", 7, 1)]
    of_other = Asked(complaint_id=OTHER)
    assert totals(app_conn, of_other) == [Total("fine", "CNY", 40, 1)]

    fill(conn, penalties, notice(proposed(200), APPROVED, REVERSED, nth=2))

    assert totals(app_conn) == [Total("fine", "CNY", 40, 1), Total("fine", "EUR", 7, 1)]


def test_a_month_once_stated_never_changes(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    """March has the fine; April its change; May takes back what then stood."""
    fill(conn, penalties, notice(proposed(), APPROVED))
    [march] = penalty_query.sums(app_conn, "month")
    fill(conn, penalties, notice(proposed(), APPROVED, CHANGED, REVERSED))

    found = penalty_query.sums(app_conn, "month")

    assert found[0] == march
    assert [(one.key, one.minor) for one in found] == [
        ("2026-03", 20_000),
        ("2026-04", -5_000),
        ("2026-05", -15_000),
    ]
    assert [one.minor for one in penalty_query.sums(app_conn, "month", position=11)] == [
        20_000
    ], "as it was known then"


def test_shared_amounts_are_posted_to_each_person(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    parts = (
        Part(person="p-a", percent=70, amount=cny(140_00)),
        Part(person="p-b", percent=30, amount=cny(60_00)),
    )
    fill(conn, penalties, notice(proposed(shares=parts), APPROVED))

    found = penalty_query.sums(app_conn, "person")

    assert [(one.key, one.minor) for one in found] == [("p-a", 140_00), ("p-b", 60_00)]
    [row] = penalty_query.notices(app_conn, Asked(person="p-b"))
    assert row.amount_minor == 200_00
    assert penalty_query.notices(app_conn, Asked(person="p-c")) == []


def test_what_gave_way_is_kept_apart_and_counts_nothing(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    milder = decision(
        Superseded, penalty_clause="5.2.1.2", amount=cny(6_000), by_clause="5.2.1.12"
    )
    fill(conn, penalties, notice(proposed(), milder, APPROVED))

    [one] = penalty_query.gave_way(app_conn, Asked())

    assert (one.clause, one.by_clause, one.amount_minor) == ("5.2.1.2", "5.2.1.12", 6_000)
    assert totals(app_conn) == [Total("fine", "CNY", 20_000, 1)]
