"""Reasons: the comparisons of a verdict in words: what is known, and what was asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from api.pages import money
from api.pages.choices import named
from api.pages.shown import number
from api.pages.values import Values
from domain.assess.verdict import Criterion
from domain.rulebooks.facts import CORE
from domain.rulebooks.predicates import Counted, NotApplicable, Value
from domain.rulebooks.rulebook import Rulebook
from domain.rulebooks.strict import Words

OPS = {">=": "≥", "<=": "≤", "before": "<", "not_after": "≤", "after": ">", "is_not": "≠"}
MARKS = {"true": "ok", "false": "no", "unknown": "unknown"}
TRUTHS = {
    "true": "verdict.truth_true",
    "false": "verdict.truth_false",
    "unknown": "verdict.truth_unknown",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison: of what, what is known, what was asked, and how it came out."""

    subject: str
    now: Markup
    asked: str
    truth: str
    icon: str


def reasons(
    criteria: Iterable[Criterion], book: Rulebook, values: Values
) -> Iterator[Reason]:
    """The comparisons of one grade, in the order of its text."""
    for one in criteria:
        yield Reason(
            subject(one.name, book, values),
            _now(one, book, values),
            _asked(one, book, values),
            str(values.w(TRUTHS[one.truth])),
            MARKS[one.truth],
        )


def subject(name: str, book: Rulebook, values: Values) -> str:
    """What a comparison is about: a question, a fact, or what a count counts."""
    lang = values.w.lang
    if tally := book.tallies.get(name):
        same = values.w("frame.list_separator").join(
            _label(k, book, lang) for k in tally.key
        )
        if tally.measure == "complaints":
            return str(values.w("verdict.tally_complaints", same=same))
        measure = _label(tally.measure, book, lang)
        return str(values.w("verdict.tally", same=same, measure=measure))
    return _label(name, book, lang)


def _label(name: str, book: Rulebook, lang: str) -> str:
    words: Words | None = None
    if name in book.declares.facts:
        words = book.declares.facts[name].question
    elif name in CORE:
        words = CORE[name].label
    return named(words, lang).rstrip("?？ ") if words else name


def _now(one: Criterion, book: Rulebook, values: Values) -> Markup:
    stated = one.stated
    if isinstance(stated, Counted):
        at_least = values.w("verdict.at_least", n=number(stated.at_least))
        return at_least if stated.open else escape(number(stated.at_least))
    if one.presumed:
        return values.w("verdict.presumed")
    if stated is None:
        return values.unknown()
    if isinstance(stated, NotApplicable):
        return values.w("deed_page.not_applicable")
    return escape(_value(stated, one, book, values))


def _asked(one: Criterion, book: Rulebook, values: Values) -> str:
    if one.op == "known":
        return str(values.w("verdict.known"))
    op = OPS.get(one.op, "" if one.op in {"is", "in"} else one.op)
    if one.other is not None:
        return f"{op} {_label(one.other, book, values.w.lang)}".strip()
    wanted = one.wanted if isinstance(one.wanted, tuple) else (one.wanted,)
    told = [_value(each, one, book, values) for each in wanted if each is not None]
    if one.op == "not_in":
        op = "≠"
    return f"{op} {' / '.join(told)}".strip()


def _value(value: Value, one: Criterion, book: Rulebook, values: Values) -> str:
    if isinstance(value, bool):
        return str(values.w("form.yes" if value else "form.no"))
    if isinstance(value, int):
        is_money = not one.is_tally and kind_of(one.name, book) == "money"
        return money.amount(value, "CNY") if is_money else number(value)
    return values.w.coded("code", value)


def kind_of(name: str, book: Rulebook) -> str | None:
    """The kind of a fact: the regulation's own, or a core one."""
    if name in book.declares.facts:
        return book.declares.facts[name].kind
    return CORE[name].kind if name in CORE else None
