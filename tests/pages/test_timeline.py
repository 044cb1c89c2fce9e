"""The timeline on the page: both times, both ends of a correction, nothing put in order."""

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import Visitor, sent_json
from tests.pages.filling import received


def say(visitor: Visitor, number: str, word: str, **said: object) -> None:
    answer = sent_json(visitor, f"/complaints/{number}/{word}", said)
    assert answer.status == 201, answer.text()


@pytest.fixture
def number(visitor: Visitor) -> str:
    return received(visitor)


def test_a_fact_that_came_late_shows_when_it_happened_and_when_it_was_recorded(
    visitor: Visitor, number: str
) -> None:
    say(
        visitor,
        number,
        "contacted",
        channel="phone",
        occurred_at="2026-03-03T11:05:00+08:00",
    )
    say(
        visitor,
        number,
        "accepted",
        unit="QA",
        occurred_at="2026-03-02T00:00:00+08:00",
        precision="day",
    )

    visitor.go(f"/ledger/{number}?lang=zh")

    page = visitor.page
    expect(page.locator("#e2 .tm b")).to_have_text("11:05")
    expect(page.locator("#e2 .tm")).to_contain_text("记 ")
    expect(page.locator("#e2 .lag")).to_contain_text("晚 ")
    expect(page.locator("#e3 .tm b")).to_have_text("全天")
    days = page.locator("li.day").all_inner_texts()
    assert days[-2:] == ["2026-03-03 周二", "2026-03-02 周一"]


def test_a_value_corrected_twice_keeps_both_old_ones(visitor: Visitor, number: str) -> None:
    for new in (463, 470):
        place = {"corrects": 1, "field": "items.1.quantity", "new": new}
        say(visitor, number, "corrected", reason="recount", **place)

    visitor.go(f"/ledger/{number}?lang=en")

    first = visitor.page.locator("#e1")
    assert first.locator("del").all_inner_texts() == ["460", "463"]
    assert first.locator("ins").all_inner_texts() == ["470"]
    expect(visitor.page.locator("#e3")).to_contain_text("463")
    items = visitor.page.get_by_role("region", name="Items")
    expect(items).to_contain_text("470")


@pytest.mark.parametrize(
    ("field", "new", "old", "shown"),
    [
        ("items.1.production_date", "2026-02-01", "unknown", "2026-02-01"),
        ("region", "华东", "unknown", "华东"),
        ("customer", None, "Chengjiang Water", "unknown"),
        ("channel", "wechat", "phone", "WeChat"),
        (
            "when.occurred_at",
            "2026-03-01T08:00:00+08:00",
            "2026-03-03 09:10:00 +08:00",
            "2026-03-01 08:00:00 +08:00",
        ),
    ],
)
def test_a_correction_is_shown_at_both_ends_whatever_it_corrects(
    visitor: Visitor, number: str, field: str, new: object, old: str, shown: str
) -> None:
    place = {"corrects": 1, "field": field, "reason": "read wrongly"}
    say(visitor, number, "corrected", **place, **({} if new is None else {"new": new}))

    visitor.go(f"/ledger/{number}?lang=en")

    for end in ("#e1", "#e2"):
        expect(visitor.page.locator(f"{end} del")).to_have_text(old)
        expect(visitor.page.locator(f"{end} ins")).to_have_text(shown)
    expect(visitor.page.locator("#e1")).to_contain_text("corrected by #2")


def test_who_said_it_is_a_role_and_a_pseudonym(visitor: Visitor, number: str) -> None:
    visitor.go(f"/ledger/{number}?lang=en")

    expect(visitor.page.locator("#e1 .by")).to_contain_text("quality manager · p-tester")
    assert "Tester" not in visitor.page.locator("main").inner_text()


def test_every_field_on_every_page_has_a_name(visitor: Visitor, number: str) -> None:
    unnamed = """[...document.querySelectorAll('input, select, textarea, button')]
        .filter((e) => e.type !== 'hidden' && !e.labels?.length && !e.textContent.trim())
        .map((e) => e.outerHTML)"""
    for path in (
        "/ledger",
        "/ledger/new",
        "/import",
        "/operations",
        f"/ledger/{number}",
        f"/ledger/{number}/root_caused",
        f"/ledger/{number}/loss_stated",
        f"/ledger/{number}/graded",
    ):
        visitor.go(path)
        assert visitor.page.evaluate(unnamed) == [], path
        assert visitor.page.locator("h1").count() == 1, path


def test_a_complaint_says_why_and_what_would_settle_it(without_scripts: Visitor) -> None:
    """A clock opens to its sum, a gate names its clause, what is open asks its question."""
    number = received(without_scripts)
    said = {"unit": "quality", "occurred_at": "2026-03-03T10:00:00+08:00"}
    assert sent_json(without_scripts, f"/complaints/{number}/accepted", said).ok
    visitor, page = without_scripts, without_scripts.page
    visitor.go(f"/ledger/{number}?lang=en&at=2026-03-05")

    page.click("summary:has-text('corrective measures answered')")
    shown = visitor.text()
    assert "2026-03-03 is day 0" in shown
    assert "2026-03-04 Wed" in shown
    assert ": workday, working day 1" in shown
    assert "rests on facts nobody has stated: Urgent case, or a special request" in shown
    assert "S46@1#5.2.3 B" in shown
    assert "It might still be" in shown
    assert "Not stated, presumed absent" in shown
    page.click("details[open] a[href$=urgent_or_special]")
    assert page.url.endswith("fact_established?fact=urgent_or_special")
