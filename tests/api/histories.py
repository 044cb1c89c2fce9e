"""Histories of complaints that nobody planned: said sensibly or not, late or in time."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from api.complaints.history import Recorded
from consumers.opening import rulebooks
from domain.complaint.intake import receive
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.deeds import DEEDS
from domain.errors import RefusedError
from domain.event import When
from tests.builders import LI, TUESDAY, WANG, reading, reception

RULEBOOKS = rulebooks()
PARTY, OTHER = UUID(int=7), UUID(int=9)
RECORDING = timedelta(seconds=1, microseconds=7)

# What is said, and what it may say; an option is drawn for each field.
SAYINGS: Mapping[str, Mapping[str, Sequence[Any]]] = {
    "accepted": {"unit": ("quality", "market")},
    "screened": {"outcome": ("ours",)},
    "item_stated": {
        "number": (1, 2, 2, 3),
        "item": ({"quantity": 3}, {"batch": "B2", "quantity": 9}, {"product": "cover"}),
    },
    "fact_established": {
        "fact": ("injury", "safety_hazard", "function_effect"),
        "value": (True, False, None),
    },
    "loss_stated": {"loss": ({"minor": 5000, "currency": "CNY"}, None)},
    "acknowledged": {"channel": ("phone",)},
    "contacted": {"channel": ("phone", "mail")},
    "graded": {"scheme": ("S46",), "code": ("A", "B", "C"), "reason": ("r",)},
    "duplicate_linked": {"other": ("C-2026-000009",), "reason": ("same",)},
    "duplicate_unlinked": {"other": ("C-2026-000009",), "reason": ("not the same",)},
    "action_planned": {"action": ("A1", "A2"), "text": ("t",)},
    "batch_checked": {"shipment_batch": ("L",), "result": ("clean", "same_problem")},
    "verified": {"result": ("effective", "ineffective"), "side_effect": (False,)},
    "assigned": {"owner": ("p-li", "p-wang")},
    "withdrawn": {},
    "rulebook_reassigned": {
        "topic": ("grading", "closure"),
        "rulebook": ("S46@1", "S37@1"),
        "reason": ("r",),
    },
    "closed": {},
    "reopened": {"reason": ("again",)},
}
# What may be put right, and where; most of it only in some events.
LATE, EARLY = "2026-03-04T08:00:00+08:00", "2026-03-01T10:00:00+08:00"
PLACES: Sequence[tuple[str, Any]] = (
    ("items.1.quantity", 463),
    ("items.1.batch", None),
    ("region", "east"),
    ("channel", "mail"),
    ("received_at", LATE),
    ("received_at", EARLY),
    ("when.occurred_at", LATE),
    ("when.occurred_at", EARLY),
    ("when.precision", "day"),
    ("unit", "press shop"),
    ("value", True),
    ("number", 4),
    ("item.quantity", 5),
    ("loss.minor", 1),
)


@dataclass
class Ledger:
    """Some complaints whose events stand between each other, in one order."""

    chance: Random
    complaints: list[Complaint] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)

    def of(self, complaint: Complaint) -> list[Recorded]:
        """The events of one complaint, with their places."""
        return [at for at in self.recorded if at.event.originator_id == complaint.id]

    def begin(self) -> None:
        """One more complaint."""
        nth = len(self.complaints) + 1
        said = reception(words=None, complainant=None, contact=None)
        first = received(said, reading(), who=LI, at=self._some_time(), party_id=PARTY)
        before = When(occurred_at=self._some_time())
        numbered = first.model_copy(update={"number": f"C-2026-{nth:06}", "when": before})
        self.complaints.append(receive(UUID(int=nth), numbered))
        self._record(self.complaints[-1])

    def say(self) -> None:
        """Anything, about one of them; it may be refused."""
        complaint = self.chance.choice(self.complaints)
        deed = DEEDS[self.chance.choice(["corrected"] * 6 + sorted(SAYINGS))]
        body = {n: self.chance.choice(o) for n, o in SAYINGS.get(deed.name, {}).items()}
        if deed.name == "corrected":
            place, new = self.chance.choice(PLACES)
            wrong = self.chance.choice([1, *complaint.happened])
            body = {"corrects": wrong, "field": place, "new": new, "reason": "misheard"}
        body = {name: value for name, value in body.items() if value is not None}
        if deed.is_fact and self.chance.random() < 0.2:
            body["precision"] = "day"
        said = deed.shape.model_validate_json(json.dumps(body))
        ids = dict.fromkeys(deed.others, OTHER)
        who = LI if deed.is_fact else WANG
        decide = deed.said(said, who=who, at=self._some_time(), ids=ids)
        with suppress(RefusedError):
            decide(complaint, RULEBOOKS.of(complaint))
        self._record(complaint)

    def _record(self, complaint: Complaint) -> None:
        for event in complaint.collect_events():
            position = len(self.recorded) + 1
            at = TUESDAY + timedelta(days=9) + position * RECORDING
            self.recorded.append(Recorded(position, at, event))

    def _some_time(self) -> datetime:
        return TUESDAY + timedelta(hours=self.chance.randint(-40, 40))


def told(seed: int, *, complaints: int = 2, sayings: int = 24) -> Ledger:
    """A ledger that came about by chance; the same seed tells the same one."""
    ledger = Ledger(Random(seed))  # noqa: S311  # nothing secret
    for _ in range(complaints):
        ledger.begin()
    for _ in range(sayings):
        ledger.say()
    return ledger
