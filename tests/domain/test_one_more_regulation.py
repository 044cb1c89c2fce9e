"""A regulation more is a file more: no program of ours knows any by its name."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from consumers.opening import Opened
from consumers.publishing import publish_shipped
from domain.complaint import action, closure, grading, items
from domain.complaint.state import Complaint
from domain.errors import NotAllowedError, NotReadyError
from tests.builders import LI, TUESDAY, WANG, lodged, message, when

# What a bakery might write. Nothing of it stands in the code.
BAKERY = """
schema: 1
id: BAKERY
version: 1
title: {zh: "面包房投诉规则", en: "Complaints at the bakery"}
source: a test
issued_on: 2026-01-01
effective_on: 2026-01-01
scope: {subjects: [complaint]}
declares:
  facts:
    mould: {kind: flag, question: {zh: "发霉?", en: "Is there mould?"}}
roles:
  baker: {name: {zh: "面包师", en: "baker"}}
grading:
  boundary: more_severe
  on_unknown: grade_now
  override: none
  grades:
    - {code: red, name: {zh: "红", en: "red"}, clause: "2.1", when: {fact: mould}}
    - {code: white, name: {zh: "白", en: "white"}, clause: "2.2", when: {otherwise: true}}
closure:
  clause: "3"
  gates:
    oven_cleaned:
      name: {zh: "烤炉已清洁", en: "the oven was cleaned"}
      clause: "3.1"
      need: {event: {event: action_implemented}}
gaps:
  - {where: clocks, what: "no limit of time is stated"}
"""
GOVERNS = """
schema: 1
id: plant
version: 1
title: {zh: "面包房", en: "bakery"}
lines:
  - {topics: [grading, closure], rulebook: BAKERY@1, since: 2026-01-01}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody put their regulation."""
    for place, text in (("files/BAKERY", BAKERY), ("policy_sets/plant", GOVERNS)):
        path = tmp_path / f"{place}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


async def test_a_complaint_lives_under_it(ledger: Opened, folder: Path) -> None:
    await publish_shipped(ledger, at=TUESDAY, folder=folder)
    begun = await lodged(ledger, under=ledger.policies.look())
    said = _Said(ledger, begun.complaint_id)

    await said.fact(items.fact_established, fact="mould", value=True)
    with pytest.raises(NotAllowedError) as milder:
        await said.decision(grading.grade, scheme="BAKERY", code="white")
    assert milder.value.lacks[0].clause == "BAKERY@1#2.1"
    await said.decision(grading.grade, scheme="BAKERY", code="red")
    with pytest.raises(NotReadyError) as shut:
        await said.decision(closure.close)
    assert [one.clause for one in shut.value.lacks] == ["BAKERY@1#3.1"]
    await said.fact(action.action_planned, action="A1", text="clean the oven")
    await said.fact(action.action_implemented, action="A1")
    await said.decision(closure.close)

    assert said.complaint.closed
    assert said.complaint.grades == {"BAKERY": "red"}
    await ledger.appender.close()


class _Said:
    """One complaint, as people speak of it."""

    def __init__(self, ledger: Opened, complaint_id: UUID) -> None:
        self._ledger, self._id = ledger.ledger, complaint_id

    @property
    def complaint(self) -> Complaint:
        stream = self._ledger.load(self._id)
        assert isinstance(stream, Complaint)
        return stream

    async def fact(self, does: Any, **said: object) -> None:
        await self._ledger.change(
            message(), self._id, None, does, who=LI, when=when(), **said
        )

    async def decision(self, does: Any, **said: object) -> None:
        seen = self.complaint.version
        await self._ledger.change(
            message(), self._id, seen, does, who=WANG, at=TUESDAY, **said
        )
