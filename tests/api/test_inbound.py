"""Messages over HTTP: the same answers as from the topic, each with its status."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.message import Raw
from tests.api.asking import Api
from tests.inbound.messages import (
    A_CALL,
    A_COMPLAINT,
    A_GRADE,
    contacted,
    raw,
    received,
)

OTHER = A_COMPLAINT | {"customer": "Other"}


async def say(api: Api, message: Raw, query: str = "") -> httpx2.Response:
    """A message in binary mode, as a client of another system sends it."""
    headers = [(n.replace("ce_", "ce-"), (v or b"").decode()) for n, v in message.headers]
    answer = await api.http.post(f"/inbound{query}", content=message.value, headers=headers)
    return api.held(answer)


async def rehearsed(api: Api, message: Raw) -> dict[str, Any]:
    answer = await say(api, message, "?dry_run=1")
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_each_outcome_has_its_status(api: Api) -> None:
    first = raw("received", A_COMPLAINT, id="a")
    accepted = await say(api, first)
    duplicate = await say(api, first)
    conflict = await say(api, raw("received", OTHER, id="a"))
    held = await say(api, raw("contacted", A_CALL, subject="K-9"))
    refused = await say(api, raw("closed", {}))
    stale = await say(api, raw("graded", A_GRADE | {"version": 9}))
    invalid = await say(api, raw("contacted", {"channel": 7}))
    malformed = await say(api, Raw(first.headers[:3], first.value))

    assert accepted.status_code == 201
    assert accepted.headers["location"] == "/inbound/crm/a"
    assert accepted.json() == {
        "source": "crm",
        "message_id": "a",
        "outcome": "accepted",
        "number": "C-2026-000001",
        "version": 1,
        "position": 1,
    }
    assert (duplicate.status_code, duplicate.json()["outcome"]) == (200, "duplicate")
    assert duplicate.json()["number"] == "C-2026-000001"
    assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict")
    assert (held.status_code, held.json()["outcome"]) == (202, "held")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-ready")
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-meanwhile")
    assert (invalid.status_code, invalid.json()["lacks"][0]["field"]) == (422, "channel")
    assert (malformed.status_code, malformed.json()["code"]) == (400, "unreadable")


async def test_a_fact_is_answered_with_the_number_of_its_complaint(api: Api) -> None:
    await say(api, raw("received", A_COMPLAINT))
    answer = await say(api, raw("contacted", A_CALL))

    assert (answer.status_code, answer.json()["number"]) == (201, "C-2026-000001")
    assert answer.json()["version"] == 2


async def test_a_structured_event_is_the_same_message(api: Api) -> None:
    event: dict[str, Any] = {"specversion": "1.0", "id": "a", "source": "crm"}
    event |= {"subject": "K-1"}
    event |= {"type": "complaint.received", "data": A_COMPLAINT}
    kind = {"content-type": "application/cloudevents+json"}
    body = json.dumps(event).encode()

    answer = api.held(await api.http.post("/inbound", content=body, headers=kind))
    again = await say(api, raw("received", A_COMPLAINT, id="a"))

    assert (answer.status_code, again.status_code) == (201, 200)


TABLES = (
    "ledger.event",
    "ledger.inbox",
    "ledger.outcome",
    "ledger.letter",
    "keyring.party_key",
)
REHEARSED: list[tuple[Raw, str, str | None]] = [
    (raw("received", A_COMPLAINT, id="a"), "duplicate", None),
    (raw("received", OTHER, id="a"), "conflict", None),
    (raw("received", A_COMPLAINT, id="b"), "duplicate", None),
    (raw("received", OTHER, id="b"), "conflict", None),
    (raw("contacted", A_CALL, subject="K-9"), "held", None),
    (raw("contacted", A_CALL, subject="K-9", id="h"), "duplicate", None),
    (raw("closed", {}), "refused", "not-ready"),
    (raw("graded", A_GRADE | {"version": 3}), "refused", "changed-meanwhile"),
    (raw("contacted", {}), "refused", "invalid"),
    (
        raw("received", A_COMPLAINT | {"words": "汉" * 40_000}, subject="K-3"),
        "refused",
        "too-large",
    ),
]


def counted(database: str) -> list[object]:
    """How many rows of each table, of the store and of the keys."""
    with psycopg.connect(database) as conn:
        return [
            conn.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0]
            for table in TABLES
        ]


async def test_a_rehearsal_shows_what_would_be_and_records_nothing(
    api: Api, database: str
) -> None:
    await say(api, raw("received", A_COMPLAINT, id="a"))
    await say(api, raw("contacted", A_CALL, subject="K-9", id="h"))
    before = counted(database)

    new = await rehearsed(api, raw("received", A_COMPLAINT, subject="K-2"))
    fact = await rehearsed(api, raw("contacted", A_CALL))
    said = [await rehearsed(api, message) for message, _, _ in REHEARSED]

    assert (new["outcome"], fact["outcome"]) == ("accepted", "accepted")
    [event] = new["events"]
    assert (event["topic"], event["words"]) == ("complaint.received", A_COMPLAINT["words"])
    assert [event["topic"] for event in fact["events"]] == ["complaint.contacted"]
    assert fact["version"] == 2
    assert [one["outcome"] for one in said] == [outcome for _, outcome, _ in REHEARSED]
    assert [one.get("code") for one in said[6:]] == [code for _, _, code in REHEARSED[6:]]
    assert counted(database) == before


async def test_what_is_rehearsed_is_what_then_happens(api: Api) -> None:
    """Over the same store, without another message in between."""
    batch = [
        raw("contacted", A_CALL, id="early", subject="K-8"),
        raw("received", A_COMPLAINT, id="a"),
        raw("graded", A_GRADE, id="g"),
        raw("graded", A_GRADE | {"code": "A"}, id="g"),
        raw("closed", {}, id="c"),
        raw("withdrawn", {"reason": "settled"}, id="w"),
        raw("closed", {}, id="c2"),
        raw("reopened", {"reason": "again"}, id="r"),
        raw("received", A_COMPLAINT, id="a2"),
    ]
    for message in batch:
        before = await rehearsed(api, message)
        after = await say(api, message)
        told = after.json()
        if after.status_code < 300:
            assert before["outcome"] == told["outcome"], message
            assert before.get("version") == told.get("version")
        else:
            expected = "conflict" if told["code"] == "conflict" else "refused"
            assert before["outcome"] == expected
            assert before["lacks"] == told["lacks"]


async def test_what_became_of_a_message_can_be_asked(api: Api) -> None:
    await say(api, raw("contacted", A_CALL, id="b"))
    begun = await say(api, raw("received", A_COMPLAINT, id="a/1"))

    one = (await api.get("/inbound/crm/b")).json()
    other = await api.get(begun.headers["location"])
    none = await api.get("/inbound/crm/c")

    assert (one["outcome"], one["number"]) == ("accepted", "C-2026-000001")
    assert [past["outcome"] for past in one["history"]] == ["accepted", "held"]
    assert other.json()["outcome"] == "accepted"
    assert (none.status_code, none.json()["code"]) == (404, "unknown-message")


async def test_letters_are_listed_driven_again_and_dismissed(api: Api) -> None:
    await say(api, raw("contacted", A_CALL, id="b", subject="K-9"))
    await say(api, raw("received", A_COMPLAINT, id="a"))
    await say(api, raw("received", OTHER, id="a"))
    await say(api, raw("contacted", A_CALL, id="c"))
    await say(api, raw("contacted", {"channel": "post"}, id="c"))
    kinds = (await api.get("/inbound/letters?kind=conflict&limit=1")).json()
    rest = (await api.get(kinds["next"])).json()
    every = (await api.get("/inbound/letters")).json()["letters"]

    assert [one["message_id"] for one in kinds["letters"] + rest["letters"]] == ["a", "c"]
    assert [one["kind"] for one in every] == ["held", "conflict", "conflict"]
    assert "赔偿" not in json.dumps(every, ensure_ascii=False)
    held, first, second = (f"/inbound/letters/{one['letter']}" for one in every)
    waits = await api.post(f"{held}/redrive", {})
    taken = await api.post(f"{first}/redrive", {})
    again = await api.post(f"{second}/redrive", {})
    gone = await api.post(f"{first}/dismiss", {})
    twice = await api.post(f"{first}/dismiss", {})

    assert (waits.status_code, waits.json()["outcome"]) == (200, "held")
    assert (taken.status_code, taken.json()["code"]) == (409, "not-allowed")
    assert (again.status_code, again.json()["outcome"]) == (200, "accepted")
    assert again.json()["message_id"] == f"c~{every[2]['letter']}"
    assert (gone.status_code, twice.status_code) == (204, 404)


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("auditor", "/inbound", 403),
        ("service", "/inbound/letters/1/redrive", 403),
        ("quality_engineer", "/inbound/letters/1/dismiss", 403),
        ("administrator", "/inbound/letters/1/dismiss", 404),
    ],
)
async def test_who_may(role: str, path: str, status: int, parts: Parts) -> None:
    app: FastAPI = create_app(replace(parts, operator=Person("p-x", role, "X")))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        answer = await Api(http, app).post(path, {})

    assert answer.status_code == status
    await parts.opened.appender.close()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "application/json"}, b"{}", 400),
        ({"content-type": "application/cloudevents+json"}, b"{}", 400),
        ({"content-type": "application/cloudevents+json"}, b"[]", 400),
        ({"content-type": "application/cloudevents-batch+json"}, b"[]", 415),
        ({"content-type": "text/plain"}, b"{}", 415),
        ({"content-type": "application/json", "ce-id": "a%ff"}, b"{}", 400),
        ({"content-type": "application/json"}, b"x" * 300_000, 413),
        ({"content-type": "application/json", "content-encoding": "gzip"}, b"", 415),
    ],
)
async def test_nothing_that_is_sent_is_answered_with_our_failure(
    headers: dict[str, str], body: bytes, status: int, api: Api
) -> None:
    answer = api.held(await api.http.post("/inbound", content=body, headers=headers))

    assert answer.status_code == status


async def test_a_header_that_comes_twice_is_refused(api: Api) -> None:
    message = raw("received", A_COMPLAINT, id="a")
    twice = Raw((*message.headers, ("ce_id", b"b")), message.value)

    assert (await say(api, twice)).status_code == 400


async def test_over_http_and_kafka_at_once_a_message_is_taken_once(
    api: Api, parts: Parts
) -> None:
    """The same store, two intakes: the topic's and the web process's."""
    known = sources.load(site="plant-1", zone="Asia/Shanghai")
    desk = Desk(opened=parts.opened, reads=parts.reads, sources=known)
    batch = [received(n, id=f"a{n}", subject=f"K-{n}") for n in range(8)]
    batch += [contacted(10 + n, id=f"b{n}", subject=f"K-{n}") for n in range(8)]
    over_kafka = Intake(desk).take(batch)
    over_http = (say(api, one.raw) for one in batch)
    told, answered = await asyncio.gather(over_kafka, asyncio.gather(*over_http))

    with parts.reads.connection() as conn:
        counted = conn.execute("SELECT count(*) FROM ledger.event").fetchall()
        outcomes = conn.execute(
            "SELECT message_id, count(*) FILTER (WHERE outcome = 'accepted')"
            "  FROM ledger.outcome GROUP BY 1"
        ).fetchall()
    assert counted == [(16,)]
    assert {count for _, count in outcomes} == {1}
    assert len(told) == 16
    assert {answer.status_code for answer in answered} <= {200, 201, 202}
