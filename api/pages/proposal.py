"""Proposal: which grade a regulation proposes, each reason for it, and what is open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from api.pages.case import Case
from api.pages.choices import named, questions
from api.pages.reasons import MARKS, TRUTHS, Reason, reasons, subject
from api.pages.values import Values
from domain.assess.verdict import Considered, Verdict
from domain.complaint.facts import FACT_OF_ITEM
from domain.rulebooks.facts import CORE
from domain.rulebooks.rulebook import Rulebook

NO_GRADE = {
    "ungraded": "verdict.ungraded",
    "undetermined": "verdict.undetermined",
}
BOTH_FIT = {
    "more_severe": "verdict.more_severe",
    "less_severe": "verdict.less_severe",
}
LOSSES = frozenset({"loss", "rework_loss", "scrap_minutes", "rework_minutes"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """One grade of the scheme, and how each of its comparisons came out."""

    name: str
    clause: str
    truth: str
    icon: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one regulation makes of the complaint, for its page and the form of a grade."""

    scheme: str
    title: Markup
    lines: tuple[Markup, ...]
    weighed: tuple[Weighed, ...]


def proposals(case: Case, values: Values, home: str) -> list[Proposal]:
    """One for each scheme that governs it; *home* is the address of the complaint."""
    return [
        _proposal(verdict, case.rules.regulation(scheme), values, home)
        for scheme, verdict in case.verdicts.items()
    ]


def _proposal(verdict: Verdict, book: Rulebook, values: Values, home: str) -> Proposal:
    return Proposal(
        book.id,
        _title(verdict, book, values),
        tuple(_lines(verdict, book, values, home)),
        tuple(_weighed(one, book, values) for one in verdict.considered),
    )


def _title(verdict: Verdict, book: Rulebook, values: Values) -> Markup:
    if verdict.grade is None:
        return values.w(NO_GRADE[verdict.state], scheme=book.id)
    grade = f"{verdict.grade.code} {named(verdict.grade.name, values.w.lang)}"
    return values.w("verdict.proposed", scheme=book.id, grade=grade)


def _weighed(one: Considered, book: Rulebook, values: Values) -> Weighed:
    return Weighed(
        name=f"{one.grade.code} {named(one.grade.name, values.w.lang)}",
        clause=one.grade.clause,
        truth=str(values.w(TRUTHS[one.truth])),
        icon=MARKS[one.truth],
        reasons=tuple(reasons(one.criteria, book, values)),
    )


def _lines(verdict: Verdict, book: Rulebook, values: Values, home: str) -> Iterator[Markup]:
    w = values.w
    between = escape(w("frame.list_separator"))
    if verdict.grade:
        yield w("deed_page.clauses", clause=verdict.grade.clause)
    if verdict.fits_too:
        grades = _grades(verdict.fits_too, book, values)
        yield w(BOTH_FIT[verdict.boundary], grades=grades)
    if verdict.because:
        facts = between.join(subject(name, book, values) for name in verdict.because)
        yield w("deed_page.because", facts=facts)
    if verdict.might_be:
        links = between.join(ask_for(name, book, values, home) for name in verdict.missing)
        grades = _grades(verdict.might_be, book, values)
        yield w("deed_page.might_be", grades=grades, facts=links)
    if verdict.presumed:
        links = between.join(ask_for(name, book, values, home) for name in verdict.presumed)
        yield w("deed_page.presumed", facts=links)


def _grades(codes: Iterable[str], book: Rulebook, values: Values) -> Markup:
    assert book.grading is not None
    named_so = (
        f"{code} {named(book.grading.grade(code).name, values.w.lang)}" for code in codes
    )
    return escape(values.w("frame.list_separator")).join(named_so)


def ask_for(name: str, book: Rulebook, values: Values, home: str) -> Markup:
    """What is missing, as a link to the form that would settle it."""
    form = form_of(name, values)
    if form is None:
        return escape(subject(name, book, values))
    return Markup('<a href="{}/{}">{}</a>').format(home, form, subject(name, book, values))


def form_of(name: str, values: Values) -> str | None:
    """The form that settles a fact; none for a count, which other complaints settle."""
    if name in questions(values.rules):
        return f"fact_established?fact={quote(name)}"
    if name in LOSSES:
        return "loss_stated"
    if name in FACT_OF_ITEM:
        return "item_stated"
    if name == "pieces_returned":
        return "goods_arrived"
    return "fact_established" if name in CORE else None
