"""Pledges: what somebody pledged that nobody has judged yet, and how it is judged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.complaint.closure import reopen
from domain.complaint.effect import Pledged, PledgeJudged, judge_pledge
from domain.complaint.facts import ITEM_FACTS, statements, views_of
from domain.complaint.state import Complaint
from domain.event import REACTOR
from domain.rulebooks.rulebook import Rules
from domain.times import Instant

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
ASKED = tuple(ITEM_FACTS[field] for field in ("product", "batch", "defect"))


class Named(NamedTuple):
    """What one item of a complaint is, as far as somebody stated it."""

    nth: int
    product: str | None
    batch: str | None
    defect: str | None


def items_of(complaint: Complaint) -> list[Named]:
    """What a pledge may count of a complaint; nothing of another one's duplicate."""
    if complaint.duplicate_of is not None:
        return []
    views = views_of(statements(complaint)).items()
    return [Named(nth, *(_text(view.get(fact)) for fact in ASKED)) for nth, view in views]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def unjudged(complaint: Complaint) -> Iterator[Pledged]:
    """What nobody has judged yet. Once judged it stays so, until a person judges anew."""
    judged = {said.pledge for said in complaint.all(PledgeJudged)}
    return (made for made in complaint.all(Pledged) if made.pledge not in judged)


def until(complaint: Complaint, made: Pledged) -> datetime:
    """The last second of its day, where the complaint is."""
    midnight = datetime(
        made.due.year, made.due.month, made.due.day, tzinfo=_zone(complaint)
    )
    return midnight + A_DAY - A_SECOND


def _zone(complaint: Complaint) -> ZoneInfo:
    return ZoneInfo(complaint.zone)


def judge_by_count(
    complaint: Complaint, rules: Rules, *, pledge: str, count: int, at: Instant
) -> None:
    """Judge a pledge by what the ledger counted; a broken one opens the work again.

    That only where the regulation says so; else it stands there for people to see.
    """
    made = next((one for one in unjudged(complaint) if one.pledge == pledge), None)
    broken = made is not None and count > made.criterion.at_most
    if made is None or (not broken and at <= until(complaint, made)):
        return
    judge_pledge(complaint, rules, who=REACTOR, at=at, pledge=pledge, count=count)
    book = rules.get("closure")
    if not broken or book is None or book.closure is None or not complaint.closed:
        return
    if book.closure.on_broken_pledge == "reopen":
        why = f"pledge {pledge}: {count} > {made.criterion.at_most}"
        reopen(complaint, rules, who=REACTOR, at=at, reason=why)
