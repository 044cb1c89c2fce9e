"""What is counted over many complaints, and what follows when a count is reached."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Count, Shape, Words

Effect = Literal[
    "alert",
    "regrade",
    "call_meeting",
    "link_complaints",
    "mark_repeat",
    "mark_candidate",
    "score",
    "fine_candidate",
    "discuss",
    "evidence",
]


class Window(Shape):
    """How far back is counted: some months from the newest, or its calendar year."""

    months: Annotated[int, Field(ge=1, le=1_200)] | None = None
    calendar_year: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.months is None) is (self.calendar_year is None):
            raise ValueError("a window is `months` or `calendar_year: true`")
        return self


class Tally(Shape):
    """A count over items that share a key; without a window it never ends."""

    clause: str
    key: Annotated[tuple[str, ...], Field(min_length=1)]
    measure: str = "complaints"  # or a number fact, which is summed
    counts_when: Predicate | None = None
    mode: Literal["total", "after_first"] = "total"
    window: Window | None = None


class Deed(Shape):
    """What follows; by itself where `automatic`, else offered to a person."""

    do: Effect
    role: str | None = None
    automatic: bool = False


class Repeat(Shape):
    """A rule about what returns. Without a threshold it only gathers evidence."""

    name: Words
    clause: str
    tally: str | None = None
    op: Literal[">=", ">"] = ">="
    threshold: Count | None = None
    when: Predicate | None = None
    effects: Annotated[tuple[Deed, ...], Field(min_length=1)]
    applies_to: Literal["all", "trigger", "later"] = "all"
    standing_plan: bool = False

    @model_validator(mode="after")
    def _has_a_reason(self) -> Self:
        if self.tally is None and self.when is None:
            raise ValueError("a repeat rule needs a `tally`, or `when`")
        if self.tally is None and self.threshold is not None:
            raise ValueError("a `threshold` needs its `tally`")
        gathers = all(deed.do in {"evidence", "discuss"} for deed in self.effects)
        if self.tally is not None and self.threshold is None and not gathers:
            raise ValueError("without `threshold` it only gives `evidence` or `discuss`")
        return self
