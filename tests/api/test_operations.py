"""How the ledger says it is doing: nothing dead looks healthy, and no detail gets out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import httpx2
import psycopg
import pytest
from structlog.testing import capture_logs

from api.app import create_app
from api.condition import FAR_BEHIND_S, Condition, Worker
from api.input_limits import InputLimits
from api.parts import LOOPBACK, Parts
from api.problems import AT_THE_DOOR, STATUS
from api.wire import BoundedProtocol
from consumers import projecting
from consumers.sealing import running as sealing
from consumers.sealing.anchors import AnchorFile
from domain.errors import refusals
from projections import PROJECTIONS
from tests.api.asking import RECEPTION, Api, served
from tests.consumers.running import running
from tests.proof.sealed import KEY

RELAY = Worker(
    kind="relay",
    name="events",
    position=7,
    lag_events=0,
    lag_seconds=0.0,
    heartbeat_at=None,
    heartbeat_age_s=1.0,
    live=True,
    trouble=None,
)


@pytest.mark.parametrize(
    ("but", "colour"),
    [
        ({}, "green"),
        ({"live": False}, "red"),
        ({"live": False, "trouble": "stopped"}, "red"),
        ({"lag_seconds": FAR_BEHIND_S + 1}, "red"),
        ({"lag_seconds": 11.0}, "yellow"),
        ({"parked": 1}, "yellow"),
    ],
)
def test_the_worst_worker_says_how_it_is(but: dict[str, object], colour: str) -> None:
    worker = replace(RELAY, **but)  # type: ignore[arg-type]  # fields of a worker

    assert Condition(head_position=7, workers=(RELAY, worker)).colour() == colour


@pytest.mark.parametrize(
    ("letters", "colour"), [({"held": 3}, "green"), ({"malformed": 1}, "yellow")]
)
def test_what_waits_for_a_person_is_no_longer_green(
    letters: dict[str, int], colour: str
) -> None:
    found = Condition(head_position=7, workers=(RELAY,), letters=letters)

    assert found.colour() == colour


async def test_without_a_projector_and_a_sealer_it_is_red_and_with_them_green(
    api: Api, database: str, tmp_path: Path
) -> None:
    await api.lodged()

    dead = await api.get("/health")
    assert (dead.status_code, dead.json()["status"]) == (503, "red")
    assert "projection tracking: nobody is at work on it" in dead.json()["why"]
    file = AnchorFile(tmp_path / "anchors")
    with running(
        lambda stop: projecting.run(PROJECTIONS, dsn=database, feed="store", stop=stop),
        lambda stop: sealing.run(dsn=database, key=KEY, file=file, stop=stop),
    ):
        async with asyncio.timeout(20):
            while (found := (await api.get("/health")).json())["status"] != "green" or {
                worker["position"] for worker in found["workers"]
            } != {1}:
                assert found["database"] is True


async def test_a_relay_that_never_ran_or_fell_silent_is_red(
    parts: Parts, database: str
) -> None:
    app = create_app(replace(parts, mode="kafka"))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        never = (await http.get("/health")).json()
        with psycopg.connect(database) as conn:
            conn.execute(
                "INSERT INTO running.relay (name, topic, topic_id, position, beat_at)"
                " VALUES ('events', 't', 'x', 0, now() - interval '1 minute')"
            )
            conn.execute(
                "INSERT INTO running.inbound VALUES"
                " ('t', 0, 5, 5, 5, now()), ('t', 1, 3, 7, 7, now() - interval '1 hour')"
            )
        silent = (await http.get("/health")).json()
        numbers = (await http.get("/metrics")).text

    assert {"relay events has never run here", "intake has never run here"} <= set(
        never["why"]
    )
    assert "relay events: nobody is at work on it" in silent["why"]
    assert "intake t: nobody is at work on it" in silent["why"]
    assert 'ledger_worker_live{kind="relay",name="events"} 0.0' in numbers
    assert 'ledger_worker_lag_events{kind="intake",name="t"} 4.0' in numbers


async def test_a_store_that_is_away_is_said_by_all(api: Api, parts: Parts) -> None:
    parts.reads.close()

    assert (await api.get("/health/live")).status_code == 200
    ready = await api.get("/health/ready")
    assert (ready.status_code, ready.json()["code"]) == (503, "unreachable")
    assert (await api.get("/health")).json()["database"] is False
    assert "ledger_store_up 0.0" in (await api.get("/metrics")).text
    listed = await api.get("/complaints")
    assert (listed.status_code, "Retry-After" in listed.headers) == (503, True)


async def test_what_is_counted_is_printed(api: Api) -> None:
    number = await api.lodged()
    await api.post(f"/complaints/{number}/closed", {}, headers={"If-Match": '"1"'})
    await api.post(f"/complaints/{number}/closed", {})

    text = (await api.get("/metrics")).text

    for line in (
        'ledger_commands_total{deed="received",outcome="recorded"} 1.0',
        'ledger_commands_total{deed="closed",outcome="not-ready"} 1.0',
        'ledger_commands_total{deed="closed",outcome="version-needed"} 1.0',
        'ledger_http_answers_total{status="409"} 1.0',
        "ledger_append_seconds_count 2.0",
        'ledger_letters{kind="held"} 0.0',
        "ledger_head_position 1.0",
        'ledger_worker_lag_events{kind="projection",name="tracking"} 1.0',
    ):
        assert line in text.splitlines()


async def test_every_kind_of_problem_has_a_page_in_words(api: Api) -> None:
    every = (await api.get("/problems")).json()

    assert set(every) == {*AT_THE_DOOR, *refusals()}
    assert set(STATUS) == set(refusals().values())
    one = (await api.get("/problems/not-ready")).json()
    assert one == {
        "type": "/problems/not-ready",
        "code": "not-ready",
        "status": 409,
        "title": "Something has to happen first.",
    }
    assert (await api.get("/problems/none")).status_code == 404


async def test_a_defect_is_logged_under_a_name_and_told_nothing_about(parts: Parts) -> None:
    def broken() -> NoReturn:
        raise LookupError("陈洁 is in the message")

    app = create_app(replace(parts, clock=broken))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        with capture_logs() as logged:
            answer = Api(http, app).held(await http.post("/complaints", json=RECEPTION))

    assert (answer.status_code, answer.json()["code"]) == (500, "defect")
    assert answer.json()["lacks"] == []
    [line] = [line for line in logged if line["event"] == "request_failed"]
    assert line["correlation_id"] == answer.json()["instance"]
    assert line["path"] == "/complaints"


async def test_a_slow_body_is_not_waited_for(parts: Parts) -> None:
    limited = InputLimits(
        create_app(parts), hosts=LOOPBACK, json_bytes_max=4_096, body_s=0.05
    )

    async def slow() -> AsyncIterator[bytes]:
        yield b'{"items":'
        await asyncio.Event().wait()

    transport = httpx2.ASGITransport(app=limited)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.post(
            "/complaints", content=slow(), headers={"Content-Type": "application/json"}
        )

    assert (answer.status_code, answer.json()["code"]) == (408, "too-slow")


class Impatient(BoundedProtocol):
    """Waits a moment for a head instead of ten seconds."""

    head_s = 0.05


@pytest.mark.parametrize("said", [b"", b"GET /health/live HTTP/1.1\r\nHost: loc"])
async def test_a_slow_head_is_not_waited_for(parts: Parts, said: bytes) -> None:
    async with served(create_app(parts), Impatient) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)

        async with asyncio.timeout(5):
            assert await reader.read() == b"", "the line is closed"

        writer.close()


async def test_a_rulebook_is_shown_as_it_was_read(api: Api) -> None:
    policy = (await api.get("/rulebooks")).json()
    book = (await api.get(f"/rulebooks/{policy['topics']['grading']}")).json()

    assert book["title"]["zh"] == "客户抱怨处理程序 2130"
    assert book["closure"]["gates"]["verified"]["clause"] == "S46@1#5.2.3 A"
    assert (await api.get("/rulebooks/S46@9")).status_code == 404
