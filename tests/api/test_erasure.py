"""A person is forgotten: their texts open no more, and everything else stays as it was."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx2
import psycopg
import pytest

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers.erasing import Erasing, commitments
from tests.api.asking import Api
from tests.builders import TUESDAY

CANARIES = ("陈金丝雀", "13900001111", "canary words 42")
GENERAL = Person("p-zhao", "general_manager", "Zhao")


def erasing(parts: Parts) -> Erasing:
    opened = parts.opened
    return Erasing(opened.ledger, opened.keys, parts.reads, lambda: TUESDAY)


@pytest.fixture
def parts(parts: Parts) -> Parts:
    return replace(parts, erasing=erasing(parts))


@pytest.fixture
async def general(parts: Parts) -> AsyncIterator[Api]:
    """The second person."""
    app = create_app(replace(parts, operator=GENERAL))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        yield Api(http, app)


async def lodged(api: Api) -> tuple[str, str]:
    number = await api.lodged(
        complainant=CANARIES[0], contact={"phone": CANARIES[1]}, words=CANARIES[2]
    )
    return number, f"/complaints/{number}/complainant"


async def erased(api: Api, general: Api, place: str) -> None:
    assert (await api.post(f"{place}/erasure_requested", {"reason": "本人申请"})).is_success
    assert (await general.post(f"{place}/erasure_approved", {})).is_success


async def test_two_persons_and_then_nothing_opens(
    api: Api, general: Api, database: str, parts: Parts
) -> None:
    number, place = await lodged(api)
    before = await stored(database)
    await api.post(f"{place}/erasure_requested", {"reason": "本人申请"})
    alone = await api.post(f"{place}/erasure_approved", {})
    assert (await general.post(f"{place}/erasure_approved", {})).is_success

    said = (await general.get(place)).json()
    timeline = (await api.get(f"/complaints/{number}/timeline")).text
    later = await api.post(f"/complaints/{number}/noted", {"text": "again"})

    assert alone.json()["lacks"][0]["field"] == "by"
    assert (said["requested_by"], said["approved_by"]) == ("p-wang", "p-zhao")
    assert said["seals"] == len(CANARIES)
    assert not any(canary in timeline for canary in CANARIES)
    assert later.json()["code"] == "erased"
    assert (await stored(database))[: len(before)] == before, "no event was changed"


async def test_an_older_set_of_keys_does_not_bring_it_back(
    api: Api, general: Api, database: str, parts: Parts
) -> None:
    _, place = await lodged(api)
    with psycopg.connect(database) as conn:
        keys = conn.execute("SELECT party_id, wrapped FROM keyring.party_key").fetchall()
    await erased(api, general, place)
    party = UUID((await general.get(place)).json()["party_id"])
    with psycopg.connect(database) as conn:  # as a restore of the keys does
        conn.cursor().executemany(
            "INSERT INTO keyring.party_key VALUES (%s, %s) ON CONFLICT DO NOTHING", keys
        )
    assert parts.opened.keys.lacking([party]) == [party]
    parts.opened.keys.ready([party])
    assert parts.opened.keys.lacking([party]) == [], "it is back"

    assert await erasing(parts).complete() == 1

    with psycopg.connect(database) as conn:
        left = conn.execute("SELECT count(*) FROM keyring.party_key").fetchone()
        told = conn.execute(
            "SELECT count(*) FROM ledger.event WHERE topic = 'subject.key_destroyed'"
        ).fetchone()
        seals, digest = commitments(conn, party)
    assert (left, told) == ((0,), (1,))
    said = (await general.get(place)).json()
    assert (said["seals"], said["commitments"]) == (seals, digest)


async def test_who_died_between_agreement_and_deed_is_completed(
    api: Api, general: Api, database: str, parts: Parts
) -> None:
    """The key outlives the approval only as long as the process does not come back."""
    _, place = await lodged(api)
    with psycopg.connect(database) as conn:
        conn.execute("ALTER TABLE keyring.party_key RENAME TO party_key_away")
    await api.post(f"{place}/erasure_requested", {"reason": "本人申请"})
    stuck = await general.post(f"{place}/erasure_approved", {})
    assert not stuck.is_success
    with psycopg.connect(database) as conn:
        conn.execute("ALTER TABLE keyring.party_key_away RENAME TO party_key")

    assert await erasing(parts).complete() == 1
    assert (await general.get(place)).json()["destroyed_at"] is not None


async def test_the_same_request_again_is_the_same(api: Api) -> None:
    _, place = await lodged(api)
    key = {"Idempotency-Key": "once"}
    first, second = [
        await api.post(f"{place}/erasure_requested", {"reason": "本人申请"}, headers=key)
        for _ in "12"
    ]
    assert first.is_success
    assert second.json() == first.json()


async def stored(database: str) -> list[bytes]:
    def read() -> list[bytes]:
        with psycopg.connect(database) as conn:
            rows = conn.execute("SELECT state FROM ledger.event ORDER BY position")
            return [bytes(row[0]) for row in rows]

    return await asyncio.to_thread(read)
