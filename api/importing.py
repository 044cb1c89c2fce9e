"""Importing a file on a page: the code of `ledger import`, with a file that was sent."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from api.parts import Parts
from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.inbound.importing import Import, Report
from consumers.inbound.intake import Intake
from consumers.inbound.profile import Profile
from consumers.inbound.sources import ProfileError, Sources
from consumers.inbound.tables import TableError
from domain.errors import BusyError, InvalidError, Lack

FILE_BYTES_MAX = 15 * 1024 * 1024
PROFILE_BYTES_MAX = 256 * 1024
KEPT_MAX = 4  # files that were rehearsed and wait for a word
KEPT_FOR = timedelta(minutes=15)
SUFFIXES = (".csv", ".csv.gz", ".xlsx")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that would not be taken, and why."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a dry run found, or an import did."""

    rows: int
    refused_rows: int
    refused: tuple[Refused, ...]
    outcomes: Mapping[str, int]  # of messages; empty for a dry run


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A file that waits for a person's word, and what a dry run of it found."""

    name: str
    raw: bytes
    profile: Profile
    found: Found
    until: datetime


@dataclass(slots=True)
class Waiting:
    """Files that were rehearsed. In memory only: their rows name people."""

    parts: Parts
    kept: dict[str, Rehearsed] = field(default_factory=dict)

    async def titles(self) -> dict[str, dict[str, str]]:
        """Every system whose files we can read: its id, and its title in each language."""
        found = await asyncio.to_thread(_profiles, self.parts)
        return {p.id: {"zh": p.title.zh, "en": p.title.en} for p in found}

    async def rehearse(self, name: str, raw: bytes, profile: str | bytes) -> str:
        """Read the whole file and record nothing; the name under which it waits.

        The profile goes by its id, or was sent along.
        """
        self._let_go()
        if len(self.kept) >= KEPT_MAX:
            raise BusyError(Lack("file", "others import now: try again in a few minutes"))
        _check(name, raw)
        made = uuid4().hex
        self.kept[made] = await asyncio.to_thread(self._rehearsed, name, raw, profile)
        return made

    async def bring_in(self, made: str) -> Found | None:
        """Take every row in that is not refused; `None` when the file no longer waits."""
        self._let_go()
        one = self.kept.pop(made, None)
        if one is None:
            return None
        known = _known(self.parts, one.profile)
        desk = Desk(
            opened=self.parts.opened,
            reads=self.parts.reads,
            sources=known,
            held_days=self.parts.limits.held_days,
            clock=self.parts.clock,
        )
        with _on_disk(one.name, one.raw) as path:
            report = await Import(path, one.profile, known).bring_in(Intake(desk))
        return _found(report)

    def _rehearsed(self, name: str, raw: bytes, said: str | bytes) -> Rehearsed:
        try:
            profile = _profile(self.parts, said)
            with _on_disk(name, raw) as path:
                known = _known(self.parts, profile)
                found = _found(Import(path, profile, known).rehearse())
        except TableError as error:
            raise InvalidError(Lack("file", str(error))) from error
        except ProfileError as error:
            raise InvalidError(Lack("profile", str(error))) from error
        return Rehearsed(name, raw, profile, found, self.parts.now() + KEPT_FOR)

    def _let_go(self) -> None:
        now = self.parts.now()
        for made in [made for made, one in self.kept.items() if one.until < now]:
            del self.kept[made]


def _profile(parts: Parts, said: str | bytes) -> Profile:
    if isinstance(said, bytes):
        if len(said) > PROFILE_BYTES_MAX:
            raise InvalidError(Lack("profile", f"send at most {PROFILE_BYTES_MAX} bytes"))
        return sources.parse(said, "profile")
    for profile in _profiles(parts):
        if profile.id == said:
            return profile
    raise InvalidError(Lack("profile", "choose one of the list, or send one"))


def _found(report: Report) -> Found:
    refused = (Refused(one.line, one.field, one.reason) for one in report.refused)
    return Found(report.rows, report.refused_rows, tuple(refused), dict(report.outcomes))


def _profiles(parts: Parts) -> list[Profile]:
    files = [*sources.OURS.glob("*.yaml")]
    files += parts.profiles.glob("*.yaml") if parts.profiles else []
    found = [sources.read(path) for path in sorted(files)]
    return [profile for profile in found if profile.rows is not None]


def _known(parts: Parts, profile: Profile) -> Sources:
    known = sources.load(site=parts.site, zone=parts.zone, folder=parts.profiles)
    return known.with_profile(profile)


def _check(name: str, raw: bytes) -> None:
    if not raw:
        raise InvalidError(Lack("file", "choose a file"))
    if not name.lower().endswith(SUFFIXES):
        raise InvalidError(Lack("file", f"send one of {', '.join(SUFFIXES)}"))
    if len(raw) > FILE_BYTES_MAX:
        raise InvalidError(Lack("file", f"send at most {FILE_BYTES_MAX} bytes"))


@contextmanager
def _on_disk(name: str, raw: bytes) -> Iterator[Path]:
    """The file where only we can read it, while it is read; its own name is not used."""
    suffix = next(s for s in reversed(SUFFIXES) if name.lower().endswith(s))
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(raw)
        yield path
