"""Choices: what a regulation, the complaint and our word list let one choose from."""

from collections.abc import Iterable, Iterator, Mapping

from api.pages.money import CURRENCIES
from api.pages.words import WordList
from domain.complaint.action import ActionPlanned
from domain.complaint.effect import Pledged
from domain.complaint.escalation import climb
from domain.complaint.investigation import QuestionRaised
from domain.complaint.state import Complaint
from domain.rulebooks.approvals import Approval
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


def names_of(books: Iterable[Rulebook], lang: str) -> dict[str, str]:
    """What regulations call their roles, decisions, criteria, duties, rungs and papers."""
    names: dict[str, str] = {}
    for book in books:
        rungs = book.escalation.rungs if book.escalation else {}
        parts = (book.clocks, book.approvals, rungs, book.forms, book.roles)
        for part in parts:
            names |= {code: named(said.name, lang) for code, said in part.items()}
        own = (book.declares.criteria, book.declares.duties)
        for words in own:
            names |= {code: named(said, lang) for code, said in words.items()}
        asked = book.questions().items()
        names |= {code: named(said.question, lang) for code, said in asked}
    return names


def rulebooks(rules: Rules) -> dict[str, Rulebook]:
    """Every regulation that governs a complaint, by its name."""
    governing = (rules.get(topic) for topic in TOPICS)
    return {book.name: book for book in governing if book is not None}


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
        **_of_flow(complaint, rules, w),
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


def _of_flow(complaint: Complaint, rules: Rules, w: WordList) -> dict[str, Options]:
    """Decisions, roles, criteria, duties and rungs, as the regulations call them."""
    books, names = rules.books(), names_of(rules.books(), w.lang)
    found: dict[str, list[str]] = {
        "decision": [code for book in books for code in book.approvals],
        "criterion": [code for book in books for code in book.declares.criteria],
        "duty": [code for book in books for code in book.declares.duties],
        "by_role": [duty.role for book in books for duty in book.archive],
        "keeps": [paper for book in books for d in book.archive for paper in d.keeps],
        "question_answered/question": [
            asked.question for asked in complaint.all(QuestionRaised)
        ],
        "pledge_judged/pledge": [made.pledge for made in complaint.all(Pledged)],
        "signed/role": [
            role
            for book in books
            for approval in book.approvals.values()
            for role in _parties(approval)
        ],
    }
    ladder = climb(complaint, rules)
    found["rung"] = [*ladder.may] if ladder else []
    return {
        field: {code: names.get(code, code) for code in codes}
        for field, codes in found.items()
        if codes
    }


def _parties(approval: Approval) -> Iterator[str]:
    """Every role that signs it."""
    for party in filter(None, (approval.propose, *approval.chain, approval.execute)):
        yield from party.roles
