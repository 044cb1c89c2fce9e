"""Rulebooks as data, and the ones that a complaint is pinned to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from domain.errors import Lack, NotAllowedError
from domain.event import Stream, Who
from domain.rulebooks.approvals import Approval, Escalation
from domain.rulebooks.clocks import Clock
from domain.rulebooks.facts import CORE, Subject
from domain.rulebooks.gates import Closure
from domain.rulebooks.grades import Grading
from domain.rulebooks.keeping import (
    Access,
    Duty,
    Form,
    HoldPoint,
    Indicator,
    Keeping,
    Numbering,
    Stage,
)
from domain.rulebooks.money import Compensation, Penalties, Scorecard
from domain.rulebooks.people import Intake, RoleName, Scope, Speaker
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.screening import Outcome, Screening
from domain.rulebooks.strict import Key, Named, Remark, Shape, Words
from domain.rulebooks.tallies import Repeat, Tally

# A role of a regulation → the roles of ours that act in it. A role acts for itself too.
Acting = Mapping[str, Sequence[str]]
NOBODY_ELSE: Acting = {}
KEPT_MAX = 200  # rulebooks a process keeps; an older one is read again


class Question(Shape):
    """A fact that a regulation asks for, and how a page asks it."""

    kind: Literal["flag", "number", "code", "date", "money"]
    question: Words
    values: tuple[str, ...] = ()
    subject: Subject = "complaint"

    @model_validator(mode="after")
    def _a_code_has_values(self) -> Self:
        if (self.kind == "code") is not bool(self.values):
            raise ValueError("a code has `values`, nothing else has")
        return self


class Declares(Shape):
    """What a regulation brings along beyond the core facts."""

    facts: dict[Key, Question] = Field(default_factory=dict)
    duties: dict[Key, Words] = Field(default_factory=dict)  # its own acts
    criteria: dict[Key, Words] = Field(default_factory=dict)  # headings of evidence


class Assumed(Shape):
    """A value the source does not state plainly, and how we read it."""

    path: str
    why: Remark


class Gap(Shape):
    """Something the source leaves open; shown as not stated."""

    where: str
    what: Remark


class Rulebook(Shape):
    """One version of one regulation. What it is silent about is left out."""

    schema_: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    title: Words
    source: Named
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""  # of the file's bytes
    issued_on: date | None
    effective_on: date | None
    governs_by: Literal["received", "occurred"] = "received"
    calendar: Key = "cn"
    scope: Scope = Scope(subjects=("complaint",))
    declares: Declares = Declares()
    roles: dict[Key, RoleName] = Field(default_factory=dict)
    intake: Intake | None = None
    spokesperson: tuple[Speaker, ...] = ()
    screening: Screening | None = None
    tallies: dict[Key, Tally] = Field(default_factory=dict)
    grading: Grading | None = None
    clocks: dict[Key, Clock] = Field(default_factory=dict)
    repeats: dict[Key, Repeat] = Field(default_factory=dict)
    closure: Closure | None = None
    approvals: dict[Key, Approval] = Field(default_factory=dict)
    escalation: Escalation | None = None
    penalties: Penalties | None = None
    compensation: Compensation | None = None
    scorecard: Scorecard | None = None
    causes: dict[Key, Words] = Field(default_factory=dict)
    stages: dict[Key, Stage] = Field(default_factory=dict)
    numbering: Numbering | None = None
    duties: dict[Key, Duty] = Field(default_factory=dict)
    archive: tuple[Keeping, ...] = ()
    access: Access | None = None
    forms: dict[Key, Form] = Field(default_factory=dict)
    hold_points: dict[Key, HoldPoint] = Field(default_factory=dict)
    kpis: dict[Key, Indicator] = Field(default_factory=dict)
    assumed: tuple[Assumed, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def name(self) -> str:
        """rulebook@version, as events cite it."""
        return f"{self.id}@{self.version}"

    def questions(self) -> dict[str, Question]:
        """What a page asks about a complaint: core facts its rules need, then its own."""
        needed = dict.fromkeys(
            name for _, when in predicates(self) for name in when.facts()
        )
        core = [CORE[name] for name in needed if name in CORE and CORE[name].asked]
        asked = {
            fact.name: Question.model_validate(
                {"kind": fact.kind, "question": fact.label, "values": fact.values}
            )
            for fact in core
        }
        own = self.declares.facts.items()
        return asked | {name: fact for name, fact in own if fact.subject == "complaint"}

    def screened(self, outcome: str) -> Outcome:
        """One outcome of screening; refused with those there are."""
        known = self.screening.outcomes if self.screening else {}
        if outcome not in known:
            raise NotAllowedError(Lack("outcome", f"choose one of {', '.join(known)}"))
        return known[outcome]

    def check_cause(self, code: str) -> None:
        """Refuse a cause code the regulation does not have, if it has any."""
        if self.causes and code not in self.causes:
            raise NotAllowedError(Lack("causes", f"choose one of {', '.join(self.causes)}"))


def predicates(part: object, path: str = "") -> Iterator[tuple[str, Predicate]]:
    """Every condition in a part of a rulebook, with its path."""
    if isinstance(part, Predicate):
        yield path, part
    else:
        for step, inner in parts(part):
            yield from predicates(inner, f"{path}.{step}" if path else step)


def parts(part: object) -> Iterator[tuple[str, object]]:
    """The parts of a part; one of a list goes by its code, else by its number."""
    if isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield field.alias or name, getattr(part, name)
    elif isinstance(part, Mapping):
        yield from part.items()
    elif isinstance(part, tuple):
        for nth, inner in enumerate(part):
            yield str(getattr(inner, "code", nth)), inner


def read(data: Mapping[str, Any], sha256: str = "") -> Rulebook:
    """Make a rulebook of plain data; every clause in it becomes rulebook@version#clause."""
    cited = _cited(data, f"{data.get('id')}@{data.get('version')}")
    return Rulebook.model_validate({**cited, "sha256": sha256})


