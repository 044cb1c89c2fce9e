"""Shipments and projects over HTTP: begun, told about, corrected, listed, exported."""

import csv
import io
from dataclasses import replace

import httpx2
import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from api.app import create_app
from api.identity.permissions import MAY, Person
from api.parts import Parts
from domain.codec import Codec
from domain.kinds import TOPICS
from domain.registry import REGISTRY
from infra.postgres.pool import role_dsn
from projections.projection import Recorded
from projections.projects import projects
from projections.shipments import shipments
from tests.api.asking import Api
from tests.projections.story import recorded
from tests.projections.telling import fill

SENT = {
    "product": "valve body",
    "batch": "B26-0455",
    "pieces": 4800,
    "customer": "澄江水务",
    "occurred_at": "2026-03-02T16:00:00+08:00",
}


async def sent(api: Api, key: str = "", **said: object) -> httpx2.Response:
    heads = {"Idempotency-Key": key} if key else {}
    return await api.post("/shipments", SENT | said, headers=heads)


async def test_a_shipment_gets_a_number_of_its_own_series(api: Api) -> None:
    first, second = await sent(api), await sent(api)

    assert first.status_code == 201, first.text
    assert first.headers["ETag"] == '"1"'
    number = first.json()["number"]
    assert first.headers["Location"] == f"/shipments/{number}"
    assert number.startswith("S-")
    assert number.endswith("-000001")
    assert second.json()["number"].endswith("-000002")
    assert (await api.lodged()).endswith("-000001")  # of complaints


async def test_the_same_request_again_is_answered_and_not_done_again(api: Api) -> None:
    first, again = await sent(api, "k1"), await sent(api, "k1")

    assert again.json() == first.json()
    assert (await sent(api, "k1", pieces=1)).status_code == 422
    assert (await sent(api)).json()["number"].endswith("-000002")


async def test_what_came_back_and_what_was_wrong(api: Api) -> None:
    number = (await sent(api)).json()["number"]
    back = await api.post(f"/shipments/{number}/returned", {"pieces": 36})
    wrong = {"corrects": 1, "field": "pieces", "new": 4750, "reason": "复点"}

    stale = await api.post(
        f"/shipments/{number}/corrected", wrong, headers={"If-Match": '"1"'}
    )
    mended = await api.post(
        f"/shipments/{number}/corrected", wrong, headers={"If-Match": '"2"'}
    )
    too_many = await api.post(f"/shipments/{number}/returned", {"pieces": 4715})

    assert (back.status_code, mended.status_code) == (201, 201)
    assert (stale.status_code, too_many.status_code) == (412, 422)
    shown = (await api.get(f"/shipments/{number}")).json()
    assert shown["version"] == 3
    assert [fact["topic"] for fact in shown["facts"]] == [
        "shipment.sent",
        "shipment.returned",
        "shipment.corrected",
    ]
    assert shown["facts"][0]["fields"]["pieces"] == 4750


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/shipments/S-2026-999999", 404),
        ("/shipments/{complaint}", 404),
        ("/complaints/{shipment}", 404),
        ("/projects/{shipment}", 404),
        ("/shipments?colour=red", 422),
        ("/shipments?since=yesterday", 422),
        ("/shipments?limit=0", 422),
    ],
)
async def test_what_is_not_there_is_not_found(api: Api, path: str, status: int) -> None:
    shipment, complaint = (await sent(api)).json()["number"], await api.lodged()

    answer = await api.get(path.format(complaint=complaint, shipment=shipment))

    assert answer.status_code == status, answer.text


async def test_a_project_is_told_about_under_its_regulation(api: Api) -> None:
    begun = await api.post("/projects", {"name": "桂花园三期"})
    number = begun.json()["number"]

    told = await api.post(
        f"/projects/{number}/hold_point_checked",
        {"point": "ponding_test", "result": "passed", "hours": 48},
    )
    handed_over = await api.post(
        f"/projects/{number}/delivered", {"warranty_until": "2028-03-01"}
    )

    assert number.startswith("P-")
    assert (told.status_code, handed_over.status_code) == (201, 201), told.text
    assert (await api.get(f"/projects/{number}")).json()["version"] == 3


async def test_everybody_may_say_what_the_table_of_rights_gives_them(parts: Parts) -> None:
    for role in ("auditor", "service", "quality_engineer"):
        app = create_app(replace(parts, operator=Person("p-x", role, "x")))
        http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://localhost"
        )
        async with http:
            for topic in TOPICS:
                kind, word = topic.split(".")
                path = f"/{kind}s" if word in {"sent", "begun"} else f"/{kind}s/X-1/{word}"
                answer = await Api(http, app).post(path, {"no": "body"})
                assert (answer.status_code == 403) == (role not in MAY[topic]), topic
    await parts.opened.appender.close()


def project_all(database: str) -> None:
    """Let the read models of both kinds follow all that is in the store."""
    codec = Codec(REGISTRY)
    at = [
        Recorded(
            record.stream_id,
            record.version,
            record.position,
            record.recorded_at,
            codec.to_domain_event(
                StoredEvent(record.stream_id, record.version, record.topic, record.state)
            ),
        )
        for record in recorded(database)
    ]
    with psycopg.connect(role_dsn(database, "ledger_projector"), autocommit=True) as conn:
        for projection in (shipments, projects):
            mine = [one for one in at if projection.follows(one.event.TOPIC)]
            fill(conn, projection, mine)


async def test_the_list_sums_what_fits_and_pages(api: Api, database: str) -> None:
    """Three shipments of one product, one of another; ten returned of the first."""
    first = (await sent(api, pieces=100)).json()["number"]
    await sent(api, pieces=100)
    await sent(api, pieces=100, occurred_at="2026-04-01T09:00:00+08:00")
    await sent(api, product="cover", pieces=7)
    await api.post(f"/shipments/{first}/returned", {"pieces": 10})
    project = (await api.post("/projects", {"name": "桂花园三期"})).json()["number"]
    check = {"point": "ponding_test", "result": "passed", "hours": 48}
    await api.post(f"/projects/{project}/hold_point_checked", check)
    project_all(database)

    page = (await api.get("/shipments?product=valve+body&limit=2")).json()
    more = (await api.get(page["next"])).json()
    march = (await api.get("/shipments?since=2026-03-01&until=2026-03-31")).json()

    assert page["totals"] == {"rows": 3, "pieces": 300, "returned": 10}
    rows = [*page["rows"], *more["rows"]]
    assert [row["returned"] for row in rows] == [0, 0, 10]
    assert len({row["number"] for row in rows}) == 3
    assert march["totals"] == {"rows": 3, "pieces": 207, "returned": 10}
    assert {row["sent_on"] for row in march["rows"]} == {"2026-03-02"}

    file = await api.get("/shipments.csv?product=cover")
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(line["product"], line["pieces"]) for line in lines] == [("cover", "7")]

    [shown] = (await api.get("/projects")).json()["rows"]
    assert (shown["passed"], shown["delivered_on"]) == (["ponding_test"], None)
