"""The shapes of bodies and answers about notices and catalogs."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.catalog_stream import TEXT_MAX, Terms
from domain.penalty_deeds import NOTICE_DEEDS
from domain.penalty_offence import FactsStated
from domain.penalty_proposal import Amounts
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
    CatalogBody,
    Candidates,
    NoticeShown,
    Notices,
    Statement,
    CatalogShown,
    *(deed.shape for deed in NOTICE_DEEDS.values()),
)
