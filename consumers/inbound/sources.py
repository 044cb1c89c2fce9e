"""The systems we know: each profile, found by what its system calls itself."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from consumers.inbound.message import MalformedError
from consumers.inbound.profile import NAMES_TAKEN, Profile
from domain.event import Who
from infra import yaml_files

OURS = Path(__file__).parent / "profiles"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


class ProfileError(Exception):
    """A profile is not usable as it stands; each line says where and why."""


@dataclass(frozen=True, slots=True)
class Known:
    """A system we know: its profile, and what it is called here."""

    profile: Profile
    name: str  # in the inbox and in the events
    who: Who
    site: str
    zone: str

    def claim(self, kind: str = "complaint") -> str:
        """The name under which its own keys of one kind of stream are taken."""
        return f"{'source' if kind == 'complaint' else kind}:{self.name}"


class Sources:
    """Every system we know."""

    def __init__(self, profiles: Iterable[Profile], *, site: str, zone: str) -> None:
        """*site* and *zone* are the ledger's, for profiles that name none."""
        self._site, self._zone = site, zone
        self._by_pattern: dict[str, Profile] = {}
        for profile in profiles:
            for pattern in profile.sources:
                if other := self._by_pattern.get(pattern):
                    raise ProfileError(f"{other.id} and {profile.id} both know {pattern}")
                self._by_pattern[pattern] = profile

    def with_profile(self, profile: Profile) -> "Sources":
        """The same systems, and this one instead of any that it goes by the name of."""
        kept = {p.id: p for p in self._by_pattern.values()} | {profile.id: profile}
        return Sources(kept.values(), site=self._site, zone=self._zone)

    def of(self, source: str) -> Known:
        """The profile that names this source most exactly."""
        found = [p for p in self._by_pattern if _matches(p, source)]
        if not found:
            raise MalformedError("unknown-source", "source", "no profile knows this source")
        best = max(found, key=lambda pattern: (not pattern.endswith("*"), len(pattern)))
        profile = self._by_pattern[best]
        name = profile.name or source
        if not NAME.fullmatch(name) or name in NAMES_TAKEN:
            fix = "name it in small letters, digits, dots and dashes, or in a profile"
            raise MalformedError("unknown-source", "source", fix)
        by = profile.acts_as.by or "s-" + re.sub("[._]", "-", name)
        return Known(
            profile=profile,
            name=name,
            who=Who(by=by, role=profile.acts_as.role, source=name),
            site=profile.complaints.site or self._site,
            zone=profile.complaints.zone or self._zone,
        )


def load(*, site: str, zone: str, folder: Path | None = None) -> Sources:
    """The profiles that come with us, and those of a folder."""
    found = [read(path) for path in sorted(OURS.glob("*.yaml"))]
    found += [read(path) for path in sorted(folder.glob("*.yaml"))] if folder else []
    return Sources(found, site=site, zone=zone)


def read(path: Path) -> Profile:
    """The profile that a file holds."""
    return parse(path.read_bytes(), path.name)


def parse(raw: bytes, file: str) -> Profile:
    """The profile these bytes hold; *file* is the name that errors give it."""
    try:
        data = yaml_files.parse(raw, file)
        profile = Profile.model_validate_json(json.dumps(data))
        troubles = list(profile.troubles())
    except yaml_files.YamlFileError as error:
        raise ProfileError(str(error)) from error
    except TypeError as error:  # a date is the one thing of YAML that JSON has not
        raise ProfileError(f"{file}: quote the dates") from error
    except ValidationError as error:
        troubles = [
            (wrong["loc"], wrong["msg"].removeprefix("Value error, "))
            for wrong in error.errors()
        ]
    if troubles:
        lines = raw.decode().splitlines()
        raise ProfileError(
            "\n".join(
                f"{file}:{_line(lines, path)}: {'.'.join(map(str, path))}: {what}"
                for path, what in troubles
            )
        )
    return profile


def _line(lines: Sequence[str], path: Iterable[str | int]) -> int:
    """The line a path leads to: each key in it begins one, further down."""
    at = 0
    for step in path:
        key = re.compile(rf"""(\s|-\s|[{{,])*["']?{re.escape(str(step))}["']?\s*:""")
        at = next((n for n in range(at, len(lines)) if key.match(lines[n])), at)
    return at + 1


def _matches(pattern: str, source: str) -> bool:
    if pattern.endswith("*"):
        return source.startswith(pattern[:-1])
    return source == pattern
