"""The page of repeat alarms: raised by the reactor, taken up by people, both languages."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.pages.browsing import Visitor, sent_json
from tests.pages.filling import received
from tests.waiting import until

_NTH = count(1)


@dataclass(frozen=True)
class Third:
    """A batch that came back three times."""

    batch: str
    numbers: list[str]


def row(visitor: Visitor, batch: str) -> dict[str, Any] | None:
    """The alarm over a batch, as the table has it."""
    rows = visitor.go("/clusters").json()["clusters"]
    return next((one for one in rows if one["key"][0]["value"] == batch), None)


def state(visitor: Visitor, batch: str) -> str | None:
    found = row(visitor, batch)
    return found["state"] if found else None


@pytest.fixture
def third(visitor: Visitor) -> Third:
    """Three complaints about one batch and one problem, and the alarm over them."""
    batch = f"R-{next(_NTH)}"
    items = [{"batch": batch, "defect": "胀包", "quantity": 2}]
    numbers = [received(visitor, items=items) for _ in range(3)]
    until(lambda: state(visitor, batch) == "open")
    return Third(batch, numbers)


@pytest.mark.parametrize(
    ("lang", "meeting", "minutes", "adopted", "plan"),
    [
        ("zh", "质量分析会", "会议纪要", "处理方案", "方案"),
        (
            "en",
            "Quality analysis meeting held",
            "Minutes of the meeting",
            "Plan adopted",
            "Plan",
        ),
    ],
)
def test_an_alarm_says_why_and_takes_a_meeting_and_then_a_plan(
    visitor: Visitor,
    third: Third,
    lang: str,
    meeting: str,
    minutes: str,
    adopted: str,
    plan: str,
) -> None:
    page = visitor.page
    visitor.go(f"/repeats?lang={lang}")
    alarm = page.get_by_role("article").filter(has_text=third.batch)
    for number in third.numbers:
        assert alarm.get_by_role("link", name=number).count() == 1
    alarm.get_by_text(meeting, exact=True).click()
    alarm.get_by_label(minutes).fill("停用该批")
    alarm.get_by_role("button", name=meeting).click()
    until(lambda: state(visitor, third.batch) == "in_hand")

    visitor.go(f"/repeats?lang={lang}")
    alarm.get_by_text(adopted, exact=True).click()
    alarm.get_by_label(plan).fill("P1 全检")
    alarm.get_by_role("button", name=adopted).click()
    until(lambda: state(visitor, third.batch) == "planned")

    visitor.go(f"/ledger/{third.numbers[0]}?lang={lang}")
    assert "P1 全检" in visitor.text()


def test_a_dismissal_needs_its_reason_and_an_old_page_decides_nothing(
    visitor: Visitor, third: Third
) -> None:
    visitor.go("/repeats?lang=en")
    alarm = visitor.page.get_by_role("article").filter(has_text=third.batch)
    alarm.get_by_text("Alarm dismissed", exact=True).click()
    alarm.get_by_role("button", name="Alarm dismissed").click()
    assert "Fill in: Reason" in visitor.page.get_by_role("alert").inner_text()

    found = row(visitor, third.batch)
    assert found is not None
    where, said = f"/clusters/{found['cluster_id']}/dismissed", {"reason": "三批原料不同"}
    assert sent_json(visitor, where, said).status == 428
    assert sent_json(visitor, where, said, **{"If-Match": '"9"'}).status == 412
    match = {"If-Match": f'"{found["version"]}"'}
    assert sent_json(visitor, where, said, **match).status == 200
    until(lambda: state(visitor, third.batch) == "dismissed")


def test_an_unknown_alarm_is_not_found(visitor: Visitor) -> None:
    none = "/clusters/00000000-0000-0000-0000-000000000001"
    answer = visitor.go(none)
    assert answer.status == 404
    match = {"If-Match": '"1"'}
    assert sent_json(visitor, f"{none}/dismissed", {"reason": "x"}, **match).status == 404
