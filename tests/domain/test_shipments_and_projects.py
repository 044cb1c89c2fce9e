"""What is said of shipments and projects: hold points (S1), scores and reports (S34)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.errors import RefusedError
from domain.kinds import PROJECT, SHIPMENT, Kind
from domain.project import ReportFiled
from domain.record import Opening, Record
from tests.builders import LI, TUESDAY
from tests.domain.under import RULEBOOKS

Step = tuple[str, dict[str, Any]]

SENT = {"product": "valve body", "batch": "B26-0455", "pieces": 100}
BEGUN = {"name": "桂花园三期", "responsible": "p-li"}
BACK_36 = ("returned", {"pieces": 36})


def of(kind: Kind, first: Mapping[str, Any], *steps: Step, **topics: str) -> Record:
    """One of a kind, under these regulations, of which this was said."""
    opening = Opening(number="X-1", site="plant-1", zone="Asia/Shanghai", rulebooks=topics)
    body = kind.begins.shape.model_validate(dict(first))
    made = kind.begins.begun(body, opening, who=LI, at=TUESDAY, stream_id=UUID(int=3))
    for step in steps:
        say(kind, made, step)
    made.news.clear()
    return made


def say(kind: Kind, record: Record, step: Step) -> None:
    word, said = step
    deed = kind.deeds[word]
    decide = deed.said(deed.shape.model_validate(said), who=LI, at=TUESDAY, ids={})
    decide(record, RULEBOOKS.of(record))


def why(kind: Kind, record: Record, step: Step) -> list[str]:
    """Why it is refused; nothing may have been recorded."""
    try:
        say(kind, record, step)
    except RefusedError as refused:
        assert record.news == []
        return [
            f"{lack.field}: {lack.fix} {lack.clause}".rstrip() for lack in refused.lacks
        ]
    return []


def correct(field: str, new: object, corrects: int = 1) -> Step:
    return "corrected", {"corrects": corrects, "field": field, "new": new, "reason": "误"}


@pytest.mark.parametrize(
    ("given", "said", "lacks"),
    [
        ((), BACK_36, []),
        ((BACK_36,), ("returned", {"pieces": 64}), []),  # all of it
        (
            (BACK_36,),
            ("returned", {"pieces": 65}),
            ["pieces: 100 were sent, 36 are back: correct that first"],
        ),
        ((BACK_36, correct("pieces", 4800)), ("returned", {"pieces": 65}), []),
        ((BACK_36, correct("pieces", 6, corrects=2)), ("returned", {"pieces": 65}), []),
        ((), correct("batch", "B26-0456"), []),
        (
            (),
            correct("pieces", 0),
            ["new: pieces: Input should be greater than or equal to 1"],
        ),
        ((), correct("number", "X-2"), ["field: this is what it is known by"]),
        ((), correct("pieces", 1, corrects=2), ["corrects: name a fact that stands here"]),
        (
            (correct("pieces", 90),),
            correct("new", 80, corrects=2),
            ["corrects: name a fact that stands here"],
        ),
        ((), correct("colour", "red"), ["field: name a field of that event"]),
    ],
)
def test_of_a_shipment(given: tuple[Step, ...], said: Step, lacks: list[str]) -> None:
    assert why(SHIPMENT, of(SHIPMENT, SENT, *given), said) == lacks


def test_a_value_that_already_stands_is_no_correction() -> None:
    shipment = of(SHIPMENT, SENT)

    say(SHIPMENT, shipment, correct("pieces", 100))

    assert shipment.news == []


def check(point: str, result: str = "passed", hours: int | None = None) -> Step:
    return "hold_point_checked", {"point": point, "result": result, "hours": hours}


PONDING = check("ponding_test", hours=48)
LEAKS = check("ponding_test", "failed", hours=20)


@pytest.mark.parametrize(
    ("given", "said", "lacks"),
    [
        ((), PONDING, []),
        ((), LEAKS, []),  # what failed is written down in any case
        (
            (),
            check("ponding_test", hours=47),
            ["hours: the test has to last 48 hours S1@1#hard check"],
        ),
        (
            (),
            check("ponding_test"),
            ["hours: the test has to last 48 hours S1@1#hard check"],
        ),
        (
            (),
            check("waterproofing"),
            ["ponding_test: this has to be passed first S1@1#hard check"],
        ),
        ((PONDING,), check("waterproofing"), []),
        (
            (PONDING, LEAKS),
            check("waterproofing"),
            ["ponding_test: this has to be passed first S1@1#hard check"],
        ),
        ((), check("waterproofing", "failed"), []),
        ((), check("materials"), []),
    ],
)
def test_a_hold_point_is_not_passed_before_its_time(
    given: tuple[Step, ...], said: Step, lacks: list[str]
) -> None:
    assert why(PROJECT, of(PROJECT, BEGUN, *given, hold_points="S1@1"), said) == lacks


def test_a_hold_point_is_one_of_the_regulation() -> None:
    [lack] = why(PROJECT, of(PROJECT, BEGUN, hold_points="S1@1"), check("paint"))

    assert lack.startswith("point: choose one of ponding_test, waterproofing")


def scores(**points: int) -> Step:
    rows = tuple({"row": row, "points": n} for row, n in points.items())
    return "evaluated", {"year": 2025, "rows": rows}


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        (scores(row_2=15, row_3=20, row_4=15, row_6=5, row_7=10), []),
        (scores(row_2=16), ["rows: row_2 has 15 points at most"]),
        (scores(row_5=20), []),  # its maximum is not in the source
        (
            scores(row_1=15),
            ["rows: choose one of row_2, row_3, row_4, row_5, row_6, row_7"],
        ),
        (("report_filed", {"report": "annual_report", "year": 2025}), []),
        (
            ("report_filed", {"report": "diary", "year": 2025}),
            ["report: choose one of annual_report"],
        ),
    ],
)
def test_by_the_scorecard(said: Step, lacks: list[str]) -> None:
    assert why(PROJECT, of(PROJECT, BEGUN, scores="S34@1"), said) == lacks


@pytest.mark.parametrize(
    ("report", "topics", "due"),
    [
        ("annual_report", {"scores": "S34@1"}, date(2025, 12, 30)),
        ("monthly_report", {"duties": "S25@1"}, None),  # each month: no day of the year
        ("anything", {}, None),
    ],
)
def test_a_report_carries_the_day_it_was_due(
    report: str, topics: dict[str, str], due: date | None
) -> None:
    project = of(PROJECT, BEGUN, **topics)

    say(PROJECT, project, ("report_filed", {"report": report, "year": 2025}))

    [filed] = project.news
    assert isinstance(filed, ReportFiled)
    assert filed.due == due


def test_a_row_is_scored_once() -> None:
    twice = ("evaluated", {"year": 2025, "rows": ({"row": "row_2", "points": 1},) * 2})

    assert why(PROJECT, of(PROJECT, BEGUN, scores="S34@1"), twice) == [
        "rows: a row comes twice"
    ]


@pytest.mark.parametrize("said", [check("paint"), scores(any_row=900)])
def test_where_no_regulation_speaks_anything_can_be_noted(said: Step) -> None:
    assert why(PROJECT, of(PROJECT, BEGUN), said) == []
