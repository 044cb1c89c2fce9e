"""A22: S36, a ledger with a number series for each source."""

from collections import Counter

import pytest

from api.parts import Parts
from domain.assess.repeats import repeated
from tests.scenarios.asking import case, counted
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, Story, World, received, said, story
from tests.scenarios.over_http import OverHttp

pytestmark = pytest.mark.anyio

S36 = {"numbering": "S36@1", "repeats": "S36@1"}
# As appended: number, day of October, source, category.
ROWS = (
    ("466", "04", "call_centre", "sales"),
    ("Q001", "11", "other_department", "property"),
    ("469", "12", "call_centre", "customer_service"),
    ("W001", "23", "wechat", "construction_quality"),
    ("471", "14", "call_centre", "sales"),
    ("474", "20", "call_centre", "property"),
    ("L001", "13", "forum", "construction_quality"),
)


def row(number: str, day: str, source: str, category: str) -> tuple[Step, Step]:
    """One row of the source's table; it keeps its number."""
    when = f"2025-10-{day} 10:00"
    claims = {"claims_repeat": True} if number == "W001" else {}
    return (
        received(number, when, number=number, channel=source, kind="service", **claims),
        said(number, "fact_established", when, fact="category", value=category),
    )


def october(*more: Step) -> Story:
    """The seven rows, in the order in which they were appended."""
    return story(*(step for each in ROWS for step in row(*each)), *more, **S36)


async def test_sorted_by_date_and_counted_by_category_and_source(tell: Tell) -> None:
    world = await tell(october())

    numbers = [number for number, *_ in ROWS]
    lines = sorted((world.row(n)["received_at"], world.row(n)["number"]) for n in numbers)
    assert [number for _, number in lines] == [
        "466",
        "Q001",
        "469",
        "L001",
        "471",
        "474",
        "W001",
    ]
    assert Counter(str(case(world, n).facts["category"]) for n in numbers) == {
        "sales": 2,
        "customer_service": 1,
        "property": 2,
        "construction_quality": 2,
    }
    assert Counter(world.row(n)["channel"] for n in numbers) == {
        "call_centre": 4,
        "other_department": 1,
        "wechat": 1,
        "forum": 1,
    }


async def test_what_the_customer_says_marks_a_candidate_although_no_row_is_earlier(
    tell: Tell,
) -> None:
    world = await tell(october())

    assert candidates(world) == ["W001"]


async def test_each_series_goes_on_by_itself(parts: Parts, database: str) -> None:
    """Numbers are given by the store, so this is asked of the store alone."""
    later = [
        received("second WeChat", "2025-10-27 09:00", channel="wechat"),
        received("next call", "2025-10-27 10:00", channel="call_centre"),
    ]
    world = OverHttp(october(*later), parts, database)
    await world.tell()

    assert world.number("second WeChat") == "W002"
    assert world.number("next call") == "475"


def candidates(world: World) -> list[str]:
    """Whom the rule about what was said before speaks of."""
    numbers = [number for number, *_ in ROWS]
    counting = counted(world, "S36@1", *numbers)
    return [n for n in numbers if [*repeated(counting, case(world, n))]]
