"""Each due instant prints its arithmetic: the same lines in both languages, and as JSON."""

from datetime import timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from domain import clock_phrases
from domain.calendar import Kind
from domain.clock_arithmetic import StepKind
from domain.clock_events import dated
from domain.clock_explanation import Late, Reading, State
from domain.clock_phrases import KINDS, PHRASES, RULES, STATES, STEPS, UNITS, WEEKDAYS
from domain.clock_words import duration, late_by, length, printed
from domain.complaint.contact import CalledBack, Contacted
from domain.complaint.grading import Graded
from domain.event import Event, When
from domain.rulebooks.clocks import AMOUNT_MAX
from tests.builders import LI
from tests.domain.calendars import CN, at, override
from tests.domain.clocks import clock, graded, happened, reading, readings

PAUSES = [{"from": {"event": "paused"}, "to": {"event": "resumed"}}]
BEGUN = happened("begun", "2025-09-26 11:00", 3)
STOCKTAKING = CN.overridden(override("2025-09-29", working=False, reason="盘点"))
UNTIL = happened(
    "customer_deadline_set",
    "2025-09-26 12:00",
    4,
    clock="CLK-a",
    until=at("2025-10-10 12:00"),
)


def three_days(**parts: Any) -> Any:
    return clock(limit={"amount": 3, "unit": "working_day"}, **parts)


def test_a_sum_of_working_days_with_a_pause_a_plants_day_and_a_customers_date() -> None:
    made = three_days(pauses=PAUSES, customer_deadline="replace", holder_field="unit")
    story = [
        happened("begun", "2025-09-26 11:00", 3, unit="质量部"),
        happened("paused", "2025-09-30 09:00", 5),
        happened("resumed", "2025-10-01 09:00", 6),
        UNTIL,
        happened("done", "2025-10-10 12:25", 7),
    ]

    found = reading(made, *story, calendar=STOCKTAKING)

    assert printed(found, "en")[2:10] == [
        "2025-09-26 is day 0",
        "plus 3 working days",
        "2025-09-27 Sat: weekend, not counted",
        "2025-09-28 Sun: make-up workday, working day 1",
        "2025-09-29 Mon: set by the plant: 盘点, not counted",
        "2025-09-30 Tue: workday, paused at its end, not counted",
        "2025-10-01 Wed: National Day, Mid-Autumn Festival, not counted",
        "2025-10-02 Thu: National Day, Mid-Autumn Festival, not counted",
    ]
    assert ", owed by 质量部; times are those of Asia/Shanghai" in printed(found, "en")[1]
    date_said = "2025-09-26 12:00:00 客户时限 2025-10-10 12:00:00 (取代标准时限): "
    assert printed(found, "zh")[-6:] == [
        "2025-10-09 周四: 工作日, 第 2 个工作日",
        "2025-10-10 周五: 工作日, 第 3 个工作日",
        date_said + "到期由 2025-10-09 23:59:59 改为 2025-10-10 12:00:00",
        "暂停 2025-09-30 09:00:00 至 2025-10-01 09:00:00: 到期不变",
        "到期: 2025-10-10 12:00:00",
        "完成: 2025-10-10 12:25:00 done (#7): 逾期 1 个工作日",
    ]


def test_working_hours_show_what_each_day_counted() -> None:
    found = reading(
        clock(limit={"amount": 3, "unit": "working_hour"}),
        happened("begun", "2025-09-26 17:30", 3),
    )

    assert printed(found, "en")[2:] == [
        "outside office hours: counted from 2025-09-28 08:00:00",
        "plus 3 working hours",
        "2025-09-26 Fri: workday, not counted",
        "2025-09-27 Sat: weekend, not counted",
        "2025-09-28 Sun: make-up workday, counts 3 hours",
        "due: 2025-09-28 11:00:00",
        "running",
    ]


def test_a_new_grade_says_what_it_changes() -> None:
    made = clock(
        by_grade={
            "urgent": {"amount": 2, "unit": "hour"},
            "important": {"amount": 4, "unit": "hour"},
        }
    )

    found = reading(
        made,
        happened("begun", "2025-03-12 13:00", 3),
        graded("important", "2025-03-12 13:10"),
        graded("urgent", "2025-03-12 14:05"),
    )

    assert printed(found, "en")[0].endswith("limit: 2 hours, grade urgent")
    assert printed(found, "en")[3] == (
        "2025-03-12 14:05:00 graded urgent (the earlier holds): "
        "due 2025-03-12 17:00:00 becomes 2025-03-12 16:05:00, "
        "the new grade alone gives 2025-03-12 16:05:00"
    )


