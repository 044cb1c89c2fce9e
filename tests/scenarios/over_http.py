"""A story told over HTTP to a real database: each request twice, tables in any order."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
from fastapi import FastAPI

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers.feed import Record
from consumers.opening import Opened
from consumers.ownership import open_session
from consumers.reacting import running as reacting
from consumers.rebuild import rebuild
from domain.catalog_stream import CatalogStream, catalog_stream_id
from domain.cluster import Cluster
from domain.complaint.intake import receive
from domain.complaint.reception import Reception
from domain.complaint.reception import received as event_of
from domain.complaint.state import Complaint
from domain.event import Stream
from domain.penalty import Notice
from domain.rulebooks.rulebook import Rulebook
from infra.postgres.pool import role_dsn
from projections import PROJECTIONS, compensation_query, penalty_query
from tests.builders import CRM, message, reading
from tests.projections.filling import fill, fresh, rows
from tests.projections.story import recorded
from tests.scenarios.language import ACT, RECEIVED, Benefit, Step, Story, at

TAKEN = {200, 201}


class OverHttp:
    """The world of a story that was told to a server."""

    def __init__(self, story: Story, parts: Parts, dsn: str) -> None:
        self._story, self._dsn = story, dsn
        parts.ledger.rulebooks = story.library()
        self._parts = replace(
            parts,
            opened=replace(parts.opened, policies=story.policies()),  # type: ignore[type-var]  # a dataclass, whatever the protocol says
            clock=self._now,
        )
        self._at = story.steps[0].when
        self.app: FastAPI = create_app(self._parts)
        self._numbers: dict[str, str] = {}
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._notices: dict[str, UUID] = {}
        self._topics: dict[str, Sequence[str]] = {}
        self._nth = 0

    async def tell(self) -> None:
        """Say everything, each request twice; then read the tables back."""
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1"
        ) as http:
            try:
                for catalog, day in self._story.catalogs:
                    await self._publish(http, catalog, day)
                for step in self._story.steps:
                    await self._say(http, step)
                    await self._react()
            finally:
                await self._parts.opened.appender.close()
            self._tables_in_any_order()
            for name in ("tracking", "penalties", "compensations"):
                rebuild(name, dsn=self._dsn)
            for name, number in self._numbers.items():
                answer = await http.get("/complaints", params={"number": number})
                [self._rows[name]] = answer.json()["complaints"]
                answer = await http.get(f"/complaints/{number}/events")
                self._topics[name] = [each["topic"] for each in answer.json()["events"]]

    def complaint(self, name: str) -> Complaint:
        """One complaint, replayed from the store."""
        found = self._parts.ledger.load(self._id(name))
        assert isinstance(found, Complaint)
        return found

    def row(self, name: str) -> Mapping[str, Any]:
        """Its line of the tracking table, as the API answers it."""
        return self._rows[name]

    def topics(self, name: str) -> Sequence[str]:
        """What the store has of it."""
        return self._topics[name]

    def notice(self, name: str) -> Notice:
        """An act with its notice, replayed from the store."""
        found = self._parts.ledger.load(self._notices[name])
        assert isinstance(found, Notice)
        return found

    def fined(self) -> int:
        """What the fines that count come to, in fen, as the table has it."""
        with psycopg.connect(role_dsn(self._dsn, "ledger_app")) as conn:
            return sum(one.minor for one in penalty_query.totals(conn))

    def compensated(self, month: str) -> Counter[Benefit]:
        """What customers were given in a month, as the table has it."""
        with psycopg.connect(role_dsn(self._dsn, "ledger_app")) as conn:
            found = compensation_query.totals(conn, compensation_query.Asked(month=month))
        each = {
            Benefit(one.kind, one.minor // one.pieces, one.months, one.percent_off): one
            for one in found
        }
        return Counter({benefit: one.pieces for benefit, one in each.items()})

    def catalog(self) -> CatalogStream:
        """The catalog as the store has it."""
        found = self._parts.ledger.load(catalog_stream_id("S6"))
        assert isinstance(found, CatalogStream)
        return found

    def book(self, name: str) -> Rulebook:
        """A regulation as this ledger has it."""
        return self._parts.ledger.rulebooks[name]

    async def _say(self, http: httpx2.AsyncClient, step: Step) -> None:
        self._nth += 1
        self._at = step.when
        if step.kept_number is not None:
            await self._bring_in(step, step.kept_number)
            return
        role, _, name = step.by.partition(":")
        person = Person(f"p-{name or role.replace('_', '-')}", role, name or role)
        self.app.state.parts = replace(self._parts, operator=person)
        path, headers = self._address(step), {"Idempotency-Key": f"m-{self._nth}"}
        if not step.is_fact:
            headers["If-Match"] = f'"{self._stands(step).version}"'
        before, body = self._events(), step.body
        if step.word == ACT and body.get("complaint"):
            body = body | {"complaint": self._numbers[body["complaint"]]}
        first, again = [await http.post(path, json=body, headers=headers) for _ in "ab"]
        assert again.status_code == first.status_code
        assert _said(again) == _said(first), "a request sent again gets its first answer"
        self._check(step, first, before)

    async def _bring_in(self, step: Step, number: str) -> None:
        """A row of another system, as an import takes it: it keeps its number."""
        said = Reception.model_validate_json(json.dumps(step.body))
        newcomer = uuid4()
        self._parts.opened.keys.admit({newcomer: {}})
        self._parts.opened.keys.ready([newcomer])
        event = event_of(
            said,
            reading(number, under=self._story.policies().current),
            who=CRM,
            at=step.when,
            party_id=newcomer,
        )
        await self._parts.ledger.begin(message(), receive(uuid4(), event))
        self._numbers[step.about] = number

    def number(self, name: str) -> str:
        """By which people know it: given by the store, or kept."""
        return self._numbers[name]

    def _check(self, step: Step, answer: httpx2.Response, before: int) -> None:
        if not step.refused:
            assert answer.status_code in TAKEN, f"{step.word} {step.when}: {answer.text}"
            if step.word == RECEIVED:
                self._numbers[step.about] = answer.json()["number"]
            if step.word == ACT:
                self._notices[step.about] = UUID(answer.json()["notice"])
            return
        assert answer.status_code not in TAKEN, f"{step.word} at {step.when} was taken"
        assert {lack["field"] for lack in answer.json()["lacks"]} == step.refused
        assert self._events() == before, "a refusal records nothing"

    def _address(self, step: Step) -> str:
        if step.word == RECEIVED:
            return "/complaints"
        if step.kind == "cluster":
            return f"/clusters/{self.clusters()[0].id}/{step.word}"
        if step.kind == "penalty":
            notice = self._notices.get(step.about)
            return f"/penalties/{notice}/{step.word}" if notice else "/penalties"
        return f"/complaints/{self._numbers[step.about]}/{step.word}"

    async def _react(self) -> None:
        """What the ledger does by itself after each step."""
        with open_session(self._dsn, "test") as conn:
            opened: Opened = self._parts.opened  # type: ignore[assignment]  # as opened here
            while await reacting.step(opened, conn, at=self._at):
                pass

    def clusters(self) -> list[Cluster]:
        """Every alarm there is, replayed from the store."""
        with psycopg.connect(role_dsn(self._dsn, "ledger_app")) as conn:
            found = conn.execute(
                "SELECT stream FROM ledger.event WHERE topic = 'cluster.alarmed'"
                " AND version = 1"
            ).fetchall()
        made = [self._parts.ledger.load(stream) for (stream,) in found]
        return [cluster for cluster in made if isinstance(cluster, Cluster)]

    def _stands(self, step: Step) -> Stream:
        """What a decision is taken on."""
        if step.kind == "penalty":
            return self.notice(step.about)
        if step.kind == "cluster":
            return self.clusters()[0]
        return self.complaint(step.about)

    async def _publish(self, http: httpx2.AsyncClient, text: str, day: date) -> None:
        """A version of a catalog, agreed and approved on the day it takes effect."""
        self._at = at(f"{day} 12:00")
        body = {"text": text, "approved_by": "p-gm", "approved_on": f"{day}"}
        known = await http.get("/catalogs/S6")
        headers = {"If-Match": known.headers["ETag"]} if known.is_success else {}
        answer = await http.post(
            "/catalogs", json=body | {"effective_on": f"{day}"}, headers=headers
        )
        assert answer.status_code in TAKEN, answer.text

    def _id(self, name: str) -> Any:
        with psycopg.connect(role_dsn(self._dsn, "ledger_app")) as conn:
            row = conn.execute(
                "SELECT stream FROM ledger.claim WHERE name = 'number' AND key = %s",
                [self._numbers[name]],
            ).fetchone()
        assert row is not None
        return row[0]

    def _events(self) -> int:
        with psycopg.connect(role_dsn(self._dsn, "ledger_app")) as conn:
            [count] = conn.execute("SELECT count(*) FROM ledger.event").fetchone() or [0]
        return int(count)

    def _now(self) -> datetime:
        return self._at

    def _tables_in_any_order(self) -> None:
        """Twice, and in another order: the same rows in every read model."""
        records = recorded(self._dsn)
        with open_session(self._dsn, "test") as conn:
            for projection in PROJECTIONS:
                held = []
                for line in (records, _anyhow(records)):
                    projector = fresh(conn, projection)
                    fill(projector, line)
                    held.append(rows(conn, projector.generation))
                assert held[0] == held[1], projection.name


def _said(answer: httpx2.Response) -> dict[str, Any]:
    """What was answered, without the name our log has for this one request."""
    return {name: value for name, value in answer.json().items() if name != "instance"}


def _anyhow(records: Sequence[Record]) -> Iterable[Record]:
    line = [*reversed(records), *records[::2]]
    Random(7).shuffle(line)  # noqa: S311  # no secret
    return [*line, *reversed(records)]
