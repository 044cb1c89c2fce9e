"""Upgrades: the grade that other complaints tipped, where a rule raises it by itself."""

import hashlib
from uuid import UUID

from consumers.opening import Opened
from domain import repeats
from domain.assess.assessing import assess
from domain.assess.case import Case, case_of
from domain.assess.counting import Counting
from domain.cluster import Found
from domain.complaint import grading
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.entry import Message
from domain.event import REACTOR
from domain.ledger import Request, aside
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant


async def upgrade(opened: Opened, found: Found, *, at: Instant) -> None:
    """Raise the grade of every open member whose count now gives a worse one."""
    book_name, rule_id = repeats.split(found.rule)
    book = opened.ledger.rulebooks[book_name]
    rule = book.repeats[rule_id]
    if not any(one.do == "regrade" and one.automatic for one in rule.effects):
        return
    ids = [member.complaint for member in found.members]
    complaints = await aside(_load, opened, ids)
    counting = Counting(book)
    cases = [case_of(complaint) for complaint in complaints]
    for case in cases:
        counting.add(case)
    for complaint, case in zip(complaints, cases, strict=True):
        code = _worse(book, counting, complaint, case)
        if code is not None:
            await _say(opened, complaint, found, code, at=at)


def _load(opened: Opened, ids: list[UUID]) -> list[Complaint]:
    loaded = [opened.ledger.load(one) for one in ids]
    return [one for one in loaded if isinstance(one, Complaint)]


def _worse(
    book: Rulebook, counting: Counting, complaint: Complaint, case: Case
) -> str | None:
    """The grade it comes to with the others, if it is worse than the one it has."""
    now = complaint.grades.get(book.id)
    live = next(complaint.all(Received)).origin != "imported"
    verdict = assess(counting, case)
    if complaint.closed or now is None or not live or verdict is None or not verdict.code:
        return None
    assert book.grading is not None
    ranks = book.grading
    return verdict.code if ranks.rank(verdict.code) < ranks.rank(now) else None


async def _say(
    opened: Opened, complaint: Complaint, found: Found, code: str, *, at: Instant
) -> None:
    scheme = repeats.split(found.rule)[0].partition("@")[0]

    def raise_it(stream: Complaint, rules: Rules) -> None:
        grading.upgrade(
            stream,
            rules,
            who=REACTOR,
            at=at,
            scheme=scheme,
            code=code,
            rule=found.rule,
            cluster=found.cluster_id,
        )

    name = f"upgrade:{found.cluster_id}:{complaint.id}:{complaint.version}:{code}"
    message = Message(REACTOR.source, name, hashlib.sha256(name.encode()).digest())
    asked = Request(message, complaint.id, None, raise_it, on_what_stands=True)
    await opened.ledger.take(asked)
