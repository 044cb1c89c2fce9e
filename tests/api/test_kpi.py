"""Figures over HTTP: a month's, one with its months, what is counted, and as a file."""

from typing import Any

import pytest

from tests.api.asking import RECEPTION, Api

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("projected")]

RECEIVED = {"received_at": "2026-02-10T09:00:00+08:00"}
SENT = {"product": "valve body", "pieces": 412_000}
FEBRUARY = {"month": "2026-02"}


@pytest.fixture
async def numbers(api: Api) -> list[str]:
    """Three complaints and a shipment of February; the tables show them."""
    made = [await api.lodged(**RECEIVED) for _ in range(3)]
    sent = await api.post("/shipments", SENT | {"occurred_at": RECEIVED["received_at"]})
    assert sent.status_code == 201, sent.text
    position = sent.json()["position"]
    await shown(api, position)
    return made


async def shown(api: Api, position: int) -> None:
    """Come back when the figures have come so far."""
    for _ in range(1_000):
        answer = await api.get("/kpis", params=FEBRUARY)
        if answer.is_success and answer.json()["position"] >= position:
            return
    raise AssertionError("the figures never came so far")


async def figure(api: Api, name: str, **asked: Any) -> dict[str, Any]:
    answer = await api.get(f"/kpis/{name}", params=FEBRUARY | asked)
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
    file = await api.get("/kpis.csv", params=FEBRUARY)
    assert "# month: 2026-02" in file.text
    assert '"KPI-cpmu@1","2026-02","7.3"' in file.text
    opened = await api.get("/kpis/KPI-received@1/2026-02/numerator.csv")
    assert all(number in opened.text for number in numbers)

    month = (await api.get("/kpis", params=FEBRUARY)).json()
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


async def test_a_figure_is_published_and_what_comes_later_explains_itself(
    api: Api, numbers: list[str]
) -> None:
    place = "/kpis/KPI-received/2026-02"
    said = await api.post(f"{place}/published", {})
    assert said.status_code == 200, said.text
    again = await api.post(f"{place}/published", {})
    assert again.status_code == 409

    late = await api.post("/complaints", RECEPTION | RECEIVED)
    gone = await api.post(f"/complaints/{numbers[0]}/withdrawn", {"reason": "误报"})
    await shown(api, max(late.json()["position"], gone.json()["position"]))
    for _ in range(1_000):
        answer = await api.get(f"{place}/changes")
        if answer.json()["published"]:
            break
    found = answer.json()

    assert [one["value"] for one in found["published"]] == ["3"]
    assert [(one["kind"], one["number"], one["above"]) for one in found["changes"]] == [
        ("added", late.json()["number"], 1),
        ("removed", numbers[0], -1),
    ]
    assert [one["topic"] for one in found["changes"]] == [
        "complaint.received",
        "complaint.withdrawn",
    ]


async def test_another_value_is_said_with_a_reason_and_only_if_it_is_another(
    api: Api, numbers: list[str]
) -> None:
    assert len(numbers) == 3
    place = "/kpis/KPI-received/2026-02"
    said = await api.post(f"{place}/published", {})
    headers = {"If-Match": said.headers["ETag"]}
    same = await api.post(f"{place}/restated", {"reason": "r"}, headers=headers)
    assert same.status_code == 409
    one_more = await api.post("/complaints", RECEPTION | RECEIVED)
    await shown(api, one_more.json()["position"])
    other = await api.post(f"{place}/restated", {"reason": "补录"}, headers=headers)
    assert other.status_code == 200, other.text
    unpublished = await api.post(
        "/kpis/KPI-claimed/2026-02/restated", {"reason": "r"}, headers=headers
    )
    assert unpublished.status_code == 409
    early = await api.post("/kpis/KPI-received/2026-03/published", {})
    assert early.status_code == 409
