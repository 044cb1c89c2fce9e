"""What is shown of messages from other systems: outcomes, rehearsals, letters."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.openapi import Lack

Kind = Literal["held", "conflict", "malformed", "defect", "expired"]


class OutcomeShown(BaseModel):
    """What became of a message. What does not apply is left out."""

    model_config = ConfigDict(title="OutcomeShown", extra="forbid")

    source: str
    message_id: str
    outcome: Literal["accepted", "duplicate", "held", "refused", "conflict", "malformed"]
    number: str | None = Field(default=None, description="ours, of the complaint")
    version: int | None = None
    position: int | None = Field(default=None, description="reads can wait for it")
    code: str | None = None
    lacks: list[Lack] = []
    recorded_at: AwareDatetime | None = None


class MessageShown(OutcomeShown):
    """The answer that stands, and every answer given under this id, newest first."""

    model_config = ConfigDict(title="MessageShown", extra="forbid")

    history: list[OutcomeShown]


class RehearsalShown(OutcomeShown):
    """What would become of a message, and what would be recorded. Nothing was."""

    model_config = ConfigDict(title="RehearsalShown", extra="forbid")

    dry_run: Literal[True]
    events: list[dict[str, Any]]


class LetterShown(BaseModel):
    """A message that is kept: why, until when, and never what it says."""

    model_config = ConfigDict(title="LetterShown", extra="forbid")

    letter: int
    kind: Kind
    source: str
    message_id: str
    digest: str
    code: str
    lacks: list[Lack]
    waits_for: str | None = Field(description="the source's key of the complaint")
    kept: bool = Field(description="whether it can be driven again")
    kept_until: AwareDatetime
    recorded_at: AwareDatetime
    topic: str | None
    partition: int | None
    offset: int | None


class Letters(BaseModel):
    """Messages that are kept, oldest first."""

    model_config = ConfigDict(title="Letters", extra="forbid")

    letters: list[LetterShown]
    next: str | None = None


SHAPES: tuple[type[BaseModel], ...] = (
    OutcomeShown,
    MessageShown,
    RehearsalShown,
    LetterShown,
    Letters,
)