def every_kind() -> list[Reading]:
    hour = {"amount": 1, "unit": "hour"}
    grades = {"urgent": hour, "special": {"immediate": True}}
    turn = {"amount": 1, "unit": "month", "chain": "from_anchor"}
    begun = happened("begun", "2026-12-31 11:00", 3)
    return [
        *readings(three_days(applies_when={"fact": "urgent"}), begun),
        *readings(clock(by_grade=grades), begun),
        *readings(clock(by_grade=grades), begun, graded("unheard_of", "2026-12-31 12:00")),
        *readings(clock(limit={"immediate": True}), begun),
        *readings(clock(limit={"until_field": "until"}), begun),
        *readings(clock(every=[turn]), begun, now="2027-03-01 10:00"),
        *readings(clock(limit=hour, pauses=PAUSES), begun, happened("paused", begun.at)),
    ]


def test_every_reading_can_be_told_in_both_languages_and_stored() -> None:
    stored = TypeAdapter(Reading)

    for found in every_kind():
        told = {tongue: printed(found, tongue) for tongue in ("zh", "en")}
        assert len(told["zh"]) == len(told["en"])
        assert not any("{" in line or "None" in line for line in told["zh"] + told["en"])
        assert stored.validate_json(stored.dump_json(found)) == found
    assert any("are not published" in line for line in printed(every_kind()[0], "en"))
    assert any(
        "facts nobody has stated: urgent" in n for n in printed(every_kind()[0], "en")
    )


def test_both_languages_have_every_word() -> None:
    for words in (KINDS, PHRASES, RULES, STATES, STEPS, UNITS, WEEKDAYS):
        zh, en = words["zh"], words["en"]
        assert len(zh) == len(en)
        assert not isinstance(zh, dict) or set(zh) == set(en)
    assert set(STEPS["zh"]) == set(get_args(StepKind))
    assert set(KINDS["zh"]) == set(get_args(Kind))
    assert set(STATES["zh"]) == set(get_args(State))
    assert set(UNITS["zh"]) == {*AMOUNT_MAX, "second"}
    assert clock_phrases.__doc__


@pytest.mark.parametrize(
    ("late", "en", "zh"),
    [
        (Late(1_500, 1_500, "second"), "25 minutes", "25 分钟"),
        (Late(3_661, 3_661, "second"), "1 hour 1 minute 1 second", "1 小时 1 分钟 1 秒"),
        (Late(34_201, 1, "working_day"), "1 working day", "1 个工作日"),
        (Late(172_801, 3, "day"), "3 days", "3 天"),
    ],
)
def test_lateness_is_told_in_the_unit_of_the_clock(late: Late, en: str, zh: str) -> None:
    assert (late_by(late, "en"), late_by(late, "zh")) == (en, zh)
    assert duration(0, "en") == "0 seconds"
    assert length(2, "month", "zh") == "2 个月"


# --- The events of the domain, as clocks read them. ------------------------------------


def test_facts_and_decisions_of_the_domain_are_read_by_their_business_instant() -> None:
    party = uuid4()
    noon = at("2025-03-12 12:00")
    told: list[Event] = [
        Contacted(
            who=LI,
            when=When(occurred_at=noon),
            party_id=party,
            channel="phone",
            outward=True,
        ),
        Graded(who=LI, decided_at=noon + timedelta(hours=1), saw=1, scheme="S45", code="B"),
        CalledBack(
            who=LI,
            when=When(occurred_at=at("2025-03-13 00:00"), precision="day"),
            party_id=party,
            reached=True,
            round=1,
        ),
    ]
    made = clock(
        start=[{"event": "contacted", "where": {"outward": True}}],
        stop=[{"event": "called_back", "where": {"reached": True}}],
        limit=None,
        by_grade={"B": {"amount": 1, "unit": "working_day"}},
    )

    found = reading(made, *dated(each.at(party, n) for n, each in enumerate(told, start=1)))

    assert (found.due, found.state) == (at("2025-03-13 23:59:59"), "met")
    assert (found.started.topic, found.started.position) == ("contacted", 1)
    assert found.stopped
    assert (found.stopped.at, found.stopped.position) == (at("2025-03-13 23:59:59"), 3)
