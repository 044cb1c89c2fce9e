"""Signing in: the set-up, the second person, sessions that end, keys, who is kept out."""

import re
from dataclasses import replace

import pytest

from api.identity.signing_in import set_up_code
from tests.api.asking import RECEPTION
from tests.identity.house import CODE, PASSWORD, House

pytestmark = pytest.mark.anyio


async def test_nobody_comes_in_before_the_set_up(house: House) -> None:
    visitor = house.visitor()

    assert "Set-up" in await visitor.go("/")
    for path in ("/complaints", "/people", "/openapi.json", "/metrics", "/accounts"):
        answer = await visitor.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in"), path
    assert (await visitor.http.post("/complaints", json=RECEPTION)).status_code == 401
    assert (await visitor.http.get("/health/live")).status_code == 200


async def test_the_link_of_the_terminal_opens_once_and_not_for_long(house: House) -> None:
    first, second = set_up_code(house.identity), set_up_code(house.identity)
    visitor = house.visitor()
    words = {"name": "Ada", "login": "Ada", "password": PASSWORD}
    await visitor.go("/setup")

    assert first != second, "starting twice gives two secrets"
    for code in (first, "x", ""):
        assert "has been used" in await visitor.send(
            "/setup", link_code=code or "y", **words
        )
    house.clock.on(minutes=16)
    assert "has been used" in await visitor.send("/setup", link_code=second, **words)

    third = set_up_code(house.identity)
    assert "15 to 200 characters" in await visitor.send(
        "/setup", link_code=third, name="Ada", login="ada", password="short"
    )
    assert "Sign in" in await visitor.send("/setup", link_code=third, **words)
    assert "Sign in" in await visitor.go("/setup"), "there is nothing to set up any more"
    assert "Ada" in await visitor.sign_in("ADA"), "capitals do not matter"


async def test_the_first_administrator_only_makes_people(house: House) -> None:
    ada = await house.set_up()

    assert (await ada.http.get("/accounts")).status_code == 200
    assert (await ada.http.post("/complaints", json=RECEPTION)).status_code == 403
    me = await house.named(ada, "ada")
    given = await ada.http.post(
        f"/accounts/{me['person']}/role_granted", json={"role": "quality_manager"}
    )
    assert given.status_code == 409, "nobody gives a role to themselves"


async def test_the_first_approver_is_a_second_person_and_then_confirms_the_others(
    house: House,
) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager")
    assert (await ben.http.post("/complaints", json=RECEPTION)).status_code == 201

    cleo = await house.person(ada, "cleo", "customer_service")
    assert (await cleo.http.post("/complaints", json=RECEPTION)).status_code == 403
    waits = await house.named(ada, "cleo")
    confirm = f"/accounts/{waits['person']}/role_confirmed"
    for nobody in (ada, cleo):
        assert (await nobody.http.post(confirm, json={"grant": 2})).status_code in {
            403,
            409,
        }
    await house.confirmed(ben, ada, "cleo")
    assert (await cleo.http.post("/complaints", json=RECEPTION)).status_code == 201

    events = await cleo.http.get("/complaints/C-2026-000002/events")
    assert events.json()["events"][0]["who"]["by"] == waits["person"]


async def test_a_session_ends_by_itself_and_everywhere_at_once(house: House) -> None:
    ada = await house.set_up()
    elsewhere = house.visitor()
    await elsewhere.sign_in("ada")
    house.clock.on(minutes=29)
    assert (await ada.http.get("/accounts")).status_code == 200
    house.clock.on(minutes=29)
    assert (await ada.http.get("/accounts")).status_code == 200, "it was used meanwhile"
    assert (await elsewhere.http.get("/accounts")).status_code == 401, "it was not"
    house.clock.on(minutes=29)
    await ada.http.get("/freshness", headers={"sec-fetch-mode": "cors"})
    house.clock.on(minutes=2)
    assert (await ada.http.get("/accounts")).status_code == 401, "a page that renews itself"

    for one in (ada, elsewhere):
        await one.sign_in("ada")
    me = (await house.named(ada, "ada"))["person"]
    await ada.http.post(f"/accounts/{me}/signed_out", json={})
    for one in (ada, elsewhere):
        assert (await one.http.get("/accounts")).status_code == 401


