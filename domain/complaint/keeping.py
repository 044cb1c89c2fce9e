"""Keeping: what evidence there is, who has filed the papers, and who still has to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Fact, MaybeSealed, When, Who
from domain.rulebooks.keeping import Keeping
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.words import Code, Digest, Line

FILES_MAX = 50
BYTES_MAX = 20 * 1024 * 1024

Size = Annotated[int, Field(ge=1, le=BYTES_MAX)]
Media = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}$", max_length=110),
]
Papers = Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]


class EvidenceAdded(Fact):
    """There is a file that shows something; its bytes lie elsewhere, under their hash."""

    TOPIC = "complaint.evidence_added"

    party_id: UUID
    sha256: str
    size: int  # bytes
    media: str
    name: MaybeSealed = None


class Archived(Fact):
    """A role has filed the papers it has to keep."""

    TOPIC = "complaint.archived"

    by_role: str
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """What one role has to keep, and the version of the event that says it is filed."""

    book: Rulebook
    duty: Keeping
    filed: int | None
    lacking: tuple[str, ...]  # papers that are not filed yet


def filings(complaint: Complaint, rules: Rules) -> Iterator[Filing]:
    """Who has to keep what. No source says by when: from the closing on it is owed."""
    for book in rules.books():
        for duty in book.archive:
            mine = [a for a in complaint.all(Archived) if a.by_role == duty.role]
            there = {paper for filed in mine for paper in filed.keeps}
            lacking = tuple(paper for paper in duty.keeps if paper not in there)
            last = None if lacking else mine[-1].originator_version
            yield Filing(book, duty, last, lacking)


# --- What may be said. -----------------------------------------------------------------


def evidence_added(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    sha256: Digest,
    size: Size,
    media: Media,
    name: Line | None = None,
) -> None:
    """Note a file by the hash of its bytes. The same file again changes nothing."""
    known = [*complaint.all(EvidenceAdded)]
    if sha256 in {file.sha256 for file in known}:
        return
    if len(known) >= FILES_MAX:
        raise NotAllowedError(Lack("sha256", f"a complaint has at most {FILES_MAX} files"))
    complaint.record(
        EvidenceAdded(
            who=who,
            when=when,
            party_id=complaint.party_id,
            sha256=sha256,
            size=size,
            media=media,
            name=name,
        )
    )


def archived(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    by_role: Code,
    keeps: Papers,
) -> None:
    """Note what a role has filed, in the words of the regulation where it has any."""
    duties = [duty for book in rules.books() for duty in book.archive]
    papers = {paper for duty in duties if duty.role == by_role for paper in duty.keeps}
    if duties and not papers:
        roles = ", ".join(sorted({duty.role for duty in duties}))
        raise InvalidError(Lack("by_role", f"choose one of {roles}"))
    if duties and {*keeps} - papers:
        raise InvalidError(Lack("keeps", f"choose of {', '.join(sorted(papers))}"))
    complaint.record(Archived(who=who, when=when, by_role=by_role, keeps=keeps))
