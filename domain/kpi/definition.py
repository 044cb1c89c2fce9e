"""What a figure is: its words, what counts above and below the line, what is left out."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from domain.codec import canonical
from domain.rulebooks.strict import Named, Shape, Words

Measure = Literal[
    "received",
    "marked_repeat",
    "recurred",
    "recorded",
    "recorded_late",
    "batch_unknown",
    "first_contact",
    "open",
    "first_closed",
    "reopened",
    "closed",
    "closed_reached",
    "resolved",
    "resolved_in_month",
    "callback",
    "satisfied",
    "due",
    "in_time",
    "closed_by_due",
    "action_due",
    "action_done",
    "action_undated",
    "pledge_due",
    "pledge_kept",
    "pieces_claimed",
    "pieces_claimed_unknown",
    "pieces_confirmed",
    "pieces_confirmed_unknown",
    "batch_checked",
    "batch_clean",
    "loss",
    "stage_time",
    "handling_time",
    "report",
    "report_accepted",
    "shipped",
    "came_back",
]
Unit = Literal["count", "percent", "per_million", "duration", "money", "stock"]
Group = Literal["volume", "speed", "handling", "customer", "trust"]
Id = Annotated[str, StringConstraints(pattern=r"^KPI-[a-z][a-z0-9-]{1,58}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Months = Annotated[int, Field(ge=1, le=12)]
RATES: frozenset[Unit] = frozenset({"percent", "per_million"})
MEASURES: tuple[str, ...] = get_args(Measure)


class Side(Shape):
    """What stands above or below the line: which contributions, over which months."""

    counts: Measure
    words: Words
    picks: tuple[Label, ...] = ()  # only with one of these labels: a clock, a stage
    months: Months = 1  # this one and those before it
    mean: bool = False  # of these months, not their sum


class Definition(Shape):
    """One figure. Its text is hashed as it stands; a change is a new version."""

    version: Annotated[int, Field(ge=1, le=1_000)]
    name: Words
    formula: Words
    bucket: Words  # by which of its times a contribution falls into a month
    group: Group
    unit: Unit
    numerator: Side
    denominator: Side | None = None
    unknown: Measure | None = None  # what would belong to it if somebody had said it
    excludes: tuple[Label, ...] = ()
    period: Literal["month"] = "month"
    zone: Literal["plant"] = "plant"
    direction: Literal["lower", "higher", "neutral"]
    target: Annotated[int, Field(ge=0)] | None = None  # in tenths of the unit
    sources: tuple[Named, ...]

    @model_validator(mode="after")
    def _a_rate_divides(self) -> "Definition":
        if (self.unit in RATES) != (self.denominator is not None):
            raise ValueError("a rate has a denominator, and nothing else has")
        return self

    @property
    def is_part(self) -> bool:
        """Whether each one above the line is one below it: a share of a hundred."""
        return self.unit == "percent"


class Missing(Shape):
    """A figure that some source names, and that no recorded fact allows."""

    name: Words
    because: Words
    sources: tuple[Named, ...]


class File(Shape):
    """Every figure there is, and every one there is not."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    kpis: dict[Id, Definition]
    superseded: dict[Id, tuple[Definition, ...]] = Field(default_factory=dict)  # for good
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A definition with its name and the hash of its text."""

    id: str
    definition: Definition
    sha256: str

    @property
    def name(self) -> str:
        """As an address and an event have it: `KPI-resolution@1`."""
        return f"{self.id}@{self.definition.version}"


class UnknownKpiError(LookupError):
    """There is no figure of this name."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The figures of an installation, each in its newest version and in all others."""

    newest: Mapping[str, Kpi]
    every: Mapping[str, Kpi]  # by id@version
    missing: tuple[Missing, ...]

    def __getitem__(self, name: str) -> Kpi:
        """By its id, or by its id and version."""
        found = self.newest.get(name) or self.every.get(name)
        if found is None:
            raise UnknownKpiError(name)
        return found

    def __iter__(self) -> Iterator[Kpi]:
        """In the order of the file."""
        return iter(self.newest.values())


def read(data: Mapping[str, Any]) -> Dictionary:
    """The dictionary that a file says; an error names the place in it."""
    file = File.model_validate(_as_tuples(data))
    older: Mapping[str, Any] = data.get("superseded", {})
    newest = {
        name: Kpi(name, one, _hash(data["kpis"][name])) for name, one in file.kpis.items()
    }
    before = [
        Kpi(name, one, _hash(older[name][nth]))
        for name, versions in file.superseded.items()
        for nth, one in enumerate(versions)
    ]
    every = {one.name: one for one in (*before, *newest.values())}
    if len(every) < len(before) + len(newest):
        raise ValueError("a version of a figure comes twice")
    return Dictionary(newest, every, file.missing)


def _hash(words: Any) -> str:  # noqa: ANN401  # the file's own words
    return hashlib.sha256(canonical(words)).hexdigest()


def _as_tuples(words: Any) -> Any:  # noqa: ANN401  # the file's own words
    match words:
        case dict():
            return {name: _as_tuples(one) for name, one in words.items()}
        case list():
            return tuple(_as_tuples(one) for one in words)
        case _:
            return words
