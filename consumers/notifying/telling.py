"""Telling: one line about one event, in two languages, without a person's name in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consumers.opening import Opened, acting
from domain.cluster import Alarmed
from domain.complaint.deadline_events import DeadlineLapsed, LapseWithdrawn
from domain.complaint.escalation import Escalated
from domain.complaint.grading import Upgraded
from domain.complaint.state import Complaint
from domain.event import Event
from domain.rulebooks.rulebook import Rules
from domain.rulebooks.strict import Words


@dataclass(frozen=True, slots=True)
class News:
    """What happened, to which complaint, and which roles it asks for; none: everybody."""

    topic: str
    number: str
    words: Mapping[str, str]  # by language
    roles: frozenset[str] = frozenset()


def news_of(opened: Opened, event: Event) -> News | None:
    """What people are told of an event; of most nothing."""
    if isinstance(event, Alarmed):
        key = ", ".join(str(part.value) for part in event.key)
        zh = f"重复告警 {event.rule.partition('#')[2]}：{key}，{event.count} 起"
        en = f"Repeat alarm {event.rule.partition('#')[2]}: {key}, {event.count} of them"
        return News("alarmed", "", {"zh": zh, "en": en})
    if not isinstance(event, DeadlineLapsed | LapseWithdrawn | Escalated | Upgraded):
        return None
    complaint = opened.ledger.load(event.originator_id)
    assert isinstance(complaint, Complaint)
    rules = opened.ledger.rulebooks.of(complaint)
    match event:
        case DeadlineLapsed() | LapseWithdrawn():
            return _of_lapse(event, complaint, rules)
        case Escalated():
            return _of_rung(event, complaint, rules)
        case Upgraded():
            grade = f"{event.scheme}:{event.code}"
            words = {"zh": f"自动升级为 {grade}", "en": f"raised by itself to {grade}"}
            return _said("upgraded", complaint, words)


def _of_lapse(
    event: DeadlineLapsed | LapseWithdrawn, complaint: Complaint, rules: Rules
) -> News:
    book = rules.get("clocks")
    clock = book.clocks.get(event.clock) if book else None
    name = clock.name if clock else Words(zh=event.clock, en=event.clock)
    due = _shown(event.due_at)
    if isinstance(event, DeadlineLapsed):
        words = {
            "zh": f"时限逾期：{name.zh}，应于 {due}",
            "en": f"deadline missed: {name.en}, was due {due}",
        }
        return _said("deadline_lapsed", complaint, words)
    words = {
        "zh": f"逾期撤销：{name.zh}（{due}）",
        "en": f"not missed after all: {name.en} ({due})",
    }
    return _said("lapse_withdrawn", complaint, words)


def _of_rung(event: Escalated, complaint: Complaint, rules: Rules) -> News:
    book = rules.get("escalation")
    rung = book.escalation.rungs.get(event.rung) if book and book.escalation else None
    name = rung.name if rung else Words(zh=event.rung, en=event.rung)
    asked = frozenset(rung.roles if rung else ())
    ours = (one for role in asked for one in acting().get(role, ()))
    words = {"zh": f"上报：请 {name.zh} 处理", "en": f"escalated: {name.en} is asked"}
    return _said("escalated", complaint, words, asked.union(ours))


def _said(
    topic: str,
    complaint: Complaint,
    words: Mapping[str, str],
    roles: frozenset[str] = frozenset(),
) -> News:
    told = {lang: f"{complaint.number} {line}" for lang, line in words.items()}
    return News(topic, complaint.number, told, roles)


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %z}"
