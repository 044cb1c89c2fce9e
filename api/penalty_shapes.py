"""The shapes of bodies and answers about notices and catalogs."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.amount import Amount
from domain.catalog_stream import TEXT_MAX, Terms
from domain.penalty_charges import Nth, Times, Year
from domain.penalty_deeds import NOTICE_DEEDS
from domain.penalty_offence import FactsStated
from domain.penalty_proposal import Amounts, Shares
from domain.rulebooks.catalog import Account
from domain.times import Instant
from domain.words import Code, Line


class OffenceBody(BaseModel):
    """What one person, unit or supplier did, and on which day."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    complaint: Code | None = None  # its number
    account: Account = "employee"
    person: Line  # an employee by pseudonym, as p-0123
    unit: Line | None = None
    role: Code
    act: Code
    on: date
    occasion: Code | None = None
    facts: FactsStated = Field(default_factory=dict)
    occurred_at: Instant | None = None
    precision: Literal["day"] | None = None


class CandidatesBody(BaseModel):
    """An act, and what the authority would set under its clauses."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    offence: OffenceBody
    amounts: Amounts = ()


class CostBody(BaseModel):
    """A cost that somebody bears: an employee, a unit, a supplier or the customer."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    complaint: Code | None = None  # its number
    account: Account
    person: Line
    unit: Line | None = None
    act: Line  # what it is for
    penalty_clause: Line  # by which clause or agreement
    amount: Amount
    basis: UUID | None = None  # the notice it follows from
    shares: Shares | None = None


class PointsBody(BaseModel):
    """Points that a project loses of one year's score."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    year: Year
    row: Code
    deduction: Nth  # counted from one, in the order of the regulation
    times: Times = 1


class ScoreRow(BaseModel):
    """One row of a score; null is not stated, and so no part of the rate."""

    model_config = ConfigDict(title="ScoreRow", extra="forbid")

    row: str
    clause: str
    allotted: int | None
    assumed: bool = Field(description="the maximum is our reading")
    lost: int
    actual: int | None
    zeroed: bool
    asks: list[str] = Field(description="facts that could still make the row zero")
    deductions: list[dict[str, Any]]


class ScoreShown(BaseModel):
    """The annual sheet of a project: every row, and the rate of what is allotted."""

    model_config = ConfigDict(title="ScoreShown", extra="forbid")

    project: str
    name: str
    version: int
    year: int
    rulebook: str
    rows: list[ScoreRow]
    allotted: int
    actual: int
    rate: str | None = Field(description="percent, one decimal; null: nothing is allotted")
    facts: dict[str, bool]
    notices: list[dict[str, Any]]


class Scores(BaseModel):
    """What every project has of its score for a year, before what facts make zero."""

    model_config = ConfigDict(title="Scores", extra="forbid")

    year: int
    projects: list[dict[str, Any]]
    position: int


class CatalogBody(Terms):
    """A version of a penalty catalog: its text, who agreed, who approved, from when."""

    text: Annotated[str, Field(min_length=1, max_length=TEXT_MAX)]


class Candidates(BaseModel):
    """The clauses that fit an act; *covered* is false when none does."""

    model_config = ConfigDict(title="Candidates", extra="forbid")

    catalog: str | None
    covered: bool
    candidates: list[dict[str, Any]]


class NoticeShown(BaseModel):
    """One notice as it stands. Its person is a pseudonym."""

    model_config = ConfigDict(title="NoticeShown", extra="forbid")

    notice: str
    version: int
    complaint_id: str | None
    account: str
    person: str
    role: str | None
    act: str | None
    on: str | None
    facts: dict[str, Any]
    stage: str
    counts: bool
    approved: bool
    reversed: bool
    charge: dict[str, Any] | None
    amount: dict[str, Any] | None
    superseded: list[dict[str, Any]]


class Notices(BaseModel):
    """Notices, and what those that count come to."""

    model_config = ConfigDict(title="Notices", extra="forbid")

    penalties: list[dict[str, Any]]
    totals: list[dict[str, Any]] = Field(description="what counts, by kind and currency")
    superseded: list[dict[str, Any]] = Field(description="clauses that gave way")
    states: dict[str, int] = Field(description="how many stand where")
    compensations: list[dict[str, Any]] = Field(description="what customers were given")
    position: int = Field(description="every event up to here is in these rows")
    next: str | None = None


class Statement(BaseModel):
    """One month of the accounts: its lines, and their sums; nothing in it ever changes."""

    model_config = ConfigDict(title="Statement", extra="forbid")

    month: str
    postings: list[dict[str, Any]]
    by_person: list[dict[str, Any]]
    totals: list[dict[str, Any]]
    unstamped: list[str] = Field(description="notices that need a stamp and bear none")
    compensations: list[dict[str, Any]] = Field(description="what customers were given")
    compensation_totals: list[dict[str, Any]]
    position: int


class CatalogShown(BaseModel):
    """The versions of a catalog, and when the next one is due."""

    model_config = ConfigDict(title="CatalogShown", extra="forbid")

    catalog: str
    version: int
    versions: list[dict[str, Any]]
    update_due: str | None
    overdue: bool


SHAPES: tuple[type[BaseModel], ...] = (
    OffenceBody,
    CandidatesBody,
    CostBody,
    PointsBody,
    ScoreShown,
    Scores,
    CatalogBody,
    Candidates,
    NoticeShown,
    Notices,
    Statement,
    CatalogShown,
    *(deed.shape for deed in NOTICE_DEEDS.values()),
)
