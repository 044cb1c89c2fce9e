"""Policy sets: which rulebook version governs what, where and since when, at one plant."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.rulebooks.among import EVERY, Among, Some, Truth
from domain.rulebooks.faults import Fault, unknown
from domain.rulebooks.people import ComplaintKind
from domain.rulebooks.rulebook import Rulebook
from domain.rulebooks.strict import Key, Named, Shape, Words
from domain.rulebooks.topics import TOPICS

GovernsBy = Literal["received", "occurred"]
Versioned = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}@[1-9][0-9]{0,6}$")
]


class PolicyLine(Shape):
    """One line: these topics, of complaints in this scope, follow this rulebook version."""

    topics: Annotated[tuple[Key, ...], Field(min_length=1)]
    rulebook: Versioned
    since: date | None = None  # null: from the beginning
    until: date | None = None  # its last day; null: until another version of the set
    sites: Some = EVERY
    product_lines: Some = EVERY
    customers: Some = EVERY
    kinds: Some = EVERY

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` is its last day, and lies before `since`")
        return self

    def scope(self) -> Iterator[tuple[str, Among]]:
        """What it is limited to, by the word of the file."""
        yield "sites", self.sites
        yield "product_lines", self.product_lines
        yield "customers", self.customers
        yield "kinds", self.kinds

    def active(self, day: date) -> bool:
        """Whether it governs on a day."""
        return (self.since or date.min) <= day <= (self.until or date.max)

    def what(self) -> tuple[object, ...]:
        """All it says but when."""
        return (frozenset(self.topics), self.rulebook, *(some for _, some in self.scope()))

    def overlaps(self, other: "PolicyLine") -> bool:
        """Whether both could govern one topic of one complaint."""
        if {*self.topics}.isdisjoint(other.topics):
            return False
        later = max(self.since or date.min, other.since or date.min)
        if later > min(self.until or date.max, other.until or date.max):
            return False
        theirs = dict(other.scope())
        return all(mine.meets(theirs[name]) for name, mine in self.scope())


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a complaint's regulations depend on; `None` is unknown."""

    site: str
    received_on: date
    occurred_on: date | None = None
    product_line: str | None = None
    customer: str | None = None
    kind: str | None = None


