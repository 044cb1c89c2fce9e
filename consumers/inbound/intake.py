"""Intake: many messages are decided in memory, said in one call, and answered once each."""

from collections.abc import Sequence

from consumers.inbound import memory
from consumers.inbound.batch import Batch
from consumers.inbound.desk import Desk
from consumers.inbound.memory import NameKey
from consumers.inbound.parcel import Arrival, Parcel, Told, parcel
from infra.postgres.appender import Cursor, OutOfStepError, UnavailableError

BATCH_MAX = 100
LETTERS_MAX = 100  # held messages that one batch takes along


class Intake:
    """What takes messages in: the same for Kafka, HTTP, a file and a letter."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def take(
        self, arrivals: Sequence[Arrival], places: Sequence[Cursor] = ()
    ) -> list[Told]:
        """The last word on each message, all of it recorded; and the cursors moved.

        Raises `UnavailableError` when the store does not answer and `OutOfStepError` when
        somebody else moved a cursor: read the same messages again. Some of them may have
        been recorded; they will not be recorded twice.
        """
        assert len(arrivals) <= BATCH_MAX
        parcels = [parcel(arrival, self.desk.sources) for arrival in arrivals]
        await self._take(parcels, places)
        return [done.told for done in parcels if done.told is not None]

    async def _take(self, parcels: Sequence[Parcel], places: Sequence[Cursor]) -> None:
        """All of them; one that fails them all is found by halving, and set aside."""
        try:
            await self._settle(parcels, places)
        except (UnavailableError, OutOfStepError):
            raise
        except Exception as error:
            if len(parcels) > 1:
                half = len(parcels) // 2
                await self._take(parcels[:half], ())
                await self._take(parcels[half:], places)
            elif parcels and not parcels[0].failed:
                parcels[0].fail(error)
                await self._settle(parcels, places)
            else:
                raise

    async def _settle(self, parcels: Sequence[Parcel], places: Sequence[Cursor]) -> None:
        """What begins a stream first, then what was held for one, then the rest."""
        letters, crowded = await self._letters(parcels)
        begins = [made for made in parcels if made.begins]
        rest = [made for made in parcels if not made.begins]
        line = [*begins, *letters, *rest]
        while line:
            batch, line = _once_each(line)
            await Batch(self.desk, batch, crowded, () if line else places).take()
        if not parcels:
            await Batch(self.desk, (), (), places).take()

    async def _letters(
        self, parcels: Sequence[Parcel]
    ) -> tuple[list[Parcel], set[NameKey]]:
        """What waits for the complaints that these messages are about."""
        names: dict[NameKey, bool] = {}
        for made in parcels:
            if made.subject is not None and made.arrival.letter is None:
                known = names.get(made.subject, False)
                names[made.subject] = made.begins or known
        if not names:
            return [], set()
        found, crowded = await self.desk.reading(memory.waiting, names, limit=LETTERS_MAX)
        return [
            parcel(self.desk.kept(letter), self.desk.sources) for letter in found
        ], crowded


def _once_each(line: Sequence[Parcel]) -> tuple[list[Parcel], list[Parcel]]:
    """A batch in which no message comes twice, and what is left for the next one."""
    batch: dict[tuple[str, str], Parcel] = {}
    left = []
    for made in line:
        if made.key in batch:
            left.append(made)
        else:
            batch[made.key] = made
    return list(batch.values()), left
