"""Figures: the worked examples of the sources, line by line, and what no value means."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from api.kpi_asked import dictionary
from domain.complaint.closure import Closed, Reopened
from domain.complaint.contact import CalledBack
from domain.complaint.correction import Corrected
from domain.complaint.intake import DuplicateLinked, Withdrawn
from domain.complaint.items import FactEstablished, Item
from domain.event import Event
from domain.kpi.contribution import month_of, months_back, next_month
from domain.kpi.figure import Figure, median
from domain.kpi.tally import tallied
from tests.builders import one_id
from tests.domain.march import LATE_CLOSING, MARCH, ZONE, deadline, lines_of
from tests.projections.telling import decision, fact, received
from tests.scenarios.language import at

APRIL = at("2025-04-01 09:00")
MAY = "2025-05"


def figure(
    name: str, month: str, *complaints: Sequence[Event], judged: datetime = APRIL
) -> Figure:
    made = tallied(lines_of(*complaints), months_back(month, 1), at=judged, zone=ZONE)
    return made.figure(dictionary()[name].definition, month)


def said(found: Figure) -> str:
    return f"{found.numerator}/{found.denominator} = {found.value}"


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("KPI-resolution", "27/36 = 75.0"),
        ("KPI-first-response", "33/36 = 91.7"),
        ("KPI-repeat-rate", "5/36 = 13.9"),
        ("KPI-satisfaction", "21/24 = 87.5"),
        ("KPI-callback-coverage", "24/27 = 88.9"),
        ("KPI-implementation", "15/18 = 83.3"),
    ],
)
def test_a25_march(name: str, then: str) -> None:
    assert said(figure(name, "2025-03", *MARCH)) == then


def test_a25_the_base_is_what_was_received_without_what_was_not_grounded() -> None:
    assert figure("KPI-claimed", "2025-03", *MARCH).numerator == 40
    base = figure("KPI-received", "2025-03", *MARCH)
    assert (base.numerator, base.excluded) == (36, 4)


def test_a25_a_closing_that_becomes_known_later() -> None:
    known = [*MARCH[:27], [*MARCH[27], LATE_CLOSING], *MARCH[28:]]

    assert said(figure("KPI-resolution", "2025-03", *known)) == "28/36 = 77.8"


# --- product.md 4D: closing on time in May. ---------------------------------------------


def closing(nth: int, *more: Event, closed: bool = True) -> list[Event]:
    """A complaint whose closing is due in May; closed in time unless told otherwise."""
    came = at("2025-05-02 09:00") + timedelta(hours=nth)
    due = at("2025-05-20 18:00")
    end = [decision(Closed, due - timedelta(days=1))] if closed else []
    first = received(number=f"C-{nth}", received_at=came)
    return [first, *deadline("CLK-closing", came, due), *end, *more]


PUBLISHED = [closing(nth, closed=nth < 38) for nth in range(42)]
BY_PHONE = [
    received(number="late", received_at=at("2025-05-20 10:00")),
    *deadline("CLK-closing", at("2025-05-20 10:00"), at("2025-05-27 18:00")),
]
ANNULLED = decision(Reopened, at("2025-06-12 09:00"), reason="the proof was false")


@pytest.mark.parametrize(
    ("complaints", "then"),
    [
        (PUBLISHED, "38/42 = 90.5"),
        ([*PUBLISHED, BY_PHONE], "38/43 = 88.4"),
        ([closing(0, ANNULLED), *PUBLISHED[1:], BY_PHONE], "37/43 = 86.0"),
    ],
)
def test_closing_on_time_in_may_and_what_becomes_of_it(
    complaints: list[list[Event]], then: str
) -> None:
    found = figure("KPI-closing", MAY, *complaints, judged=at("2025-06-13 09:00"))

    assert said(found) == then


def test_nobody_has_missed_what_is_due_tomorrow() -> None:
    eve = figure("KPI-closing", MAY, *PUBLISHED, judged=at("2025-05-19 23:00"))
    assert (eve.value, eve.because) == (None, "no_denominator")


# --- Months, reasons, and what is not known. --------------------------------------------


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-02-28T23:30:00+00:00", "2026-03"),  # half past seven on the first
        ("2026-03-01T00:00:00+08:00", "2026-03"),
        ("2026-02-28T23:59:59+08:00", "2026-02"),
    ],
)
def test_the_month_is_the_plants(moment: str, month: str) -> None:
    assert month_of(datetime.fromisoformat(moment), ZONE) == month


def test_months_are_counted_over_new_year() -> None:
    assert months_back("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert (next_month("2025-12"), next_month("2026-01", -13)) == ("2026-01", "2024-12")


ONE = [received(received_at=at("2025-03-05 09:00"))]
WARRANTY = fact(
    FactEstablished, at("2025-03-06 09:00"), fact="settled_as", value="goodwill_warranty"
)


@pytest.mark.parametrize(
    "more",
    [
        (decision(DuplicateLinked, at("2025-03-06 09:00"), other=one_id(), reason="same"),),
        (fact(Withdrawn, at("2025-03-06 09:00")),),
        (WARRANTY,),
    ],
    ids=["duplicate", "withdrawn", "warranty"],
)
def test_what_does_not_count_is_shown_apart(more: tuple[Event, ...]) -> None:
    found = figure("KPI-received", "2025-03", [*ONE, *more])
    assert (found.numerator, found.excluded) == (0, 1)
    assert figure("KPI-claimed", "2025-03", [*ONE, *more]).numerator == 1


def test_a_corrected_reception_moves_the_complaint_into_another_month() -> None:
    moved = fact(
        Corrected,
        at("2025-04-01 08:00"),
        corrects=1,
        topic="complaint.received",
        field="received_at",
        new="2025-02-27T09:00:00+08:00",
        reason="misheard",
    )
    assert figure("KPI-received", "2025-03", [*ONE, moved]).numerator == 0
    assert figure("KPI-received", "2025-02", [*ONE, moved]).numerator == 1


def test_without_anything_below_the_line_there_is_no_value_and_it_is_not_zero() -> None:
    for name in ("KPI-satisfaction", "KPI-cpmu", "KPI-closing", "KPI-effectiveness"):
        found = figure(name, "2025-03", ONE)
        assert (found.value, found.because) == (None, "no_denominator"), name
    unreached = fact(CalledBack, at("2025-03-30 10:00"), reached=False, round=1)
    assert figure("KPI-satisfaction", "2025-03", [*ONE, unreached]).value is None


def test_pieces_that_nobody_counted_are_unknown_and_not_zero() -> None:
    items = (Item(product="cover", quantity=5), Item(product="cover"))
    two = [received(received_at=at("2025-03-05 09:00"), items=items)]
    found = figure("KPI-claimed-ppm", "2025-03", two)
    assert (found.numerator, found.unknown) == (5, 1)


@pytest.mark.parametrize(
    ("judged", "then"),
    [
        ("2025-03-04 00:00", 0),
        ("2025-03-05 10:00", 1),
        ("2025-03-10 10:00", 0),
        ("2025-03-20 10:00", 1),
    ],
)
def test_a_stock_is_taken_at_its_instant(judged: str, then: int) -> None:
    story = [
        *ONE,
        decision(Closed, at("2025-03-10 09:00")),
        decision(Reopened, at("2025-03-20 09:00"), reason="again"),
    ]
    assert figure("KPI-backlog", "2025-03", story, judged=at(judged)).numerator == then


@pytest.mark.parametrize(
    ("times", "middle", "ninth"),
    [([60], 60, 60), ([1, 2], 2, 2), ([5, 1, 3], 3, 5), (list(range(1, 21)), 11, 18)],
)
def test_the_middle_and_what_nine_in_ten_did_not_exceed(
    times: list[int], middle: int, ninth: int
) -> None:
    found = median(times)
    assert (found.value, found.nine_of_ten) == (Decimal(middle), ninth)
    assert median([]).because == "none_yet"
