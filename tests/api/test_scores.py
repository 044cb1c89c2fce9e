"""Costs and scores over HTTP: charged, deducted once or many times, taken back, summed."""

import asyncio
from typing import Any

import psycopg

from projections import freshness
from tests.api.asking import Api
from tests.api.test_penalties import saw
from tests.waiting import until

YUAN = 100
COST: dict[str, Any] = {
    "account": "supplier",
    "person": "丰达",
    "act": "返工损失由供应商承担",
    "penalty_clause": "质量协议 4.2",
    "amount": {"minor": 6_200 * YUAN, "currency": "CNY"},
}
ROWS = {  # allotted, lost, left
    "row_2": (15, 0, 15),
    "row_3": (20, 0, 20),
    "row_4": (15, 10, 5),
    "row_5": (None, 5, None),
    "row_6": (5, 0, 5),
    "row_7": (10, 0, 10),
}
SHARES = [{"person": "丰达", "percent": 70}, {"person": "宏远", "percent": 30}]


async def begun(api: Api, name: str = "滨江一期") -> str:
    answer = await api.post("/projects", {"name": name})
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["number"]
    return number


async def seen(api: Api, database: str, position: int) -> None:
    """Until the read models are that far."""
    with psycopg.connect(database) as conn:
        for name in ("penalties", "projects"):
            reached = lambda name=name: freshness.read(conn, name).position >= position  # noqa: E731
            await asyncio.to_thread(until, reached)


async def test_a_cost_counts_at_once_and_is_reversed_whole(
    api: Api, projected: None, database: str
) -> None:
    number = await api.lodged()
    answer = await api.post("/penalties/cost_charged", COST | {"complaint": number})
    assert answer.status_code == 201, answer.text
    notice = answer.headers["Location"]
    shown = (await api.get(notice)).json()
    assert (shown["stage"], shown["account"], shown["amount"]["minor"]) == (
        "approved",
        "supplier",
        6_200 * YUAN,
    )

    divided = await api.post("/penalties/cost_charged", COST | {"shares": SHARES})
    parts = (await api.get(divided.headers["Location"])).json()["charge"]["shares"]
    assert [part["amount"]["minor"] for part in parts] == [4_340 * YUAN, 1_860 * YUAN]
    back = await api.post(f"{notice}/reversed", {"reason": "协议无此条"}, **saw(2))
    await seen(api, database, back.json()["position"])
    month = (await api.get("/penalties/statement?month=2026-03")).json()
    assert [one["minor"] for one in month["totals"]] == [6_200 * YUAN]
    assert month["compensations"] == []  # what customers get is another account


async def test_what_is_wrong_with_a_cost_is_said(api: Api) -> None:
    for wrong, field in (
        ({"amount": {"minor": 0, "currency": "CNY"}}, "amount"),
        ({"shares": [{**SHARES[0], "percent": 60}, SHARES[1]]}, "shares"),
        ({"complaint": "C-2026-999999"}, "complaint"),
        ({"account": "nobody"}, "account"),
    ):
        answer = await api.post("/penalties/cost_charged", COST | wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["lacks"][0]["field"].startswith(field)


async def test_the_sheet_of_a_year(api: Api, projected: None, database: str) -> None:
    """S34: rows of 15, 20, 15, 5 and 10; row 5 has no maximum in the source."""
    number = await begun(api)
    path = f"/projects/{number}/points_deducted"
    ledger = {"year": 2026, "row": "row_4", "deduction": 1, "times": 2}
    board = {"year": 2026, "row": "row_5", "deduction": 2}

    first = await api.post(path, ledger)
    once, again = await api.post(path, board), await api.post(path, board)
    nowhere = await api.post("/projects/P-1/points_deducted", board)
    strange = await api.post(path, board | {"row": "row_9"})

    assert (first.status_code, once.status_code, again.status_code) == (201, 201, 409)
    assert again.json()["lacks"][0]["fix"] == "these points are lost once"
    assert (nowhere.status_code, strange.status_code) == (404, 422)
    notice = once.headers["Location"]
    back = await api.post(f"{notice}/reversed", {"reason": "已上墙"}, **saw(2))
    assert back.status_code == 200
    anew = await api.post(path, board)
    assert anew.status_code == 201, "what was given back can be lost"
    await seen(api, database, anew.json()["position"])

    sheet = (await api.get(f"/projects/{number}/score?year=2026")).json()
    names = ("allotted", "lost", "actual")
    assert {row["row"]: tuple(row[name] for name in names) for row in sheet["rows"]} == ROWS
    assert (sheet["actual"], sheet["allotted"], sheet["rate"]) == (55, 65, "84.6")
    assert len(sheet["notices"]) == 3
    asks = {row["row"]: row["asks"] for row in sheet["rows"] if row["asks"]}
    assert asks["row_6"] == ["warranty_letter_missing"]
    zero = f"/projects/{number}/score?year=2026&warranty_letter_missing=yes"
    assert (await api.get(zero)).json()["rate"] == "76.9"  # 50 of 65
    assert (await api.get(f"/projects/{number}/score?year=2025")).json()["rate"] == "100.0"


async def test_all_projects_of_a_year(api: Api, projected: None, database: str) -> None:
    one, other = await begun(api), await begun(api, "滨江二期")
    said = {"year": 2026, "row": "row_3", "deduction": 1}
    answer = await api.post(f"/projects/{one}/points_deducted", said)
    await seen(api, database, answer.json()["position"])

    found = (await api.get("/scores?year=2026")).json()["projects"]

    assert [(p["number"], p["lost"], p["rate"]) for p in found] == [
        (other, 0, "100.0"),
        (one, 10, "84.6"),
    ]
