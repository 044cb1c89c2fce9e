"""What each message of a batch asks of the ledger, given what the ledger knows."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from consumers.inbound.memory import Memory, NameKey
from consumers.inbound.message import reason
from consumers.inbound.parcel import CONFLICT, DUPLICATE, HELD, Parcel, Told
from consumers.inbound.wording import Beginning, Receiving, Telling
from domain.complaint.intake import receive
from domain.complaint.reception import Reading, received
from domain.complaint.state import Complaint
from domain.entry import REFUSED, Entry
from domain.errors import Lack, NameTakenError, RefusedError, UnknownComplaintError, told
from domain.ledger import Request
from domain.record import Opening, Record
from domain.rulebooks.policy import Case, Policy
from domain.rulebooks.rulebook import Rules

WAITS = Lack("subject", "it waits until the complaint is received")
WAITS_FOR_OTHER = Lack("subject", "it waits until what it is about begins")
BEHIND = Lack("subject", "it waits behind earlier ones about the same complaint")
TAKEN = Lack(
    "subject", "another message began a complaint under this key; somebody decides"
)


class Plan:
    """One pass over a batch: entries that stand, and requests that are to be decided."""

    def __init__(
        self,
        memory: Memory,
        policy: Policy,
        clock: datetime,
        crowded: Collection[NameKey] = (),
    ) -> None:
        """*crowded* names complaints for which more is held than one batch can take."""
        self._memory = memory
        self._policy = policy
        self._clock = clock
        self._crowded = crowded
        self._begun: dict[NameKey, UUID] = {}  # in this pass, if the store agrees

    def of(self, parcel: Parcel) -> Entry | Request | None:
        """What to say in its name; `None` when it goes on waiting."""
        if parcel.entry is not None:
            return parcel.entry
        before = self._memory.answers.get(parcel.key)
        parcel.contested = before is not None and before.digest != parcel.digest
        if before and (before.outcome != HELD or parcel.contested):
            return _entry(
                parcel, DUPLICATE
            )  # it is answered as it was before, or in conflict
        match parcel.said:
            case (Receiving() | Beginning()) as said:
                return self._begins(parcel, said)
            case Telling() as said:
                return self._tells(parcel, said)
        raise AssertionError("it was read, or it has its entry")

    def _begins(self, parcel: Parcel, said: Receiving | Beginning) -> Entry | Request:
        memory, subject = self._memory, parcel.subject
        if subject in memory.streams:
            stream = memory.streams[subject]
            if memory.begun_by.get(stream) == parcel.digest:
                return _entry(parcel, DUPLICATE, stream)
            return _entry(parcel, CONFLICT, stream, reason("conflict", TAKEN))
        if isinstance(said, Receiving) and ("number", said.number) in memory.streams:
            return _refused(parcel, NameTakenError(Lack("number", "send one of its own")))
        if subject is not None:
            self._begun.setdefault(subject, parcel.stream_id)
        at = parcel.now(self._clock)
        return Request(
            parcel.message,
            parcel.stream_id,
            None,
            _never,
            begins=lambda: (
                self._complaint(parcel, said, at)
                if isinstance(said, Receiving)
                else self._record(parcel, said, at)
            ),
        )

    def _complaint(self, parcel: Parcel, said: Receiving, at: datetime) -> Complaint:
        """The complaint as it begins, with a number of this year at its site."""
        known = parcel.known
        assert known is not None
        assert parcel.party_id is not None
        complaints = known.profile.complaints
        reading = Reading(
            site=known.site,
            zone=known.zone,
            policy=self._policy,
            series=said.number or complaints.series.format(year=at.year),
            origin=complaints.origin,
            source_key=said.key,
        )
        event = received(said.said, reading, who=known.who, at=at, party_id=parcel.party_id)
        return receive(parcel.stream_id, event)

    def _record(self, parcel: Parcel, said: Beginning, at: datetime) -> Record:
        """A shipment or a project as it begins, with a number of this year."""
        known = parcel.known
        assert known is not None
        case = Case(site=known.site, received_on=at.date())
        opening = Opening(
            number=said.kind.series.format(year=at.year),
            site=known.site,
            zone=known.zone,
            rulebooks=self._policy.governing(case),
            source_key=said.key,
        )
        return said.kind.begins.begun(
            said.body, opening, who=known.who, at=at, stream_id=parcel.stream_id
        )

    def _tells(self, parcel: Parcel, said: Telling) -> Entry | Request | None:
        subject = parcel.subject
        assert subject is not None
        stream = self._memory.stream((subject, said.number))
        stream = stream or self._begun.get(subject)
        if stream is None:
            is_complaint = said.deed.kind == "complaint"
            return self._held(parcel, WAITS if is_complaint else WAITS_FOR_OTHER)
        if subject in self._crowded and parcel.arrival.letter is None:
            return self._held(parcel, BEHIND)
        ids: dict[str, UUID] = {}
        for name, names in parcel.others():
            other = self._memory.stream(names)
            if other is None:
                fix = "name a complaint by your key or our number"
                return _refused(parcel, UnknownComplaintError(Lack(name, fix)))
            ids[name] = other
        assert parcel.known is not None
        at, who = parcel.now(self._clock), parcel.known.who
        return Request(
            parcel.message,
            stream,
            said.version,
            said.deed.said(said.body, who=who, at=at, ids=ids),
            on_what_stands=not said.deed.is_fact and said.version is None,
        )

    def _held(self, parcel: Parcel, why: Lack) -> Entry | None:
        if parcel.arrival.letter is not None:
            parcel.told = Told(*parcel.key, HELD, detail=reason(HELD, why))
            return None
        return _entry(parcel, HELD, detail=reason(HELD, why))


def _never(_complaint: object, _rules: Rules) -> None:
    raise AssertionError("a complaint that begins decides nothing")


def _entry(
    parcel: Parcel, outcome: str, stream: UUID | None = None, detail: str | None = None
) -> Entry:
    """An entry without events."""
    version = None if stream is None else 1
    return Entry(*parcel.key, parcel.digest, outcome, stream, version, detail)


def _refused(parcel: Parcel, refused: RefusedError) -> Entry:
    return _entry(parcel, REFUSED, detail=told(refused))
