"""Figures over HTTP: a month's, one with its months, what is counted, and as a file."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("projected")]

RECEIVED = {"received_at": "2026-03-02T09:00:00+08:00"}
SENT = {"product": "valve body", "pieces": 412_000}
MARCH = {"month": "2026-03"}


@pytest.fixture
async def numbers(api: Api) -> list[str]:
    """Three complaints and a shipment of March; the tables show them."""
    made = [await api.lodged(**RECEIVED) for _ in range(3)]
    sent = await api.post("/shipments", SENT | {"occurred_at": RECEIVED["received_at"]})
    assert sent.status_code == 201, sent.text
    position = sent.json()["position"]
    for _ in range(300):
        answer = await api.get("/kpis", params=MARCH)
        if answer.is_success and answer.json()["position"] >= position:
            return made
    raise AssertionError("the figures never came so far")


async def figure(api: Api, name: str, **asked: Any) -> dict[str, Any]:
    answer = await api.get(f"/kpis/{name}", params=MARCH | asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["figure"]
    return found


async def test_figures_with_what_is_under_them(api: Api, numbers: list[str]) -> None:
    found = await figure(api, "KPI-cpmu")
    assert (found["value"], found["numerator"], found["denominator"]) == (
        "7.3",
        3,
        "412000",
    )
    assert found["interval"] == {"low": "1.50", "high": "21.28"}

    answer = await api.get(found["lines"]["numerator"])
    assert sorted(one["number"] for one in answer.json()["lines"]) == sorted(numbers)
    below = (await api.get(found["lines"]["denominator"])).json()["lines"]
    assert [one["amount"] for one in below] == [412_000]

    satisfied = await figure(api, "KPI-satisfaction")
    assert (satisfied["value"], satisfied["because"]) == (None, "no_denominator")
    narrowed = await figure(api, "KPI-received", product="another")
    assert narrowed["numerator"] == 0

    # What the ledger held at an earlier position, and as a file.
    first = (await api.get(f"/complaints/{numbers[0]}")).json()
    early = await figure(api, "KPI-received", position=first.get("position") or 1)
    assert early["numerator"] < 3
    file = await api.get("/kpis.csv", params=MARCH)
    assert "# month: 2026-03" in file.text
    assert '"KPI-cpmu@1","2026-03","7.3"' in file.text
    opened = await api.get("/kpis/KPI-received@1/2026-03/numerator.csv")
    assert all(number in opened.text for number in numbers)

    month = (await api.get("/kpis", params=MARCH)).json()
    assert {one["name"]["en"] for one in month["missing"]} >= {"first-pass yield"}


WRONG = {
    "/kpis/KPI-luck": 404,
    "/kpis/KPI-received@7": 404,
    "/kpis?month=2026-13": 422,
    "/kpis?at=yesterday": 422,
    "/kpis?position=99999999": 422,
    "/kpis/KPI-received/2026-03/half": 422,
    "/kpis/KPI-received/never/numerator": 422,
}


async def test_what_makes_no_sense_is_refused(api: Api) -> None:
    assert {path: (await api.get(path)).status_code for path in WRONG} == WRONG
