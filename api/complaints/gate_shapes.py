"""What is answered about closing: each gate, signature, rung, paper and stage."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Said(_Shape):
    """The same in both languages."""

    zh: str
    en: str


class NamedRole(_Shape):
    """A role as the regulation calls it."""

    role: str
    name: Said


class Missing(_Shape):
    """One thing that keeps it open, as the refusal to close would name it."""

    field: str
    fix: str
    clause: str


class Progress(_Shape):
    """How far something that is counted has come."""

    done: int
    of: int
    percent: int


class GateShown(_Shape):
    """One gate."""

    name: str
    title: Said
    clause: str
    open: bool
    applies: bool = Field(description="false: it is not asked for in this complaint")
    why: Said = Field(description="what opened it, or what is missing")
    progress: Progress | None = Field(description="batches, criteria or signatures")
    counts: list[int] = Field(description="of a counter, after each check")
    lacking: list[str] = Field(description="criteria, roles, facts or clocks, by name")
    until: str | None = Field(description="the last day of a watch")
    by: list[int] = Field(description="versions of the events it rests on")


class ChainShown(_Shape):
    """One decision that has to be signed."""

    decision: str
    title: Said
    clause: str
    proposed: bool
    signed: int
    of: int
    complete: bool
    executed: bool
    next: list[NamedRole] = Field(description="who may sign now")


class LadderShown(_Shape):
    """Where it stands on the ladder of its regulation."""

    clause: str
    at: str
    next: list[str] = Field(description="rungs that may be asked, the nearest first")


class SpeakerShown(_Shape):
    """Who speaks to the customer."""

    roles: list[NamedRole]
    clause: str


class FilingShown(_Shape):
    """What one role has to file."""

    role: NamedRole
    keeps: list[str]
    lacking: list[str]
    filed: int | None = Field(description="the version of the event that says so")
    due: None = Field(description="no source says by when")
    retention_years: int | None = Field(description="null: not stated")
    clause: str


class CountsShown(_Shape):
    """What the complaint counts in, by its screening."""

    figures: bool
    clocks: bool
    repeats: bool
    clause: str


class StageShown(_Shape):
    """One row of the tracking sheet."""

    stage: str
    title: Said
    clause: str
    at: AwareDatetime | None
    by: str | None
    version: int | None
    seconds: int | None = Field(description="since the stage before")


class Gates(_Shape):
    """Whether a complaint can be closed, and all that goes with it."""

    number: str
    version: int
    closed: bool
    may_close: bool
    cycle: int = Field(description="of action")
    missing: list[Missing]
    gates: list[GateShown]
    approvals: list[ChainShown]
    escalation: LadderShown | None
    speaks: list[SpeakerShown]
    archive: list[FilingShown]
    counts: CountsShown
    stages: list[StageShown]


SHAPES: tuple[type[BaseModel], ...] = (Gates,)
