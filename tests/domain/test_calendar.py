"""The calendar: which days are worked, held against a second library, day by day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
import pytest
from pydantic import ValidationError

from domain import calendar
from domain.calendar import ONE_DAY, Year
from tests.domain.calendars import CN, DATA, FIRST, LAST, at, override, with_hours


def test_every_day_of_twenty_years_is_as_a_second_library_has_it() -> None:
    days = [FIRST + ONE_DAY * n for n in range((LAST - FIRST).days + 1)]

    assert len(days) == 7305
    assert [d for d in days if CN.look(d).working != chinese_calendar.is_workday(d)] == []


def test_every_holiday_has_the_days_that_the_notices_name() -> None:
    named = {day for day in chinese_calendar.holidays if FIRST <= day <= LAST}
    makeup = {day for day in chinese_calendar.workdays if FIRST <= day <= LAST}

    ours = [CN.look(FIRST + ONE_DAY * n) for n in range((LAST - FIRST).days + 1)]
    assert {look.day for look in ours if look.kind == "holiday"} == named
    assert {look.day for look in ours if look.kind == "makeup"} == makeup


@pytest.mark.parametrize(
    ("day", "kind", "working", "name"),
    [
        ("2025-04-30", "workday", True, None),
        ("2025-05-01", "holiday", False, "Labour Day"),
        ("2025-05-04", "holiday", False, "Labour Day"),  # a Sunday the notice names
        ("2025-04-27", "makeup", True, None),  # a Sunday
        ("2025-05-10", "weekend", False, None),
        ("2025-10-07", "holiday", False, "National Day, Mid-Autumn Festival"),
        ("2024-09-14", "makeup", True, None),
        ("2024-06-08", "weekend", False, None),  # beside the holiday, not of it
        ("2015-09-04", "holiday", False, DATA["years"][8]["holidays"][6]["name"]["en"]),
    ],
)
def test_what_kind_of_day_it_is(
    day: str, kind: str, working: bool, name: str | None
) -> None:
    look = CN.look(date.fromisoformat(day))

    assert (look.kind, look.working, look.published) == (kind, working, True)
    assert (look.name.en if look.name else None) == name


def test_a_year_nobody_published_is_judged_by_its_weekends_and_says_so() -> None:
    new_year, saturday = CN.look(date(2027, 1, 1)), CN.look(date(2027, 1, 2))

    assert (new_year.working, new_year.published) == (True, False)
    assert (saturday.working, saturday.published) == (False, False)
    assert not CN.look(date(2006, 10, 2)).published


def test_a_published_year_settles_its_days_and_leaves_the_old_calendar_alone() -> None:
    holiday = {"from": "2027-01-01", "to": "2027-01-03", "name": {"zh": "元旦", "en": "N"}}
    year = Year.model_validate(
        {"year": 2027, "version": 1, "holidays": [holiday]}, strict=False
    )

    newer = CN.published(year)

    assert newer.look(date(2027, 1, 1)).kind == "holiday"
    assert newer.versions[2027] == 1
    assert not CN.look(date(2027, 1, 1)).published


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-10-03", True),  # over a holiday
        ("2025-09-28", False),  # over a make-up workday
        ("2025-09-20", True),  # over a weekend
        ("2025-09-22", False),  # over a workday
        ("2027-01-01", False),  # in a year nobody has published
    ],
)
def test_the_plants_own_word_beats_everything(day: str, working: bool) -> None:
    own = CN.overridden(override(day, working=working, reason="盘点"))

    look = own.look(date.fromisoformat(day))

    assert (look.kind, look.working, look.reason) == ("override", working, "盘点")
    assert CN.look(look.day).working is not working
    again = own.overridden(override(day, working=not working))
    assert again.look(look.day).working is not working


def test_midnight_and_the_last_second_are_the_plants() -> None:
    assert CN.day_of(datetime(2025, 5, 7, 16, 0, tzinfo=UTC)) == date(2025, 5, 8)
    assert CN.day_of(datetime(2025, 5, 7, 15, 59, 59, tzinfo=UTC)) == date(2025, 5, 7)
    assert CN.begin_of(date(2025, 5, 8)) == at("2025-05-08 00:00")
    assert CN.end_of(date(2025, 5, 8)) == at("2025-05-08 23:59:59")
    assert CN.end_of(date(2025, 5, 8)).utcoffset() == timedelta(hours=8)


def test_office_hours_may_go_to_midnight_without_losing_a_minute() -> None:
    whole = with_hours("00:00-12:00", "12:00-24:00").hours_of(date(2025, 1, 2))

    assert sum((to - from_ for from_, to in whole), timedelta()) == timedelta(hours=24)
    assert whole[-1][1] == at("2025-01-03 00:00")


def year(**parts: Any) -> dict[str, Any]:
    return {"years": [{"year": 2030, "version": 1, "holidays": [], **parts}]}


def off(from_: str, to: str) -> dict[str, Any]:
    return {"holidays": [{"from": from_, "to": to, "name": {"zh": "节", "en": "off"}}]}


@pytest.mark.parametrize(
    ("wrong", "place", "told"),
    [
        ({"office_hours": ["8-12"]}, "office_hours.0", "08:00-12:00"),
        ({"office_hours": ["12:00-12:00"]}, "office_hours.0", "earlier to later"),
        ({"office_hours": ["08:00-12:00", "11:00-17:00"]}, "", "overlap"),
        ({"office_hours": []}, "office_hours", "at least 1"),
        ({"weekend": list(calendar.WEEKDAYS)}, "weekend", "at most 6"),
        ({"weekend": ["sabbath"]}, "weekend.0", "monday"),
        ({"zone": "Asia/Shangai"}, "zone", "no time zone is called"),
        ({"holiday": []}, "holiday", "not permitted"),
        (year(workdays=["2029-12-29"]), "years.0", "no day of 2030"),
        (year(**off("2030-05-03", "2030-05-01")), "years.0.holidays.0", "not before"),
        (year(**off("2030-05-01", "2030-05-03"), workdays=["2030-05-02"]), "", "twice"),
        (year(version=0), "years.0.version", "greater than or equal to 1"),
        ({"years": DATA["years"][:2][::-1]}, "", "in order"),
        (
            {"overrides": [{"day": "2025-01-02", "working": True, "reason": "r"}] * 2},
            "",
            "one override",
        ),
    ],
)
def test_a_wrong_calendar_is_told_where(
    wrong: dict[str, Any], place: str, told: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        calendar.read(DATA | wrong)

    first = refused.value.errors()[0]
    assert ".".join(map(str, first["loc"])).startswith(place)
    assert told in first["msg"]
