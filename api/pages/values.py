"""Values: how a value of an event reads, code by code, in the words of its regulation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from api.complaints.timeline import Erased, Sealed
from api.complaints.timeline import Shown as Value
from api.pages import money
from api.pages.choices import named, names_of, questions, rulebooks
from api.pages.shown import Shown, icon, number, text
from api.pages.words import WordList
from domain.rulebooks.rulebook import Rules

# Fields that hold a code of ours: under which part of the word list its word stands.
CODED = {
    "channel": "channel",
    "part": "value.part",
    "result": "value.result",
    "branch": "value.branch",
    "kind": "value.kind",
    "origin": "origin",
    "language": "language",
    "treatment": "value.treatment",
    "disposition": "value.disposition",
    "settled_as": "value.settled_as",
    "value": "code",
    "meaning": "value.meaning",
}
MONO = frozenset(
    {"batch", "shipment_batch", "document", "source_key", "customer_number", "notice"}
)
GRADES = frozenset({"code", "proposed", "might_be", "grade"})
NAMED = frozenset(
    {"outcome", "role", "decision", "criterion", "duty", "rung", "by_role", "keeps"}
)
QUESTIONS = frozenset({"fact", "because", "presumed"})
EVENTS = frozenset({"by", "fact", "told", "lapse"})  # another event, as a number
INSTANTS = frozenset({"received_at", "occurred_at", "until", "due_at", "stopped_at"})
COMPLETE = frozenset({"benefits", "was"})  # what they leave out is none, not unknown
LISTED = frozenset({"items", "actions", "causes", "benefits"})  # one below the other

# How a value inside another one is told: its name, itself, and the way to it.
Leaf = Callable[[str, Any, str], Markup]


@dataclass(frozen=True, slots=True)
class Values:
    """Tells values in one language and zone, with the names that regulations give."""

    w: WordList
    shown: Shown
    rules: Rules

    def told(
        self, name: str, value: Value, path: str = "", leaf: Leaf | None = None
    ) -> Markup:
        """A value as people read it; *leaf* tells what is inside a list or a group."""
        if isinstance(value, list):
            return self._list(name, value, path, leaf or self.told)
        if isinstance(value, dict):
            return self._group(name, value, path, leaf or self.told)
        return self._single(name, value)

    def unknown(self, key: str = "form.unknown") -> Markup:
        """What nobody has stated: a word of its own, never 0 and never left out."""
        return Markup('<span class="unk">{}</span>').format(self.w(key))

    def label(self, path: str) -> str:
        """The name of a place in an event: of an item also which one."""
        *way, last = path.split(".")
        rows = [str(self.w("form.row", n=step)) for step in way if step.isdecimal()]
        names = [way[-1], last] if last in {"minor", "currency"} and way else [last]
        return " ".join([*rows, *map(self.w.field, names)])

    def question(self, fact: str) -> str:
        """The question a regulation asks, without its mark; else the fact's own name."""
        asked = questions(self.rules).get(fact)
        return named(asked.question, self.w.lang).rstrip("?？ ") if asked else fact

    def clock(self, code: str) -> str:
        """What the regulation calls a clock; its own id where it has none of that name."""
        book = self.rules.get("clocks")
        known = book.clocks.get(code) if book else None
        return named(known.name, self.w.lang) if known else code

    def _single(self, name: str, value: Value) -> Markup:
        match value:
            case None:
                return self.unknown()
            case Sealed() | Erased():
                shut = isinstance(value, Sealed)
                return Markup('<span class="seald">{}{}</span>').format(
                    icon("lock"), self.w("complaint.sealed" if shut else "complaint.erased")
                )
            case bool():
                return self.w("form.yes" if value else "form.no")
            case int() if name in EVENTS:
                return link_to(value)
            case int():
                row = self.w("form.row", n=value) if name == "number" else None
                return row or escape(number(value))
            case _:
                return self._text(name, str(value))

    def _text(self, name: str, said: str) -> Markup:
        """A text, or the word for a code."""
        if name in {*INSTANTS, "old", "new"} and _is_instant(said):
            return escape(self.shown.exact(datetime.fromisoformat(said)))
        if name == "other":
            return Markup('<a href="/ledger/{0}">{0}</a>').format(said)
        if name in MONO:
            return Markup('<span class="mono" data-copy>{}</span>').format(text(said))
        return text(self._word(name, said))

    def _word(self, name: str, code: str) -> str:
        if name in {"clock", "clocks"}:
            return self.clock(code)
        if name in CODED:
            return self.w.coded(CODED[name], code)
        if name in QUESTIONS:
            return self.w.coded("because", self.question(code))
        if name in GRADES:
            return self._grade(code) or self._known(self._causes(), code)
        if name in NAMED:
            names = names_of(self.rules.books(), self.w.lang)
            return self._known(names | self._outcomes(), code)
        return code

    def _known(self, names: Mapping[str, str], code: str) -> str:
        return names.get(code, code)

    def _grade(self, code: str) -> str | None:
        books = (book.grading for book in self.rules.books())
        for grading in (*self.rules.schemes().values(), *filter(None, books)):
            for grade in grading.grades:
                if grade.code == code:
                    return f"{code} {named(grade.name, self.w.lang)}"
        return None

    def _causes(self) -> dict[str, str]:
        books = rulebooks(self.rules).values()
        return {c: named(name, self.w.lang) for b in books for c, name in b.causes.items()}

    def _outcomes(self) -> dict[str, str]:
        books = rulebooks(self.rules).values()
        return {
            code: named(outcome.name, self.w.lang)
            for book in books
            if book.screening
            for code, outcome in book.screening.outcomes.items()
        }

    def _list(self, name: str, values: Iterable[Any], path: str, leaf: Leaf) -> Markup:
        told = [
            self._group(name, value, f"{path}.{n}", leaf)
            if isinstance(value, dict)
            else leaf(name, value, f"{path}.{n}")
            for n, value in enumerate(values, start=1)
        ]
        if name not in LISTED:
            return escape(self.w("frame.list_separator")).join(told)
        if len(told) == 1:
            return told[0]
        rows = Markup("").join(Markup("<li>{}</li>").format(one) for one in told)
        return Markup('<ol class="nums">{}</ol>').format(rows)

    def _group(self, name: str, value: dict[str, Any], path: str, leaf: Leaf) -> Markup:
        if value.keys() == {"minor", "currency"}:
            return escape(money.amount(value["minor"], value["currency"]))
        if name == "rulebooks":
            return escape(", ".join(sorted(set(value.values()))))
        within = "root_caused" if name == "causes" else ""
        return Markup(" ").join(
            pair(self.w.field(inner, within), leaf(inner, said, f"{path}.{inner}"))
            for inner, said in value.items()
            if said is not None or name not in COMPLETE
        )


def _is_instant(said: str) -> bool:
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False


def link_to(version: int) -> Markup:
    """The permanent address of an event on its complaint's page."""
    return Markup('<a class="nw" href="#e{0}">#{0}</a>').format(version)


def pair(label: str, value: Markup) -> Markup:
    """A value with its name before it."""
    return Markup('<span class="pair"><span class="lab">{}</span> {}</span>').format(
        label, value
    )
