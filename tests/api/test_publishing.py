"""Publishing over HTTP: two persons, one text for ever, and nothing decided is changed."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers.opening import Opened
from consumers.publishing import publish_shipped
from tests.api.asking import Api
from tests.builders import TUESDAY, lodged
from tests.domain.test_one_more_regulation import BAKERY, GOVERNS

FILES = Path("domain/rulebooks/files")
S46 = (FILES / "S46.yaml").read_text()
SET = Path("domain/rulebooks/policy_sets/plant.yaml").read_text()
NEW = S46.replace("version: 1", "version: 2", 1).replace("clean_run: 3", "clean_run: 5")
SECOND = SET.replace("version: 1", "version: 2")
MOULD = {"fact": "mould", "value": True}
NEXT_DAY = (TUESDAY + timedelta(days=1)).date().isoformat()


@pytest.fixture
async def two(parts: Parts, ledger: Opened) -> AsyncIterator[tuple[Api, Api]]:
    """Two persons who may publish, in a ledger that has what comes with it."""
    await publish_shipped(ledger, at=TUESDAY)
    async with AsyncExitStack() as stack:
        made = []
        for name in ("p-wang", "p-lin"):
            app = create_app(replace(parts, operator=Person(name, "quality_manager", "x")))
            transport = httpx2.ASGITransport(app=app)
            http = httpx2.AsyncClient(transport=transport, base_url="http://localhost")
            made.append(Api(await stack.enter_async_context(http), app))
        yield made[0], made[1]
    await ledger.appender.close()


def seen(version: int) -> dict[str, Any]:
    return {"headers": {"If-Match": f'"{version}"'}}


async def published(
    two: tuple[Api, Api], where: str, body: dict[str, Any], version: int = 1
) -> httpx2.Response:
    """Put forward by one, approved by the other."""
    first, second = two
    known = seen(version) if version else {}  # of a new text nobody saw a version
    answer = await first.post(where, body, **known)
    if answer.status_code != 201:
        return answer
    name = answer.json()["name"]
    return await second.post(f"{where}/{name}/approved", {}, **seen(version + 1))


async def test_two_persons_publish_and_what_comes_after_is_governed_by_it(
    two: tuple[Api, Api],
) -> None:
    first, _ = two
    before = await first.lodged()
    body = {"text": NEW, "effective_on": NEXT_DAY}

    assert (await published(two, "/rulebooks", body)).status_code == 200
    answer = await published(two, "/policy-sets", {"text": until_today(SECOND)})
    assert answer.status_code == 200, answer.text

    after = await first.lodged(received_at=f"{NEXT_DAY}T09:00:00+08:00")
    pinned = [
        (await first.get(f"/complaints/{number}")).json()["rulebooks"]["closure"]
        for number in (before, after)
    ]
    assert pinned == ["S46@1", "S46@2"]
    said = (await first.get("/rulebooks/S46@1/difference?to=S46@2")).json()["lines"]
    assert said[1].endswith("three_clean_batches.need.clean_run was 3, now 5")
    history = (await first.get("/rulebooks/S46")).json()
    assert [one["event"] for one in history["events"]] == [
        "rulebook.published",
        "rulebook.proposed",
        "rulebook.published",
    ]
    assert [one["by"] for one in history["events"][2]["approvals"]] == ["p-wang", "p-lin"]


def until_today(text: str) -> str:
    """S46@1 governs up to today, S46@2 from tomorrow on."""
    head, *lines = text.splitlines()
    first = next(line for line in lines if "S46@1" in line)
    until = first.replace("since: null", f"since: null, until: {TUESDAY.date()}")
    then = first.replace("S46@1", "S46@2").replace("null", NEXT_DAY)
    return "\n".join([head, *lines]).replace(first, f"{until}\n{then}") + "\n"


async def test_nobody_approves_what_they_put_forward(two: tuple[Api, Api]) -> None:
    first, _ = two
    await first.post("/rulebooks", {"text": NEW, "effective_on": NEXT_DAY}, **seen(1))

    answer = await first.post("/rulebooks/S46@2/approved", {}, **seen(2))

    assert answer.status_code == 409
    assert answer.json()["lacks"][0]["field"] == "person"


@pytest.mark.parametrize(
    ("where", "text", "name"),
    [("/rulebooks", NEW, "S46@2"), ("/policy-sets", SECOND, "plant@2")],
)
async def test_what_is_rejected_is_not_published(
    two: tuple[Api, Api], where: str, text: str, name: str
) -> None:
    first, second = two
    body = {"text": text} | ({"effective_on": NEXT_DAY} if name == "S46@2" else {})
    assert (await first.post(where, body, **seen(1))).status_code == 201
    why = {"reason": "clause 5.2.3 is misread"}

    assert (await second.post(f"{where}/{name}/rejected", {}, **seen(2))).status_code == 422
    done = await second.post(f"{where}/{name}/rejected", why, **seen(2))
    assert done.status_code == 200, done.text

    late = await second.post(f"{where}/{name}/approved", {}, **seen(3))
    assert late.status_code == 409
    assert late.json()["lacks"][0]["fix"] == "put this version forward first"


@pytest.mark.parametrize(
    ("text", "effective_on", "field", "says"),
    [
        (
            NEW.replace("{fact: injury}", "{fact: injry}"),
            NEXT_DAY,
            "grading",
            "did you mean",
        ),
        (NEW.replace("schema: 1", "schema: ["), NEXT_DAY, "text", "text:"),
        (NEW, None, "effective_on", "the text names no day"),
        (S46 + "# other\n", NEXT_DAY, "version", "call this one version 2"),
    ],
)
async def test_a_wrong_text_is_told_where_and_what_mends_it(
    two: tuple[Api, Api], text: str, effective_on: str | None, field: str, says: str
) -> None:
    body = {"text": text, "effective_on": effective_on}
    answer = await two[0].post("/rulebooks", body, **seen(1))

    assert answer.status_code in {409, 422}
    [lack] = answer.json()["lacks"]
    assert lack["field"].startswith(field)
    assert says in lack["fix"]


async def test_a_text_is_looked_at_before_it_is_put_forward(two: tuple[Api, Api]) -> None:
    answer = await two[0].post("/rulebooks/validated", {"text": NEW})
    assert (answer.json()["name"], answer.json()["since"]) == ("S46@2", "S46@1")
    assert len(answer.json()["difference"]) == len(["version", "clean_run"])
    assert (
        await two[0].post("/policy-sets/validated", {"text": SECOND})
    ).status_code == 200
    assert (await two[0].get("/rulebooks/S46")).json()["version"] == 1


async def test_a_version_seen_before_is_refused(two: tuple[Api, Api]) -> None:
    body = {"text": NEW, "effective_on": NEXT_DAY}
    assert (await two[0].post("/rulebooks", body)).status_code == 428
    assert (await two[0].post("/rulebooks", body, **seen(7))).status_code == 412


async def test_a_regulation_nobody_had_needs_no_version(two: tuple[Api, Api]) -> None:
    text = S46.replace("id: S46", "id: OURS", 1)
    answer = await two[0].post("/rulebooks", {"text": text, "effective_on": NEXT_DAY})
    assert answer.status_code == 201, answer.text
    done = await two[1].post("/rulebooks/OURS@1/approved", {}, **seen(1))
    assert done.status_code == 200
    assert (await two[0].get("/rulebooks/OURS@1")).json()["id"] == "OURS"


async def test_a_file_more_governs_what_is_received_then(two: tuple[Api, Api]) -> None:
    """No program knows it: two texts over HTTP, and a complaint lives under them."""
    assert (await published(two, "/rulebooks", {"text": BAKERY}, 0)).status_code == 200
    governs = GOVERNS.replace("version: 1", "version: 2")
    answer = await published(two, "/policy-sets", {"text": governs})
    assert answer.status_code == 200, answer.text
    first, second = two
    number = await first.lodged()
    about = f"/complaints/{number}"

    assert (await first.post(f"{about}/fact_established", MOULD)).status_code == 201
    [proposed] = (await first.get(f"{about}/verdicts")).json()["verdicts"]
    assert (proposed["scheme"], proposed["proposed"]) == ("BAKERY", "red")
    milder = {"scheme": "BAKERY", "code": "white", "reason": "x"}
    answer = await first.post(f"{about}/graded", milder, **seen(2))
    assert answer.json()["lacks"][0]["clause"] == "BAKERY@1#2.1"
    red = {"scheme": "BAKERY", "code": "red"}
    assert (await first.post(f"{about}/graded", red, **seen(2))).status_code == 200
    answer = await second.post(f"{about}/closed", {}, **seen(3))
    assert [one["clause"] for one in answer.json()["lacks"]] == ["BAKERY@1#3.1"]


async def test_what_would_change_a_decision_is_refused_unless_signed(
    two: tuple[Api, Api], ledger: Opened
) -> None:
    """A complaint of today was graded under S46@1: nothing reaches back over it unsaid."""
    first, _ = two
    receipt = await lodged(ledger, at=TUESDAY - timedelta(days=1))
    number = receipt.number
    grade = {"scheme": "S46", "code": "A", "reason": "x"}
    assert (await first.post(f"/complaints/{number}/graded", grade, **seen(1))).is_success
    yesterday = (TUESDAY - timedelta(days=1)).date().isoformat()
    body = {"text": NEW, "effective_on": yesterday}

    answer = await first.post("/rulebooks", body, **seen(1))
    assert answer.status_code == 409
    assert str(number) in answer.json()["lacks"][0]["fix"]

    signed = body | {"retroactive": "agreed with the customer"}
    assert (await published(two, "/rulebooks", signed)).status_code == 200
    moved = SECOND.replace("S46@1", "S46@2").replace(
        "since: null", f"since: {yesterday}", 1
    )
    answer = await first.post("/policy-sets", {"text": moved}, **seen(1))
    assert answer.status_code == 409
    assert answer.json()["lacks"][0]["field"] == "retroactive"
    assert (
        await first.post("/policy-sets", {"text": SECOND}, **seen(1))
    ).status_code == 201


async def test_a_version_that_governs_is_not_withdrawn(two: tuple[Api, Api]) -> None:
    body = {"last_day": NEXT_DAY, "reason": "replaced"}
    answer = await two[0].post("/rulebooks/S46@1/withdrawn", body, **seen(1))
    assert answer.status_code == 409
    done = await two[0].post("/rulebooks/S40@1/withdrawn", body, **seen(1))
    assert done.status_code == 200, done.text


async def test_another_role_publishes_nothing(parts: Parts) -> None:
    app = create_app(replace(parts, operator=Person("p-x", "quality_engineer", "x")))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await Api(http, app).post("/rulebooks", {"text": NEW})
        assert answer.status_code == 403
