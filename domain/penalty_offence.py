"""The act: what one person did, stated as it becomes known, and what a leader allowed."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import When, Who
from domain.penalty import FactValue, Notice, OffenceStated, SpecialApprovalGiven
from domain.rulebooks.facts import CORE
from domain.rulebooks.rulebook import Rules
from domain.words import Code, Line

FactsStated = Annotated[dict[Code, FactValue], Field(max_length=40)]
_PSEUDONYM = re.compile(r"p-[0-9a-z][0-9a-z-]{0,62}")
RIGHT = {"flag": bool, "number": int}


def state_offence(notice_id: UUID, stated: OffenceStated) -> Notice:
    """Begin a notice with what was done."""
    check_facts(stated.facts)
    if stated.account == "employee" and not _PSEUDONYM.fullmatch(stated.person):
        raise InvalidError(Lack("person", "name an employee by pseudonym, as p-0123"))
    if stated.on > stated.when.occurred_at.date():
        raise InvalidError(Lack("on", "this day is yet to come"))
    begun = stated.at(notice_id, 1)
    notice: Notice = begun.mutate(None)
    notice.news.append(begun)
    return notice


def offence_stated(
    notice: Notice,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    facts: FactsStated,
    role: Code | None = None,
) -> None:
    """Add what is known by now of the act; what was proposed stays as it was."""
    if notice.act is None or notice.role is None or notice.on is None:
        raise NotAllowedError(Lack("notice", "this notice has no statement of its act"))
    check_facts(facts)
    notice.record(
        OffenceStated(
            who=who,
            when=when,
            complaint_id=notice.complaint_id,
            account=notice.account,
            person=notice.person,
            role=role or notice.role,
            act=notice.act,
            on=notice.on,
            facts=facts,
        )
    )


def special_approval_given(
    notice: Notice,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    by: Line,
    on: date,
    in_writing: bool,
) -> None:
    """Note that a leader allowed it, and on which day."""
    notice.record(
        SpecialApprovalGiven(who=who, when=when, by=by, on=on, in_writing=in_writing)
    )


def check_facts(facts: Mapping[str, FactValue]) -> None:
    """Refuse a core fact of another kind; a catalog's own facts are its own business."""
    for name, value in facts.items():
        core = CORE.get(name)
        if core is None:
            continue
        if type(value) is not RIGHT.get(core.kind, str):
            raise InvalidError(Lack(name, f"this is a {core.kind}"))
        if core.values and value not in core.values:
            raise InvalidError(Lack(name, f"choose one of {', '.join(core.values)}"))
