"""A source profile, a file for each system: how its words become ours."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from consumers.inbound.fields import FieldMap, Place, Strict, check_target
from domain import kinds
from domain.complaint.intake import Origin
from domain.complaint.reception import Reception
from domain.deeds import DEEDS, Deed
from domain.event import ActorId, Role
from domain.times import Zone
from domain.words import Code, Line

RECEIVED = "complaint.received"
SITE_YEAR = "C-{year}-"
NAMES_TAKEN = {"web", "library", "http", "unreadable"}  # other senders of our inbox

# No colon: what stands before one in the inbox is never another system.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
Pattern = Annotated[str, StringConstraints(pattern=r"^[^*\s]*\*?$", max_length=200)]
Series = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]([A-Z0-9-]|\{year\}){0,20}-$", max_length=40)
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Title(Strict):
    """What people call the system."""

    zh: Line
    en: Line


class ActsAs(Strict):
    """Who the system is in the ledger."""

    by: ActorId | None = None  # s-<source> when it is not said
    role: Role = "service"


class Complaints(Strict):
    """What the system cannot say about a complaint that begins with it."""

    site: Code | None = None  # else the ledger's
    zone: Zone | None = None
    series: Series = SITE_YEAR
    number: Place | None = None  # keep the system's own number instead
    origin: Origin = "live"


class Kind(Strict):
    """What one type of message says in our words."""

    says: str  # complaint.<deed>, or a topic of another kind of stream
    as_: Literal["receive", "fact", "request"] = Field(alias="as")
    subject: Place | None = None  # where the key of the complaint stands, if in the data
    fields: dict[str, FieldMap] | None = None  # none: it speaks our own shape

    @property
    def begins(self) -> kinds.Kind | None:
        """The kind of stream that begins, if it is no complaint."""
        every = kinds.KINDS.values()
        return next((k for k in every if self.says == k.begins.event.TOPIC), None)

    @property
    def deed(self) -> Deed | None:
        """What is said about a complaint or another stream; none when one begins."""
        if self.says in kinds.TOPICS:
            return None if self.begins else kinds.TOPICS[self.says]
        return DEEDS.get(self.says.removeprefix("complaint."))

    @property
    def shape(self) -> type[BaseModel]:
        """The shape of what is said."""
        deed = self.begins.begins if self.begins else self.deed
        return Reception if deed is None else deed.shape

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        words = [*(f"complaint.{name}" for name in ("received", *DEEDS)), *kinds.TOPICS]
        if self.says not in words:
            raise ValueError(f"says one of {', '.join(words)}")
        right = "receive"
        if self.deed is not None:
            right = "fact" if self.deed.is_fact else "request"
        if self.as_ != right:
            raise ValueError(f"{self.says} is a {right}, no {self.as_}")
        for target in self.fields or ():
            if not (target == "version" and right == "request"):
                check_target(self.shape, target)
        return self


class Row(Strict):
    """One message that each row of a file becomes, unless a column says there is none."""

    type: Word
    unless: dict[Word, tuple[str, ...]] = Field(default_factory=dict)


class Rows(Strict):
    """How a file of this system is read."""

    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"] = "utf-8"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    sheet: Word | None = None  # of a workbook; its first when it is not said
    key: Word  # the column that tells the rows apart, for ever
    blank: tuple[str, ...] = ()  # what stands in a cell that says nothing
    messages: tuple[Row, ...] = Field(min_length=1, max_length=20)


class Profile(Strict):
    """One system: its names, its messages, and what we have to know about it."""

    schema_: Literal[1] = Field(alias="schema")
    id: Name
    version: int = Field(ge=1)
    title: Title
    sources: tuple[Pattern, ...] = Field(min_length=1)  # ce_source; a last * for any
    name: Name | None = None  # in our ledger; as it names itself when it is not said
    acts_as: ActsAs = ActsAs()
    complaints: Complaints = Complaints()
    zone: Zone | None = None  # of its times that name none
    codes: dict[str, dict[str, str | int | bool | None]] = Field(default_factory=dict)
    messages: dict[Word, Kind] = Field(min_length=1)
    rows: Rows | None = None

    def troubles(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Where one part speaks of another that is not there, and what is wrong."""
        for word, kind in self.messages.items():
            for target, field in (kind.fields or {}).items():
                if trouble := field.trouble(codes=self.codes, zone=self.zone):
                    yield ("messages", word, "fields", target), trouble
        for row in self.rows.messages if self.rows else ():
            if row.type not in self.messages:
                yield ("rows", "messages"), f"no message is called {row.type}"
            elif self.messages[row.type].fields is None:
                yield ("messages", row.type), "a row has columns: say its fields"
        if self.name in NAMES_TAKEN:
            yield ("name",), f"{self.name} is a name of our own"
