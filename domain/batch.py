"""Many messages in one call: each is decided on what the one before it left."""

from collections.abc import Sequence
from uuid import UUID

from domain.complaint.state import Complaint
from domain.entry import REFUSED, Answer, Append, Entry
from domain.errors import BusyError, Lack, RefusedError, UnknownComplaintError, told
from domain.event import Stream
from domain.ledger import TRIES_MAX, Ledger, Request, aside

Outcome = Answer | Exception


async def take_in(
    ledger: Ledger, batch: Sequence[Request], append: Append
) -> list[Outcome]:
    """The store's last word on each message; what it says is never *moved*.

    A refusal is an answer too, and stored. `UnknownComplaintError` stands for a message
    whose stream is not there (it was never said to the store); any other exception is that
    message's own, and the others were taken.
    """
    outcomes: dict[int, Outcome] = {}
    async with ledger.shelf.turn(*(asked.stream_id for asked in batch)):
        for _ in range(TRIES_MAX):
            left = [n for n in range(len(batch)) if n not in outcomes]
            if not left:
                break
            said = await _Round(ledger, [batch[n] for n in left]).say(append)
            outcomes |= {n: a for n, a in zip(left, said, strict=True) if a is not None}
    busy = BusyError(Lack("", "send the same message again"))
    return [outcomes.get(n, busy) for n in range(len(batch))]


class _Round:
    """Decide all, say all, and keep the streams about which all was recorded."""

    def __init__(self, ledger: Ledger, batch: Sequence[Request]) -> None:
        self._ledger = ledger
        self._batch = batch
        self._loaded: dict[UUID, Stream | None] = {}
        self._last: dict[
            UUID, tuple[str, str]
        ] = {}  # the message that brought it where it is
        self._spoilt: set[UUID] = set()  # a defect left them half changed

    async def say(self, append: Append) -> list[Outcome | None]:
        """One outcome for each message; `None` when it has to be decided again."""
        begun = {asked.stream_id for asked in self._batch if asked.begins is not None}
        for asked in self._batch:
            if asked.stream_id not in self._loaded.keys() | begun:
                self._loaded[asked.stream_id] = await self._taken(asked.stream_id)
        streams = [stream for stream in self._loaded.values() if stream is not None]
        await self._ledger.keys_at_hand(
            stream.party_id for stream in streams if isinstance(stream, Complaint)
        )
        made = [self._entered(asked) for asked in self._batch]
        entries = [entry for entry in made if isinstance(entry, Entry)]
        answers = iter(await append(entries) if entries else ())
        said = [next(answers) if isinstance(entry, Entry) else entry for entry in made]
        for asked, answer in zip(self._batch, said, strict=True):
            if not _recorded(answer):
                self._spoilt.add(asked.stream_id)
        for stream_id, stream in self._loaded.items():
            if stream is not None and stream_id not in self._spoilt:
                self._ledger.shelf.put(stream)
        for answer in said:
            if answer is not None and _again(answer):
                self._ledger.calendars.moved(answer)
        return [None if _again(answer) else answer for answer in said]

    async def _taken(self, stream_id: UUID) -> Stream | None:
        kept = self._ledger.shelf.take(stream_id)
        return kept or await aside(self._ledger.found, stream_id)

    def _entered(self, asked: Request) -> Entry | Exception | None:
        """What to say in this message's name; `None` when it waits for the next round."""
        if asked.stream_id in self._spoilt:
            return None
        try:
            entry = self._decided(asked)
        except RefusedError as refused:
            if isinstance(refused, UnknownComplaintError):
                return refused
            return self._refused(asked, refused)
        except Exception as error:  # noqa: BLE001  # one's defect is not its neighbour's
            self._spoilt.add(asked.stream_id)
            return error
        entry = entry._replace(follows=self._last.get(asked.stream_id))
        if entry.events:
            self._last[asked.stream_id] = (entry.source, entry.message_id)
        return entry

    def _decided(self, asked: Request) -> Entry:
        if asked.begins is not None and asked.stream_id not in self._loaded:
            stream = self._loaded[asked.stream_id] = asked.begins()
            entry = self._ledger.entry(asked.message, stream)
        else:
            found = self._loaded.get(asked.stream_id)
            if found is None:
                raise UnknownComplaintError(Lack("complaint_id", "check the number"))
            stream = found
            entry = self._ledger.decided(asked, stream)
        stream.news.clear()
        return entry

    def _refused(self, asked: Request, refused: RefusedError) -> Entry:
        """A refusal is an answer too, and rests on what was seen."""
        stream = self._loaded.get(asked.stream_id)
        seen = 0
        if stream is not None:
            seen = stream.version - len(stream.news)
            if stream.news:  # too large for the store: this copy went on without it
                self._spoilt.add(asked.stream_id)
        message = asked.message
        head = (message.source, message.id, message.digest, REFUSED)
        if not seen:
            return Entry(*head, None, None, told(refused))
        at = (asked.stream_id, seen)
        follows = self._last.get(asked.stream_id)
        return Entry(*head, *at, told(refused), unchanged=[at], follows=follows)


def _recorded(answer: Outcome | None) -> bool:
    return not isinstance(answer, Exception | None) and answer.verdict == "recorded"


def _again(answer: Outcome | None) -> bool:
    return answer is None or (
        not isinstance(answer, Exception) and answer.verdict == "moved"
    )
