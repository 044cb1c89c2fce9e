"""My work: each open complaint of an owner stands in one lane, with one thing to do."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.pages.work_page import LANES, lane_of
from tests.api.asking import Api
from tests.projections.telling import row

NOON = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("hours", "clock", "lane"),
    [
        (None, None, "no_clock"),
        (None, "reply", "at_once"),
        (-1, "reply", "overdue"),
        (0, "reply", "today"),  # equal is on time
        (11, "reply", "today"),
        (12, "reply", "tomorrow"),
        (35, "reply", "tomorrow"),
        (36, "reply", "later"),
    ],
)
def test_a_complaint_stands_in_the_lane_of_its_next_deadline(
    hours: int | None, clock: str | None, lane: str
) -> None:
    """By the days of the plant, whatever zone the instant is told in."""
    due = None if hours is None else NOON + timedelta(hours=hours)
    told = due and due.astimezone(ZoneInfo("UTC"))

    assert lane_of(replace(row(), next_clock=clock, next_due_at=told), NOON) == lane
    assert lane in LANES


@pytest.mark.usefixtures("projected")
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_page_has_what_its_owner_owes_and_nothing_else(
    api: Api, lang: str
) -> None:
    mine, others, nobodys = [await api.lodged() for _ in range(3)]
    for number, owner in ((mine, "p-wang"), (others, "p-li")):
        said = await api.post(
            f"/complaints/{number}/assigned", {"owner": owner}, headers={"If-Match": '"1"'}
        )
        assert said.status_code == 200, said.text
    await api.get(f"/complaints?min_position={said.json()['position']}")

    ours = (await api.http.get(f"/work?lang={lang}")).text
    theirs = (await api.http.get(f"/work?owner=p-li&lang={lang}")).text
    none = (await api.http.get(f"/work?owner=p-nobody&lang={lang}")).text

    assert f'href="/ledger/{mine}' in ours
    assert others not in ours
    assert nobodys not in ours
    assert f'href="/ledger/{others}' in theirs
    assert mine not in theirs
    assert "/ledger?open=true&amp;unknown=owner" in none
