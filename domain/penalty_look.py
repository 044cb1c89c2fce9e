"""What a fine rests on besides its own notice: the catalog of that day, earlier offences.

Each stream that was looked at is noted with its version; the store re-checks them when the
decision is recorded, so nothing rests on what is no longer so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from uuid import UUID

from domain.catalog_stream import CatalogStream, Published, catalog_stream_id
from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.event import Stream
from domain.penalty import Notice
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.predicates import Facts

Found = Callable[[UUID], Stream | None]
Claimed = Callable[[str, str], UUID | None]
Read = Callable[[Published], Catalog]


@dataclass(slots=True)
class Look:
    """One look at other streams, taken from the store for one decision."""

    found: Found
    claimed: Claimed
    read: Read  # the text of a publication as a catalog
    seen: dict[UUID, int] = field(default_factory=dict)

    def catalog(self, catalog_id: str, on: date) -> Catalog | None:
        """The version in force on the day of the act, whenever the act is recorded."""
        stream = self._stream(catalog_stream_id(catalog_id))
        if not isinstance(stream, CatalogStream):
            return None
        version = stream.in_force(on)
        return None if version is None else self.read(version)

    def earlier(self, person: str, counted_as: str) -> tuple[int, list[Notice]]:
        """Offences of the same person under the same count, and the next free number."""
        notices: list[Notice] = []
        for serial in count(1):
            taken = self.claimed("offence", f"{person}|{counted_as}|{serial}")
            if taken is None:
                break
            notice = self._stream(taken)
            assert isinstance(notice, Notice), "only a notice claims an offence"
            notices.append(notice)
        return serial, notices

    def complaint(self, complaint_id: UUID) -> Complaint | None:
        """The complaint a notice is about; it is written to, so its version is checked."""
        stream = self.found(complaint_id)
        return stream if isinstance(stream, Complaint) else None

    def facts_about(self, complaint_id: UUID) -> Facts:
        """What its complaint says by now, where a clause rests on that."""
        stream = self._stream(complaint_id)
        return facts_of(stream) if isinstance(stream, Complaint) else {}

    def _stream(self, stream_id: UUID) -> Stream | None:
        stream = self.found(stream_id)
        self.seen[stream_id] = stream.version if stream else 0
        return stream
