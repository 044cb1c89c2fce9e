"""The property ledger (S36, A22): a number series for each source, sorted and counted."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from consumers.opening import Opened, rulebooks
from domain import numbering
from domain.complaint.facts import facts_of
from domain.complaint.intake import receive
from domain.complaint.reception import Contact, received
from domain.rulebooks.keeping import Numbering
from tests.builders import CHINA, LI, governed, message, reading, reception

S36 = rulebooks()["S36@1"].numbering
assert isinstance(S36, Numbering)


@pytest.mark.parametrize(
    ("channel", "series"),
    [
        ("call_centre", "#"),
        ("other_department", "Q###"),
        ("wechat", "W###"),
        ("forum", "L###"),
        ("phone", "C-2026-"),  # the regulation numbers no such source
        (None, "C-2026-"),
    ],
)
def test_each_source_has_its_series(channel: str | None, series: str) -> None:
    assert numbering.series_for(S36, channel, else_="C-2026-") == series


@pytest.mark.parametrize(
    ("channel", "number", "series"),
    [
        ("call_centre", "466", "#"),
        ("wechat", "W001", "W###"),
        ("wechat", "466", None),  # of another series: it is kept, and moves none
        ("wechat", "W", None),
        ("wechat", "W1234567", None),
        ("phone", "466", None),
    ],
)
def test_a_series_goes_on_behind_a_number_that_was_brought_along(
    channel: str, number: str, series: str | None
) -> None:
    assert numbering.kept_in(S36, channel, number) == series


def test_a_series_may_begin_where_the_paper_ledger_ended() -> None:
    begins = {"prefix": "", "channels": ("call_centre",), "first": 466}
    rule = Numbering.model_validate(
        {"clause": "c", "by": "channel", "series": {"call_centre": begins}}
    )

    assert numbering.series_for(rule, "call_centre", else_="C-") == "#@466"
    assert numbering.prefix("#@466") == ""


# A22: number, day of October, source, category; in the order they were appended.
A22 = (
    ("466", 4, "call_centre", "sales"),
    ("Q001", 11, "other_department", "customer_service"),
    ("469", 12, "call_centre", "property"),
    ("W001", 23, "wechat", "construction"),
    ("471", 14, "call_centre", "construction"),
    ("474", 20, "call_centre", "property"),
    ("L001", 13, "forum", "sales"),
)


def day(nth: int) -> datetime:
    return datetime(2025, 10, nth, 9, 0, tzinfo=CHINA)


async def taken(
    ledger: Opened, channel: str, nth: int, number: str = "C-2025-", **said: Any
) -> str:
    """One row of the ledger; its number."""
    policies = governed(numbering="S36@1")
    told = reception(channel=channel, received_at=day(nth), **said)
    party = uuid4()
    party = ledger.keys.admit({party: {}})[party]
    event = received(
        told, reading(number, under=policies.look()), who=LI, at=day(nth), party_id=party
    )
    receipt = await ledger.ledger.begin(message(), receive(uuid4(), event))
    return receipt.number or number


async def test_a22(ledger: Opened, database: str) -> None:
    for number, nth, channel, kind in A22:
        assert await taken(ledger, channel, nth, number, kind=kind) == number

    # The series go on, each by itself.
    assert await taken(ledger, "wechat", 24) == "W002"
    assert await taken(ledger, "call_centre", 24) == "475"
    assert await taken(ledger, "wechat", 25) == "W003"
    assert await taken(ledger, "forum", 25) == "L002"
    assert await taken(ledger, "phone", 25) == "C-2025-000001"
    await ledger.appender.close()

    rows = stored(database)
    ledger_of_seven = sorted(rows[:7], key=lambda row: row["received_at"])
    assert [row["number"] for row in ledger_of_seven] == [
        "466",
        "Q001",
        "469",
        "L001",
        "471",
        "474",
        "W001",
    ]
    assert count(ledger_of_seven, "kind") == {
        "sales": 2,
        "customer_service": 1,
        "property": 2,
        "construction": 2,
    }
    assert count(ledger_of_seven, "channel") == {
        "call_centre": 4,
        "other_department": 1,
        "wechat": 1,
        "forum": 1,
    }


def test_a_row_of_the_property_ledger_has_its_place() -> None:
    """S36: project in the open, building, unit and room with what names the complainant."""
    told = reception(
        project="桂花园三期",
        contact=Contact(phone="1", building="7", building_unit="2", room="1203"),
    )
    event = received(told, reading("C-1"), who=LI, at=day(1), party_id=uuid4())

    made = receive(uuid4(), event)

    assert facts_of(made)["project"] == "桂花园三期"
    assert event.contact is not None
    assert '"room":"1203"' in event.contact


def stored(database: str) -> list[dict[str, Any]]:
    with psycopg.connect(database) as conn:
        found = conn.execute(
            "SELECT convert_from(state, 'UTF8')::json FROM ledger.event ORDER BY position"
        ).fetchall()
    return [row[0] for row in found]


def count(rows: Iterable[dict[str, Any]], name: str) -> dict[str, int]:
    return dict(Counter(row[name] for row in rows))
