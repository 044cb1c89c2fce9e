"""The back-test over the API and on its page: begun by asking, looked at until it ends."""

import asyncio
import csv
import io
from typing import Any

import pytest

from api.parts import Parts
from tests.api.asking import Api

pytestmark = pytest.mark.anyio


async def finished(api: Api, parts: Parts, name: str) -> Any:
    """What it says when it is done; each look is held to the description."""
    await api.get(f"/backtests/{name}")
    run = parts.back_tests.of(parts.ledger.rulebooks[name])
    assert run is not None
    assert await asyncio.to_thread(run.ended.wait, 60)
    return (await api.get(f"/backtests/{name}")).json()


async def graded(api: Api) -> str:
    number = await api.lodged(items=[{"batch": "B1", "quantity": 12}])
    answer = await api.post(
        f"/complaints/{number}/graded",
        {"scheme": "S46", "code": "C"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200
    return number


async def test_what_differs_is_named_complaint_by_complaint(api: Api, parts: Parts) -> None:
    number = await graded(api)

    said = await finished(api, parts, "S45@1")

    assert (said["state"], said["complaints"], said["differ"]) == ("finished", 1, 1)
    assert said["grades"] == [{"recorded": None, "would_be": "urgent", "complaints": 1}]
    [one] = said["differences"]
    assert (one["number"], one["recorded"]) == (number, {"S46": "C"})
    assert one["repeated"] == [{"rule": "REP-batch-fault", "count": 12, "nth": 1}]
    assert (await finished(api, parts, "S46@1"))["differ"] == 0


async def test_the_file_has_every_complaint_once_it_is_done(api: Api, parts: Parts) -> None:
    number = await graded(api)
    assert (await api.get("/backtests/S46@1/file.csv")).status_code == 404

    await finished(api, parts, "S46@1")
    text = (await api.get("/backtests/S46@1/file.csv")).content.decode("utf-8-sig")

    rows = [*csv.reader(io.StringIO(text))]
    assert rows[0] == ["# rulebook: S46@1"]
    assert [(row[0], row[3], row[4]) for row in rows[3:]] == [(number, "S46:C", "S46:C")]


async def test_it_is_asked_anew_only_when_somebody_says_so(api: Api, parts: Parts) -> None:
    await graded(api)
    assert (await finished(api, parts, "S46@1"))["complaints"] == 1
    await graded(api)

    assert (await finished(api, parts, "S46@1"))["complaints"] == 1
    await api.get("/backtests/S46@1?again=true")
    assert (await finished(api, parts, "S46@1"))["complaints"] == 2


async def test_one_at_a_time(api: Api, parts: Parts) -> None:
    book = parts.ledger.rulebooks["S46@1"]
    await finished(api, parts, "S46@1")
    run = parts.back_tests.of(book)
    assert run is not None
    run.state = "running"  # as long as the store is large
    run.ended.clear()

    assert (await api.get("/backtests/S45@1")).status_code == 503
    assert (await api.get("/backtests/S46@1")).json()["state"] == "running"


@pytest.mark.parametrize("name", ["S99@1", "S46", "../S46@1"])
async def test_a_regulation_that_is_not_there(api: Api, name: str) -> None:
    assert (await api.get(f"/backtests/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", ["Other grade than recorded", "urgent", "S46:C"]),
        ("zh", ["与记录的等级不同", "urgent 紧急级", "S46:C"]),
    ],
)
async def test_the_page_shows_what_differs(
    api: Api, parts: Parts, lang: str, says: list[str]
) -> None:
    number = await graded(api)
    await finished(api, parts, "S45@1")

    page = (await api.http.get(f"/backtest?rulebook=S45@1&lang={lang}")).text

    assert [words for words in says if words not in page] == []
    assert f'href="/ledger/{number}"' in page
    assert 'href="/backtests/S45%401/file.csv"' in page or "/backtests/S45@1" in page
