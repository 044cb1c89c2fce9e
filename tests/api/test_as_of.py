"""As of a point in time, over HTTP: a position or an instant; what was known then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import psycopg

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from tests.api.asking import Api
from tests.builders import TUESDAY

SECRETS = ("陈洁", "阀体漏水", "13800138000")


async def a_life(api: Api) -> tuple[str, list[dict[str, Any]]]:
    """Received, graded, called late, its quantity put right; another one in between."""
    number = await api.lodged()
    grade = {"scheme": "S46", "code": "C"}
    await api.post(f"/complaints/{number}/graded", grade, headers={"If-Match": '"1"'})
    await api.lodged()
    called = {"channel": "phone", "occurred_at": "2026-03-03T08:00:00+08:00"}
    await api.post(f"/complaints/{number}/contacted", called)
    for field, new in (("items.1.quantity", 463), ("complainant", "陈洁洁")):
        said = {"corrects": 1, "field": field, "new": new, "reason": "misheard"}
        answer = await api.post(f"/complaints/{number}/corrected", said)
        assert answer.status_code == 201, answer.text
    events = (await api.get(f"/complaints/{number}/events")).json()["events"]
    return number, events


async def test_as_of_a_position_or_an_instant_it_stands_as_it_stood(api: Api) -> None:
    number, events = await a_life(api)
    graded = events[1]

    at_position = await api.get(f"/complaints/{number}?as_of={graded['position']}")
    at_instant = await api.get(
        f"/complaints/{number}", params={"as_of": events[2]["recorded_at"]}
    )

    said = at_position.json()
    assert (said["version"], said["grades"]) == (2, {"S46": "C"})
    assert said["items"][0]["quantity"] == 20, "nobody had put it right yet"
    assert said["as_of"] == {
        "position": 2,
        "recorded_at": graded["recorded_at"],
        "instant": None,
        "occurred_by": None,
        "head_position": 6,
        "checkpoint": None,
    }
    assert "ETag" not in at_position.headers, "nothing is decided on what was"
    found = at_instant.json()
    assert (found["version"], found["as_of"]["position"]) == (3, 4)
    assert found["as_of"]["instant"] == events[2]["recorded_at"]
    assert (await api.get(f"/complaints/{number}")).json()["as_of"] is None


async def test_the_checkpoint_that_proves_it_is_named_with_the_position(
    api: Api, database: str
) -> None:
    """The first one over it: so it was so at the latest when that was signed."""
    number, _ = await a_life(api)
    with psycopg.connect(database) as owner:
        for size in (1, 4, 5):
            at = TUESDAY + timedelta(hours=size)
            owner.execute(
                "INSERT INTO sealing.checkpoint VALUES (%s, 'signed', %s)", [size, at]
            )

    sealed = (await api.get(f"/complaints/{number}?as_of=2")).json()["as_of"]
    not_yet = (await api.get(f"/complaints/{number}?as_of=6")).json()["as_of"]

    assert sealed["checkpoint"] == {"size": 4, "at": "2026-03-03T13:00:00+08:00"}
    assert not_yet["checkpoint"] is None


async def test_another_complaints_position_is_a_point_in_time_of_this_one(api: Api) -> None:
    number, events = await a_life(api)

    between = (await api.get(f"/complaints/{number}?as_of=3")).json()

    assert (between["version"], between["position"]) == (2, 2)
    assert between["as_of"]["position"] == 3
    assert events[1]["recorded_at"] < between["as_of"]["recorded_at"]


async def test_the_timeline_of_then_knows_nothing_of_what_came_later(api: Api) -> None:
    number, _ = await a_life(api)

    then = (await api.get(f"/complaints/{number}/events?as_of=4&limit=2")).json()
    rest = (await api.get(then["next"])).json()

    assert [e["version"] for e in then["events"] + rest["events"]] == [1, 2, 3]
    assert then["events"][0]["corrected_by"] == [], "the correction came later"
    assert then["version"] == 3
    assert "next" not in rest


async def test_what_had_happened_is_not_what_was_known(api: Api) -> None:
    """The call was at eight, and recorded after the grade; the complaint came at nine."""
    number, _ = await a_life(api)
    nine = "2026-03-03T09:00:00+08:00"

    known = (await api.get(f"/complaints/{number}/events?as_of=2")).json()
    happened = await api.get(f"/complaints/{number}/events", params={"occurred_by": nine})
    both = await api.get(
        f"/complaints/{number}/events", params={"occurred_by": nine, "as_of": 2}
    )

    assert [e["version"] for e in known["events"]] == [1, 2]
    assert [e["version"] for e in happened.json()["events"]] == [1, 2, 3, 4, 5]
    assert [e["version"] for e in both.json()["events"]] == [1, 2]


async def test_a_difference_names_each_value_and_the_event_that_made_it_so(
    api: Api,
) -> None:
    number, _ = await a_life(api)

    found = (await api.get(f"/complaints/{number}/difference?from=1&to=6")).json()

    changes = {c["field"]: (c["before"], c["after"], c["by"]) for c in found["changes"]}
    assert changes["grades.S46"] == (None, "C", 2)
    assert changes["items.1.quantity"] == (20, 463, 4)
    assert changes["received.complainant"] == ("陈洁", "陈洁洁", 5)
    assert changes["first_contact_at"] == (None, "2026-03-03T08:00:00+08:00", 3)
    assert [e["version"] for e in found["added"]] == [2, 3, 4, 5]
    assert (found["before"]["position"], found["after"]["position"]) == (1, 6)
    same = (await api.get(f"/complaints/{number}/difference?from=6")).json()
    assert (same["changes"], same["added"], same["gone"]) == ([], [], [])
    back = (await api.get(f"/complaints/{number}/difference?from=6&to=1")).json()
    assert [e["version"] for e in back["gone"]] == [2, 3, 4, 5]


async def test_a_reader_without_the_key_sees_that_a_sealed_value_changed(
    api: Api, parts: Parts
) -> None:
    number, _ = await a_life(api)
    app = create_app(replace(parts, operator=Person("p-x", "auditor", "x")))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        other = Api(http, app)
        found = await other.get(f"/complaints/{number}/difference?from=1")
        then = await other.get(f"/complaints/{number}?as_of=1")

    changes = {
        c["field"]: (c["before"], c["after"], c["by"]) for c in found.json()["changes"]
    }
    sealed = {"sealed": True}
    assert changes["received.complainant"] == (sealed, sealed, 5)
    assert [one for one in SECRETS if one in found.text + then.text] == []


REFUSED: tuple[tuple[str, str, int], ...] = (
    ("as_of", "7", 422),  # the ledger ends at 6
    ("as_of", "99999999999999999999999999", 422),
    ("as_of", "2099-01-01T00:00:00+08:00", 422),
    ("as_of", "2026-03-03T09:00:00", 422),  # of which zone?
    ("as_of", "0001-01-01T00:00:00+14:00", 422),
    ("as_of", "yesterday", 422),
    ("as_of", "²", 422),
    ("as_of", "-1", 422),
    ("as_of", "0", 404),
    ("as_of", "2020-01-01T00:00:00Z", 404),
    ("occurred_by", "6", 422),
    ("occurred_by", "2020-01-01T00:00:00Z", 404),
)


async def test_what_is_no_point_in_time_is_refused_in_words(api: Api) -> None:
    number, _ = await a_life(api)

    for field, said, status in REFUSED:
        for path in ("", "/events"):
            answer = await api.get(f"/complaints/{number}{path}", params={field: said})

            assert answer.status_code == status, answer.text
            assert answer.json()["lacks"][0]["field"] == field, said
    answer = await api.get(f"/complaints/{number}/difference?from=x")
    assert (answer.status_code, answer.json()["lacks"][0]["field"]) == (422, "from")


async def test_a_plus_that_nobody_escaped_is_still_an_offset(api: Api) -> None:
    number, events = await a_life(api)
    raw = events[1]["recorded_at"]

    answer = await api.get(f"/complaints/{number}?as_of={raw}")

    assert "+" in raw
    assert answer.json()["version"] == 2


async def test_before_it_was_received_there_was_no_such_complaint(api: Api) -> None:
    await api.lodged()
    second = await api.lodged()

    answer = await api.get(f"/complaints/{second}?as_of=1")

    assert answer.status_code == 404
    assert answer.json()["lacks"][0]["fix"] == "it was first recorded at position 2"
