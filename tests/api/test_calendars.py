"""Calendars over HTTP and on their page: looked at, published, and what it moves."""

from typing import Any

import pytest

from api.parts import Parts
from tests.api.asking import Api

pytestmark = pytest.mark.anyio

NEW_YEAR = {"first": "2027-01-01", "last": "2027-01-04", "zh": "元旦", "en": "New Year"}
NOTICE: dict[str, Any] = {"year": 2027, "off": [NEW_YEAR], "worked": ["2027-01-09"]}
OWN = {"day": "2026-03-05", "working": False, "reason": "power cut"}


async def accepted(api: Api, at: str) -> str:
    """A complaint with the working day of its answer running."""
    number = await api.lodged(received_at=at)
    answer = await api.post(
        f"/complaints/{number}/accepted", {"unit": "quality", "occurred_at": at}
    )
    assert answer.is_success, answer.text
    return number


async def due(api: Api, number: str) -> dict[str, str]:
    said = (await api.get(f"/complaints/{number}/deadlines")).json()
    return {one["clock"]: one["due_at"] for one in said["deadlines"]}


@pytest.mark.usefixtures("projected")
async def test_the_plants_own_day_is_looked_at_and_then_moves_what_is_open(
    api: Api, parts: Parts
) -> None:
    number = await accepted(api, "2026-03-03T09:00:00+08:00")
    assert (await due(api, number))["CLK-corrective-answer"].startswith("2026-03-04")

    looked: dict[str, Any] = {}
    while not looked.get("looked_at"):  # the table follows
        answer = await api.post("/calendars/cn/overrides/validated", OWN)
        looked = answer.json()
    moves = [(one["number"], one["clock"], one["new"][:10]) for one in looked["moves"]]
    assert moves == [(number, "CLK-preventive-answer", "2026-03-09")]
    assert (await api.get("/calendars/cn")).json()["history"] == []

    done = await api.post("/calendars/cn/overrides", OWN)
    assert done.status_code == 200, done.text
    assert parts.recounts.last["cn"].state == "finished"
    assert parts.recounts.last["cn"].moved == 1
    assert (await due(api, number))["CLK-preventive-answer"].startswith("2026-03-09")

    said = (await api.get("/calendars/cn")).json()
    assert [one["event"] for one in said["history"]] == ["calendar.override_set"]
    assert said["calendar"]["overrides"][0]["day"] == "2026-03-05"
    assert (await api.post("/calendars/cn/overrides", OWN)).status_code == 428


async def test_a_year_is_published_once_for_each_edition(api: Api) -> None:
    done = await api.post("/calendars/cn/years", NOTICE)
    assert done.status_code == 200, done.text
    seen = {"headers": {"If-Match": done.headers["etag"]}}
    assert (await api.get("/calendars")).json()["calendars"][0]["years"]["2027"] == 1

    other = NOTICE | {"worked": []}
    again = await api.post("/calendars/cn/years", other, **seen)
    assert again.status_code == 409
    assert again.json()["lacks"][0]["fix"] == "it is 1 already: raise it"
    wrong = await api.post("/calendars/cn/years", NOTICE | {"worked": ["2028-01-01"]})
    assert wrong.status_code in {422, 428}
    third = await api.post("/calendars/cn/years", other | {"edition": 2}, **seen)
    assert third.status_code == 200
    assert (await api.get("/calendars/mars")).status_code == 404
