"""The shapes of what is read of a complaint, for the API's description."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Value = Any  # a value, or {"sealed": true}, or {"erased": true}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Actor(_Shape):
    """Who said it, in which role, and which system brought it."""

    by: str
    role: str
    source: str
    acts_as: list[str] | None = Field(default=None, description="in regulations")
    in_place_of: str | None = Field(default=None, description="for whom they stand in")


class Correction(_Shape):
    """One value of an earlier event was wrong; both values stay visible."""

    id: str = Field(description="of the event that was wrong")
    corrects: int
    field: str
    old: Value
    new: Value
    reason: str


class CorrectedBy(_Shape):
    """Where a value of this event was put right."""

    id: str
    version: int
    field: str


class Event(_Shape):
    """One event of a complaint, under its permanent id."""

    id: str = Field(description="number/#version")
    href: str
    version: int
    position: int = Field(description="in the ledger: 1, 2, 3 … without a hole")
    recorded_at: AwareDatetime
    topic: str
    kind: Literal["F", "D", "R"] = Field(description="fact, decision, by the reactor")
    at: AwareDatetime = Field(description="when it happened, or was decided")
    precision: Literal["day"] | None = None
    who: Actor
    clause: str | None = Field(default=None, description="rulebook@version#clause")
    saw: int | None = Field(default=None, description="the version a decision was taken on")
    fields: dict[str, Value] = Field(
        description='what it says; {"sealed": true} stands where your role may not read'
    )
    correction: Correction | None = None
    corrected_by: list[CorrectedBy]


class Events(_Shape):
    """What happened to a complaint, first to last."""

    number: str
    version: int
    events: list[Event]
    next: str | None = None


class Gate(_Shape):
    """One thing that has to be so before the work may end."""

    name: str
    open: bool
    clause: str


class Checkpoint(_Shape):
    """What was signed of the ledger: everything up to a position, and when."""

    size: int
    at: AwareDatetime


class Point(_Shape):
    """A place in the ledger; the same position shows the same for ever."""

    position: int = Field(description="the last one that was looked at")
    recorded_at: AwareDatetime = Field(description="of that position")
    instant: AwareDatetime | None = Field(description="when an instant was asked for")
    occurred_by: AwareDatetime | None = Field(description="nothing that happened later")
    head_position: int = Field(description="of the ledger, when this was asked")
    checkpoint: Checkpoint | None = Field(
        description="the first that seals this position; null: none does yet"
    )


class Standing(_Shape):
    """One complaint as it stands; what nobody has stated is absent or null."""

    number: str
    complaint_id: str
    version: int
    position: int
    recorded_at: AwareDatetime
    closed: bool
    withdrawn: bool
    owner: str | None
    duplicate_of: str | None
    cycle: int
    grades: dict[str, str]
    received: dict[str, Value]
    items: list[dict[str, Any]]
    facts: dict[str, bool | int | str | None]
    loss: dict[str, Any] | None
    rulebooks: dict[str, str]
    gates: list[Gate]
    as_of: Point | None = Field(description="null: it stands so now")


class Change(_Shape):
    """One value that is another one at the second point."""

    field: str = Field(description="its place, as `items.1.quantity`")
    before: Value = Field(description="null is unknown")
    after: Value = Field(description="null is unknown")
    by: int | None = Field(
        description="the version that made it so; null when events were left out,"
        " or when too many lie between"
    )


class Difference(_Shape):
    """Two points of one complaint, and what lies between them."""

    number: str
    before: Point
    after: Point
    changes: list[Change]
    added: list[Event] = Field(description="events seen from the second point only")
    gone: list[Event] = Field(description="events seen from the first point only")


class Complaints(_Shape):
    """A page of the tracking table, and up to where the ledger is in it."""

    complaints: list[dict[str, Any]] = Field(description="null is unknown, not none")
    first: int = Field(description="the first row is this one of the total")
    total: int
    total_is_exact: bool = Field(description="if not, there are more than that")
    position: int = Field(description="every event up to here is in these rows")
    recorded_at: AwareDatetime | None = Field(description="of that position")
    lag_events: int
    lag_seconds: float
    next: str | None = None
    previous: str | None = None


class Criterion(_Shape):
    """One comparison of a grade's condition."""

    name: str = Field(description="of a fact, or of a count over complaints")
    kind: Literal["fact", "tally"]
    op: str
    wanted: Value = Field(description="money in fen")
    other: str | None = Field(description="the fact it is compared with")
    truth: Literal["true", "false", "unknown"]
    presumed: bool = Field(description="counts as false until somebody states it")
    known: bool
    stated: Value = Field(description="null: unknown, or not applicable when known")
    open: int | None = Field(default=None, description="members whose part is unknown")


class Considered(_Shape):
    """One grade of a scheme."""

    code: str
    clause: str
    truth: Literal["true", "false", "unknown"]
    criteria: list[Criterion]


class Asked(_Shape):
    """A question that would settle a missing fact."""

    fact: str
    zh: str
    en: str


class Verdict(_Shape):
    """What one regulation proposes, and why."""

    rulebook: str
    scheme: str
    proposed: str | None
    clause: str | None
    state: Literal["graded", "ungraded", "undetermined"]
    because: list[str]
    boundary: Literal["more_severe", "less_severe"]
    fits_too: list[str]
    might_be: list[str]
    missing: list[str]
    presumed: list[str]
    questions: list[Asked]
    grades: list[Considered]


class Verdicts(_Shape):
    """What the regulations that govern a complaint propose now."""

    number: str
    version: int
    verdicts: list[Verdict]


class Deadline(_Shape):
    """One run of a clock, or one turn of a recurring one."""

    clock: str
    name: dict[str, str]
    clause: str = Field(description="rulebook@version#clause")
    cycle: int = Field(description="which run or turn")
    holder: str | None = Field(description="whose turn it is")
    state: str = Field(description="running, paused, immediate, void, met, late or missed")
    overdue: bool = Field(description="open and past due at `at`")
    starts_at: AwareDatetime
    due_at: AwareDatetime | None = Field(description="null: nothing is due by a number")
    stopped_at: AwareDatetime | None
    provisional: bool = Field(description="rests on a year that is not published")
    late_seconds: int | None
    started_by: int = Field(description="the version of that event")
    stopped_by: int | None
    lapsed_in: int | None = Field(description="the version that says it passed unmet")
    calendar: dict[str, str | int]
    arithmetic: dict[str, Any] = Field(description="each step and each day looked at")
    lines: dict[str, list[str]] = Field(description="the same in words, zh and en")


class Deadlines(_Shape):
    """Every deadline of a complaint, as the ledger recorded it."""

    number: str
    version: int
    at: AwareDatetime = Field(description="the instant overdue is asked of")
    deadlines: list[Deadline]


SHAPES: tuple[type[BaseModel], ...] = (
    Event,
    Events,
    Standing,
    Difference,
    Complaints,
    Verdicts,
    Deadlines,
)
