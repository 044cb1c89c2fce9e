"""A story told in the domain alone: decisions on complaints, without any store."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from api.penalty_shapes import OffenceBody
from api.shown import text
from domain.catalog_stream import CatalogStream
from domain.cluster import Cluster
from domain.complaint.intake import receive
from domain.complaint.reception import Reception
from domain.complaint.reception import received as event_of
from domain.complaint.state import Complaint
from domain.deeds import DEEDS
from domain.errors import RefusedError
from domain.event import Event, When, Who
from domain.penalty import Notice, OffenceStated
from domain.penalty_deeds import NOTICE_DEEDS, looks
from domain.penalty_offence import state_offence
from domain.rulebooks.rulebook import Rulebook
from projections import projection, tracking_kept
from projections.compensations import lines
from projections.tracking_columns import row_of
from tests.builders import reading
from tests.domain.fining import Books, money, published
from tests.scenarios.alarms import Alarms
from tests.scenarios.language import ACT, RECEIVED, Benefit, Step, Story, at

LONG_AGO = at("2000-01-01")


class InDomain:
    """The world of a story that was told here."""

    def __init__(self, story: Story) -> None:
        self._story, self._books = story, story.library()
        self._catalog = published(*story.catalogs) if story.catalogs else None
        self._fining = Books(*([self._catalog] if self._catalog else []))
        self._notices: dict[str, Notice] = {}
        self._alarms = Alarms(self._books)
        self._complaints: dict[str, Complaint] = {}
        self._events: dict[str, list[Event]] = {}
        for step in story.steps:
            self._say(step)

    def complaint(self, name: str) -> Complaint:
        """One complaint, with corrections folded in."""
        return self._complaints[name]

    def row(self, name: str) -> Mapping[str, Any]:
        """Its line of the tracking table, by the code that fills it."""
        kept = None
        for event in self._events[name]:
            stands = (event.originator_id, event.originator_version)
            at = self._story.steps[-1].when + timedelta(days=1)
            kept = tracking_kept.follow(kept, projection.Recorded(*stands, 1, at, event))
        assert kept is not None
        row: Mapping[str, Any] = json.loads(text(row_of(kept), "Asia/Shanghai"))
        return row

    def topics(self, name: str) -> Sequence[str]:
        """What was recorded about it."""
        return [event.TOPIC for event in self._events[name]]

    def clusters(self) -> list[Cluster]:
        """Every alarm there is."""
        return [*self._alarms.raised.values()]

    def notice(self, name: str) -> Notice:
        """An act with its notice."""
        return self._notices[name]

    def fined(self) -> int:
        """What the fines that count come to, in fen."""
        return money(self._notices.values())

    def compensated(self, month: str) -> Counter[Benefit]:
        """What customers were given in a month."""
        found: Counter[Benefit] = Counter()
        for event in (event for events in self._events.values() for event in events):
            at = projection.Recorded(event.originator_id, 1, 1, LONG_AGO, event)
            for line in lines(at):
                if line.month == month:
                    fen = abs(line.minor)
                    each = Benefit(line.kind, fen, line.months, line.percent_off)
                    found[each] += line.pieces
        return found

    def catalog(self) -> CatalogStream:
        """The catalog with all its versions."""
        assert self._catalog is not None
        return self._catalog

    def book(self, name: str) -> Rulebook:
        """A regulation as it comes with us."""
        return self._books[name]

    def _say(self, step: Step) -> None:
        if step.kind == "penalty":
            self._fine(step)
        elif step.kind == "cluster":
            self._alarms.say(step)
        elif step.word == RECEIVED:
            self._begin(step)
            self._alarms.look(self._complaints.values(), step.when)
        else:
            self._tell(step)

    def _tell(self, step: Step) -> None:
        complaint = self._complaints[step.about]
        try:
            self._decide(complaint, step)
            lacks: set[str] = set()
        except RefusedError as refusal:
            lacks = {lack.field for lack in refusal.lacks}
        assert lacks == step.refused, f"{step.word} at {step.when}: {lacks or 'taken'}"
        assert not (lacks and complaint.news), "a refusal records nothing"
        self._events[step.about] += complaint.collect_events()

    def _begin(self, step: Step) -> None:
        said = Reception.model_validate_json(json.dumps(step.body))
        under = self._story.policies().current
        event = event_of(
            said,
            reading(step.about, under=under),
            who=_who(step),
            at=step.when,
            party_id=uuid5(NAMESPACE_OID, step.about),
        )
        made = receive(uuid5(NAMESPACE_OID, f"complaint {step.about}"), event)
        self._complaints[step.about] = made
        self._events[step.about] = made.collect_events()

    def _fine(self, step: Step) -> None:
        if step.word == ACT:
            self._notices[step.about] = self._stated(step)
            return
        notice, deed = self._notices[step.about], NOTICE_DEEDS[step.word]
        more = {"look": self._fining.look()} if looks(deed) else {}
        body = deed.shape.model_validate_json(json.dumps(step.body))
        lacks: set[str] = set()
        try:
            decide = deed.said(body, who=_who(step), at=step.when, ids=more)
            marked = decide(notice, self._books.of(notice))
        except RefusedError as refusal:
            lacks = {lack.field for lack in refusal.lacks}
        assert lacks == step.refused, f"{step.word} at {step.when}: {lacks or 'taken'}"
        if not lacks:
            self._fining.recorded(notice, marked)

    def _stated(self, step: Step) -> Notice:
        said = OffenceBody.model_validate_json(json.dumps(step.body))
        words = dict(said)
        about = words.pop("complaint")
        complaint = self._complaints[about] if about else None
        if complaint is not None:
            self._fining.recorded(complaint)
        governing = complaint.rulebooks if complaint else self._story.under
        words.pop("occurred_at"), words.pop("precision")
        event = OffenceStated(
            who=_who(step),
            when=When(occurred_at=step.when),
            complaint_id=complaint.id if complaint else None,
            rulebooks={"fines": governing["fines"]},
            **words,
        )
        notice = state_offence(uuid5(NAMESPACE_OID, f"notice {step.about}"), event)
        self._fining.recorded(notice)
        return notice

    def _decide(self, complaint: Complaint, step: Step) -> None:
        deed = DEEDS[step.word]
        body = deed.shape.model_validate_json(json.dumps(step.body))
        decide = deed.said(body, who=_who(step), at=step.when, ids={})
        decide(complaint, self._books.of(complaint))


def _who(step: Step) -> Who:
    """A person for each role, and further ones by a name after a colon."""
    role, _, name = step.by.partition(":")
    return Who(by=f"p-{name or role.replace('_', '-')}", role=role, source="api")
