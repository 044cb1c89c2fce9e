"""The press: puts regulations and policy sets forward, and publishes them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from api.drafts import policy_of
from api.parts import Opened, apart
from domain.complaint.intake import Received
from domain.complaint.reception import case_of
from domain.complaint.state import Complaint
from domain.entry import Message, Receipt, settle
from domain.errors import ChangedMeanwhileError, InvalidError, Lack, NotReadyError
from domain.event import Decision, Who
from domain.ledger import Request, aside
from domain.rulebooks import approving
from domain.rulebooks.policy import Policy, differs_from
from domain.rulebooks.publication import Draft, Kind, Proposed, Publication, stream_of
from domain.rulebooks.rulebook import Rulebook
from infra.postgres.pool import Pool

EACH_MAX = 1_000  # regulations, or policy sets, that are listed
LISTED = "SELECT key FROM ledger.claim WHERE name = %s ORDER BY key LIMIT %s"
DECIDED = """
    SELECT stream FROM ledger.event
     WHERE recorded_at >= %s AND topic LIKE 'complaint.%%'
       AND convert_from(state, 'UTF8') LIKE ANY (%s)
     GROUP BY stream ORDER BY min(position)
"""

Does = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Who says it and when, under which message, and the version they saw."""

    message: Message
    expected: int | None
    who: Who
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What is published, and the ledger it is published in."""

    opened: Opened
    reads: Pool
    zone: str

    async def propose(self, draft: Draft, saying: Saying) -> Receipt:
        """Put a text forward."""
        disturbs = await apart(self._disturbs, draft, saying.at)
        does = partial(approving.propose, draft=draft, disturbs=disturbs)
        return await self._say(draft, saying, does)

    async def approve(self, kind: Kind, name: str, saying: Saying) -> Receipt:
        """Publish what somebody else put forward."""
        found, version = await self.named(kind, name)
        waits = found.proposed.get(version)
        disturbs = await apart(self._disturbs, _draft(waits), saying.at) if waits else None
        does = partial(approving.approve, version=version, disturbs=disturbs)
        return await self._change(found.id, saying, does)

    async def reject(self, kind: Kind, name: str, saying: Saying, reason: str) -> Receipt:
        """Put aside what was put forward."""
        found, version = await self.named(kind, name)
        does = partial(approving.reject, version=version, reason=reason)
        return await self._change(found.id, saying, does)

    async def withdraw(
        self, name: str, saying: Saying, *, last_day: date, reason: str
    ) -> Receipt:
        """Let a version of a regulation govern nothing that is new."""
        found, version = await self.named("rulebook", name)
        policy = await aside(self.opened.policies.look)
        for line in policy.policy_set.lines:
            if line.rulebook == name and (line.until or date.max) > last_day:
                fix = "end its line in the policy set first, on that day or before"
                raise NotReadyError(Lack("last_day", fix))
        does = partial(
            approving.withdraw, version=version, last_day=last_day, reason=reason
        )
        return await self._change(found.id, saying, does)

    async def named(self, kind: Kind, name: str) -> tuple[Publication, int]:
        """The publication a name as S46@2 is of, and which version it means."""
        of, _, version = name.partition("@")
        found = await aside(self.opened.ledger.found, stream_of(kind, of))
        if not isinstance(found, Publication) or not version.isdecimal():
            fix = "name a rulebook and its version, as in S46@1"
            raise InvalidError(Lack("name", fix))
        return found, int(version)

    def each(self, kind: Kind) -> list[Publication]:
        """Every text of a kind, with all its versions. It waits for the database."""
        with self.reads.connection() as conn:
            rows = conn.execute(LISTED, [kind, EACH_MAX]).fetchall()
        streams = (self.opened.ledger.found(stream_of(kind, name)) for (name,) in rows)
        return [stream for stream in streams if isinstance(stream, Publication)]

    def books(self) -> Mapping[str, Rulebook]:
        """Every published rulebook that was not withdrawn, by its name."""
        every = self.opened.ledger.rulebooks
        names = (
            f"{one.name}@{version}"
            for one in self.each("rulebook")
            for version in one.published.keys() - one.withdrawn.keys()
        )
        return {name: every[name] for name in names}

    async def _say(self, draft: Draft, saying: Saying, does: Does) -> Receipt:
        ledger, stream_id = self.opened.ledger, stream_of(draft.kind, draft.id)
        if await aside(ledger.found, stream_id) is not None:
            return await self._change(stream_id, saying, does)
        made = approving.begun(draft)
        does(made, who=saying.who, at=saying.at)
        [answer] = await ledger.append([ledger.entry(saying.message, made, decided_on=0)])
        receipt = settle(saying.message, answer)
        if receipt is None:
            raise ChangedMeanwhileError(Lack("If-Match", "look at it and decide again"))
        return receipt

    async def _change(self, stream_id: UUID, saying: Saying, does: Does) -> Receipt:
        def decide(publication: Publication, _rules: object) -> None:
            does(publication, who=saying.who, at=saying.at)

        asked = Request(saying.message, stream_id, saying.expected, decide)
        return await self.opened.ledger.take(asked)

    def _disturbs(self, draft: Draft, at: datetime) -> str | None:
        """The number of a complaint with a decision that this text would have changed."""
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        if draft.kind == "rulebook":
            since = draft.effective_on
            if since is None or since >= today:
                return None
            changes = partial(_in_force_before, draft, since, zone)
            return self._first(since, zone, [draft.id], changes)
        old = self.opened.policies.look()
        new = Policy.of(policy_of(draft), self.opened.ledger.rulebooks.__getitem__)
        begins = differs_from(old.policy_set, new.policy_set)
        if begins is None or begins >= today:
            return None
        names = {line.rulebook.split("@")[0] for line in old.policy_set.lines}
        return self._first(begins, zone, sorted(names), partial(_other_book, new))

    def _first(
        self,
        since: date,
        zone: tzinfo,
        cited: list[str],
        changes: Callable[[Complaint], bool],
    ) -> str | None:
        """The first complaint, of those decided since under these books, that changes."""
        start = datetime.combine(max(since, date(1970, 1, 1)), time.min, zone)
        patterns = [f'%"clause":"{name}@%' for name in cited]
        with self.reads.connection() as conn:
            rows = conn.execute(DECIDED, [start, patterns]).fetchall()
        for (stream_id,) in rows:
            complaint = self.opened.ledger.found(stream_id)
            if isinstance(complaint, Complaint) and changes(complaint):
                return complaint.number
        return None


def _in_force_before(draft: Draft, since: date, zone: tzinfo, complaint: Complaint) -> bool:
    """Whether it came when the draft says to be in force, and was decided by another."""
    received = complaint.happened[1]
    assert isinstance(received, Received)
    came = received.received_at.astimezone(zone).date()
    return came >= since and f"{draft.id}@{draft.version}" not in _cited(complaint)


def _other_book(new: Policy, complaint: Complaint) -> bool:
    """Whether another rulebook would govern something that was decided under its own."""
    received = complaint.happened[1]
    assert isinstance(received, Received)
    governed, cited = new.governing(case_of(received, new)), set(_cited(complaint))
    pinned = complaint.rulebooks.items()
    return any(name in cited and governed.get(topic) != name for topic, name in pinned)


def _cited(complaint: Complaint) -> Iterator[str]:
    """The rulebooks that its decisions name."""
    for event in complaint.happened.values():
        if isinstance(event, Decision) and event.clause:
            yield event.clause.partition("#")[0]


def _draft(waits: Proposed) -> Draft:
    """What was put forward, as its sender said it."""
    return Draft(
        kind=waits.KIND,
        id=waits.id,
        version=waits.version,
        text=waits.text,
        sha256=waits.sha256,
        effective_on=waits.effective_on,
        retroactive=waits.retroactive,
    )
