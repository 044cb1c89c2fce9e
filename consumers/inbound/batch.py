"""A batch of messages, none of them twice: looked up, decided, and said in one call."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import uuid4

from consumers.inbound.desk import Desk
from consumers.inbound.memory import NameKey, remembered
from consumers.inbound.parcel import CONFLICT, HELD, MALFORMED, Parcel, sealed
from consumers.inbound.planning import Plan
from consumers.inbound.wording import Receiving
from domain.batch import take_in
from domain.entry import Entry
from domain.errors import BusyError, UnknownComplaintError
from domain.ledger import Request, aside
from infra.postgres.appender import Answer, Cursor, Delivery, UnavailableError

PASSES_MAX = 5
PATIENCE_S = 30.0  # for a database that is frozen and not gone
KEPT_DAYS = 30  # of what nobody can read, and of our own mistakes


class Batch:
    """Passes over some messages until each has its last word."""

    def __init__(
        self,
        desk: Desk,
        parcels: Sequence[Parcel],
        crowded: Collection[NameKey],
        places: Sequence[Cursor],
    ) -> None:
        """*crowded* names complaints for which more is held than came along."""
        self._desk = desk
        self._parcels = parcels
        self._by_key = {made.key: made for made in parcels}
        self._crowded = crowded
        self._places = places
        self._ready: list[Entry] = []  # what is said with the next call as it stands

    async def take(self) -> None:
        """Decide and say; what the store saw otherwise is looked up and decided again."""
        for _ in range(PASSES_MAX):
            if not self._left:
                break
            await self._pass()
        if self._left:
            for made in self._left:
                made.fail(UnknownComplaintError())
            await self._pass()
        if self._places:  # not moved with the last call, since something was left then
            await self._say(())

    @property
    def _left(self) -> list[Parcel]:
        return [made for made in self._parcels if made.told is None]

    async def _pass(self) -> None:
        left = self._left
        names = [name for made in left for name in made.names]
        known = await self._desk.reading(remembered, [made.key for made in left], names)
        opened = self._desk.opened
        policy = await aside(opened.policies.look)
        plan = Plan(known, policy, self._desk.clock(), self._crowded)
        asked = [(made, _planned(made, plan)) for made in left]
        self._ready = [entry for _, entry in asked if isinstance(entry, Entry)]
        requests = [(made, what) for made, what in asked if isinstance(what, Request)]
        await self._admit([made for made, request in requests if request.begins])
        said = await take_in(opened.ledger, [what for _, what in requests], self._say)
        if self._ready:
            await self._say(())
        for (made, _), outcome in zip(requests, said, strict=True):
            if isinstance(outcome, BusyError):
                raise UnavailableError from outcome
            if isinstance(outcome, Exception) and not _is_unknown(outcome):
                made.fail(outcome)

    async def _admit(self, newcomers: Sequence[Parcel]) -> None:
        """A party for each who complains, in one trip and before anything is sealed."""
        parties = {}
        for made in newcomers:
            if isinstance(made.said, Receiving) and made.party_id is None:
                contact = made.said.said.contact
                made.party_id = uuid4()
                parties[made.party_id] = contact.handles() if contact else {}
        if not parties:
            return
        found = await aside(self._desk.opened.keys.admit, parties)
        for made in newcomers:
            if made.party_id is not None:
                made.party_id = found.get(made.party_id, made.party_id)

    async def _say(self, entries: Sequence[Entry]) -> Sequence[Answer]:
        """One call; the cursors go with it when nothing is left after it."""
        said = [*entries, *self._ready]
        parcels = [self._by_key[entry.source, entry.message_id] for entry in said]
        places = self._places if len(said) == len(self._left) else ()
        deliveries = [self._delivery(*pair) for pair in zip(parcels, said, strict=True)]
        appender = self._desk.opened.appender
        try:
            async with asyncio.timeout(PATIENCE_S):
                answers = await appender.take_in(said, deliveries, places)
        except TimeoutError as error:
            await appender.close()
            raise UnavailableError from error
        self._ready = []
        for made, answer, sent in zip(parcels, answers, deliveries, strict=True):
            if answer.verdict == "answered" and answer.digest != made.digest:
                made.contested = True  # another was quicker with this id
            again = made.contested and not sent.payload
            if answer.verdict in {"recorded", "answered"} and not again:
                made.finish(answer)
        if not self._left and places:
            self._places = ()
        return answers[: len(entries)]

    def _delivery(self, made: Parcel, entry: Entry) -> Delivery:
        """Where it came from; and it itself, sealed, if it has to be kept."""
        letter = entry.outcome if entry.outcome in {HELD, MALFORMED} else None
        if made.failed:
            letter = "defect"
        days = self._desk.held_days if letter == HELD else KEPT_DAYS
        place = made.arrival.raw.place
        came = Delivery(*place) if place else Delivery()
        kept = letter is not None or made.contested or entry.outcome == CONFLICT
        return came._replace(
            letter=letter,
            payload=sealed(made, self._desk.opened.keys.master) if kept else None,
            waits_for=list(made.subject or ()) if letter == HELD else None,
            kept_until=self._desk.clock() + timedelta(days=days),
            redrives=made.arrival.letter,
            settled_by=made.arrival.by,
        )


def _planned(made: Parcel, plan: Plan) -> Entry | Request | None:
    """What it asks of the ledger; a mistake of ours is not its neighbours' fault."""
    try:
        return plan.of(made)
    except Exception as error:  # noqa: BLE001
        made.fail(error)
        return made.entry


def _is_unknown(outcome: Exception) -> bool:
    """Its complaint was not where we thought: another's came first under that name."""
    return isinstance(outcome, UnknownComplaintError)
