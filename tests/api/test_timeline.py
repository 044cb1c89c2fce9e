"""The timeline: both times, who, old and new of a correction, seals by permission."""

from dataclasses import replace

import httpx2
import pytest

from api.app import create_app
from api.complaints.timeline import CorrectedBy, Erased, Sealed, timeline
from api.identity.permissions import Person
from api.parts import Parts
from domain.complaint.intake import Received
from domain.errors import UnknownComplaintError
from tests.api.asking import RECEPTION, Api
from tests.builders import one_id

SECRETS = ("陈洁", "13800138000", "138 0013 8000", "阀体漏水", "陈洁洁")


async def corrected(api: Api) -> str:
    """A complaint whose quantity and complainant were put right, one of them twice."""
    number = await api.lodged()
    for field, new in (
        ("items.1.quantity", 463),
        ("complainant", "陈洁洁"),
        ("complainant", None),
        ("when.occurred_at", "2026-03-01T08:00:00+08:00"),
    ):
        said = {"corrects": 1, "field": field, "new": new, "reason": "写错了"}
        answer = await api.post(f"/complaints/{number}/corrected", said)
        assert answer.status_code == 201, answer.text
    return number


async def test_every_event_has_its_number_both_times_who_and_position(api: Api) -> None:
    number = await api.lodged()
    grade = {"scheme": "S46", "code": "C"}
    await api.post(f"/complaints/{number}/graded", grade, headers={"If-Match": '"1"'})

    said = (await api.get(f"/complaints/{number}/events")).json()

    assert (said["number"], said["version"]) == (number, 2)
    first, second = said["events"]
    assert (first["id"], first["position"], first["kind"]) == (f"{number}/#1", 1, "F")
    assert (second["id"], second["position"], second["kind"]) == (f"{number}/#2", 2, "D")
    assert first["at"] == "2026-03-03T09:00:00+08:00"
    assert first["recorded_at"] > first["at"]
    assert (second["clause"], second["saw"]) == ("S46@1#grades: C", 1)
    assert (await api.get(second["href"])).json() == second


async def test_a_correction_shows_old_and_new_and_links_both_ways(api: Api) -> None:
    number = await corrected(api)

    said = (await api.get(f"/complaints/{number}/events")).json()["events"]

    first, amount, name, nobody, when = said
    assert amount["correction"] == {
        "id": f"{number}/#1",
        "corrects": 1,
        "field": "items.1.quantity",
        "old": 20,
        "new": 463,
        "reason": "写错了",
    }
    assert (name["correction"]["old"], name["correction"]["new"]) == ("陈洁", "陈洁洁")
    assert (nobody["correction"]["old"], nobody["correction"]["new"]) == ("陈洁洁", None)
    assert when["correction"]["old"] == "2026-03-03T09:00:00+08:00"
    assert [link["version"] for link in first["corrected_by"]] == [2, 3, 4, 5]
    assert first["fields"]["items"][0]["quantity"] == 20, "what was said stays visible"
    assert first["fields"]["complainant"] == "陈洁"
    assert first["fields"]["contact"] == {"phone": "138 0013 8000"}


async def test_the_standing_folds_corrections_in(api: Api) -> None:
    number = await corrected(api)
    more = {"number": 2, "item": {"product": "gasket", "quantity": 7}}
    await api.post(f"/complaints/{number}/item_stated", more)

    now = await api.get(f"/complaints/{number}")

    said = now.json()
    assert now.headers["ETag"] == '"6"'
    assert [item.get("quantity") for item in said["items"]] == [463, 7]
    assert "complainant" not in said["received"], "it is unknown after all"
    assert said["received"]["words"] == "阀体漏水"
    assert said["received"]["when"]["occurred_at"] == "2026-03-01T08:00:00+08:00"
    unchanged = await api.get(
        f"/complaints/{number}", headers={"If-None-Match": now.headers["ETag"]}
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize("role", ["auditor", "department", "administrator", "service"])
async def test_seals_stay_shut_for_those_who_may_not_open_them(
    api: Api, parts: Parts, role: str
) -> None:
    number = await corrected(api)
    await api.post(f"/complaints/{number}/noted", {"text": "陈洁 来电"})
    app = create_app(replace(parts, operator=Person("p-x", role, "x")))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        for path in ("", "/events", "/events/1", "/events/3", "/events/6"):
            answer = Api(http, app).held(await http.get(f"/complaints/{number}{path}"))

            assert answer.status_code == 200
            assert [secret for secret in SECRETS if secret in answer.text] == []
            assert '{"sealed":true}' in answer.text


async def test_of_an_erased_person_only_the_mark_is_left(api: Api, parts: Parts) -> None:
    number = await corrected(api)
    complaint_id = await parts.ledger.numbered(number)
    [first, *_] = await timeline(parts, complaint_id, may_open=True)
    event = parts.ledger.load(complaint_id)
    received = next(e for e in vars(event)["happened"].values() if isinstance(e, Received))
    parts.opened.keys.erase(received.party_id)

    after, *_ = await timeline(parts, complaint_id, may_open=True)

    assert dict(first.fields)["words"] == "阀体漏水"
    assert {n: v for n, v in after.fields if n in {"words", "contact", "complainant"}} == {
        "words": Erased(),
        "contact": Erased(),
        "complainant": Erased(),
    }
    refused = await api.post(f"/complaints/{number}/noted", {"text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "erased")


async def test_entries_name_other_complaints_as_people_know_them(
    api: Api, parts: Parts
) -> None:
    number, other = await api.lodged(), await api.lodged()
    await api.post(
        f"/complaints/{number}/duplicate_linked",
        {"other": other, "reason": "同一批"},
        headers={"If-Match": '"1"'},
    )

    entries = await timeline(parts, await parts.ledger.numbered(number), may_open=False)

    assert dict(entries[1].fields) == {"other": other, "reason": "同一批"}
    assert dict(entries[0].fields)["words"] == Sealed()
    assert entries[0].corrected_by == ()
    assert (await api.get(f"/complaints/{number}")).json()["duplicate_of"] == other


async def test_links_of_a_timeline_are_versions(api: Api, parts: Parts) -> None:
    number = await corrected(api)

    entries = await timeline(parts, await parts.ledger.numbered(number), may_open=True)

    assert entries[0].corrected_by[0] == CorrectedBy(2, "items.1.quantity")
    with pytest.raises(UnknownComplaintError):
        await timeline(parts, one_id(), may_open=True)


async def test_events_come_in_pages(api: Api) -> None:
    number = await corrected(api)

    first = (await api.get(f"/complaints/{number}/events?limit=2")).json()
    rest = (await api.get(first["next"])).json()
    last = (await api.get(rest["next"])).json()

    found = [e["version"] for page in (first, rest, last) for e in page["events"]]
    assert found == [1, 2, 3, 4, 5]
    assert "next" not in last
    nothing = await api.get(f"/complaints/{number}/events/9")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "not-found")


async def test_a_complaint_with_the_least_that_can_be_said(api: Api) -> None:
    """Unknown is left out, never empty or zero."""
    begun = await api.post("/complaints", {"items": [{}]})

    now = (await api.get(begun.headers["Location"])).json()

    assert now["items"] == [{}]
    assert not now["received"].keys() & {"customer", "words", "channel", "complainant"}
    assert RECEPTION["words"] not in str(now)
