"""A catalog's publications: which version was in force on which day, and what is due."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from domain.clock_arithmetic import add_months
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import ActorId, Decision, Stream, Value, Who
from domain.rulebooks.catalog import Catalog
from domain.times import Instant
from domain.words import Line

CATALOGS = UUID("6f1c1c9e-0e0a-5b7e-9a53-0c4e5a3c8a10")  # the namespace of their ids
TEXT_MAX = 40_000  # characters: an event holds 60 KiB


def catalog_stream_id(catalog: str) -> UUID:
    """The one stream of a catalog, known from its name."""
    return uuid5(CATALOGS, catalog)


@dataclass(kw_only=True)
class CatalogStream(Stream):
    """Every version of one catalog, whole."""

    catalog: str
    versions: list["Published"] = field(default_factory=list)

    def in_force(self, on: date) -> "Published | None":
        """The version that took effect last on or before this day."""
        begun = [one for one in self.versions if one.effective_on <= on]
        return max(begun, key=lambda one: (one.effective_on, one.version), default=None)

    def update_due(self, months: int) -> date | None:
        """By when new cases have to be gathered: so many months after the last version."""
        if not self.versions:
            return None
        return add_months(max(one.effective_on for one in self.versions), months)


class Published(Decision):
    """A version of the catalog was agreed and approved; it holds from a day on."""

    TOPIC = "catalog.published"

    catalog: str
    version: Annotated[int, Field(ge=1)]
    effective_on: date
    sha256: str
    text: str
    agreed_on: date | None = None
    agreed_by: tuple[str, ...] = ()  # departments
    approved_by: ActorId | None = None
    approved_on: date | None = None

    def begin(self) -> CatalogStream:
        """The stream of this catalog."""
        return CatalogStream(catalog=self.catalog)

    def apply(self, stream: CatalogStream) -> None:
        """One more version; none takes the place of another."""
        stream.versions.append(self)


class Terms(Value):
    """Who agreed, who approved, and from which day on."""

    effective_on: date | None = None
    agreed_on: date | None = None
    agreed_by: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    approved_by: ActorId | None = None
    approved_on: date | None = None


def publish(
    stream: CatalogStream | None,
    catalog: Catalog,
    text: str,
    terms: Terms,
    *,
    who: Who,
    at: Instant,
) -> CatalogStream:
    """Publish a version. The very same again changes nothing."""
    if terms.approved_by == who.by:
        another = "who publishes does not approve: name another person"
        raise NotAllowedError(Lack("approved_by", another))
    if terms.agreed_on and terms.approved_on and terms.agreed_on > terms.approved_on:
        raise InvalidError(Lack("agreed_on", "the departments agree before the approval"))
    starts = _effective(catalog, terms.effective_on, terms.approved_on)
    words = dict(terms) | {"effective_on": starts, "text": text, "sha256": catalog.sha256}
    event = Published(
        who=who,
        decided_at=at,
        saw=stream.version if stream else 0,
        catalog=catalog.id,
        version=catalog.version,
        **words,
    )
    if stream is not None:
        return _another(stream, event)
    begun = event.at(catalog_stream_id(catalog.id), 1)
    made: CatalogStream = begun.mutate(None)
    made.news.append(begun)
    return made


def _another(stream: CatalogStream, event: Published) -> CatalogStream:
    """One more version, later than all; a published one stays as it is."""
    known = {one.version: one for one in stream.versions}
    if same := known.get(event.version):
        if (same.sha256, same.effective_on) == (event.sha256, event.effective_on):
            return stream
        raise NotAllowedError(
            Lack("version", "this version is published: give another text a new version")
        )
    last = stream.versions[-1]
    if event.version < last.version or event.effective_on <= last.effective_on:
        after = f"take a version after {last.version} and a day after {last.effective_on}"
        raise NotAllowedError(Lack("effective_on", after))
    return stream.record(event)


def _effective(
    catalog: Catalog, effective_on: date | None, approved_on: date | None
) -> date:
    """The day it takes effect; where the regulation says so, that of its approval."""
    stated = effective_on or catalog.effective_on
    if catalog.takes_effect == "on_approval":
        if approved_on is None:
            raise InvalidError(Lack("approved_on", "state the day of the approval"))
        stated = stated or approved_on
        if stated != approved_on:
            raise InvalidError(
                Lack("effective_on", "it takes effect on the day of its approval")
            )
    if stated is None:
        raise InvalidError(Lack("effective_on", "state the day it takes effect"))
    if catalog.effective_on not in (None, stated):
        raise InvalidError(Lack("effective_on", "its text states another day"))
    return stated
