"""The shapes of answers about figures."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from domain.kpi.definition import Kpi, Missing
from domain.kpi.figure import Figure

NO_VALUE = "null is no value, and not zero; `because` says why"


class Around(BaseModel):
    """A 95 % interval, in the unit of the value."""

    model_config = ConfigDict(title="Around", extra="forbid")

    low: str
    high: str


class FigureShown(BaseModel):
    """One figure of one month."""

    model_config = ConfigDict(title="FigureShown", extra="forbid")

    kpi: str = Field(description="id@version")
    sha256: str = Field(description="of the text of its definition")
    month: str
    unit: str
    value: str | None = Field(description=NO_VALUE)
    numerator: int
    denominator: str | None
    excluded: int
    unknown: int
    interval: Around | None
    nine_of_ten: int | None = Field(description="of times: nine in ten took no longer")
    because: str | None
    name: dict[str, str]
    lines: dict[str, str] = Field(description="where what is counted stands, part by part")


class Figures(BaseModel):
    """Every figure of a month, and those that nothing recorded allows."""

    model_config = ConfigDict(title="Figures", extra="forbid")

    month: str
    at: str
    position: int = Field(description="every event up to here is in them")
    figures: list[FigureShown]
    missing: list[dict[str, Any]]


class FigureOf(BaseModel):
    """One figure, its definition, and the months before it."""

    model_config = ConfigDict(title="FigureOf", extra="forbid")

    figure: FigureShown
    definition: dict[str, Any]
    trend: list[FigureShown]
    position: int


class FigureLines(BaseModel):
    """Exactly what is counted in one part of a figure."""

    model_config = ConfigDict(title="FigureLines", extra="forbid")

    kpi: str
    month: str
    part: str
    position: int
    lines: list[dict[str, Any]]


class Changes(BaseModel):
    """Why the value known now is not the one that was shown: line by line."""

    model_config = ConfigDict(title="Changes", extra="forbid")

    published: list[dict[str, Any]] = Field(description="first to last; none: never")
    known: FigureShown
    changes: list[dict[str, Any]]
    position: int


SHAPES: tuple[type[BaseModel], ...] = (
    Figures,
    FigureShown,
    FigureOf,
    FigureLines,
    Changes,
)
PARTS = ("numerator", "denominator", "excluded", "unknown")


def figure_as_json(kpi: Kpi, month: str, figure: Figure) -> dict[str, Any]:
    """A figure in the words of JSON; decimals are text, so that none is rounded."""
    around = figure.interval
    below = figure.denominator
    return {
        "kpi": kpi.name,
        "sha256": kpi.sha256,
        "month": month,
        "unit": kpi.definition.unit,
        "value": None if figure.value is None else str(figure.value),
        "numerator": figure.numerator,
        "denominator": None if below is None else f"{below:f}",
        "excluded": figure.excluded,
        "unknown": figure.unknown,
        "interval": around and {"low": f"{around.low:.2f}", "high": f"{around.high:.2f}"},
        "nine_of_ten": figure.nine_of_ten,
        "because": figure.because,
        "name": kpi.definition.name.model_dump(),
        "lines": {part: f"/kpis/{kpi.name}/{month}/{part}" for part in parts_of(kpi)},
    }


def parts_of(kpi: Kpi) -> list[str]:
    """The parts a figure has."""
    there = {
        "denominator": kpi.definition.denominator is not None,
        "unknown": kpi.definition.unknown is not None,
    }
    return [part for part in PARTS if there.get(part, True)]


def missing_as_json(missing: Missing) -> dict[str, Any]:
    """A figure that there is not, and why."""
    said: dict[str, Any] = missing.model_dump(mode="json")
    return said
