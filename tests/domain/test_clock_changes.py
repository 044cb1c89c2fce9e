"""What moves a due instant on the way: a new grade, a pause; and what never may."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock_events import Happening
from tests.domain.calendars import at
from tests.domain.clocks import clock, due, graded, happened, reading

REASONS = ["sample", "customer", "r2", "r3", "r4"]
PAUSES = [
    {
        "from": {"event": "paused", "where": {"reason": reason}},
        "to": {"event": "resumed", "where": {"reason": reason}},
    }
    for reason in REASONS
]
GRADES = {
    "urgent": {"amount": 2, "unit": "hour"},
    "important": {"amount": 4, "unit": "hour"},
    "general": {"amount": 8, "unit": "hour"},
    "special": {"immediate": True},
}
BEGUN = happened("begun", "2025-03-12 13:00", 10)


def by_grade(**parts: Any) -> Any:
    return clock(by_grade=GRADES, **parts)


def paused(begin: str, end: str | None = None, **fields: Any) -> list[Happening]:
    """A pause on 12 March 2025, which lasts unless it has an end."""
    fields = {"reason": "sample"} | fields
    found = [happened("paused", f"2025-03-12 {begin}", **fields)]
    return [*found, happened("resumed", f"2025-03-12 {end}", **fields)] if end else found


# --- Grades. ---------------------------------------------------------------------------


def test_until_graded_it_waits_and_then_runs_from_its_start() -> None:
    waiting = reading(by_grade(), BEGUN)
    later = reading(by_grade(), BEGUN, graded("important", "2025-03-12 16:00"))

    assert (waiting.state, waiting.due, waiting.limit) == ("waiting", None, None)
    assert (later.state, later.due) == ("running", at("2025-03-12 17:00"))


def test_a_grade_given_after_the_stop_judges_it_and_only_the_first_does() -> None:
    story = [
        BEGUN,
        happened("done", "2025-03-12 18:00"),
        graded("important", "2025-03-12 19:00"),
        graded("general", "2025-03-12 20:00"),
    ]

    found = reading(by_grade(), *story)

    assert (found.due, found.state, found.adjustments) == (
        at("2025-03-12 17:00"),
        "late",
        (),
    )


@pytest.mark.parametrize(
    ("mode", "first", "then", "ends"),
    [  # from 13:00, graded anew at 14:05
        ("earlier", "important", "urgent", "16:05"),
        ("earlier", "urgent", "important", "15:00"),  # a milder grade buys no time
        ("earlier", "urgent", "urgent", "15:00"),
        ("earlier", "important", "special", "17:00"),  # at once has no number to move to
        ("earlier", "special", "urgent", "16:05"),
        ("from_start", "important", "urgent", "15:00"),
        ("from_start", "urgent", "important", "17:00"),
        ("from_regrade", "urgent", "important", "18:05"),
        ("from_regrade", "important", "urgent", "16:05"),
        ("keep", "important", "urgent", "17:00"),
        ("earlier", "important", "unheard_of", "17:00"),
    ],
)
def test_a_new_grade(mode: str, first: str, then: str, ends: str) -> None:
    found = reading(
        by_grade(on_regrade=mode),
        BEGUN,
        graded(first, "2025-03-12 12:00"),
        graded(then, "2025-03-12 14:05"),
    )

    assert found.due == at(f"2025-03-12 {ends}")


def test_grades_before_the_start_count_as_the_last_of_them_and_others_schemes_never() -> (
    None
):
    found = reading(
        by_grade(),
        graded("general", "2025-03-12 09:00"),
        graded("important", "2025-03-12 10:00"),
        graded("urgent", "2025-03-12 11:00", "S46"),
        BEGUN,
    )

    assert found.due == at("2025-03-12 17:00")
    assert found.limit
    assert found.limit.grade == "important"


def test_a_new_grade_shows_the_old_due_the_new_and_what_it_gives_alone() -> None:
    found = reading(
        by_grade(),
        BEGUN,
        graded("urgent", "2025-03-12 12:00"),
        graded("general", "2025-03-12 14:05"),
    )

    (change,) = found.adjustments
    assert (change.kind, change.grade, change.by) == ("regrade", "general", "earlier")
    assert (change.old, change.new) == (at("2025-03-12 15:00"),) * 2
    assert change.stated == at("2025-03-12 22:05")
    assert not change.moved


# --- Pauses. ---------------------------------------------------------------------------

FOUR_HOURS = clock(limit=GRADES["important"], pauses=PAUSES)


@pytest.mark.parametrize(
    ("pauses", "ends"),
    [
        ([], "17:00"),
        (paused("14:00", "14:30"), "17:30"),
        # for two reasons at once: counted once
        (paused("14:00", "14:30") + paused("14:10", "14:40", reason="customer"), "17:40"),
        # paused again while it is: one resumption ends both
        (paused("14:00") + paused("14:10", "14:30"), "17:30"),
        (paused("14:00", "14:30") + paused("14:10", reason="other"), "17:30"),
        (paused("14:00", "14:30") + paused("15:00", "15:30"), "18:00"),
        (paused("12:00", "13:10"), "17:10"),
        (paused("11:00", "12:00"), "17:00"),
        (paused("17:00", "18:00"), "17:00"),
        (paused("14:00", "14:30", clocks=["CLK-b"]), "17:00"),  # another clock's
        (paused("14:00", "14:30", clocks=["CLK-a"]), "17:30"),
    ],
)
def test_a_pause_of_an_hour_clock(pauses: list[Happening], ends: str) -> None:
    assert due(FOUR_HOURS, BEGUN, *pauses) == at(f"2025-03-12 {ends}")


def test_without_the_rulebooks_leave_nothing_pauses() -> None:
    made = clock(limit=GRADES["important"])

    assert due(made, BEGUN, *paused("14:00", "15:00")) == at("2025-03-12 17:00")


def test_while_it_stands_still_it_is_never_overdue_and_keeps_its_remainder() -> None:
    story = [BEGUN, *paused("14:00")]

    found = reading(FOUR_HOURS, *story, now="2025-03-12 20:00")

    assert (found.paused, found.due) == (True, at("2025-03-12 23:00"))  # three hours left
    assert not found.overdue(at("2025-03-14 00:00"))
    (change,) = found.adjustments
    assert (change.old, change.new, change.until) == (
        at("2025-03-12 17:00"),
        at("2025-03-12 23:00"),
        None,
    )


def test_a_stop_ends_the_pause_it_falls_in() -> None:
    story = [BEGUN, *paused("14:00"), happened("done", "2025-03-12 19:00")]

    found = [reading(FOUR_HOURS, *story, now=f"2025-03-{d} 20:00") for d in (12, 20)]

    assert found[0] == found[1]
    assert (found[0].state, found[0].due) == ("met", at("2025-03-12 22:00"))
    assert not found[0].paused


def test_a_late_start_of_a_pause_saves_nothing() -> None:
    story = [BEGUN, *paused("17:30", "19:00"), happened("done", "2025-03-12 18:00")]

    found = reading(FOUR_HOURS, *story)

    assert (found.due, found.state) == (at("2025-03-12 17:00"), "late")


@pytest.mark.parametrize(
    ("pause", "ends"),
    [
        (paused("13:30", "13:50"), "16:05"),  # before the new grade: not of its two hours
        (paused("14:00", "14:30"), "16:30"),  # only the 25 minutes after it
        (paused("15:00", "15:30"), "16:35"),
    ],
)
def test_after_a_new_grade_only_what_lies_after_it_counts(
    pause: list[Happening], ends: str
) -> None:
    found = due(
        by_grade(pauses=PAUSES),
        BEGUN,
        graded("important", "2025-03-12 13:05"),
        graded("urgent", "2025-03-12 14:05"),
        *pause,
    )

    assert found == at(f"2025-03-12 {ends}")


def test_a_customers_date_does_not_pause() -> None:
    until = happened(
        "customer_deadline_set",
        "2025-03-12 13:30",
        clock="CLK-a",
        until=at("2025-03-12 16:00"),
    )
    made = clock(limit=GRADES["important"], pauses=PAUSES, customer_deadline="replace")

    assert due(made, BEGUN, until, *paused("14:00", "15:00")) == at("2025-03-12 16:00")
    still = reading(made, BEGUN, until, *paused("14:00"), now="2025-03-12 20:00")
    assert (still.paused, still.overdue(at("2025-03-12 20:00"))) == (False, True)


@pytest.mark.parametrize(("begin", "is_paused"), [("16:59", True), ("17:00", False)])
def test_a_pause_after_it_ran_out_hides_nothing(begin: str, is_paused: bool) -> None:
    found = reading(FOUR_HOURS, BEGUN, *paused(begin), now="2025-03-12 20:00")

    assert found.paused is is_paused
    assert found.overdue(at("2025-03-12 20:00")) is not is_paused


minutes = st.integers(-120, 900)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(minutes, minutes), max_size=4),
    st.lists(st.tuples(minutes, st.sampled_from(sorted(GRADES))), max_size=4),
    st.tuples(minutes, minutes),
    st.sampled_from(["earlier", "from_start", "from_regrade", "keep"]),
)
def test_one_more_pause_never_shortens(
    pauses: list[tuple[int, int]],
    grades: list[tuple[int, str]],
    more: tuple[int, int],
    mode: str,
) -> None:
    """Whatever the pauses and grades are, and however the regulation treats a regrade."""
    made = by_grade(pauses=PAUSES, on_regrade=mode)
    noon = BEGUN.at
    story = [BEGUN]
    for offset, code in [(-200, "important"), *grades]:
        given_at = noon + timedelta(minutes=offset)
        story.append(happened("graded", given_at, scheme="S45", code=code))

    def told(found: list[tuple[int, int]]) -> list[Happening]:
        return [
            happened(topic, noon + timedelta(minutes=offset), clocks=["CLK-a"])
            for begin, length in found
            for topic, offset in (("paused", begin), ("resumed", begin + abs(length)))
        ]

    before = reading(made, *story, *told(pauses))
    after = reading(made, *story, *told([*pauses, more]))

    assert (before.due is None) == (after.due is None)
    assert before.due is None or after.due is None or after.due >= before.due


def test_what_of_a_pause_lies_after_the_stop_moves_nothing() -> None:
    story = [BEGUN, *paused("14:00", "20:00"), happened("done", "2025-03-12 15:00")]

    assert due(FOUR_HOURS, *story) == at("2025-03-12 18:00")
