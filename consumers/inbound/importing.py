"""Import: each row of a file becomes messages, rehearsed before any of them is sent."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from consumers.inbound.intake import BATCH_MAX, Intake
from consumers.inbound.message import Raw
from consumers.inbound.parcel import Arrival, Told, parcel
from consumers.inbound.profile import Profile, Rows
from consumers.inbound.sources import ProfileError, Sources
from consumers.inbound.tables import Cell, TableRow, rows
from infra.kafka import Outgoing, Publisher
from infra.postgres.appender import UnavailableError

REFUSED_MAX = 10_000  # rows that are listed; the others are counted
KEY_MAX = 120
TRIES_MAX = 30
PAUSE_S = 1.0

Progress = Callable[[int], None]  # how many rows are done


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not sent, or a message of it that was not taken."""

    line: int
    field: str  # as the file calls it
    reason: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do."""

    rows: int = 0
    messages: int = 0
    refused_rows: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def refuse(self, line: int, reasons: Sequence[tuple[str, str]]) -> None:
        """Note why a row is refused; the list is cut, the count is not."""
        self.refused_rows += 1
        room = REFUSED_MAX - len(self.refused)
        self.refused += [RefusedRow(line, place, fix) for place, fix in reasons[:room]]


@dataclass(frozen=True, slots=True)
class _Sent:
    line: int
    raw: Raw


class Import:
    """One file, read by the profile of the system it comes from."""

    def __init__(self, path: Path, profile: Profile, sources: Sources) -> None:
        """*sources* has to know the profile: see `Sources.with_profile`."""
        if profile.rows is None:
            raise ProfileError(f"{profile.id}: it says nothing about the rows of a file")
        if profile.sources[0].endswith("*"):
            raise ProfileError(f"{profile.id}: name the system: its first source has a *")
        self._path = path
        self._profile = profile
        self._how: Rows = profile.rows
        self._source = profile.sources[0]
        self._sources = sources

    def rehearse(self, progress: Progress = lambda _: None) -> Report:
        """Read the whole file, send nothing, and list every row that would be refused."""
        report = Report()
        for made in self._messages(report, progress):
            report.messages += len(made)
        return report

    async def bring_in(self, intake: Intake, progress: Progress = lambda _: None) -> Report:
        """Take every message in, here; rows that the rehearsal refuses are left out."""
        report = Report()
        sent = (one for made in self._messages(report, progress) for one in made)
        while batch := list(islice(sent, BATCH_MAX)):
            arrivals = [Arrival(one.raw) for one in batch]
            for one, told in zip(batch, await _taken(intake, arrivals), strict=True):
                report.messages += 1
                report.outcomes[told.outcome] += 1
                if told.outcome in {"refused", "conflict"}:
                    report.refuse(one.line, list(_reasons(told)))
        return report

    def publish(
        self, publisher: Publisher, topic: str, progress: Progress = lambda _: None
    ) -> Report:
        """Send every message to a topic, in order for each complaint."""
        report = Report()
        sent = (one for made in self._messages(report, progress) for one in made)
        while batch := list(islice(sent, BATCH_MAX)):
            publisher.publish(topic, [_outgoing(one.raw) for one in batch])
            report.messages += len(batch)
        return report

    def _messages(self, report: Report, progress: Progress) -> Iterator[list[_Sent]]:
        """What each row becomes, if all of it can be read."""
        seen: set[str] = set()
        for row in rows(self._path, self._how):
            report.rows += 1
            key = str(row.cells.get(self._how.key) or "").strip()
            if reasons := list(self._unfit(row, key, seen)):
                report.refuse(row.line, reasons)
            else:
                made = [_Sent(row.line, raw) for raw in self._of(row, key)]
                reasons = [why for one in made for why in self._refusal(one.raw)]
                if reasons:
                    report.refuse(row.line, reasons)
                else:
                    yield made
            seen.add(key)
            progress(report.rows)

    def _unfit(self, row: TableRow, key: str, seen: set[str]) -> Iterator[tuple[str, str]]:
        if not row.fits:
            yield "", "it has not as many cells as there are columns"
        if not key or len(key) > KEY_MAX:
            yield self._how.key, f"a row needs a key of 1 to {KEY_MAX} characters"
        elif key in seen:
            yield self._how.key, "an earlier row has the same key"

    def _of(self, row: TableRow, key: str) -> Iterator[Raw]:
        """Each message of a row holds the columns it is made of, and no others."""
        for one in self._how.messages:
            cells = {name: self._said(row.cells.get(name)) for name in one.unless}
            if any(str(cells[name] or "") in one.unless[name] for name in cells):
                continue
            fields = (self._profile.messages[one.type].fields or {}).values()
            names = {field.from_[0] for field in fields if field.from_}
            data = {n: self._said(row.cells.get(n)) for n in sorted(names)}
            yield _message(self._source, one.type, key, data)

    def _said(self, cell: Cell) -> Cell:
        """Nothing, where a cell only says that it says nothing."""
        if isinstance(cell, str) and cell.strip() in {"", *self._how.blank}:
            return None
        return cell

    def _refusal(self, raw: Raw) -> Iterator[tuple[str, str]]:
        made = parcel(Arrival(raw), self._sources)
        if made.entry is not None and made.entry.detail is not None:
            for lack in json.loads(made.entry.detail)["lacks"]:
                yield lack["field"], lack["fix"]


def _message(source: str, kind: str, key: str, data: dict[str, Cell]) -> Raw:
    """Its id is the row's key: the same row sent twice is the same message."""
    headers = {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_id": f"{key}:{kind}",
        "ce_source": source,
        "ce_type": kind,
        "ce_subject": key,
    }
    value = json.dumps(data, ensure_ascii=False).encode()
    return Raw(tuple((name, text.encode()) for name, text in headers.items()), value)


def _outgoing(raw: Raw) -> Outgoing:
    headers = tuple((name, value or b"") for name, value in raw.headers)
    return Outgoing(dict(headers)["ce_subject"], raw.value, headers)


async def _taken(intake: Intake, arrivals: Sequence[Arrival]) -> list[Told]:
    """A database that restarts is waited for: nothing is taken in twice."""
    for _ in range(TRIES_MAX):
        try:
            return await intake.take(arrivals)
        except UnavailableError:
            await asyncio.sleep(PAUSE_S)
    return await intake.take(arrivals)


def _reasons(told: Told) -> Iterable[tuple[str, str]]:
    said = json.loads(told.detail or '{"lacks": []}')
    return ((lack["field"], lack["fix"]) for lack in said["lacks"])
