"""Publishing what comes with us: the first start writes it into the ledger itself."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from consumers import library
from consumers.inbound.desk import Opened
from consumers.opening import RULEBOOKS, regulation
from domain.entry import Message
from domain.ledger import Ledger, aside
from domain.rulebooks.approving import begun, ship
from domain.rulebooks.publication import LEDGER, Draft, Publication
from domain.rulebooks.reading import sha256
from infra.logs import log

BATCH_MAX = 50


async def publish_shipped(opened: Opened, *, at: datetime, folder: Path = RULEBOOKS) -> int:
    """Say what this ledger does not have yet; how many texts that were.

    A text that was published stays as it is, whatever the file now says; and a plant with a
    policy set of its own keeps it.
    """
    ledger = opened.ledger
    new = [made for made in await aside(_each, ledger, folder) if _is_wanted(*made)]
    for publication, draft in new:
        ship(publication, draft, at=at)
    entries = [
        ledger.entry(_message(draft), stream, decided_on=stream.version)
        for stream, draft in new
    ]
    for first in range(0, len(entries), BATCH_MAX):
        for answer in await ledger.append(entries[first : first + BATCH_MAX]):
            if isinstance(answer, Exception):
                raise answer  # *moved*: another process of ours begins at this moment too
    return len(new)


def _each(ledger: Ledger, folder: Path) -> list[tuple[Publication, Draft]]:
    """Each text that comes with us, and its stream as it stands."""
    found = []
    for draft in shipped(folder):
        stream = begun(draft)
        kept = ledger.found(stream.id)
        found.append((kept if isinstance(kept, Publication) else stream, draft))
    return found


def _is_wanted(publication: Publication, draft: Draft) -> bool:
    published = publication.published.get(draft.version)
    if published is not None and published.sha256 != draft.sha256:
        file = f"{draft.id}.yaml"
        log.warning("another text is published", file=file, version=draft.version)
    if draft.kind == "policy_set":
        return not publication.published
    return published is None and draft.version > publication.newest


def shipped(folder: Path) -> Iterator[Draft]:
    """Every text in a folder, regulations first."""
    for path in sorted((folder / "files").glob("*.yaml")):
        book = regulation(path)
        yield Draft(
            kind="rulebook",
            id=book.id,
            version=book.version,
            text=path.read_bytes().decode(),
            sha256=book.sha256,
            effective_on=book.effective_on,
        )
    raw = (folder / "policy_sets" / "plant.yaml").read_bytes()
    made = library.policy_set(raw, "plant.yaml")
    yield Draft(
        kind="policy_set",
        id=made.id,
        version=made.version,
        text=raw.decode(),
        sha256=sha256(raw),
    )


def _message(draft: Draft) -> Message:
    """The same text is the same message, whoever begins first."""
    name = f"{draft.kind}:{draft.id}@{draft.version}"
    return Message(LEDGER.source, name, bytes.fromhex(draft.sha256))
