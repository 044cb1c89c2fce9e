"""A message on its way through intake: what was read of it, and what it is to be told."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from consumers.inbound.memory import MessageKey, NameKey
from consumers.inbound.message import (
    CloudEvent,
    MalformedError,
    Raw,
    packed,
    read,
    reason,
)
from consumers.inbound.sources import Known, Sources
from consumers.inbound.wording import Beginning, Receiving, Said, Telling, worded
from domain.entry import REFUSED, Answer, Entry, Message
from domain.errors import Lack, RefusedError, told
from domain.event import NOT_YET
from infra.keys import MasterKey
from infra.logs import log

HELD, DUPLICATE, CONFLICT, MALFORMED = "held", "duplicate", "conflict", "malformed"
DEFECT = "defect"
UNREADABLE = "unreadable:"
REUSED = reason("message-reused", Lack("id", "use a new id for a new message"))
KEPT_BYTES_MAX = 512 * 1024  # what is larger stays where it came from


class Arrival(NamedTuple):
    """A message as it comes in, the first time or out of a letter."""

    raw: Raw
    letter: int | None = None  # the one it lay in
    id: str | None = None  # another id, under which a person sent it on
    by: str | None = None  # that person
    lost: MalformedError | None = None  # why there is nothing to read


class Told(NamedTuple):
    """What became of a message. `detail` is our number, or why it was not taken."""

    source: str
    message_id: str
    outcome: str  # accepted, duplicate, held, refused, conflict, malformed
    stream: UUID | None = None
    version: int | None = None
    position: int | None = None
    detail: str | None = None


@dataclass(slots=True)
class Parcel:
    """One message of a batch."""

    arrival: Arrival
    source: str  # with id the key of its answer
    id: str
    digest: bytes
    known: Known | None = None
    said: Said | None = None
    entry: Entry | None = None  # when nothing has to be decided about it
    told: Told | None = None
    failed: bool = False  # our program did, on it
    contested: bool = False  # another message has its id, so it has to be kept
    stream_id: UUID = NOT_YET  # of the complaint, or other stream, that begins with it
    party_id: UUID | None = None  # who complains

    @property
    def message(self) -> Message:
        """Who asks, under which id, and a digest of what."""
        return Message(self.source, self.id, self.digest)

    @property
    def key(self) -> MessageKey:
        """Which answer is its own."""
        return (self.source, self.id)

    @property
    def subject(self) -> NameKey | None:
        """The name its source has for what it is about."""
        if self.known is None:
            return None
        match self.said:
            case Receiving(key=str(key)):
                return (self.known.claim(), key)
            case Beginning(kind=kind, key=str(key)):
                return (self.known.claim(kind.name), key)
            case Telling(deed=deed, subject=key):
                return (self.known.claim(deed.kind), key)
            case _:
                return None

    @property
    def begins(self) -> bool:
        """Whether a stream begins with it."""
        return isinstance(self.said, Receiving | Beginning)

    @property
    def names(self) -> tuple[NameKey, ...]:
        """Every name that has to be looked up before it can be decided."""
        named = [self.subject] if self.subject else []
        match self.said:
            case Receiving(number=str(number)):
                named.append(("number", number))
            case Telling() as telling:
                named.append(telling.number)
                for _, names in self.others():
                    named += names
        return tuple(named)

    def others(self) -> list[tuple[str, tuple[NameKey, NameKey]]]:
        """Fields that name another complaint, and the names it may bear."""
        if not isinstance(self.said, Telling) or self.known is None:
            return []
        claim = self.known.claim()
        said = [(name, getattr(self.said.body, name)) for name in self.said.deed.others]
        return [(n, ((claim, key), ("number", key))) for n, key in said if key is not None]

    def now(self, clock: datetime) -> datetime:
        """This instant where the complaint is, in whole seconds."""
        assert self.known is not None
        return clock.astimezone(ZoneInfo(self.known.zone)).replace(microsecond=0)

    def finish(self, answer: Answer) -> None:
        """Take the store's last word on it."""
        if self.failed:
            assert self.entry is not None
            self.told = Told(*self.key, self.entry.outcome, detail=self.entry.detail)
            return
        outcome, detail = answer.outcome or "", answer.detail
        if answer.verdict == "answered":
            outcome = DUPLICATE if answer.digest == self.digest else CONFLICT
            detail = REUSED if outcome == CONFLICT else detail
        self.told = Told(
            *self.key,
            outcome,
            stream=answer.stream,
            version=answer.version,
            position=answer.position,
            detail=detail,
        )

    def fail(self, error: Exception) -> None:
        """Set it aside: our program failed on it, which is not its neighbours' fault."""
        log.error("intake_defect", source=self.source, exc_info=error)
        fix = "this is our mistake: it is kept, and taken in once that is mended"
        outcome = MALFORMED if self.source.startswith(UNREADABLE) else HELD
        self.failed = True
        self.decided(outcome, reason(DEFECT, Lack("", fix)))

    def decided(self, outcome: str, detail: str) -> None:
        """Nothing has to be asked of the ledger about it."""
        self.entry = Entry(*self.key, self.digest, outcome, None, None, detail)


def parcel(arrival: Arrival, sources: Sources) -> Parcel:
    """The message, read as far as it can be; what cannot is answered as such."""
    made = _unread(arrival)
    try:
        event = _read(arrival)
        known = sources.of(event.source)
        made = _addressed(arrival, event, known)
        made.said = worded(event, known)
        if made.begins:
            made.stream_id = uuid4()
    except MalformedError as malformed:
        if arrival.letter is None:
            made.decided(MALFORMED, malformed.reason)
        else:  # it stays in its letter
            made.told = Told(*made.key, MALFORMED, detail=malformed.reason)
    except RefusedError as refused:
        made.decided(REFUSED, told(refused))
    except Exception as error:  # noqa: BLE001  # one's defect is not its neighbour's
        made.fail(error)
    return made


def place_of(source: str, message_id: str, digest: bytes) -> str:
    """Where the seal of a kept message belongs."""
    return f"letter:{source}:{message_id}:{digest.hex()}"


def sealed(parcel: Parcel, master: MasterKey) -> bytes | None:
    """The message as it came, sealed; nothing of one that is too large to be kept."""
    raw = parcel.arrival.raw
    if len(raw.value or b"") > KEPT_BYTES_MAX:
        return None
    place = place_of(*parcel.key, parcel.digest)
    return master.seal_blob(packed(raw), place=place)


def _read(arrival: Arrival) -> CloudEvent:
    if arrival.lost is not None:
        raise arrival.lost
    return read(arrival.raw)


def _unread(arrival: Arrival) -> Parcel:
    """A message that nobody has read yet is known by where it stands."""
    raw = arrival.raw
    digest = hashlib.sha256(raw.value or b"").digest()
    if raw.place is None:
        return Parcel(arrival, f"{UNREADABLE}http", uuid4().hex, digest)
    at = raw.place
    where = f"{at.topic_id}:{at.partition}:{at.offset}"
    return Parcel(arrival, f"{UNREADABLE}{at.topic}", where, digest)


def _addressed(arrival: Arrival, event: CloudEvent, known: Known) -> Parcel:
    id_ = arrival.id or event.id
    return Parcel(arrival, known.name, id_, event.digest, known)
