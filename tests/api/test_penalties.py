"""Offences and notices over HTTP: what fits, what is set, counts, and is taken back."""

import asyncio
from typing import Any

import psycopg

from consumers.catalogs import OFFERED
from projections import freshness
from tests.api.asking import Api
from tests.waiting import until

TWELVE = "S6@1#5.2.1.12"
ACT: dict[str, Any] = {
    "person": "p-zhao",
    "role": "patrol_inspector",
    "act": "missed_inspection",
    "on": "2026-03-02",
    "facts": {"pieces": 3, "reached": "customer", "caused_complaint": True},
}


def each(fen: int) -> dict[str, Any]:
    amount = {"minor": fen, "currency": "CNY"}
    return {
        "penalty_clause": TWELVE,
        "amounts": [{"clause": TWELVE, "each": amount}],
    }


def saw(version: int) -> dict[str, Any]:
    return {"headers": {"If-Match": f'"{version}"'}}


async def published(api: Api) -> None:
    """S6, version 1, agreed and approved long before."""
    text = (OFFERED / "S6_v1.yaml").read_text(encoding="utf-8")
    said = {
        "text": text,
        "agreed_on": "2025-01-03",
        "agreed_by": ["铸造部"],
        "approved_by": "p-gm",
        "approved_on": "2025-01-06",
    }
    answer = await api.post("/catalogs", said)
    assert answer.status_code == 200, answer.text


async def test_a12_over_http(api: Api, projected: None, database: str) -> None:
    """Three pieces reach a customer: 300 yuan, two clauses gave way, then a hearing."""
    await published(api)
    number = await api.lodged()
    stated = await api.post("/penalties", ACT | {"complaint": number})
    assert (stated.status_code, stated.headers["ETag"]) == (201, '"1"')
    notice = stated.headers["Location"]

    preview = (await api.get(f"{notice}/candidates")).json()
    assert [(c["clause"], c["state"], c["amount"]) for c in preview["candidates"]] == [
        ("S6@1#5.2.1.2", "set", 60_00),
        ("S6@1#5.2.1.11", "set", 30_00),
        (TWELVE, "open", None),
    ]
    assert preview["candidates"][2]["act"]["zh"].startswith("漏检")
    for wrong in (49_99, 200_01):
        refused = await api.post(f"{notice}/proposed", each(wrong), **saw(1))
        assert (refused.status_code, refused.json()["lacks"][0]["clause"]) == (422, TWELVE)
    fined = await api.post(f"{notice}/proposed", each(100_00), **saw(1))
    assert (fined.status_code, fined.headers["ETag"]) == (200, '"5"')
    shown = (await api.get(notice)).json()
    assert (shown["stage"], shown["amount"]["minor"]) == ("approved", 300_00)
    assert len(shown["superseded"]) == 2
    mark = (await api.get(f"/complaints/{number}/events/2")).json()
    assert (mark["topic"], "30000" in str(mark)) == ("complaint.fined", False)

    await _heard_and_taken_back(api, number, notice)
    with psycopg.connect(database) as conn:
        await asyncio.to_thread(
            until, lambda: freshness.read(conn, "penalties").position >= 12
        )
    await _shown(api, number, fined.json()["position"])


async def _heard_and_taken_back(api: Api, number: str, notice: str) -> None:
    again = await api.post("/penalties", ACT | {"complaint": number})
    twice = await api.post(f"{again.headers['Location']}/proposed", each(100_00), **saw(1))
    assert twice.status_code == 409
    assert twice.json()["lacks"][0]["fix"].startswith("this person has already been fined")

    told = {"stamped": True, "appeal_until": "2026-03-10"}
    assert (await api.post(f"{notice}/notified", told, **saw(5))).status_code == 200
    assert (await api.post(f"{notice}/appealed", {"grounds": "未在岗"})).status_code == 201
    mine = await api.post(f"{notice}/upheld", {"reason": "x"}, **saw(7))
    assert mine.status_code == 409, "who proposed it does not decide the appeal"
    back = await api.post(f"{notice}/reversed", {"reason": "查无实据"}, **saw(7))
    assert (back.status_code, back.headers["ETag"]) == (200, '"8"')


