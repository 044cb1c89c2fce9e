"""Looks: what not everybody sees is noted before it is shown, and the auditor reads it."""

import pytest

from tests.api.asking import RECEPTION
from tests.identity.house import House

KINDS = ("personal data", "an export", "a bundle", "fines")

pytestmark = pytest.mark.anyio


async def test_each_look_is_noted_with_who_when_what_and_why(house: House) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager")
    eve = await house.person(ada, "eve", "auditor")
    await house.confirmed(ben, ada, "eve")
    number = (await ben.http.post("/complaints", json=RECEPTION)).json()["number"]

    await ben.http.get(f"/complaints/{number}")
    await ben.go(f"/ledger/{number}")  # shut: nothing personal was seen
    await ben.go(f"/ledger/{number}?open=1&why=the+customer+called")
    await ben.http.get("/complaints", headers={"accept": "text/csv"})
    await eve.http.get(f"/complaints/{number}")  # sees none of it
    await eve.http.get(f"/complaints/{number}/bundle")
    await eve.http.get("/penalties")

    page = await eve.go("/looks")
    rows = page.split("<tbody>")[1].split("<tr>")[1:]
    told = [
        next(
            what
            for what in ("personal data", "an export", "a bundle", "fines")
            if what in row
        )
        for row in rows
    ]
    assert told == ["fines", "a bundle", "an export", "personal data", "personal data"]
    assert "the customer called" in rows[3]
    assert all("2026-03-03 09:00" in row for row in rows)
    me = (await house.named(ada, "ben"))["person"]
    assert (await eve.go(f"/looks?person={me}")).count(f'">{me}') == 3
    await ben.go("/looks")
    assert ben.status == 403


async def test_the_rights_of_a_regulation_come_with_the_account(house: House) -> None:
    """And every event says which of them its sayer held, and for whom they stood in."""
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager", acts_as=["quality_vp"])
    number = (await ben.http.post("/complaints", json=RECEPTION)).json()["number"]

    events = (await ben.http.get(f"/complaints/{number}/events")).json()["events"]

    assert events[0]["who"]["acts_as"] == ["quality_vp"]


async def test_a_role_of_one_site_takes_in_and_sees_what_is_of_it(house: House) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager", sites=["plant-1"])
    number = (await ben.http.post("/complaints", json=RECEPTION)).json()["number"]
    gus = await house.person(ada, "gus", "quality_manager", sites=["plant-2"])
    person = (await house.named(ada, "gus"))["person"]
    confirm = {"grant": 2}
    assert (
        await ben.http.post(f"/accounts/{person}/role_confirmed", json=confirm)
    ).status_code == 200

    assert (await ben.http.get(f"/complaints/{number}")).status_code == 200
    assert (await gus.http.get(f"/complaints/{number}")).status_code == 404
    assert (await gus.http.post("/complaints", json=RECEPTION)).status_code == 403
    for path in ("/penalties", "/clusters", "/shipments.csv"):
        assert (await gus.http.get(path)).status_code == 403, path
