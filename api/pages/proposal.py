"""Proposal: which grade a regulation proposes from the facts, before a person decides."""

from dataclasses import dataclass

from markupsafe import Markup

from api.pages.case import Case
from api.pages.choices import named
from api.pages.values import Values
from domain.complaint.facts import facts_of
from domain.rulebooks.grades import Assessment, Grading


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the form of a grade says above its choices."""

    title: Markup
    lines: tuple[Markup, ...]


def proposal(case: Case, values: Values, home: str) -> Proposal | None:
    """What the only scheme proposes, why, and which answers could still change it."""
    schemes = case.rules.schemes()
    if len(schemes) != 1:
        return None
    [grading] = schemes.values()
    verdict = grading.assess(facts_of(case.complaint))
    return Proposal(_title(verdict, values), tuple(_lines(verdict, grading, values, home)))


def _title(verdict: Assessment, values: Values) -> Markup:
    if verdict.grade is None:
        return values.w("deed_page.proposed_none")
    name = named(verdict.grade.name, values.w.lang)
    return values.w("deed_page.proposed", grade=f"{verdict.grade.code} {name}")


def _lines(
    verdict: Assessment, grading: Grading, values: Values, home: str
) -> list[Markup]:
    w, lines = values.w, []
    between = w("frame.list_separator")
    if verdict.grade:
        lines.append(w("deed_page.clauses", clause=verdict.grade.clause))
    if verdict.because:
        facts = between.join(values.question(fact) for fact in verdict.because)
        lines.append(w("deed_page.because", facts=facts))
    if verdict.might_be:
        grades = between.join(
            f"{code} {named(grading.grade(code).name, w.lang)}" for code in verdict.might_be
        )
        link = Markup('<a href="{}/fact_established?fact={}">{}</a>')
        asked = (link.format(home, fact, values.question(fact)) for fact in verdict.missing)
        lines.append(w("deed_page.might_be", grades=grades, facts=between.join(asked)))
    if verdict.presumed:
        facts = between.join(values.question(fact) for fact in verdict.presumed)
        lines.append(w("deed_page.presumed", facts=facts))
    return lines
