"""Acts, their notices and the catalogs that judge them, without a store."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import domain.rulebooks
from consumers.opening import rulebooks
from domain.amount import Amount
from domain.catalog_stream import CatalogStream, Published, Terms, publish
from domain.complaint.fined import Fined
from domain.complaint.intake import receive
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.event import Stream, When, Who
from domain.penalty import Notice, OffenceStated
from domain.penalty_life import approve
from domain.penalty_look import Look
from domain.penalty_offence import state_offence
from domain.penalty_proposal import Each, propose
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.catalog_reading import read_catalog
from domain.rulebooks.fines import Candidate, candidates
from domain.rulebooks.predicates import Value
from domain.rulebooks.rulebook import Rulebook, Rules
from infra import yaml_files
from tests.builders import CHINA, LI, WANG, reading, reception

FOLDER = Path(domain.rulebooks.__file__).parent / "catalogs"
GM = Who(by="p-gm", role="quality_manager", source="web")
V1_FROM = date(2025, 1, 6)


def on(day: str) -> datetime:
    """Noon of that day."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=CHINA)


def cny(yuan: int) -> Amount:
    return Amount(minor=yuan * 100, currency="CNY")


@cache
def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def catalog_of(text: str) -> Catalog:
    raw = text.encode()
    return read_catalog(raw, yaml_files.parse(raw, "catalog"), "catalog")


@cache
def catalog(name: str = "S6_v1") -> Catalog:
    return catalog_of(text_of(name))


@cache
def _read(text: str) -> Catalog:
    return catalog_of(text)


def judged(role: str, act: str, facts: dict[str, Value], **more: Any) -> list[Candidate]:
    return candidates(catalog(), {"role": role, "act": act, **facts}, **more)


def of(found: list[Candidate], clause: str) -> Candidate:
    [one] = [c for c in found if c.clause == f"S6@1#{clause}"]
    return one


class Books:
    """Streams by their id, and the names they claimed, as the store would have them."""

    def __init__(self, *streams: Stream, governs: str = "S6@1") -> None:
        self.streams: dict[UUID, Stream] = {}
        self.claims: dict[tuple[str, str], UUID] = {}
        self.governs = governs
        for stream in streams:
            self.recorded(stream)

    @property
    def rules(self) -> Rules:
        return Rules({"fines": self.rulebook})

    @property
    def rulebook(self) -> Rulebook:
        return rulebooks()[self.governs]

    def look(self) -> Look:
        def claimed(name: str, key: str) -> UUID | None:
            return self.claims.get((name, key))

        return Look(self.streams.get, claimed, lambda said: _read(said.text))

    def recorded(self, *streams: Stream | None) -> None:
        """What the store does: names are unique, news become history."""
        for stream in filter(None, streams):
            for event in stream.collect_events():
                for name in event.claims():
                    assert self.claims.setdefault(name, stream.id) == stream.id, name
            self.streams[stream.id] = stream

    def stated(self, act: str, role: str, day: str, **more: Any) -> Notice:
        """A notice that begins with its act."""
        person, complaint = more.pop("person", "p-zhao"), more.pop("complaint", None)
        event = OffenceStated(
            who=LI,
            when=When(occurred_at=on(day)),
            complaint_id=complaint.id if complaint else None,
            person=person,
            account=more.pop("account", "employee"),
            occasion=more.pop("occasion", None),
            role=role,
            act=act,
            on=date.fromisoformat(day),
            facts=more,
            rulebooks={"fines": self.governs},
        )
        notice = state_offence(uuid4(), event)
        self.recorded(notice)
        return notice

    def proposed(
        self, notice: Notice, clause: str | None = None, *, who: Who = WANG, **more: Any
    ) -> Complaint | None:
        each = {
            key: Each(clause=key, each=cny(n)) for key, n in more.pop("each", {}).items()
        }
        marked = propose(
            notice,
            self.rules,
            self.look(),
            who=who,
            at=more.pop("at", on("2025-04-01")),
            penalty_clause=clause,
            amounts=tuple(each.values()),
            **more,
        )
        self.recorded(notice, marked)
        return marked

    def approved(self, notice: Notice, who: Who = GM) -> Complaint | None:
        marked = approve(notice, self.rules, self.look(), who=who, at=on("2025-03-20"))
        self.recorded(notice, marked)
        return marked


def published(
    *versions: tuple[str, date], into: CatalogStream | None = None
) -> CatalogStream:
    """A catalog whose versions were each approved on the day they take effect."""
    stream = into
    for text, day in versions:
        terms = Terms(effective_on=day, approved_by="p-gm", approved_on=day)
        at = on(day.isoformat())
        stream = publish(stream, catalog_of(text), text, terms, who=WANG, at=at)
    assert stream is not None
    return stream


def complaint_of(day: str) -> Complaint:
    """A complaint that was received that day."""
    event = received(
        reception(received_at=on(day)),
        reading(),
        who=LI,
        at=on(day),
        party_id=UUID(int=7),
    )
    made = receive(uuid4(), event)
    made.collect_events()
    return made


def money(notices: Iterable[Notice]) -> int:
    """What the notices come to that count, in fen."""
    return sum(n.amount.minor for n in notices if n.counts and n.amount)


def versions(stream: CatalogStream) -> list[Published]:
    return stream.versions


def fines(complaint: Complaint) -> list[UUID]:
    """The notices a complaint bears a mark of."""
    return [mark.notice for mark in complaint.all(Fined)]
