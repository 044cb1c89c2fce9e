"""A regulation in plain words: its conditions, events, limits and roles, as people read."""

from collections.abc import Iterable

from api.pages.choices import named
from api.pages.reasons import OPS, kind_of, subject
from api.pages.shown import number
from api.pages.values import Values
from domain.clock_phrases import UNITS
from domain.rulebooks.approvals import Party
from domain.rulebooks.clocks import Clock, Limit, Turn
from domain.rulebooks.gates import Need, Reference
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.rulebook import Rulebook
from domain.rulebooks.strict import Words


class Plain:
    """Tells the parts of one regulation in one language."""

    def __init__(self, book: Rulebook, values: Values) -> None:
        self._book = book
        self._values = values
        self.w = values.w

    def name(self, words: Words) -> str:
        """What the regulation calls it."""
        return named(words, self.w.lang)

    def listed(self, parts: Iterable[str]) -> str:
        """Some things, one after the other."""
        return str(self.w("frame.list_separator")).join(part for part in parts if part)

    def role(self, role: str) -> str:
        """A role, as the regulation calls it."""
        known = self._book.roles.get(role)
        return self.name(known.name) if known else role

    def party(self, party: Party) -> str:
        """One of some roles, or all of them."""
        joint = "rulebook.together" if party.all_of else "rulebook.or"
        return str(self.w(joint)).join(self.role(role) for role in party.roles)

    def when(self, condition: Predicate | None) -> str:
        """A condition, read aloud; nothing for one that always holds."""
        if condition is None:
            return ""
        if condition.otherwise:
            return str(self.w("rulebook.otherwise"))
        if condition.known:
            return str(self.w("rulebook.known", what=self._about(condition.known)))
        if condition.not_:
            return str(self.w("rulebook.not", what=self.when(condition.not_)))
        if parts := condition.any or condition.all:
            word = "rulebook.or" if condition.any else "rulebook.and"
            inner = [
                f"({self.when(one)})" if one.any or one.all else self.when(one)
                for one in parts
            ]
            return str(self.w(word)).join(inner)
        return self._compared(condition)

    def _compared(self, condition: Predicate) -> str:
        name = condition.fact or condition.tally or ""
        about, op = self._about(name), OPS.get(condition.op, condition.op)
        if condition.other:
            return f"{about} {op} {self._about(condition.other)}"
        if condition.yuan is not None:
            return f"{about} {op} {self.w('rulebook.yuan', n=number(condition.yuan))}"
        if condition.value is True and condition.op == "is":
            return about
        if condition.value is False and condition.op == "is":
            return str(self.w("rulebook.not", what=about))
        wanted = condition.value
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        op = {"is": "=", "in": "=", "not_in": "≠"}.get(condition.op, op)
        return f"{about} {op} {' / '.join(self._value(name, one) for one in several)}"

    def _about(self, name: str) -> str:
        return subject(name, self._book, self._values)

    def _value(self, name: str, value: bool | int | str) -> str:
        if isinstance(value, bool):
            return str(self.w("form.yes" if value else "form.no"))
        if isinstance(value, int):
            if kind_of(name, self._book) == "money":
                return str(self.w("rulebook.yuan", n=number(value // 100)))
            return number(value)
        return self._grade(value) if name == "grade" else self.w.coded("code", value)

    def _grade(self, code: str) -> str:
        """A grade of this regulation, by its name too."""
        grades = self._book.grading.grades if self._book.grading else ()
        known = [one for one in grades if one.code == code]
        return f"{code} {self.name(known[0].name)}" if known else code

    def event(self, wanted: Reference) -> str:
        """An event, with what its fields have to say."""
        said = self.w.coded("event", wanted.topic)
        if said == wanted.topic:  # an event that nothing records yet
            said = said.removeprefix("complaint.").replace("_", " ")
        parts = []
        for name, value in wanted.where.items():
            several = value if isinstance(value, tuple) else (value,)
            told = " / ".join(self._field(name, one) for one in several)
            parts.append(told)
        return f"{said} ({self.listed(parts)})" if parts else said

    def _field(self, name: str, value: bool | int | str) -> str:
        book = self._book
        own = {**book.declares.duties, **book.declares.criteria}
        if isinstance(value, str) and value in own:
            return self.name(own[value])
        if isinstance(value, bool):
            label = self.w.label(name) or name
            return label if value else str(self.w("rulebook.not", what=label))
        said = self.w.coded(f"value.{name}", str(value))
        return said if said != str(value) else self.w.coded("code", said)

    def limit(self, limit: Limit) -> str:
        """How long."""
        if limit.immediate:
            return str(self.w("rulebook.at_once"))
        if limit.span is None:
            field = limit.until_field or ""
            return str(self.w("rulebook.agreed", field=self.w.label(field) or field))
        return self.span(limit.span.amount, limit.span.unit)

    def span(self, amount: int, unit: str) -> str:
        """A length of time in the regulation's own unit."""
        word = UNITS[self.w.lang][unit]
        many = "s" if self.w.lang == "en" and amount != 1 else ""
        return f"{amount} {word}{many}"

    def limits(self, clock: Clock) -> str:
        """The limit of a clock, or of each grade, or of each turn."""
        if clock.limit:
            return self.limit(clock.limit)
        if clock.by_grade:
            return self.listed(
                f"{g}: {self.limit(one)}" for g, one in clock.by_grade.items()
            )
        turns = self.listed(self._turn(turn) for turn in clock.every)
        return str(self.w("rulebook.every", span=turns))

    def _turn(self, turn: Turn) -> str:
        """How often, and up to which age of the thing where it changes then."""
        span, until = self.span(turn.amount, turn.unit), turn.until_age_months
        if until is None:
            return span
        return str(self.w("rulebook.to_age", span=span, age=self.span(until, "month")))

    def need(self, need: Need) -> str:
        """What opens a gate."""
        if need.any_of:
            return str(self.w("rulebook.or")).join(self.need(one) for one in need.any_of)
        if need.event:
            return self.event(need.event)
        if need.evidence:
            names = self._book.declares.criteria
            return self.listed(self.name(names[one]) for one in need.evidence)
        return self._watched(need) or self.when(need.facts)

    def _watched(self, need: Need) -> str:
        """A run of checks, a time without trouble, signatures, or a clock."""
        if need.clean_run and need.after and need.counts:
            counted = self.event(need.counts)
            after = self.event(need.after)
            run = self.w("rulebook.clean_run", n=need.clean_run, what=counted, after=after)
            return str(run)
        if need.observe and need.after:
            span = self.span(need.observe.amount, need.observe.unit)
            after = self.event(need.after)
            return str(self.w("rulebook.observe", span=span, after=after))
        if need.signatures:
            decision = self._book.approvals[need.signatures]
            return str(self.w("rulebook.signed", what=self.name(decision.name)))
        clock = self._book.clocks.get(need.clock or "")
        return str(self.w("rulebook.stopped", what=self.name(clock.name))) if clock else ""

    def counted(self, tally: str, op: str, threshold: int | None) -> str:
        """What is counted, and from how many on it matters."""
        about = self._about(tally)
        return about if threshold is None else f"{about} {OPS.get(op, op)} {threshold}"
