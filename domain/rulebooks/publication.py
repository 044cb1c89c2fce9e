"""Publication: a regulation or policy set becomes one that governs, version by version."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from pydantic import Field

from domain.event import ActorId, Decision, Event, Role, Stream, Value, Who
from domain.times import Instant
from domain.words import Digest, Text

Kind = Literal["rulebook", "policy_set"]
OURS = UUID("6d1a3e0e-8f6b-4c57-9a63-2f1de0a9c6b4")  # names every such stream; for ever
LEDGER = Who(by="s-ledger", role="service", source="ledger")  # publishes what comes with us

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
Version = Annotated[int, Field(ge=1, le=1_000_000)]
DOCUMENT_MAX = 50_000
Document = Annotated[
    str, Field(min_length=1, max_length=DOCUMENT_MAX)
]  # YAML, as it was sent


def stream_of(kind: Kind, name: str = "") -> UUID:
    """The stream of a regulation, by its id; of policy sets there is one, by any name."""
    return uuid5(OURS, f"{kind}:{name}" if kind == "rulebook" else kind)


class Approval(Value):
    """Who put forward or approved a text, and when."""

    by: ActorId
    role: Role
    at: Instant


@dataclass(kw_only=True)
class Publication(Stream):
    """Every version of one text: those put forward, those in force, those withdrawn."""

    kind: Kind
    name: str
    proposed: dict[int, "Proposed"] = field(default_factory=dict)
    published: dict[int, "Published"] = field(default_factory=dict)
    withdrawn: dict[int, "Withdrawn"] = field(default_factory=dict)
    log: list["Event"] = field(default_factory=list)  # all of it, for those who read

    @property
    def newest(self) -> int:
        """The highest version that was published; 0 when none was."""
        return max(self.published, default=0)

    def keep(self, event: Event) -> None:
        """Remember it."""
        self.log.append(event)


class _About(Decision):
    KIND: ClassVar[Kind]

    id: Id
    version: Version

    def begin(self) -> Publication:
        """The publication that begins here."""
        return Publication(kind=self.KIND, name=self.id)

    def claims(self) -> tuple[tuple[str, str], ...]:
        """So that all of a kind can be listed; the first event of each claims its id."""
        return ((self.KIND, self.id),) if self.originator_version == 1 else ()


class Proposed(_About):
    """Somebody puts a text forward; another person has to approve it."""

    text: Document
    sha256: Digest  # of its bytes
    effective_on: date | None = None  # the day it states, else the day its sender states
    retroactive: str | None = None  # why it may govern what was already decided

    def apply(self, publication: Publication) -> None:
        """It waits; an earlier proposal of this version is void."""
        publication.proposed[self.version] = self


class Published(_About):
    """This text is the version, for ever. The text in this event is the truth."""

    text: Document
    sha256: Digest
    effective_on: date | None = None
    retroactive: str | None = None
    approvals: tuple[Approval, ...] = ()  # none: it came with the ledger

    def apply(self, publication: Publication) -> None:
        """It is in force."""
        publication.proposed.pop(self.version, None)
        publication.published[self.version] = self


class Rejected(_About):
    """Somebody does not want what was put forward, or takes back their own."""

    reason: str

    def apply(self, publication: Publication) -> None:
        """It waits no longer; it may be put forward again."""
        publication.proposed.pop(self.version, None)


class Withdrawn(_About):
    """No new complaint comes under this version after its last day."""

    last_day: date
    reason: str

    def apply(self, publication: Publication) -> None:
        """It governs nothing that is new."""
        publication.withdrawn[self.version] = self


class RulebookProposed(Proposed):
    """Somebody puts a version of a regulation forward; another person has to approve it."""

    TOPIC = "rulebook.proposed"
    KIND = "rulebook"


class RulebookPublished(Published):
    """This text is that version of the regulation, for ever."""

    TOPIC = "rulebook.published"
    KIND = "rulebook"


class RulebookRejected(Rejected):
    """Somebody does not want this version of a regulation, and says why."""

    TOPIC = "rulebook.rejected"
    KIND = "rulebook"


class RulebookWithdrawn(Withdrawn):
    """No new complaint comes under this version of the regulation after its last day."""

    TOPIC = "rulebook.withdrawn"
    KIND = "rulebook"


class PolicySetProposed(Proposed):
    """Somebody puts a version of the policy set forward; another person approves it."""

    TOPIC = "policy_set.proposed"
    KIND = "policy_set"


class PolicySetPublished(Published):
    """From now on this version of the policy set says which rulebook governs what."""

    TOPIC = "policy_set.published"
    KIND = "policy_set"


class PolicySetRejected(Rejected):
    """Somebody does not want this version of the policy set, and says why."""

    TOPIC = "policy_set.rejected"
    KIND = "policy_set"


Step = Proposed | Published | Rejected | Withdrawn


class Draft(Value):
    """A text that was read and found in order, as somebody sends it."""

    kind: Kind
    id: Id
    version: Version
    text: Document
    sha256: Digest
    effective_on: date | None = None
    retroactive: Text | None = None