async def test_a_cookie_is_gone_after_signing_out_and_never_readable(house: House) -> None:
    ada = await house.set_up()
    [cookie] = [c for c in ada.http.cookies.jar if c.name == "ledger_session"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    stolen = house.visitor(cookie=f"ledger_session={cookie.value}")
    assert (await stolen.http.get("/accounts")).status_code == 200

    await ada.go("/people")
    forged = await ada.http.post("/sign-out", data={"token": "guessed"})
    assert forged.status_code == 403
    await ada.send("/sign-out")

    assert (await stolen.http.get("/accounts")).status_code == 401


@pytest.mark.parametrize("way", ["locked", "role_revoked"])
async def test_what_is_taken_away_is_gone_at_once(house: House, way: str) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager")
    assert (await ben.http.get("/complaints")).status_code == 200
    person = (await house.named(ada, "ben"))["person"]
    body = {"reason": "left"} | ({"grant": 2} if way == "role_revoked" else {})

    await ada.http.post(f"/accounts/{person}/{way}", json=body)

    answer = await ben.http.get("/complaints")
    assert answer.status_code == (401 if way == "locked" else 403)
    again = await ben.sign_in("ben")
    assert ("not right" in again) == (way == "locked")


async def test_who_guesses_is_stopped_and_seen(house: House) -> None:
    ada = await house.set_up()
    thief = house.visitor()
    said = {await thief.sign_in("ada", f"guess number {n}" * 2) for n in range(3)}
    said |= {await thief.sign_in("nobody", f"guess number {n}" * 2) for n in range(3)}
    assert len({told(one) for one in said}) == 1, "nobody learns which logins there are"
    for n in range(8):
        await thief.sign_in("ada", f"guess number {n}" * 2)
    assert thief.status == 429
    assert "Too many tries" in await house.visitor().sign_in("ada"), (
        "also with the right one"
    )

    page = await ada.go("/people")

    assert page.count("login or password not right") == 13
    assert "too many tries" in page
    house.clock.on(minutes=16)
    assert "Ada" in await house.visitor().sign_in("ada")


def told(page: str) -> str:
    """What a page says, without what was typed and what differs each time."""
    return re.sub(r'value="[^"]*"', "", page)


async def test_a_program_has_keys_that_open_what_they_name(house: House) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager")
    made = await ada.http.post(
        "/accounts", json={"name": "CRM", "login": "crm", "kind": "program"}
    )
    crm = made.json()["person"]
    await ada.http.post(f"/accounts/{crm}/role_granted", json={"role": "service"})
    await house.confirmed(ben, ada, "crm")
    keys = []
    for _ in range(2):
        answer = await ada.http.post(
            f"/accounts/{crm}/key_issued",
            json={"scopes": ["received"], "expires_at": "2026-05-01T00:00:00+08:00"},
        )
        keys.append(answer.json()["key"])
    third = await ada.http.post(
        f"/accounts/{crm}/key_issued",
        json={"scopes": ["received"], "expires_at": "2026-05-01T00:00:00+08:00"},
    )
    wide = await ada.http.post(
        f"/accounts/{crm}/key_issued",
        json={"scopes": ["closed"], "expires_at": "2026-05-01T00:00:00+08:00"},
    )
    old, new = (house.visitor(authorization=f"Bearer {key}") for key in keys)

    assert (third.status_code, wide.status_code) == (409, 422)
    for one in (old, new):
        assert (await one.http.post("/complaints", json=RECEPTION)).status_code == 201
        assert (await one.http.get("/complaints")).status_code == 403, "not in its scopes"
    await ada.http.post(f"/accounts/{crm}/key_revoked", json={"key_id": keys[0][3:15]})
    assert (await old.http.post("/complaints", json=RECEPTION)).status_code == 401
    assert (await new.http.post("/complaints", json=RECEPTION)).status_code == 201
    house.clock.on(days=70)
    assert (await new.http.post("/complaints", json=RECEPTION)).status_code == 401
    bent = house.visitor(authorization=f"Bearer {keys[1][:-1]}0")
    assert (await bent.http.get("/complaints")).status_code == 401


async def test_who_stands_in_acts_in_that_role_and_only_for_as_long(house: House) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager")
    cleo = await house.person(ada, "cleo", "auditor")
    await house.confirmed(ben, ada, "cleo")
    stand_in = (await house.named(ada, "cleo"))["person"]
    body = {
        "grant": 2,
        "starts_at": "2026-03-03T09:00:00+08:00",
        "ends_at": "2026-03-05T18:00:00+08:00",
        "reason": "travels",
    }
    path = f"/accounts/{stand_in}/delegated"
    not_held = await ada.http.post(path, json=body | {"grant": 9})
    assert not_held.status_code == 409
    assert (await ben.http.post(path, json=body)).status_code == 200
    assert (await cleo.http.post("/complaints", json=RECEPTION)).status_code == 403

    page = await cleo.go("/ledger")
    assert "quality manager (for p-" in page
    delegation = page.split("quality manager (for")[0].rsplit('value="', 1)[1].split('"')[0]
    await cleo.send("/role", role=delegation, next="/ledger")

    assert (await cleo.http.post("/complaints", json=RECEPTION)).status_code == 201
    await ada.http.post(
        f"/accounts/{(await house.named(ada, 'ben'))['person']}/role_revoked",
        json={"grant": 2, "reason": "left"},
    )
    assert (await cleo.http.post("/complaints", json=RECEPTION)).status_code == 403


async def test_the_administrator_does_all_of_it_on_pages(house: House) -> None:
    ada = await house.set_up()
    await ada.go("/people")
    page = await ada.send("/people", name="Ben", login="ben", kind="person")
    code = CODE.search(page)
    assert code
    person = page.split('class="mono">p-')[1].split("<")[0]
    await ada.send(
        f"/people/p-{person}/role_granted", role="quality_manager", sites="plant-1，plant-2"
    )
    assert "waits for a second person" in ada.seen
    ben = house.visitor()
    await ben.go("/welcome")
    await ben.send("/welcome", link_code=code[1], password=PASSWORD)
    assert "Ben" in await ben.sign_in("ben")
    assert "plant-1, plant-2" in await ada.go("/people")
    assert "needed" not in await ada.send(f"/people/p-{person}/locked", reason="left")
    assert "locked" in ada.seen


async def test_a_person_changes_their_password_knowing_the_old_one(house: House) -> None:
    ada = await house.set_up()
    ben = await house.person(ada, "ben", "quality_manager")
    chosen = "another quite long sentence"
    await ben.go("/me")

    refused = await ben.send("/me/password", old_password="a guess", password=chosen)
    assert "this is not your password" in refused
    person = (await house.named(ada, "ben"))["person"]
    assert "Signing failed" in await ada.go(f"/people/{person}")
    assert "password not right when signing" in await ada.go("/people")
    assert "Sign in" in await ben.send(
        "/me/password", old_password=PASSWORD, password=chosen
    )
    assert "not right" in await ben.sign_in("ben")
    assert "Ben" in await ben.sign_in("ben", chosen)
    elsewhere = house.visitor()
    await elsewhere.sign_in("ben", chosen)
    await ben.go("/me")
    await ben.send("/me/signed_out")
    assert (await elsewhere.http.get("/complaints")).status_code == 401


async def test_in_the_trial_anybody_takes_any_role_and_every_page_says_so(
    house: House,
) -> None:
    """Each role is a person of its own: a second person is a second one here too."""
    parts = house.app.state.parts
    house.app.state.parts = replace(parts, identity=None, trial=True)
    visitor = house.visitor()

    assert "not for audit" in await visitor.go("/rulebooks")
    assert (await visitor.http.get("/penalties")).status_code == 200
    await visitor.send("/role", role="auditor", next="/rulebooks")

    assert "auditor · plant-1" in visitor.seen
    assert (await visitor.http.post("/complaints", json=RECEPTION)).status_code == 403
    await visitor.send("/role", role="king", next="https://elsewhere.example")
    assert visitor.status == 400
