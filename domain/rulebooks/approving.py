"""Approving: a text is put forward by one person and published by another."""

from collections.abc import Mapping
from datetime import date

from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Who
from domain.rulebooks.publication import (
    LEDGER,
    Approval,
    Draft,
    Kind,
    PolicySetProposed,
    PolicySetPublished,
    PolicySetRejected,
    Proposed,
    Publication,
    Published,
    Rejected,
    RulebookProposed,
    RulebookPublished,
    RulebookRejected,
    RulebookWithdrawn,
    stream_of,
)
from domain.times import Instant

PROPOSED: Mapping[Kind, type[Proposed]] = {
    "rulebook": RulebookProposed,
    "policy_set": PolicySetProposed,
}
PUBLISHED: Mapping[Kind, type[Published]] = {
    "rulebook": RulebookPublished,
    "policy_set": PolicySetPublished,
}

REJECTED: Mapping[Kind, type[Rejected]] = {
    "rulebook": RulebookRejected,
    "policy_set": PolicySetRejected,
}


def begun(draft: Draft) -> Publication:
    """The stream a text belongs to, when nothing was ever said of it."""
    made = Publication(kind=draft.kind, name=draft.id)
    made.id = stream_of(draft.kind, draft.id)
    return made


def ship(publication: Publication, draft: Draft, *, at: Instant) -> None:
    """Publish a text that comes with the ledger; what is published stays as it is."""
    if draft.version in publication.published:
        return
    _record(publication, draft, (), who=LEDGER, at=at)


def propose(
    publication: Publication, draft: Draft, *, who: Who, at: Instant, disturbs: str | None
) -> None:
    """Put a version forward. The same text again changes nothing.

    *disturbs*: the number of a complaint with a decision it would change.
    """
    _check(publication, draft, disturbs)
    known = publication.published.get(draft.version) or publication.proposed.get(
        draft.version
    )
    if known is not None and known.sha256 == draft.sha256:
        return
    publication.record(
        PROPOSED[draft.kind](
            who=who,
            decided_at=at,
            saw=publication.version,
            id=draft.id,
            version=draft.version,
            text=draft.text,
            sha256=draft.sha256,
            effective_on=draft.effective_on,
            retroactive=draft.retroactive,
        )
    )


def approve(
    publication: Publication, version: int, *, who: Who, at: Instant, disturbs: str | None
) -> None:
    """Publish what somebody else put forward. Once published it says nothing new."""
    if version in publication.published:
        return
    proposal = _waiting(publication, version)
    if proposal.who.persons & who.persons:
        fix = "somebody else than who put it forward approves it"
        raise NotAllowedError(Lack("person", fix))
    draft = Draft(
        kind=publication.kind,
        id=publication.name,
        version=version,
        text=proposal.text,
        sha256=proposal.sha256,
        effective_on=proposal.effective_on,
        retroactive=proposal.retroactive,
    )
    _check(publication, draft, disturbs)
    asked = Approval(by=proposal.who.by, role=proposal.who.role, at=proposal.decided_at)
    given = Approval(by=who.by, role=who.role, at=at)
    _record(publication, draft, (asked, given), who=who, at=at)


def reject(
    publication: Publication, version: int, *, who: Who, at: Instant, reason: str
) -> None:
    """Put aside what waits, with the reason; who put it forward may do so too."""
    _waiting(publication, version)
    publication.record(
        REJECTED[publication.kind](
            who=who,
            decided_at=at,
            saw=publication.version,
            id=publication.name,
            version=version,
            reason=reason,
        )
    )


def _waiting(publication: Publication, version: int) -> Proposed:
    proposal = publication.proposed.get(version)
    if proposal is None:
        raise NotReadyError(Lack("name", "put this version forward first"))
    return proposal


def withdraw(
    publication: Publication,
    version: int,
    *,
    who: Who,
    at: Instant,
    last_day: date,
    reason: str,
) -> None:
    """Let no new complaint come under a version after a day."""
    if version not in publication.published:
        raise NotReadyError(Lack("name", "only a published version can be withdrawn"))
    if last_day < at.date():
        raise InvalidError(Lack("last_day", "name today or a later day"))
    known = publication.withdrawn.get(version)
    if known is not None and known.last_day == last_day:
        return
    publication.record(
        RulebookWithdrawn(
            who=who,
            decided_at=at,
            saw=publication.version,
            id=publication.name,
            version=version,
            last_day=last_day,
            reason=reason,
        )
    )


def _check(publication: Publication, draft: Draft, disturbs: str | None) -> None:
    """Refuse another text under a known name, and one that would change a decision."""
    if draft.id != publication.name:
        raise InvalidError(Lack("id", f"the policy set here is called {publication.name}"))
    known = publication.published.get(draft.version)
    if known is not None and known.sha256 != draft.sha256:
        fix = f"published with another text; call this one version {publication.newest + 1}"
        raise NotAllowedError(Lack("version", fix))
    if known is None and draft.version < publication.newest:
        fix = f"a later one is published; call this one version {publication.newest + 1}"
        raise NotAllowedError(Lack("version", fix))
    if disturbs is not None and draft.retroactive is None:
        fix = f"{disturbs} was decided otherwise since: begin later, or say why"
        raise NotAllowedError(Lack("retroactive", fix))


def _record(
    publication: Publication,
    draft: Draft,
    approvals: tuple[Approval, ...],
    *,
    who: Who,
    at: Instant,
) -> None:
    publication.record(
        PUBLISHED[draft.kind](
            who=who,
            decided_at=at,
            saw=publication.version,
            id=draft.id,
            version=draft.version,
            text=draft.text,
            sha256=draft.sha256,
            effective_on=draft.effective_on,
            retroactive=draft.retroactive,
            approvals=approvals,
        )
    )
