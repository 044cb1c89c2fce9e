"""The language of scenarios: what is given and what is said, once for every way to run it.

A story is a list of steps about complaints that it calls by short names. How it is told (in
the domain alone, over HTTP on a real database) is nobody's business here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol, Self
from zoneinfo import ZoneInfo

from consumers.opening import acting, rulebooks
from domain.catalog_stream import CatalogStream
from domain.cluster import Cluster
from domain.complaint.state import Complaint
from domain.deeds import CLUSTER_DEEDS, DEEDS
from domain.penalty import Notice
from domain.penalty_deeds import NOTICE_DEEDS
from domain.rulebooks.policy import Policies, Policy, PolicyLine, PolicySet
from domain.rulebooks.rulebook import Acting, Rulebook, Rulebooks
from domain.rulebooks.strict import Words

SHIPPED = rulebooks()
SHANGHAI = ZoneInfo("Asia/Shanghai")
WHO = "quality_manager"
RECEIVED, ACT = "received", "offence_stated"


def at(text: str) -> datetime:
    """An instant at the plant: `2025-04-30 16:20`, or a day, from its beginning."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def yuan(amount: float) -> dict[str, object]:
    """So many yuan."""
    return {"minor": round(amount * 100), "currency": "CNY"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing said about one complaint, by whom and when; refused for these reasons."""

    about: str
    word: str
    when: datetime
    by: str
    words: Mapping[str, Any]
    refused: frozenset[str] = frozenset()  # the fields of what is lacking; none: taken
    kind: Literal["complaint", "penalty", "cluster"] = "complaint"

    @property
    def kept_number(self) -> str | None:
        """The number a row of another system keeps."""
        number = self.words.get("number") if self.word == RECEIVED else None
        return None if number is None else str(number)

    @property
    def body(self) -> dict[str, Any]:
        """What is sent: the words, and of a later fact when it was."""
        kept = {
            name: v
            for name, v in self.words.items()
            if not self.kept_number or name != "number"
        }
        if self.is_fact and self.word != RECEIVED:
            return {"occurred_at": self.when.isoformat()} | kept
        return kept

    @property
    def is_fact(self) -> bool:
        """A fact is taken whenever it comes."""
        if self.kind == "penalty":
            return NOTICE_DEEDS[self.word].is_fact
        if self.kind == "cluster":
            return CLUSTER_DEEDS[self.word].is_fact
        return self.word == RECEIVED or DEEDS[self.word].is_fact


@dataclass(frozen=True, slots=True)
class Story:
    """What happens, in the order in which it is said, under which regulations."""

    under: Mapping[str, str]  # topic → rulebook@version
    steps: tuple[Step, ...] = ()
    since: date | None = None  # the first day these regulations govern
    books: tuple[Rulebook, ...] = ()  # as a plant may put them otherwise
    acting: Acting = field(default_factory=dict)  # role of a regulation → roles of ours
    catalogs: tuple[tuple[str, date], ...] = ()  # text, the day it was approved

    def then(self, *steps: Step) -> Self:
        """The same story, told further."""
        return replace(self, steps=(*self.steps, *steps))

    def turned(self) -> Self:
        """The same facts, recorded newest first; decisions after them, in their order."""
        received = [step for step in self.steps if step.word == RECEIVED]
        facts = [s for s in self.steps if s.is_fact and s.word != RECEIVED]
        decided = [step for step in self.steps if not step.is_fact]
        assert not any(step.refused for step in self.steps), "a refusal knows its order"
        return replace(self, steps=(*received[::-1], *facts[::-1], *decided))

    def at(self, **plant: Any) -> Self:
        """The same story at a plant with its own texts, days and roles."""
        return replace(self, **plant)

    def library(self) -> Rulebooks:
        """Every regulation there is at this plant."""
        return Rulebooks([*SHIPPED, *self.books], {**acting(), **self.acting})

    def policies(self) -> Policies:
        """The policy set that puts the complaints under these regulations."""
        lines = tuple(
            PolicyLine(topics=(topic,), rulebook=name, since=self.since)
            for topic, name in self.under.items()
        )
        title = Words(zh="测试", en="a test")
        made = PolicySet(schema=1, id="scenario", version=1, title=title, lines=lines)
        return Policies(Policy.of(made, self.library().__getitem__))

    def names(self) -> Iterable[str]:
        """The complaints it is about, in the order they are received."""
        return [step.about for step in self.steps if step.word == RECEIVED]


def story(*steps: Step, **under: str) -> Story:
    """A story under these regulations: `grading="S46@1"`."""
    return Story(under, steps)


def received(about: str, when: str, **words: Any) -> Step:
    """Somebody complains. Of the item nothing is known unless it is said."""
    body = {"items": [{}], "kind": "product"} | words
    moment = at(when).isoformat()
    body = {"received_at": moment, "occurred_at": moment} | body
    return Step(about, RECEIVED, at(when), WHO, body)


def said(about: str, word: str, when: str, /, *, by: str = WHO, **words: Any) -> Step:
    """Somebody states a fact, or decides."""
    return Step(about, word, at(when), by, words)


def refused(
    about: str, word: str, when: str, *lacks: str, by: str = WHO, **words: Any
) -> Step:
    """The same, and it is refused for want of these; nothing is recorded."""
    return Step(about, word, at(when), by, words, frozenset(lacks))


def facts(about: str, when: str, **answers: bool | int | str | None) -> tuple[Step, ...]:
    """Questions of the regulation, answered."""
    return tuple(
        said(about, "fact_established", when, fact=fact, value=value)
        for fact, value in answers.items()
    )


def act(about: str, when: str, **offence: Any) -> Step:
    """Somebody states what one person did; the notice has this name in the story."""
    body = {"account": "employee", "on": when[:10]} | offence
    return Step(about, ACT, at(when), WHO, body, kind="penalty")


def fined(about: str, when: str, *, by: str = WHO, **words: Any) -> Step:
    """A fine is proposed for an act that was stated."""
    return Step(about, "proposed", at(when), by, words, kind="penalty")


def not_fined(about: str, when: str, *lacks: str, by: str = WHO, **words: Any) -> Step:
    """The same, and it is refused."""
    lacking = frozenset(lacks)
    return Step(about, "proposed", at(when), by, words, lacking, kind="penalty")


def about_alarm(word: str, when: str, *, by: str = WHO, **words: Any) -> Step:
    """Something is said about the one alarm there is."""
    return Step("alarm", word, at(when), by, words, kind="cluster")


def approved(about: str, when: str, *lacks: str, by: str) -> Step:
    """Who has to approve a fine does; or is refused, for want of these."""
    return Step(about, "approved", at(when), by, {}, frozenset(lacks), kind="penalty")


class Benefit(NamedTuple):
    """One thing a customer gets, as the statement of a month has it."""

    kind: str
    fen: int = 0
    months: int | None = None
    percent_off: int | None = None


class World(Protocol):
    """How it all stands when a story has been told."""

    def complaint(self, name: str) -> Complaint:
        """One complaint, with corrections folded in."""
        ...

    def row(self, name: str) -> Mapping[str, Any]:
        """Its line of the tracking table, in the words of JSON."""
        ...

    def topics(self, name: str) -> Sequence[str]:
        """What was recorded about it, first to last, what followed by itself included."""
        ...

    def notice(self, name: str) -> Notice:
        """An act with its notice."""
        ...

    def fined(self) -> int:
        """What the fines that count come to, in fen."""
        ...

    def compensated(self, month: str) -> Counter[Benefit]:
        """What customers were given in a month: how many of each benefit."""
        ...

    def catalog(self) -> CatalogStream:
        """The catalog of S6 with all its versions."""
        ...

    def clusters(self) -> list[Cluster]:
        """Every alarm there is."""
        ...

    def book(self, name: str) -> Rulebook:
        """A regulation, as `S46@1`."""
        ...