def _cited(part: Any, name: str) -> Any:  # noqa: ANN401  # plain data has any shape
    if isinstance(part, Mapping):
        return {
            key: f"{name}#{value}"
            if key == "clause" and isinstance(value, str)
            else _cited(value, name)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return tuple(_cited(item, name) for item in part)
    return part


class Rules:
    """The rulebook versions one complaint is pinned to, by topic and by scheme.

    *acting*: which of our own roles act for a role of a regulation at this plant.
    """

    def __init__(
        self,
        by_topic: Mapping[str, Rulebook],
        acting: Acting = NOBODY_ELSE,
        every: "Rulebooks | None" = None,
    ) -> None:
        self._by_topic = by_topic
        self._acting = acting
        self._every = every

    def on(self, topic: str) -> Rulebook:
        """The regulation that governs a topic; refused when none does."""
        if topic not in self._by_topic:
            raise NotAllowedError(Lack(topic, "no regulation in force governs this"))
        return self._by_topic[topic]

    def get(self, topic: str) -> Rulebook | None:
        """The same, or `None` when none does."""
        return self._by_topic.get(topic)

    def scheme(self, scheme: str) -> Grading:
        """The grades of one regulation that governs this complaint."""
        grading = self.regulation(scheme).grading
        assert grading is not None
        return grading

    def regulation(self, scheme: str) -> Rulebook:
        """The regulation whose scheme of grades it is; refused when it does not govern."""
        for topic, rulebook in self._by_topic.items():
            money = topic in {"fines", "scores", "compensation"}  # these grade nothing
            if not money and rulebook.id == scheme and rulebook.grading:
                return rulebook
        raise NotAllowedError(Lack("scheme", "the complaint is not under this regulation"))

    def schemes(self) -> Mapping[str, Grading]:
        """The scheme that grades this complaint; another topic's book is not asked."""
        book = self._by_topic.get("grading")
        return {book.id: book.grading} if book and book.grading else {}

    def books(self) -> tuple[Rulebook, ...]:
        """Every regulation that governs this complaint, each once."""
        return tuple({book.name: book for book in self._by_topic.values()}.values())

    def speaking_of(self, decision: str) -> Rulebook | None:
        """The regulation that says how this is decided; the one for approvals first."""
        first = self._by_topic.get("approvals")
        books = [first] if first else [*self._by_topic.values()]
        return next((book for book in books if decision in book.approvals), None)

    def acts_as(self, who: Who, wanted: str) -> bool:
        """Whether they may act in that role of a regulation."""
        return who.holds(wanted, self._acting.get(wanted, ()))

    def closing(self) -> Closure:
        """What has to be so before the work may end."""
        closure = self.on("closure").closure
        if closure is None:
            raise NotAllowedError(
                Lack("closure", "this regulation says nothing of closing")
            )
        return closure

    def published(self, name: str) -> Rulebook:
        """Any published version by its name; refused when there is none."""
        try:
            return (self._every or Rulebooks(()))[name]
        except KeyError as error:
            fix = "name a rulebook and its version, as in S46@1"
            raise NotAllowedError(Lack("rulebook", fix)) from error


class Rulebooks:
    """Every published version, looked up in the store once and then kept.

    *find* asks the store; what the store has not, the program may have brought. *acting*
    says who acts for the roles of regulations at this plant.
    """

    def __init__(
        self,
        shipped: Iterable[Rulebook],
        acting: Acting = NOBODY_ELSE,
        find: Callable[[str], Rulebook | None] = lambda _name: None,
    ) -> None:
        self._shipped = {rulebook.name: rulebook for rulebook in shipped}
        self._acting = acting
        self._find = find
        self._kept: dict[str, Rulebook] = {}

    def __iter__(self) -> Iterator[Rulebook]:
        """Those that come with the program."""
        return iter(self._shipped.values())

    def __getitem__(self, name: str) -> Rulebook:
        if name not in self._kept:
            found = self._find(name) or self._shipped[name]
            if len(self._kept) >= KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = found
        return self._kept[name]

    def of(self, stream: Stream) -> Rules:
        """What governs this stream: the versions pinned in its first event."""
        by_topic = {topic: self[name] for topic, name in stream.rulebooks.items()}
        return Rules(by_topic, self._acting, self)
