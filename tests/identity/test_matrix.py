"""Every address tried by every role: without the right, at another site, as a program."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import httpx2
import pytest
from fastapi import FastAPI

from api.app import description
from api.identity.permissions import (
    ANYBODY,
    AUDITOR,
    MANAGER,
    MAY,
    ROLES,
    SERVICE,
    SITED,
    Person,
)
from api.parts import Parts
from consumers.opening import Opened
from domain.deeds import ACCOUNT_DEEDS, DEEDS
from tests.builders import lodged

pytestmark = pytest.mark.anyio

FORBIDDEN, MISSING = 403, 404
GIVEN = {"recipient": "TÜV", "reason": "audit"}
ID = "00000000-0000-0000-0000-000000000001"
FREE = ("/health", "/problems", "/metrics", "/ledger/verify.py")  # of nobody in particular
NOTICE = "/penalties/{notice}/"
OF_ALL = ("/kpis", "/scores", "/exports")
ASKED = "month=2026-03&by=grade&to=S46@1&position=1&size=1&held=1"  # what some must know
# The right that each address asks for, where its last word is not the right itself.
RIGHTS = {
    "GET /penalties": "read_penalties",
    "GET /penalties/statement": "read_penalties",
    "GET /penalties/statement.csv": "read_penalties",
    "GET /penalties/compensations.csv": "read_penalties",
    "GET /penalties/{notice}": "read_penalties",
    f"GET {NOTICE}candidates": "read_penalties",
    "POST /penalties/candidates": "read_penalties",
    "POST /penalties": "offence_stated",
    "POST /complaints": "received",
    "POST /catalogs": "published",
    "GET /clusters": "read_all",
    "GET /clusters/{cluster}": "read_all",
    "GET /shipments": "read_all",
    "GET /shipments.csv": "read_all",
    "GET /projects": "read_all",
    "GET /projects.csv": "read_all",
    "GET /backtests/{name}": "read_all",
    "GET /backtests/{name}/file.csv": "read_all",
    "GET /projects/{number}/score": "read_all",
    "POST /projects/{number}/points_deducted": "points_deducted",
    "GET /complaints/{number}/complainant": "read_subjects",
    "POST /complaints/{number}/bundle": "read_personal",
    "POST /inbound": "bring_in",
    "GET /inbound/letters": "operate",
    "POST /inbound/letters/{letter}/redrive": "operate",
    "POST /inbound/letters/{letter}/dismiss": "operate",
    "GET /inbound/{source}/{message_id}": "read_all",
    "POST /shipments": "shipment.sent",
    "POST /projects": "project.begun",
    "GET /accounts": "read_accounts",
    "GET /accounts/{person}": "read_accounts",
    "POST /accounts": "account.created",
    "POST /accounts/{person}/link": "account.created",
}
PAGES = {
    "/ledger": "read",
    "/ledger/new": "received",
    "/work": "read",
    "/columns": "read",
    "/repeats": "read_all",
    "/rulebooks": "read",
    "/backtest": "read_all",
    "/audit": "read",
    "/operations": "operate",
    "/import": "import",
    "/people": "read_accounts",
    "/looks": "read_looks",
    "/ledger/{number}": "read",
    **{f"/ledger/{{number}}/{word}": word for word in DEEDS},
}


def right_of(address: str) -> str:
    method, path = address.split()
    if address in RIGHTS:
        return RIGHTS[address]
    if method == "GET":
        return "read_all" if path.startswith(OF_ALL) else "read"
    word = path.rsplit("/", 1)[1]
    if "/complainant/" in path:
        return f"subject.{word}"
    if path.startswith(("/rulebooks", "/policy-sets", "/calendars")):
        return "read" if word == "validated" else "publish"
    of = path.split("/")[1].removesuffix("s")
    return word if of in {"complaint", "penaltie"} else f"{of}.{word}"


def addresses() -> Iterator[str]:
    for path, operations in description()["paths"].items():
        if not path.startswith(FREE):
            yield from (f"{method.upper()} {path}" for method in operations)


def filled(path: str, number: str) -> str:
    known = {"number": number, "version": "1", "letter": "1", "part": "unknown"}
    if path.startswith("/exports"):
        return path.replace("{name}.{form}", "stages.xlsx")
    made = re.sub(r"{(\w+)}", lambda found: known.get(found[1], ID), path)
    return f"{made}?{ASKED}"


@asynccontextmanager
async def asking(
    of: FastAPI, parts: Parts, person: Person
) -> AsyncIterator[httpx2.AsyncClient]:
    of.state.parts = replace(parts, operator=person)
    http = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=of), base_url="http://localhost"
    )
    async with http:
        yield http


@pytest.fixture
async def number(parts: Parts) -> str:
    begun = await lodged(cast("Opened", parts.opened))
    assert begun.number is not None
    return begun.number


def test_every_address_asks_for_a_right_of_the_table() -> None:
    found = list(addresses())

    assert len(found) > 120
    assert {right_of(one) for one in found} <= MAY.keys()
    assert {f"POST /accounts/{{person}}/{word}" for word in ACCOUNT_DEEDS} <= set(found)


async def test_each_role_does_what_the_table_says_and_nothing_else(
    app: FastAPI,
    parts: Parts,
    number: str,
) -> None:
    wrong = []
    for role in ROLES:
        async with asking(app, parts, Person(f"p-{role[:4]}", role, "x")) as http:
            for address in addresses():
                method, path = address.split()
                may = MAY[right_of(address)]
                if method == "GET" and role in may and role != min(may):
                    continue  # read by one of those who may
                answer = await http.request(method, filled(path, number), json={})
                refused = answer.status_code == FORBIDDEN
                if refused != (role not in may):
                    wrong.append((role, address, answer.text[:120]))
    assert wrong == []


async def test_nobody_and_a_key_that_opens_nothing_do_nothing(
    app: FastAPI,
    parts: Parts,
    number: str,
) -> None:
    wrong = []
    program = Person("s-crm", "service", "CRM", scopes=frozenset())
    for person in (program, ANYBODY):
        async with asking(app, parts, person) as http:
            for address in addresses():
                method, path = address.split()
                answer = await http.request(method, filled(path, number), json={})
                if answer.status_code != FORBIDDEN:
                    wrong.append((person.id, address, answer.text[:120]))
    assert wrong == []


async def test_who_holds_a_role_elsewhere_finds_nothing_here(
    app: FastAPI,
    parts: Parts,
    number: str,
) -> None:
    """A complaint of another site is not there; what is of all sites is refused."""
    wrong = []
    for role in (MANAGER, AUDITOR, SERVICE):
        there = Person("p-there", role, "x", sites=frozenset({"plant-9"}))
        async with asking(app, parts, there) as http:
            for address in addresses():
                method, path = address.split()
                right = right_of(address)
                answer = await http.request(method, filled(path, number), json={})
                expected = None
                if role not in MAY[right] or right not in SITED:
                    expected = FORBIDDEN
                elif path.startswith("/complaints/{number}") and method == "GET":
                    expected = MISSING
                if expected not in {None, answer.status_code}:
                    wrong.append((role, address, answer.text[:120]))
            gone = [await http.get(f"/complaints/{n}") for n in (number, "C-2026-999999")]
            assert [one.json()["code"] for one in gone] == ["unknown-complaint"] * 2
            listed = await http.get("/complaints")
            assert listed.json()["complaints"] == []
    assert wrong == []
    assert parts.ledger.load(await parts.ledger.numbered(number)).version == 1


async def test_a_page_is_shown_to_whom_its_address_is_open(
    app: FastAPI,
    parts: Parts,
    number: str,
) -> None:
    wrong = []
    for role in ROLES:
        async with asking(app, parts, Person(f"p-{role[:4]}", role, "x")) as http:
            for path, right in PAGES.items():
                if role in MAY[right] and role != min(MAY[right]):
                    continue  # it is drawn for one of those who may
                answer = await http.get(
                    filled(path, number), headers={"accept": "text/html"}
                )
                if (answer.status_code == FORBIDDEN) != (role not in MAY[right]):
                    wrong.append((role, path, answer.status_code))
    assert wrong == []


async def test_a_class_taken_out_of_a_role_stays_shut(
    app: FastAPI,
    parts: Parts,
    number: str,
) -> None:
    both = {"personal", "penalty"}
    shut = Person("p-x", "quality_manager", "x", without=frozenset(both))  # type: ignore[arg-type]  # literals
    async with asking(app, parts, shut) as http:
        one = await http.get(f"/complaints/{number}")
        bundle = await http.post(f"/complaints/{number}/bundle", json=GIVEN)
        page = await http.get(f"/ledger/{number}?open=1", headers={"accept": "text/html"})
        assert (await http.get("/penalties")).status_code == FORBIDDEN
        for answer in (one, page, bundle):
            assert "阀体漏水" not in answer.text
    async with asking(app, parts, replace(shut, without=frozenset())) as http:
        assert "阀体漏水" in (await http.get(f"/complaints/{number}")).text
