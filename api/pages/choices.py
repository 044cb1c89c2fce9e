"""Choices: what a regulation, the complaint and our word list let one choose from."""

from collections.abc import Mapping

from api.pages.money import CURRENCIES
from api.pages.words import WordList
from domain.complaint.action import ActionPlanned
from domain.complaint.state import Complaint
from domain.errors import NotAllowedError
from domain.rulebooks.rulebook import Question, Rulebook, Rules
from domain.rulebooks.strict import Words

Options = Mapping[str, str]  # what is sent → what is read
# What a form offers; other systems bring channels of their own.
CHANNELS = (
    "phone",
    "wechat",
    "email",
    "portal",
    "visit",
    "letter",
    "meeting",
    "web",
    "other",
)
KINDS = ("product", "service", "sample", "delivery")
TOPICS = ("screening", "grading", "closure", "clocks")


def named(words: Words, lang: str) -> str:
    """What a regulation calls something, in this language."""
    return words.zh if lang == "zh" else words.en


def rulebooks(rules: Rules) -> dict[str, Rulebook]:
    """Every regulation that governs a complaint, by its name."""
    found = {}
    for topic in TOPICS:
        try:
            book = rules.on(topic)
        except NotAllowedError:
            continue  # Nothing in force governs this; then there is nothing to choose.
        found[book.name] = book
    return found


def questions(rules: Rules) -> dict[str, Question]:
    """Every question that a governing regulation asks, by the fact it settles."""
    return {
        fact: question
        for book in rulebooks(rules).values()
        for fact, question in book.questions().items()
    }


def clocks_of(rules: Rules, w: WordList) -> Options:
    """The clocks that govern a complaint."""
    book = rules.get("clocks")
    clocks = book.clocks if book else {}
    return {code: named(clock.name, w.lang) for code, clock in clocks.items()}


def of_form(w: WordList) -> dict[str, Options]:
    """What may be chosen whatever the complaint is."""
    return {
        "channel": {code: w.coded("channel", code) for code in CHANNELS},
        "received/kind": {code: w.coded("value.kind", code) for code in KINDS},
        "currency": {code: code for code in CURRENCIES},
        "language": w.options("language"),
    }


def of_complaint(complaint: Complaint, rules: Rules, w: WordList) -> dict[str, Options]:
    """What may be chosen for this complaint, by the field's name without row numbers."""
    schemes = rules.schemes()
    books = rulebooks(rules).values()
    grades = {
        grade.code: f"{grade.code} {named(grade.name, w.lang)}"
        for grading in schemes.values()
        for grade in grading.grades
    }
    outcomes = {
        code: named(outcome.name, w.lang)
        for book in books
        if book.screening
        for code, outcome in book.screening.outcomes.items()
    }
    causes = {
        code: named(words, w.lang) for book in books for code, words in book.causes.items()
    }
    return {
        **of_form(w),
        "scheme": {scheme: scheme for scheme in schemes},
        "code": grades,
        "outcome": outcomes,
        "clock": clocks_of(rules, w),
        "clocks": clocks_of(rules, w),
        "causes.code": causes,
        "action": {
            planned.action: f"{planned.action} {planned.text[:60]}"
            for planned in complaint.all(ActionPlanned)
        },
    }
