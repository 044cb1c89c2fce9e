"""Filters: those rows and no others, and what is asked is only ever a value."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from domain.complaint import contact, grading, intake
from domain.complaint.items import Item
from domain.errors import InvalidError
from projections.tracking import tracking
from projections.tracking_query import (
    Query,
    cells,
    choices,
    counts_by,
    page,
    rows,
    summary,
)
from projections.tracking_row import Row
from tests.builders import CRM
from tests.projections.sixty import complaint, sixty
from tests.projections.telling import day, decision, fact, fill, received, told


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    """A session that fills the table; it has sixty complaints in it."""
    return sixty(projector_conn)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"number": "C-2026-00001"}, lambda row: 10 <= int(row.number[-6:]) <= 19),
        ({"number": " Ｃ-2026-000012 "}, lambda row: row.number == "C-2026-000012"),
        ({"number": "%"}, lambda _: False),
        ({"number": "C_2026"}, lambda _: False),
        ({"customer": ("Nord", "澄江")}, lambda row: row.customer is not None),
        ({"product": ("P-1",)}, lambda row: row.product == "P-1"),
        ({"batch": ("ｂ3０",)}, lambda row: row.batch == "B3-0"),
        ({"defect": ("leak",)}, lambda row: row.defect == "leak"),
        ({"grade": ("S46:A", "S46:B")}, lambda row: row.grade is not None),
        ({"grade": ("S6:A",)}, lambda _: False),
        ({"stage": ("closed",)}, lambda row: row.closed_at is not None),
        ({"channel": ("phone",)}, lambda row: row.channel == "phone"),
        ({"origin": ("live",), "site": ("plant-1",)}, lambda _: True),
        ({"source": ("crm",)}, lambda _: False),
        ({"owner": ("p-1",)}, lambda row: row.owner == "p-1"),
        ({"open": True}, lambda row: row.closed_at is None),
        ({"open": False}, lambda row: row.closed_at is not None),
        ({"unknown": ("batch", "grade")}, lambda row: row.batch is None and not row.grades),
        (
            {"received_from": date(2026, 3, 5)},
            lambda row: row.received_on >= date(2026, 3, 5),
        ),
        (
            {"received_to": date(2026, 3, 5)},
            lambda row: row.received_on <= date(2026, 3, 5),
        ),
        (
            {"customer": ("Nord",), "open": True, "received_from": date(2026, 3, 5)},
            lambda row: (
                row.customer == "Nord"
                and row.closed_at is None
                and row.received_on >= date(2026, 3, 5)
            ),
        ),
    ],
)
def test_a_filter_shows_those_rows_and_no_others(
    conn: Connection[Any],
    app_conn: Connection[Any],
    asked: dict[str, Any],
    wanted: Callable[[Row], bool],
) -> None:
    query = Query(**asked, sort="number", limit=200)
    expected = [row for row in rows(app_conn, Query(sort="number")) if wanted(row)]

    found = page(app_conn, query)

    assert found.rows == expected == list(rows(app_conn, query))
    assert found.total == len(expected) == summary(app_conn, query).total


def test_a_complaint_is_found_by_each_of_its_items_grades_and_words(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    items = (Item(product="P-90"), Item(product="P-91", batch="Ｂ２６ 0455", defect="裂纹"))
    line = told(
        received(number="C-2026-000900", items=items, kind="claim", who=CRM),
        decision(grading.Graded, scheme="S46", code="B"),
        decision(grading.Graded, scheme="S6", code="batch"),
        fact(intake.Accepted, unit="moulding"),
        fact(contact.Replied, part="report", result="relief"),
        complaint=UUID(int=900),
    )
    fill(conn, tracking, line)

    for asked in (
        {"product": ("P-91",)}, {"product": ("P-90",)}, {"batch": ("b26-0455",)},
        {"defect": ("裂纹",)}, {"grade": ("S6:batch",)}, {"kind": ("claim",)},
        {"source": ("crm",)}, {"responsible_unit": ("moulding",)},
        {"reply_result": ("relief",)},
    ):  # fmt: skip
        found = page(app_conn, Query(**asked)).rows  # type: ignore[arg-type]  # by name
        assert [row.number for row in found] == ["C-2026-000900"], asked


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("hour", ["00:00:00", "23:59:59"])
def test_a_day_is_a_day_of_the_site(
    conn: Connection[Any], app_conn: Connection[Any], zone: str, hour: str
) -> None:
    """In whichever zone that is, up to fourteen hours from Greenwich on either side."""
    offset = {"Asia/Shanghai": "+08:00", "Pacific/Kiritimati": "+14:00"}.get(zone, "-12:00")
    at = datetime.fromisoformat(f"2026-07-01T{hour}{offset}")
    fill(conn, tracking, complaint(99, zone=zone, received_at=at))
    the_day = date(2026, 7, 1)

    def found(first: date, last: date) -> int:
        return page(app_conn, Query(received_from=first, received_to=last)).total

    assert found(the_day, the_day) == 1
    assert found(date(2026, 6, 20), date(2026, 6, 30)) == 0
    assert found(date(2026, 7, 2), date(2026, 7, 9)) == 0


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("sort", {"sort": "(select 1)"}),
        ("sort", {"sort": "received_at; DROP TABLE tracking"}),
        ("sort", {"sort": "labels"}),
        ("limit", {"limit": 0}),
        ("limit", {"limit": 201}),
        ("stage", {"stage": ("closed'--",)}),
        ("grade", {"grade": ("A",)}),
        ("unknown", {"unknown": ("number IS NULL OR 1=1 --",)}),
        ("received_to", {"received_from": day(2).date(), "received_to": day(1).date()}),
        ("customer", {"customer": ("",)}),
        ("customer", {"customer": ("x" * 201,)}),
        ("customer", {"customer": ("a\0b",)}),
        ("customer", {"customer": ("\ud800",)}),
        ("customer", {"customer": tuple(map(str, range(51)))}),
        ("number", {"number": "C-\n"}),
        ("cursor", {"cursor": "A" * 2_001}),
    ],
)
def test_what_cannot_be_meant_is_refused(field: str, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidError) as refused:
        Query(**asked)

    assert {lack.field for lack in refused.value.lacks} == {field}


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE tracking; --", '" OR 1=1', "%", "_", "{a,b}", "\\", "$1", "%s"]
)
@pytest.mark.parametrize("field", ["customer", "product", "batch", "channel", "number"])
def test_what_is_asked_is_only_ever_a_value(
    conn: Connection[Any], app_conn: Connection[Any], field: str, text: str
) -> None:
    asked: Any = text if field == "number" else (text,)

    assert page(app_conn, Query(**{field: asked})).total == 0

    said = {"customer": text, "channel": text, "number": text}
    line = complaint(99, **said, items=(Item(product=text, batch=text),))
    fill(conn, tracking, line)
    assert page(app_conn, Query(**{field: asked})).total == 1


@pytest.mark.parametrize("field", ["batch; DROP", "number", "labels"])
def test_there_is_no_choice_of_anything_else(
    conn: Connection[Any], app_conn: Connection[Any], field: str
) -> None:
    with pytest.raises(InvalidError):
        choices(app_conn, field)
    with pytest.raises(InvalidError):
        counts_by(app_conn, field)
    with pytest.raises(InvalidError):
        cells(app_conn, Query(), ["number", "said"])
