"""The list for programs: filtered, paged, as a file, and never older than asked for."""

import asyncio
import csv
import io

import pytest

from api.parts import EXPORTS_MAX, Parts
from tests.api.asking import Api

GRADE = {"scheme": "S46", "code": "C"}


async def test_who_wrote_something_can_wait_to_see_it(api: Api, projected: None) -> None:
    number = await api.lodged(customer="甲公司")
    graded = await api.post(
        f"/complaints/{number}/graded", GRADE, headers={"If-Match": '"1"'}
    )

    at = graded.json()["position"]
    found = (await api.get(f"/complaints?customer=甲公司&min_position={at}")).json()

    assert [row["grade"] for row in found["complaints"]] == ["S46:C"]
    assert found["position"] >= at
    by_version = await api.get(f"/complaints?number={number}&min_version=2")
    assert by_version.json()["complaints"][0]["version"] == 2


async def test_nobody_waits_for_ever(api: Api) -> None:
    """No projector runs: the answer comes in bounded time and says where it is."""
    await api.lodged()

    async with asyncio.timeout(10):
        found = (await api.get("/complaints?min_position=1")).json()

    assert (found["position"], found["lag_events"], found["complaints"]) == (0, 1, [])


async def test_a_list_is_counted_by_source_and_category(api: Api, projected: None) -> None:
    for channel, kind in (
        ("wechat", "service"),
        ("wechat", "product"),
        ("forum", "service"),
    ):
        number = await api.lodged(channel=channel, kind=kind)
    await api.get(f"/complaints?number={number}&min_version=1")

    by_source = (await api.get("/complaints/counts?by=channel")).json()
    by_both = (await api.get("/complaints/counts?by=channel&by=kind&kind=service")).json()

    assert by_source["counts"] == [
        {"channel": "wechat", "n": 2},
        {"channel": "forum", "n": 1},
    ]
    assert by_both["total"] == 2
    assert (await api.get("/complaints/counts")).status_code == 422
    assert (await api.get("/complaints/counts?by=weather")).status_code == 422


async def test_pages_follow_each_other_and_come_back(api: Api, projected: None) -> None:
    numbers = [await api.lodged() for _ in range(5)]
    await api.get("/complaints?min_position=5")

    seen, at = [], "/complaints?limit=2&sort=number&descending=false"
    while at:
        page = (await api.get(at)).json()
        assert (page["total"], page["total_is_exact"]) == (5, True)
        seen += [row["number"] for row in page["complaints"]]
        at = page.get("next")

    assert seen == numbers
    assert page["first"] == 5
    before = (await api.get(page["previous"])).json()
    assert [row["number"] for row in before["complaints"]] == numbers[2:4]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("custommer=x", "custommer"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=5&limit=6", "limit"),
        ("open=perhaps", "open"),
        ("sort=(select 1)", "sort"),
        ("received_from=yesterday", "received_from"),
        ("received_from=2026-03-02&received_to=2026-03-01", "received_to"),
        ("stage=nowhere", "stage"),
        ("cursor=AAAA", "cursor"),
        ("min_version=1", "number"),
        ("min_position=-1", "min_position"),
        ("customer=" + "x" * 201, "customer"),
        ("&".join(["batch=b"] * 51), "batch"),
    ],
)
async def test_what_is_no_filter_is_refused(api: Api, asked: str, field: str) -> None:
    for path in ("/complaints", "/complaints.csv")[: 1 if "cursor" in asked else 2]:
        answer = await api.get(f"{path}?{asked}")

        assert answer.status_code == 422, answer.text
        assert field in [lack["field"] for lack in answer.json()["lacks"]]


async def test_a_list_as_a_file(api: Api, projected: None) -> None:
    """All rows of the list, whatever its page; no cell is a formula."""
    for customer in ("=cmd|' /C calc'!A0", "+86 公司", "丙"):
        await api.lodged(customer=customer)
    await api.get("/complaints?min_position=3")

    file = await api.get("/complaints.csv?limit=1&sort=number&descending=false")
    same = await api.get(
        "/complaints?sort=number&descending=false", headers={"Accept": "text/csv"}
    )

    assert file.headers["content-disposition"].startswith("attachment")
    assert file.content == same.content
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    customers = [row["customer"] for row in rows]
    assert customers == ["'=cmd|' /C calc'!A0", "'+86 公司", "丙"]


async def test_few_files_are_fetched_at_a_time(api: Api, parts: Parts) -> None:
    for _ in range(EXPORTS_MAX):
        await parts.exports.acquire()

    busy = await api.get("/complaints.csv")
    assert (busy.status_code, busy.json()["code"]) == (503, "busy")

    parts.exports.release()
    for _ in range(EXPORTS_MAX + 1):
        assert (await api.get("/complaints.csv")).status_code == 200
