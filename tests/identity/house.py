"""A ledger with accounts, in one process: people with browsers, programs with keys."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from fastapi import FastAPI

from api.app import create_app
from api.identity.credentials import Credentials
from api.identity.identity import Identity
from api.identity.signing_in import set_up_code
from api.parts import Parts
from consumers.opening import Opened, opened
from infra.passwords import Cost, Passwords
from infra.postgres.pool import open_pool, role_dsn
from projections import PROJECTIONS, generations
from tests.api.conftest import OPERATOR
from tests.builders import TUESDAY

CHEAP = Cost(memory_kib=64, passes=1)
PASSWORD = "a long enough sentence"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
CODE = re.compile(r"/welcome#code=([\w-]+)")
PAGE = {"accept": "text/html"}


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Visitor:
    """Somebody with a browser of their own."""

    http: httpx2.AsyncClient
    seen: str = ""
    status: int = 0

    async def go(self, path: str) -> str:
        """The page, after wherever it leads."""
        return self._read(await self.http.get(path, headers=PAGE, follow_redirects=True))

    async def send(self, path: str, **texts: str) -> str:
        """A form of the page that was seen last."""
        if (found := TOKEN.search(self.seen)) is not None:
            texts = {"token": found[1], **texts}
        answer = await self.http.post(path, data=texts, headers=PAGE, follow_redirects=True)
        return self._read(answer)

    async def sign_in(self, login: str, password: str = PASSWORD) -> str:
        await self.go("/sign-in")
        return await self.send("/sign-in", login=login, password=password)

    def _read(self, answer: httpx2.Response) -> str:
        self.seen, self.status = answer.text, answer.status_code
        return self.seen


@dataclass
class House:
    """The app, its accounts, and the people who come to it."""

    app: FastAPI
    identity: Identity
    clock: Clock
    opened: Opened
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    def visitor(self, **headers: str) -> Visitor:
        transport = httpx2.ASGITransport(app=self.app)
        http = httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=headers
        )
        self.clients.append(http)
        return Visitor(http)

    async def set_up(self, login: str = "ada") -> Visitor:
        """The first administrator, signed in."""
        ada = self.visitor()
        code = set_up_code(self.identity)
        await ada.go("/setup")
        await ada.send("/setup", link_code=code, name="Ada", login=login, password=PASSWORD)
        await ada.sign_in(login)
        return ada

    async def person(self, ada: Visitor, login: str, role: str, **grant: Any) -> Visitor:
        """Somebody given this role, signed in; it waits, unless nobody could confirm it."""
        made = await ada.http.post(
            "/accounts", json={"name": login.title(), "login": login}
        )
        person, code = made.json()["person"], made.json()["code"]
        given = await ada.http.post(
            f"/accounts/{person}/role_granted", json={"role": role, **grant}
        )
        assert given.status_code == 200, given.text
        one = self.visitor()
        await one.go("/welcome")
        await one.send("/welcome", link_code=code, password=PASSWORD)
        await one.sign_in(login)
        return one

    async def named(self, asker: Visitor, login: str) -> dict[str, Any]:
        """The account of a login, as the API shows it."""
        answer = await asker.http.get("/accounts")
        return next(a for a in answer.json()["accounts"] if a["login"] == login)

    async def confirmed(self, by: Visitor, asker: Visitor, login: str) -> None:
        """A second person confirms all that waits."""
        account = await self.named(asker, login)
        for grant in account["roles"]:
            if not grant["confirmed"]:
                answer = await by.http.post(
                    f"/accounts/{account['person']}/role_confirmed",
                    json={"grant": grant["grant"]},
                )
                assert answer.status_code == 200, answer.text


@contextmanager
def parts_with_accounts(database: str, home: Path, clock: Clock) -> Iterator[Parts]:
    """The parts of an app that people sign in to."""
    with psycopg.connect(role_dsn(database, "ledger_projector"), autocommit=True) as conn:
        generations.install(conn, PROJECTIONS)
    with (
        opened(database, master=home / "keys" / "master.key") as ledger,
        open_pool(role_dsn(database, "ledger_app"), size_max=4) as reads,
        open_pool(role_dsn(database, "ledger_identity"), size_max=2) as pool,
    ):
        identity = Identity(
            ledger=ledger.ledger,
            codec=ledger.codec,
            parties=ledger.keys,
            credentials=Credentials(pool),
            passwords=Passwords(CHEAP),
            clock=clock,
            idle=timedelta(minutes=30),
            longest=timedelta(hours=12),
        )
        yield Parts(
            opened=ledger,
            reads=reads,
            clock=clock,
            operator=OPERATOR,
            site="plant-1",
            zone="Asia/Shanghai",
            language="en",
            identity=identity,
        )
        identity.passwords.close()


@asynccontextmanager
async def a_house(parts: Parts, clock: Clock) -> AsyncIterator[House]:
    """The app of these parts, for as long as somebody asks it."""
    assert parts.identity is not None
    house = House(create_app(parts), parts.identity, clock, parts.opened)  # type: ignore[arg-type]  # the same
    yield house
    for http in house.clients:
        await http.aclose()
    await parts.opened.appender.close()
