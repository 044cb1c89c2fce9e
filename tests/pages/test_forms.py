"""Forms: nothing that was typed is lost, nothing is recorded twice, nobody is overruled."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import Visitor, posted, sent_json
from tests.pages.filling import fill, opened_form, received, version_of


@pytest.fixture
def number(visitor: Visitor) -> str:
    return received(visitor)


def test_what_is_wrong_stands_above_and_beside_and_what_was_typed_stays(
    visitor: Visitor,
) -> None:
    page = visitor.page
    visitor.go("/ledger/new?lang=zh")
    page.get_by_label("数量").fill("几个")
    page.get_by_label("收到时间").fill("2099-10-19 13:40")
    page.get_by_label("料号 · 品名").fill("V-1150")
    page.get_by_role("button", name="保存并给出单号").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("还没有记录：4 处要改")
    expect(page.get_by_label("料号 · 品名")).to_have_value("V-1150")
    expect(page.get_by_label("数量")).to_have_value("几个")
    expect(page.get_by_label("数量")).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link", name=re.compile("数量")).click()
    assert page.url.endswith("#f-items.0.quantity")
    summary.get_by_role("link", name="收到时间：不能晚于现在").click()
    assert page.url.endswith("#f-received_at")


def test_another_item_is_added_and_both_are_received(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/ledger/new?lang=en")
    page.get_by_role("radio", name="phone").check()
    page.get_by_label("Received at").fill("2026-03-03T09:10:00+08:00")
    page.get_by_label("Words").fill("leaks")
    page.get_by_label("Batch", exact=True).fill("B-1")
    page.get_by_role("button", name="Add an item").click()
    expect(page.get_by_role("radio", name="phone")).to_be_checked()
    page.get_by_label("Batch", exact=True).nth(1).fill("B-2")
    page.get_by_role("button", name="Save and give a number").click()

    expect(page.get_by_role("status").filter(has_text="Received: C-")).to_be_visible()
    items = page.get_by_role("region", name="Items")
    assert items.get_by_role("row").count() == 3


def test_somebody_was_quicker_and_nothing_is_covered_over(
    visitor: Visitor, number: str
) -> None:
    page = visitor.page
    visitor.go(f"/ledger/{number}/graded?lang=zh")
    page.get_by_role("radio", name="A 严重").check()
    page.get_by_label("理由").fill("担心停线")
    assert sent_json(visitor, f"/complaints/{number}/noted", {"text": "x"}).status == 201

    page.get_by_role("button", name="作出决定：分级").click()

    assert "没有记录：你打开之后，有人先作了改动" in visitor.text()
    assert "你依据的是版本 1，现在是版本 2" in visitor.text()
    expect(page.locator("#e2")).to_contain_text("备注")
    expect(page.get_by_label("理由")).to_have_value("担心停线")
    expect(page.get_by_role("radio", name="A 严重")).to_be_checked()
    assert version_of(visitor, number) == 2

    page.get_by_role("button", name="按现在的状态再决定").click()
    expect(page.locator("#e3")).to_contain_text("分级 A 严重")
    expect(page.locator("#e3")).to_contain_text("所见版本 2")


def test_a_conflict_is_412(visitor: Visitor, number: str) -> None:
    form = opened_form(visitor, number, "determined")
    sent_json(visitor, f"/complaints/{number}/noted", {"text": "x"})

    answer = posted(visitor, f"/ledger/{number}/determined", {**form, "result": "product"})

    assert answer.status == 412


def test_what_keeps_it_open_is_listed_by_name_and_clause(
    visitor: Visitor, number: str
) -> None:
    page = visitor.page
    visitor.go(f"/ledger/{number}/closed?lang=en")
    page.get_by_role("button", name="Decide: Closed").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing was recorded: Something has to happen first")
    expect(alert).to_contain_text("three batches in a row without the same problem")
    expect(alert).to_contain_text("S46@1#5.2.3 B")
    assert version_of(visitor, number) == 1


def test_a_form_sent_twice_is_recorded_once(visitor: Visitor, number: str) -> None:
    form = opened_form(visitor, number, "noted") | {"text": "einmal"}

    first = posted(visitor, f"/ledger/{number}/noted", form)
    again = posted(visitor, f"/ledger/{number}/noted", form)

    assert (first.status, again.status) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert version_of(visitor, number) == 2


def test_a_form_that_was_recorded_does_not_change(visitor: Visitor, number: str) -> None:
    form = opened_form(visitor, number, "noted", "?lang=en")
    posted(visitor, f"/ledger/{number}/noted", {**form, "text": "one"})

    answer = posted(visitor, f"/ledger/{number}/noted", {**form, "text": "two"})

    assert answer.status == 422
    assert "This form was already recorded" in answer.text()
    assert version_of(visitor, number) == 2


def test_the_same_decision_again_is_said_to_be_nothing_new(
    visitor: Visitor, number: str
) -> None:
    fill(visitor, number, "determined", {"result": "product"})

    answer = fill(visitor, number, "determined", {"result": "product"})

    assert answer.headers["location"] == f"/ledger/{number}?same=1#e2"
    visitor.go(f"/ledger/{number}?same=1&lang=zh")
    assert "没有新的事件" in visitor.text()


@pytest.mark.parametrize(
    ("word", "field", "typed", "said"),
    [
        ("stock_swept", "found", "-3", "填整数；不知道就留空"),
        ("action_planned", "due", "morgen", "填日期，如 2026-10-09"),
        ("noted", "occurred_at", "neulich", "填日期和时间"),
        ("loss_stated", "loss.minor", "0.001", "填金额，如 120.50"),
        ("called_back", "round", "101", "不能大于 100"),
        ("replied", "document", "abc", "格式不对"),
        ("assigned", "owner", "Wang Min", "格式不对"),
        ("noted", "text", "a\x07b", "不能含字符 U+0007"),
        ("accepted", "unit", "", "必填"),
        ("duplicate_linked", "other", "C-2026-999999", "核对另一件客诉的单号"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(  # each line: what, where, typed, told
    visitor: Visitor, number: str, word: str, field: str, typed: str, said: str
) -> None:
    visitor.go("/ledger?lang=zh")
    others = {"place": "x", "action": "A1", "text": "x", "reason": "x", "part": "report"}
    form = {**others, "reached": "yes", field: typed}

    answer = fill(visitor, number, word, form)

    assert answer.status == 422
    assert said in answer.text()
    assert version_of(visitor, number) == 1


def test_a_question_is_answered_or_does_not_apply(visitor: Visitor, number: str) -> None:
    page = visitor.page
    visitor.go(f"/ledger/{number}/fact_established?lang=zh")
    page.get_by_role("link", name="答 有人受伤").click()
    page.get_by_role("radio", name="不适用").check()
    page.get_by_role("button", name="记录：事实认定").click()

    expect(page.locator("#e2")).to_contain_text("有人受伤")
    visitor.go(f"/ledger/{number}/fact_established")
    row = page.get_by_role("row").filter(has_text="有人受伤")
    expect(row).to_contain_text("不适用")


def test_a_sealed_text_is_corrected_and_both_stay_sealed(
    visitor: Visitor, number: str
) -> None:
    page = visitor.page
    fill(
        visitor,
        number,
        "corrected",
        {"new": "阀盖漏水", "reason": "听错"},
        "?corrects=1&field=words",
    )

    visitor.go(f"/ledger/{number}?lang=zh")
    assert "漏水" not in visitor.text()
    page.get_by_role("link", name="打开密封内容").click()
    expect(page.locator("#e1 del")).to_have_text("阀体漏水")
    expect(page.locator("#e1 ins")).to_have_text("阀盖漏水")


def test_what_is_not_ours_asks_only_that_the_customer_was_told(
    visitor: Visitor, number: str
) -> None:
    page = visitor.page
    fill(visitor, number, "screened", {"outcome": "not_ours"})
    visitor.go(f"/ledger/{number}/closed?lang=en")
    assert "Only this is still asked for" in visitor.text()
    page.get_by_role("button", name="Decide: Closed").click()
    expect(page.get_by_role("alert")).to_contain_text("Contacted: this has to follow")

    fill(visitor, number, "contacted", {"channel": "phone"})
    visitor.go(f"/ledger/{number}?lang=en")
    expect(page.get_by_role("heading", name="Can it be closed? Yes")).to_be_visible()
    assert fill(visitor, number, "closed", {}).status == 303
