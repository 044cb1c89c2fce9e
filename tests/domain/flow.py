"""A complaint under one regulation, told day by day: what is said, and what is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consumers.opening import RULEBOOKS, rulebooks
from domain.complaint.closure import close
from domain.complaint.intake import receive
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.deeds import DEEDS
from domain.errors import RefusedError
from domain.event import Who
from domain.gate_reading import GateRead, read_gates
from domain.rulebooks.reading import published
from domain.rulebooks.rulebook import Rulebook, Rules
from infra import yaml_files
from tests.builders import CHINA, LI, reading, reception, when

TOPICS = (
    *("screening", "grading", "clocks", "closure", "approvals"),
    *("intake", "escalation", "repeats", "spokesperson", "stages", "compensation"),
)


def instant(text: str) -> datetime:
    """`2025-03-01`, or `2025-03-01 15:00`, at the plant; a day alone means noon."""
    moment = datetime.fromisoformat(text).replace(tzinfo=CHINA)
    return moment if ":" in text else moment + timedelta(hours=12)


class Flow:
    """Facts are said with their day; decisions are taken on it."""

    def __init__(
        self, book: Rulebook | str, begun: str = "2025-01-02", **said: Any
    ) -> None:
        self.book = rulebooks()[f"{book}@1"] if isinstance(book, str) else book
        self.rules = Rules(dict.fromkeys(TOPICS, self.book))
        at = instant(begun)
        event = received(
            reception(**said), reading("C-1"), who=LI, at=at, party_id=UUID(int=7)
        )
        named = dict.fromkeys(TOPICS, self.book.name)
        event = event.model_copy(update={"rulebooks": named})
        self.complaint: Complaint = receive(UUID(int=1), event)

    def says(self, day: str, word: str, /, by: str = "p-li", **said: Any) -> None:
        """Somebody says it on this day."""
        deed = DEEDS[word]
        time = {"when": when(instant(day))} if deed.is_fact else {"at": instant(day)}
        role = said["role"] if word == "signed" else "quality_engineer"
        who = Who(by=by, role=role, source="web")
        deed.do(self.complaint, self.rules, who=who, **time, **said)

    def signs(self, day: str, decision: str, meaning: str, role: str, by: str) -> None:
        """A person signs in a role of the regulation."""
        self.says(day, "signed", by=by, decision=decision, meaning=meaning, role=role)

    def refused(self, day: str, word: str, /, by: str = "p-li", **said: Any) -> list[str]:
        """What the refusal names; nothing may be recorded by it."""
        before = self.complaint.version
        try:
            self.says(day, word, by=by, **said)
        except RefusedError as refused:
            assert self.complaint.version == before, "a refusal records nothing"
            self.why = [f"{lack.fix} [{lack.clause}]" for lack in refused.lacks]
            return [lack.field for lack in refused.lacks]
        raise AssertionError(f"{word} of {day} was not refused")

    def closes(self, day: str) -> bool:
        """It is closed on this day, and says so."""
        close(self.complaint, self.rules, who=LI, at=instant(day))
        return self.complaint.closed

    def gates(self, day: str) -> Mapping[str, GateRead]:
        """Each gate as it stands on this day."""
        read = read_gates(self.complaint, self.book, instant(day))
        return {gate.name: gate for gate in read.gates}

    def topics(self) -> list[str]:
        """Everything that was recorded, by the word of its topic."""
        return [event.TOPIC.split(".")[1] for event in self.complaint.news]


def changed(book: str, *changes: tuple[str, str]) -> Rulebook:
    """A shipped regulation with some of its text put otherwise, as a plant may do."""
    text = (RULEBOOKS / "files" / f"{book}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    raw = text.encode()
    return published(raw, yaml_files.parse(raw, book), book)