async def _shown(api: Api, number: str, then: int) -> None:
    every = (await api.get(f"/penalties?complaint={number}")).json()
    assert (every["totals"], every["states"]) == ([], {"stated": 1, "reversed": 1})
    assert [one["clause"] for one in every["superseded"]] == [
        "S6@1#5.2.1.11",
        "S6@1#5.2.1.2",
    ]
    month = (await api.get("/penalties/statement?month=2026-03")).json()
    assert [one["minor"] for one in month["postings"]] == [300_00, -300_00]
    assert [one["minor"] for one in month["totals"]] == [0]
    known = (await api.get(f"/penalties/statement?month=2026-03&position={then}")).json()
    assert [one["minor"] for one in known["totals"]] == [300_00], "as it was published"
    file = await api.get("/penalties/statement.csv?month=2026-03")
    assert file.text.count("p-zhao") == 2


async def test_a_preview_changes_nothing(api: Api) -> None:
    await published(api)

    said = {"offence": ACT, "amounts": each(100_00)["amounts"]}
    answer = await api.post("/penalties/candidates", said)

    assert answer.status_code == 200
    assert answer.json()["candidates"][2]["arithmetic"] == ["3 × 100.00 = 300.00"]
    unknown = {**ACT, "facts": {"pieces": 3}}
    asked = (await api.post("/penalties/candidates", {"offence": unknown})).json()
    missing = {fact for one in asked["candidates"] for fact in one["missing"]}
    assert missing == {"reached", "caused_complaint"}
    nothing = {**ACT, "act": "slept"}
    uncovered = (await api.post("/penalties/candidates", {"offence": nothing})).json()
    assert (uncovered["covered"], uncovered["candidates"]) == (False, [])


async def test_what_is_wrong_with_a_request_is_said(api: Api) -> None:
    early = await api.post("/penalties/candidates", {"offence": ACT})
    assert (early.status_code, early.json()["lacks"][0]["field"]) == (409, "on")
    await published(api)
    for wrong in (
        {"person": "Zhao Wei"},  # a name
        {"on": "2026-03-04"},  # tomorrow
        {"facts": {"pieces": -1}},
        {"complaint": "C-2026-999999"},
    ):
        answer = await api.post("/penalties", ACT | wrong)
        assert answer.status_code == 422, wrong
    nobody = "/penalties/00000000-0000-0000-0000-000000000001"
    for path in (f"{nobody}/approved", f"{nobody}/settled"):
        assert (await api.post(path, {}, **saw(1))).status_code == 404
    stated = (await api.post("/penalties", ACT)).headers["Location"]
    assert (await api.post(f"{stated}/proposed", each(100_00))).status_code == 428
    assert (
        await api.post(f"{stated}/proposed", each(1_00_00), **saw(9))
    ).status_code == 412


async def test_the_same_request_is_answered_once(api: Api) -> None:
    await published(api)
    key = {"headers": {"Idempotency-Key": "k-1"}}

    first, again = [await api.post("/penalties", ACT, **key) for _ in range(2)]

    assert first.headers["Location"] == again.headers["Location"]


async def test_versions_of_a_catalog_and_when_the_next_is_due(api: Api) -> None:
    await published(api)
    text = (OFFERED / "S6_v1.yaml").read_text(encoding="utf-8")
    second = text.replace("version: 1\n", "version: 2\n", 1)
    dated = {"approved_by": "p-gm", "approved_on": "2026-03-02"}

    blind = await api.post("/catalogs", {"text": second, **dated})
    assert blind.status_code == 428
    done = await api.post("/catalogs", {"text": second, **dated}, **saw(1))
    assert done.status_code == 200, done.text
    shown = (await api.get("/catalogs/S6")).json()
    assert [one["version"] for one in shown["versions"]] == [1, 2]
    assert (shown["update_due"], shown["overdue"]) == ("2026-05-02", False)
    for wrong, field in (
        ({"text": second.replace("yuan: 200}", "yuan: 201}"), **dated}, "version"),
        ({"text": text.replace("role", "rolle"), **dated}, "text"),
        (
            {"text": second, "approved_by": "p-wang", "approved_on": "2026-03-02"},
            "approved_by",
        ),
    ):
        refused = await api.post("/catalogs", wrong, **saw(2))
        assert refused.json()["lacks"][0]["field"] == field
