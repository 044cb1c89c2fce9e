"""The same request again is answered and not done again, whatever happened in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.parts import Parts
from consumers.opening import Opened, rulebooks
from domain.ledger import Ledger
from domain.shelf import Shelf
from infra.postgres.appender import Answer, Appender, Entry, UnavailableError
from infra.postgres.committer import Committer
from infra.postgres.pool import role_dsn
from infra.postgres.recorder import open_recorder
from tests.api.asking import RECEPTION, Api, served
from tests.waiting import until

GRADE = {"scheme": "S46", "code": "C"}
CLIENTS = 8


def events(database: str) -> int:
    with psycopg.connect(database) as conn:
        row = conn.execute("SELECT count(*) FROM ledger.event").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
async def clients(port: int) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """Eight clients of a real server, each with a connection of its own."""
    made = [
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)
        for _ in range(CLIENTS)
    ]
    yield made
    for client in made:
        await client.aclose()


async def test_of_eight_who_decide_on_one_version_one_does(
    api: Api, clients: list[httpx2.AsyncClient], database: str
) -> None:
    """And the others are told the version they did not see."""
    number = await api.lodged()
    for version in range(1, 6):
        path = f"/complaints/{number}/assigned"
        answers = await asyncio.gather(
            *(
                client.post(
                    path,
                    json={"owner": f"p-{nth}-{version}"},
                    headers={"If-Match": f'"{version}"'},
                )
                for nth, client in enumerate(clients)
            )
        )

        assert sorted(a.status_code for a in answers) == [200] + [412] * (CLIENTS - 1)
        refused = [a.json() for a in answers if a.status_code != 200]
        assert {said["version"] for said in refused} == {version + 1}
    assert events(database) == 6


async def test_eight_facts_at_once_are_eight_events(
    api: Api, clients: list[httpx2.AsyncClient]
) -> None:
    number = await api.lodged()

    answers = await asyncio.gather(
        *(
            c.post(f"/complaints/{number}/contacted", json={"channel": "phone"})
            for c in clients
        )
    )

    assert sorted(a.json()["version"] for a in answers) == list(range(2, CLIENTS + 2))


@pytest.mark.parametrize(
    ("deed", "body", "heads"),
    [
        ("contacted", {"channel": "phone", "summary": "已致歉"}, {}),
        ("graded", GRADE, {"If-Match": '"1"'}),
    ],
)
async def test_one_key_sent_by_eight_at_once_is_one_event(
    api: Api,
    clients: list[httpx2.AsyncClient],
    deed: str,
    body: dict[str, Any],
    heads: dict[str, str],
) -> None:
    number = await api.lodged()
    sent = {"Idempotency-Key": "k-1", **heads}

    answers = await asyncio.gather(
        *(c.post(f"/complaints/{number}/{deed}", json=body, headers=sent) for c in clients)
    )

    assert len({(a.status_code, a.text) for a in answers}) == 1
    assert (await api.get(f"/complaints/{number}")).json()["version"] == 2


async def test_one_key_for_one_complaint_received_by_eight(
    clients: list[httpx2.AsyncClient], database: str
) -> None:
    sent = {"Idempotency-Key": "k-1"}

    answers = await asyncio.gather(
        *(c.post("/complaints", json=RECEPTION, headers=sent) for c in clients)
    )

    assert len({(a.status_code, a.text) for a in answers}) == 1
    assert events(database) == 1


async def test_a_repeated_complaint_makes_no_second_party(api: Api, database: str) -> None:
    """Who left no phone number is known by nothing but the first answer."""
    sent = {"Idempotency-Key": "k-1"}
    for _ in range(3):
        await api.post("/complaints", {"items": [{}]}, headers=sent)

    with psycopg.connect(database) as conn:
        row = conn.execute("SELECT count(*) FROM keyring.party_key").fetchone()
    assert row == (1,)


@pytest.mark.parametrize(
    "but",
    [
        {"body": {"channel": "mail"}},
        {"deed": "acknowledged"},
        {"heads": {"If-Match": '"2"'}},
        {"number": "{other}"},
    ],
    ids=["body", "address", "version", "complaint"],
)
async def test_a_key_is_not_used_for_anything_else(
    api: Api, but: dict[str, Any], database: str
) -> None:
    number, other = await api.lodged(), await api.lodged()
    key = {"Idempotency-Key": "k-1"}
    first = {"number": number, "deed": "contacted", "body": {"channel": "phone"}}
    await api.post(f"/complaints/{number}/contacted", first["body"], headers=key)

    said = first | but
    to = str(said["number"]).replace("{other}", other)
    answer = await api.post(
        f"/complaints/{to}/{said['deed']}",
        said["body"],
        headers=key | but.get("heads", {}),
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "message-reused")
    assert events(database) == 3


async def test_a_repeated_decision_is_answered_though_its_version_is_old(api: Api) -> None:
    number = await api.lodged()
    sent = {"Idempotency-Key": "k-1", "If-Match": '"1"'}
    first = await api.post(f"/complaints/{number}/graded", GRADE, headers=sent)
    await api.post(f"/complaints/{number}/contacted", {"channel": "phone"})

    again = await api.post(f"/complaints/{number}/graded", GRADE, headers=sent)

    assert (again.status_code, again.text) == (200, first.text)
    assert again.headers["ETag"] == first.headers["ETag"]


class CutOff(Appender):
    """Its backend is ended after a commit, before anybody heard of it."""

    def __init__(self, dsn: str, owner: str) -> None:
        super().__init__(dsn)
        self._owner = owner
        self.cuts = 0

    async def append(self, entries: Sequence[Entry]) -> list[Answer]:
        answers = await super().append(entries)
        if self.cuts and self._conn:
            self.cuts -= 1
            with psycopg.connect(self._owner) as conn:
                pid = self._conn.info.backend_pid
                conn.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            await self.close()
            raise UnavailableError
        return answers


@dataclass(frozen=True)
class Cut:
    """An app whose line to the store can be cut, and the means to cut it."""

    app: FastAPI
    appender: CutOff


@pytest.fixture
async def cut(parts: Parts, ledger: Opened, database: str) -> AsyncIterator[Cut]:
    dsn = role_dsn(database, "ledger_app")
    appender, recorder = CutOff(dsn, database), open_recorder(dsn)
    with Ledger(
        recorder=recorder,
        answers=recorder,
        codec=ledger.codec,
        rulebooks=rulebooks(),
        calendars=ledger.ledger.calendars,
        append=Committer(appender.append, patience_s=0.0).append,
        shelf=Shelf(),
    ) as made:
        opened = replace(ledger, ledger=made, appender=appender)
        yield Cut(create_app(replace(parts, opened=opened)), appender)
        await appender.close()
    recorder.datastore.close()


@pytest.mark.parametrize("path", ["/complaints", "contacted", "graded"])
async def test_a_commit_nobody_heard_of_is_answered_when_sent_again(
    api: Api, cut: Cut, database: str, path: str
) -> None:
    """The sender is told 503, does not know, and sends the same: its first answer."""
    number = await api.lodged()
    body = {"contacted": {"channel": "phone"}, "graded": GRADE}.get(path, RECEPTION)
    where = f"/complaints/{number}/{path}" if path in {"contacted", "graded"} else path
    sent = {"Idempotency-Key": "k-1", "If-Match": '"1"'}
    async with served(cut.app) as port:
        base = f"http://127.0.0.1:{port}"
        async with httpx2.AsyncClient(base_url=base, timeout=60) as client:
            cut.appender.cuts = 1
            lost = await client.post(where, json=body, headers=sent)
            assert (lost.status_code, lost.json()["code"]) == (503, "unavailable")
            assert int(lost.headers["Retry-After"]) > 0
            assert events(database) == 2

            found = await client.post(where, json=body, headers=sent)

    assert found.status_code in {200, 201}
    assert found.json()["position"] == 2
    assert events(database) == 2


async def test_a_client_who_hung_up_finds_what_was_done(
    api: Api, port: int, database: str
) -> None:
    number = await api.lodged()
    body = b'{"channel":"phone"}'
    head = (
        f"POST /complaints/{number}/contacted HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Idempotency-Key: k-1\r\n\r\n"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.encode() + body)
    writer.close()
    await asyncio.to_thread(until, lambda: events(database) == 2)

    answer = await api.post(
        f"/complaints/{number}/contacted",
        content=body,
        headers={"Idempotency-Key": "k-1", "Content-Type": "application/json"},
    )

    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    assert events(database) == 2
