"""Load, decide, record: the only way anything comes into the ledger."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    InterfaceError,
    Mapper,
    OperationalError,
)

from domain.calendars import Calendars
from domain.codec import Codec
from domain.complaint import deadlines
from domain.complaint.numbered import numbered
from domain.complaint.state import Complaint
from domain.entry import (
    ACCEPTED,
    Answer,
    Answers,
    Append,
    Decided,
    Entry,
    Message,
    Receipt,
    at_place,
    last_said,
    room,
    settle,
)
from domain.errors import (
    BusyError,
    ChangedMeanwhileError,
    Lack,
    RefusedError,
    UnknownComplaintError,
    UnknownRecordError,
    UnreachableError,
    VersionNeededError,
)
from domain.event import Decision, Stream
from domain.rulebooks.rulebook import Rulebooks, Rules
from domain.shelf import Shelf

P = ParamSpec("P")
S = TypeVar("S", bound=Stream)
T = TypeVar("T")
TRIES_MAX = 5
NUMBERS_MAX = 100_000
FOLLOWS_MAX = 200  # events looked through for the one they follow from


@dataclass(frozen=True, slots=True)
class Request:
    """One message, the stream it is about, and what is to be decided there."""

    message: Message
    stream_id: UUID
    expected_version: int | None
    decide: Callable[[Any, Rules], Stream | None]
    begins: Callable[[], Stream] | None = None  # makes the complaint that is new with it
    on_what_stands: bool = False  # asked by a system that knows no versions
    looks: bool = False  # it looks at other streams: decide in a thread


class Ledger(Application[UUID]):
    """Every complaint, as the list of what happened to it."""

    name = "complaints"  # Names what the library reads. Never change it.

    def __init__(
        self,
        *,
        recorder: ApplicationRecorder,
        answers: Answers,
        codec: Codec,
        rulebooks: Rulebooks,
        calendars: Calendars,
        append: Append,
        shelf: Shelf,
    ) -> None:
        self._codec = codec
        self._recorder = recorder
        self._answers = answers
        self._append = append
        self.rulebooks = rulebooks
        self.calendars = calendars
        self.shelf = shelf
        self._numbers: dict[str, UUID] = {}  # given once, so kept
        super().__init__()

    def construct_mapper(self) -> Mapper[UUID]:
        """Our own bytes, not the library's."""
        return self._codec

    def construct_recorder(self) -> ApplicationRecorder:
        """The recorder it was given; the library would make one from the environment."""
        return self._recorder

    async def begin(self, message: Message, stream: Stream) -> Receipt:
        """Record a stream that is new."""
        [answer] = await self._append([self.entry(message, stream, decided_on=0)])
        receipt = settle(message, answer)
        if receipt is None:  # two began one name at once, or a calendar moved
            self.calendars.moved(answer)
            raise BusyError(Lack("", "send the same message again"))
        return replace(receipt, said=last_said(stream.news))

    async def change(
        self,
        message: Message,
        stream_id: UUID,
        expected_version: int | None,
        decide: Callable[Concatenate[S, Rules, P], Stream | None],
        *args: P.args,
        **facts: P.kwargs,
    ) -> Receipt:
        """Load, decide, record. A decision names its version; a fact passes `None`."""

        def decided(stream: S, rules: Rules) -> Stream | None:
            return decide(stream, rules, *args, **facts)

        return await self.take(Request(message, stream_id, expected_version, decided))

    async def take(self, asked: Request) -> Receipt:
        """The same for a request that is already put together."""
        async with self.shelf.turn(asked.stream_id):
            for _ in range(TRIES_MAX):
                if receipt := await self._attempt(asked):
                    return receipt
        raise BusyError(Lack("", "send the same message again"))

    async def _attempt(self, asked: Request) -> Receipt | None:
        """Decide once. `None`: what it rests on is no longer so; look again."""
        kept = self.shelf.take(asked.stream_id)
        stream = kept if kept is not None else await aside(self.load, asked.stream_id)
        seen = stream.version
        try:
            made = (
                await aside(self.decide, asked, stream)
                if asked.looks
                else self.decide(asked, stream)
            )
            await self.keys_at_hand(made.parties())
            entry = self.entry(asked.message, stream, made.also, decided_on=made.on)
        except RefusedError as refused:
            if kept:
                return None  # A kept copy may be old: nobody is refused by it.
            if receipt := await aside(self.receipt, asked.message):
                return receipt
            refused.version = seen
            if not stream.news:
                self.shelf.put(stream)
            raise
        [answer] = await self._append([entry])
        receipt = settle(asked.message, answer)
        if isinstance(answer, Exception) or receipt is None:
            self.calendars.moved(answer)
            return None
        if answer.verdict != "recorded":
            return await aside(self._placed, receipt)
        said = last_said(stream.news)
        stream.news.clear()
        self.shelf.put(stream)
        return replace(receipt, said=said)

    def decided(self, asked: Request, stream: Stream) -> Entry:
        """The entry that follows from a request, or the refusal."""
        made = self.decide(asked, stream)
        return self.entry(asked.message, stream, made.also, decided_on=made.on)

    def decide(self, asked: Request, stream: Stream) -> Decided:
        """What is new about the stream; refused when it is not as it was seen."""
        expected = stream.version if asked.on_what_stands else asked.expected_version
        if expected not in (None, stream.version):
            raise ChangedMeanwhileError(
                Lack("If-Match", f"look at version {stream.version} and decide again")
            )
        also = asked.decide(stream, self.rulebooks.of(stream))
        return Decided(stream, also, expected)

    async def keys_at_hand(self, parties: Iterable[UUID]) -> None:
        """Read the keys that sealing needs in a thread: nobody else waits for them."""
        if lacking := self._codec.lacking(parties):
            await aside(self._codec.fetch, lacking)

    def _timed(self, stream: Stream) -> list[tuple[UUID, int]]:
        if isinstance(stream, Complaint) and deadlines.TOPIC in stream.rulebooks:
            return [*deadlines.follow(stream, self.rulebooks.of(stream), self.calendars)]
        return []

    def entry(
        self,
        message: Message,
        stream: Stream,
        also: Stream | None = None,
        *,
        decided_on: int | None = None,
    ) -> Entry:
        """What is new about a stream, with what it rests on and the names it takes."""
        seen = self._timed(stream)
        news = [*stream.news, *(also.news if also else ())]
        decisions = [event for event in news if isinstance(event, Decision)]
        if decisions and decided_on is None:
            raise VersionNeededError(Lack("If-Match", "send the version you decided on"))
        seen += [each for made in decisions for each in made.rests_on.items()]
        series = number_at = None
        if news:
            news[0], series = numbered(news[0], self.rulebooks)
        stored = [self._codec.to_stored_event(event) for event in news]
        if series and news[0].series():
            number_at = room(stored[0].state, series)
        return Entry(
            message.source,
            message.id,
            message.digest,
            ACCEPTED,
            stream.id,
            stream.version,
            None,
            [
                (*at_place(event), e.topic, e.state)
                for event, e in zip(news, stored, strict=True)
            ],
            # Nothing new is an answer too, and rests on what was seen.
            seen if news else [(stream.id, stream.version)],
            [(*name, event.originator_id) for event in news for name in event.claims()],
            series,
            number_at,
        )

    async def append(self, entries: Sequence[Entry]) -> Sequence[Answer | Exception]:
        """Say entries as they stand; for intake, which decides many before it says any."""
        return await self._append(entries)

    def receipt(self, message: Message) -> Receipt | None:
        """The answer this message got before, also when it never reached its sender."""
        known = self._answers.answer(message.source, message.id)
        receipt = settle(message, known) if known else None
        return self._placed(receipt) if receipt else None

    def _placed(self, receipt: Receipt) -> Receipt:
        """With the event an earlier message became: what followed from it stands behind."""
        if receipt.position is None:
            return receipt  # it changed nothing
        stored = self._recorder.select_events(
            receipt.complaint_id, lte=receipt.version, desc=True, limit=FOLLOWS_MAX
        )
        news = [self._codec.to_domain_event(event) for event in reversed(stored)]
        return replace(receipt, said=last_said(news))

    async def recorded_as(self, kind: str, number: str) -> UUID:
        """The stream of another kind that bears this number of ours."""
        found = await aside(self._answers.claimed, kind, number)
        if found is None:
            raise UnknownRecordError(Lack("number", "check the number"))
        return found

    async def numbered(self, number: str) -> UUID:
        """The complaint that bears this number of ours."""
        if number not in self._numbers:
            complaint_id = await aside(self._answers.claimed, "number", number)
            if complaint_id is None:
                raise UnknownComplaintError(Lack("number", "check the number"))
            if len(self._numbers) >= NUMBERS_MAX:
                del self._numbers[next(iter(self._numbers))]
            self._numbers[number] = complaint_id
        return self._numbers[number]

    def claimed(self, name: str, key: str) -> UUID | None:
        """The stream that bears this name."""
        return self._answers.claimed(name, key)

    def load(self, stream_id: UUID) -> Stream:
        """A stream as it stands, replayed from the store; seals stay shut."""
        stream = self.found(stream_id)
        if stream is None:
            raise UnknownComplaintError(Lack("complaint_id", "check the number"))
        return stream

    def found(self, stream_id: UUID) -> Stream | None:
        """The same, or `None` when nothing was ever recorded there."""
        try:
            stream: Stream = self.repository.get(stream_id)
        except AggregateNotFoundError:
            return None
        return stream


async def aside(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Read in a thread, so that the others go on meanwhile."""
    try:
        return await asyncio.to_thread(read, *args, **kwargs)
    except (InterfaceError, OperationalError) as error:
        raise UnreachableError(Lack("", "send the same message again")) from error
