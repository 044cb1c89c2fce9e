"""The stock library behind the same route: an aggregate and `Application.save`."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel, ConfigDict

from infra.wall_clock import now

EVENTS = 10  # of each complaint before the first request, as ours have


class Complaint(Aggregate):
    """As the library's own examples are written."""

    @event("Received")
    def __init__(self, number: str) -> None:
        self.number = number
        self.first_contact_at: datetime | None = None

    @staticmethod
    def create_id(number: str) -> UUID:
        return uuid5(NAMESPACE_URL, number)

    @event("Contacted")
    def contacted(self, channel: str, summary: str, occurred_at: datetime) -> None:
        self.first_contact_at = self.first_contact_at or occurred_at


class ContactBody(BaseModel):
    """The same body as ours."""

    model_config = ConfigDict(extra="forbid")
    channel: str
    summary: str


def application(dsn: str) -> Application[UUID]:
    """The library on PostgreSQL with its own settings, and as many connections as ours."""
    words = conninfo_to_dict(dsn)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(words["dbname"]),
            "POSTGRES_HOST": str(words["host"]),
            "POSTGRES_PORT": str(words.get("port", "5432")),
            "POSTGRES_USER": str(words["user"]),
            "POSTGRES_PASSWORD": "",
            "POSTGRES_POOL_SIZE": "8",
            "POSTGRES_MAX_OVERFLOW": "32",
        }
    )


def create_app(dsn: str, numbers: list[str]) -> FastAPI:
    """One route: load, decide, save."""
    ledger = application(dsn)
    for number in numbers:
        complaint = Complaint(number)
        for _ in range(EVENTS - 1):
            complaint.contacted("phone", "进度", now())
        ledger.save(complaint)
    app = FastAPI()

    @app.post("/complaints/{number}/contacted", status_code=201)
    def contacted(number: str, body: ContactBody) -> dict[str, Any]:
        found: Complaint = ledger.repository.get(Complaint.create_id(number))
        found.contacted(body.channel, body.summary, now())
        ledger.save(found)
        return {"version": found.version}

    return app
