"""Rulebooks as data, and the ones that a complaint is pinned to."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from domain.errors import Lack, NotAllowedError
from domain.event import Stream
from domain.rulebooks.gates import Closure, Outcome, Screening
from domain.rulebooks.grades import Grading
from domain.rulebooks.strict import Named, Shape, Words


class Question(Shape):
    """A fact that a regulation declares, and how a page asks for it."""

    kind: Literal["flag", "number", "code", "date"]
    question: Words
    values: tuple[str, ...] = ()


class Declares(Shape):
    """What a regulation brings along beyond the core facts."""

    facts: dict[str, Question] = Field(default_factory=dict)


class RoleName(Shape):
    """A role as the regulation calls it."""

    name: Words
    aliases: tuple[str, ...] = ()


class Assumed(Shape):
    """A value the source does not state plainly, and how we read it."""

    path: str
    why: Named


class Gap(Shape):
    """Something the source leaves open; shown as not stated."""

    where: str
    what: Named


class Rulebook(Shape):
    """One version of one regulation."""

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")
    version: int = Field(ge=1)
    title: Words
    source: str
    issued_on: date | None
    effective_on: date | None
    governs_by: Literal["received", "occurred"] = "received"
    declares: Declares = Declares()
    roles: dict[str, RoleName] = Field(default_factory=dict)
    screening: Screening | None = None
    grading: Grading | None = None
    closure: Closure | None = None
    causes: dict[str, Words] = Field(default_factory=dict)
    assumed: tuple[Assumed, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def name(self) -> str:
        """rulebook@version, as events cite it."""
        return f"{self.id}@{self.version}"

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


def read(data: Mapping[str, Any]) -> Rulebook:
    """Make a rulebook of plain data; every clause in it becomes rulebook@version#clause."""
    cited = _cited(data, f"{data.get('id')}@{data.get('version')}")
    return Rulebook.model_validate(cited, strict=False)


def _cited(part: Any, name: str) -> Any:  # noqa: ANN401  # plain data has any shape
    if isinstance(part, Mapping):
        return {
            key: f"{name}#{value}" if key == "clause" else _cited(value, name)
            for key, value in part.items()
        }
    return [_cited(item, name) for item in part] if isinstance(part, list) else part


class Rules:
    """The rulebook versions one complaint is pinned to, by topic and by scheme."""

    def __init__(self, by_topic: Mapping[str, Rulebook]) -> None:
        self._by_topic = by_topic

    def on(self, topic: str) -> Rulebook:
        """The regulation that governs a topic; refused when none does."""
        if topic not in self._by_topic:
            raise NotAllowedError(Lack(topic, "no regulation in force governs this"))
        return self._by_topic[topic]

    def scheme(self, scheme: str) -> Grading:
        """The grades of one regulation that governs this complaint."""
        for rulebook in self._by_topic.values():
            if rulebook.id == scheme and rulebook.grading:
                return rulebook.grading
        raise NotAllowedError(Lack("scheme", "the complaint is not under this regulation"))

    def schemes(self) -> Mapping[str, Grading]:
        """Every scheme of grades that governs this complaint."""
        books = self._by_topic.values()
        return {book.id: book.grading for book in books if book.grading}

    def closing(self) -> Closure:
        """What has to be so before the work may end."""
        closure = self.on("closure").closure
        if closure is None:
            raise NotAllowedError(
                Lack("closure", "this regulation says nothing of closing")
            )
        return closure


class PolicySet(Shape):
    """Which rulebook version governs what, at one plant."""

    id: str
    version: int
    topics: dict[str, str]  # topic → rulebook@version

    @property
    def name(self) -> str:
        """Policy set@version, as `received` pins it."""
        return f"{self.id}@{self.version}"


class Rulebooks:
    """Every published version."""

    def __init__(self, rulebooks: Iterable[Rulebook]) -> None:
        self._by_name = {rulebook.name: rulebook for rulebook in rulebooks}

    def __getitem__(self, name: str) -> Rulebook:
        return self._by_name[name]

    def of(self, stream: Stream) -> Rules:
        """What governs this stream: the versions pinned in its first event."""
        return Rules(
            {topic: self._by_name[name] for topic, name in stream.rulebooks.items()}
        )
