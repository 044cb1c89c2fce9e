"""A01 over HTTP on a real database: what is due, how counted, and what is overdue."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from api.parts import Parts
from consumers import projecting
from projections import PROJECTIONS
from tests.api.asking import Api
from tests.consumers.running import running

CORRECTIVE, PREVENTIVE = "CLK-corrective-answer", "CLK-preventive-answer"


@pytest.fixture
def projected(parts: Parts, database: str) -> Iterator[None]:
    """Read models that follow the ledger."""
    with running(partial(_project, database)):
        yield


def _project(database: str, stop: Any) -> None:
    projecting.run(PROJECTIONS, dsn=database, feed="store", stop=stop)


async def said(api: Api, number: str, word: str, at: str, **words: object) -> int:
    """The position of what was recorded last with it."""
    body = {"occurred_at": f"2025-{at}+08:00", **words}
    answer = await api.post(f"/complaints/{number}/{word}", body)
    assert answer.status_code == 201, answer.text
    place: int = answer.json()["position"]
    return place


async def test_two_answers_across_labour_day(api: Api, projected: None) -> None:
    number = await api.lodged(received_at="2025-04-30T15:40:00+08:00")
    await said(api, number, "accepted", "04-30T16:20:00", unit="技术质量部")
    await said(api, number, "replied", "05-06T15:00:00", part="corrective")
    place = await said(api, number, "replied", "05-09T09:30:00", part="preventive")

    found = (await api.get(f"/complaints/{number}/deadlines")).json()["deadlines"]

    assert [(d["clock"], d["state"], d["due_at"]) for d in found] == [
        (CORRECTIVE, "met", "2025-05-06T23:59:59+08:00"),
        (PREVENTIVE, "late", "2025-05-08T23:59:59+08:00"),
    ]
    assert found[1]["late_seconds"] == 34_201
    assert found[1]["lines"]["en"][4:6] == [
        "2025-05-01 Thu: Labour Day, not counted",
        "2025-05-02 Fri: Labour Day, not counted",
    ]
    assert found[1]["lines"]["zh"][-2] == "到期: 2025-05-08 23:59:59"
    [row] = (await api.get(f"/complaints?min_position={place}")).json()["complaints"]
    assert (row["deadlines_met"], row["deadlines_late"], row["next_clock"]) == (1, 1, None)


@pytest.mark.parametrize(
    ("at", "overdue"),
    [("2025-05-06T23:59:59+08:00", False), ("2025-05-07T00:00:00+08:00", True)],
)
async def test_overdue_is_asked_of_an_instant(
    api: Api, projected: None, at: str, overdue: bool
) -> None:
    number = await api.lodged(received_at="2025-04-30T15:40:00+08:00")
    place = await said(api, number, "accepted", "04-30T16:20:00", unit="技术质量部")

    of_it = await api.get(f"/complaints/{number}/deadlines?at={quote(at)}")
    listed = await api.get(f"/complaints?overdue=true&at={quote(at)}&min_position={place}")

    assert [d["overdue"] for d in of_it.json()["deadlines"]] == [overdue, False]
    rows = listed.json()["complaints"]
    assert [row["next_clock"] for row in rows] == ([CORRECTIVE] if overdue else [])


async def test_an_instant_needs_its_offset(api: Api) -> None:
    number = await api.lodged()

    for path in (f"/complaints/{number}/deadlines?at=", "/complaints?overdue=true&at="):
        answer = await api.get(path + "2025-05-07T00:00:00")
        assert answer.status_code == 422
        assert answer.json()["lacks"][0]["field"] == "at"