class PolicySet(Shape):
    """One version of the policy set. The newest published one is asked, for any day."""

    schema_: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    title: Words
    product_lines: dict[Key, tuple[Named, ...]] = Field(default_factory=dict)
    lines: Annotated[tuple[PolicyLine, ...], Field(min_length=1, max_length=500)]

    @property
    def name(self) -> str:
        """Policy set@version, as `received` pins it."""
        return f"{self.id}@{self.version}"

    def product_line(self, products: Iterable[str | None]) -> str | None:
        """The line all of these products belong to; unknown when it is not one line."""
        if not self.product_lines:
            return None
        of = {
            product: line for line, all_ in self.product_lines.items() for product in all_
        }
        found = {of.get(product) if product else None for product in products}
        return found.pop() if len(found) == 1 else None

    def faults(self) -> Iterator[Fault]:
        """What is wrong with the set by itself: unknown topics, lines that overlap."""
        for nth, line in enumerate(self.lines):
            for topic in line.topics:
                if topic not in TOPICS:
                    yield unknown(f"lines.{nth}.topics", "topic", topic, TOPICS)
            for product_line in (*line.product_lines.only, *line.product_lines.other_than):
                if product_line not in self.product_lines:
                    path = f"lines.{nth}.product_lines"
                    yield unknown(path, "product line", product_line, self.product_lines)
        for (first, one), (second, other) in combinations(enumerate(self.lines), 2):
            if one.overlaps(other):
                both = ", ".join(t for t in other.topics if t in one.topics)
                yield Fault(
                    f"lines.{second}",
                    f"line {second + 1} ({other.rulebook}) and line {first + 1}"
                    f" ({one.rulebook}) both govern {both}",
                    "end one of them with `until`, or part their scopes",
                )

    def governing(self, case: Case, governs_by: Mapping[str, GovernsBy]) -> dict[str, str]:
        """Topic → rulebook@version. What none or no certain line governs is left out."""
        fitting: dict[str, list[tuple[Truth, str]]] = {}
        for line in self.lines:
            by_occurrence = governs_by[line.rulebook] == "occurred"
            day = case.occurred_on if by_occurrence else case.received_on
            if (truth := _fits(line, case, day)) != "false":
                for topic in line.topics:
                    fitting.setdefault(topic, []).append((truth, line.rulebook))
        return {
            topic: found[0][1]
            for topic, found in fitting.items()
            if len(found) == 1 and found[0][0] == "true"
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy set, with the time each of its rulebooks goes by."""

    policy_set: PolicySet
    governs_by: Mapping[str, GovernsBy]

    @classmethod
    def of(cls, policy_set: PolicySet, books: Callable[[str], Rulebook]) -> Self:
        """The set beside the rulebooks its lines name."""
        names = {line.rulebook for line in policy_set.lines}
        return cls(policy_set, {name: books(name).governs_by for name in names})

    @property
    def name(self) -> str:
        """Policy set@version."""
        return self.policy_set.name

    def governing(self, case: Case) -> dict[str, str]:
        """Topic → rulebook@version, for one complaint."""
        return self.policy_set.governing(case, self.governs_by)


class Policies:
    """The policy set that governs, as this process last saw it in the store."""

    def __init__(
        self,
        shipped: Policy,
        newer: Callable[[int], tuple[int, Policy | None]] = lambda _: (0, None),
    ) -> None:
        """*newer* asks the store what came after a version of the set's stream."""
        self._current = shipped
        self._newer = newer
        self._seen = 0

    @property
    def current(self) -> Policy:
        """As it was when somebody last looked."""
        return self._current

    def look(self) -> Policy:
        """As it is now. It waits for the store, so it is called in a thread."""
        seen, found = self._newer(self._seen)
        self._current, self._seen = found or self._current, seen
        return self._current


def _fits(line: PolicyLine, case: Case, day: date | None) -> Truth:
    """Whether a line governs this case; an unknown part leaves it to a person."""
    of = {
        "sites": case.site,
        "product_lines": case.product_line,
        "customers": case.customer,
        "kinds": case.kind,
    }
    parts = [_in_time(line, day), *(s.holds(of[name]) for name, s in line.scope())]
    if "false" in parts:
        return "false"
    return "unknown" if "unknown" in parts else "true"


def _in_time(line: PolicyLine, day: date | None) -> Truth:
    if line.since is None and line.until is None:
        return "true"
    if day is None:
        return "unknown"
    return "true" if line.active(day) else "false"


def differs_from(old: PolicySet, new: PolicySet) -> date | None:
    """The first day on which two sets do not say the same; `None` when there is none."""
    turns = {date.min}
    for line in (*old.lines, *new.lines):
        turns |= {line.since} if line.since else set()
        turns |= {line.until + timedelta(days=1)} if line.until else set()
    for day in sorted(turns):
        said = [
            {line.what() for line in one.lines if line.active(day)} for one in (old, new)
        ]
        if said[0] != said[1] or (old.product_lines != new.product_lines):
            return day
    return None


def against(books: Mapping[str, Rulebook], policy: PolicySet) -> Iterator[Fault]:
    """What is wrong with the set beside the rulebooks it names."""
    for nth, line in enumerate(policy.lines):
        book = books.get(line.rulebook)
        if book is None:
            yield unknown(
                f"lines.{nth}.rulebook", "published rulebook", line.rulebook, books
            )
            continue
        for topic in line.topics:
            if topic in TOPICS and not getattr(book, TOPICS[topic]):
                fix = f"take {topic} out, or name a rulebook that speaks of it"
                yield Fault(f"lines.{nth}.topics", f"{book.name} says nothing of it", fix)
        if book.effective_on and (line.since is None or line.since < book.effective_on):
            problem = f"{book.name} is in force from {book.effective_on} on"
            yield Fault(f"lines.{nth}.since", problem, "begin on that day or later")
        made_for: tuple[ComplaintKind, ...] = book.scope.complaint_kinds
        for kind in line.kinds.only:
            if made_for and kind not in made_for:
                yield unknown(f"lines.{nth}.kinds", f"kind in {book.name}", kind, made_for)


def read(data: Mapping[str, Any]) -> PolicySet:
    """Make a policy set of plain data; lists of a file are taken as they come."""
    return PolicySet.model_validate(_tuples(data))


def _tuples(part: Any) -> Any:  # noqa: ANN401  # plain data has any shape
    if isinstance(part, Mapping):
        return {key: _tuples(value) for key, value in part.items()}
    return tuple(_tuples(one) for one in part) if isinstance(part, list) else part
