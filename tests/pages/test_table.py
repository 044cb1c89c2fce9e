"""The tracking table: everything asked stands in the address, and the counts are true."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import Visitor, sent_json
from tests.waiting import until

ROWS = 30
CUSTOMERS = ("澄江水务", "海川泵业", "Nordwind Pumpen")


def said(n: int) -> dict[str, object]:
    """The nth complaint of this plant: every third without batch, every fifth by mail."""
    item: dict[str, object] = {"product": f"P-{n % 4}", "defect": "裂纹", "quantity": n}
    if n % 3:
        item["batch"] = f"B26-{n:04}"
    return {
        "items": [item],
        "customer": CUSTOMERS[n % 3],
        "channel": "email" if n % 5 == 0 else "phone",
        "words": "漏",
        "received_at": f"2026-02-{1 + n % 28:02}T09:00:00+08:00",
    }


@pytest.fixture(autouse=True)
def filled(visitor: Visitor) -> None:
    """Thirty complaints, told once."""
    visitor.go("/ledger?lang=zh")
    if visitor.page.get_by_role("table").count() == 0:
        for n in range(ROWS):
            assert sent_json(visitor, "/complaints", said(n)).status == 201
        until(lambda: counted(visitor) == ROWS)


def counted(visitor: Visitor) -> int:
    """The total a page shows, or 0 while it shows no table."""
    visitor.go("/ledger?lang=zh")
    heading = visitor.page.locator("#sum")
    return int(heading.inner_text().split()[0]) if heading.count() else 0


def rows(visitor: Visitor) -> int:
    return visitor.page.locator("tbody tr").count()


def test_rows_of_one_page_stand_on_one_line_each(visitor: Visitor) -> None:
    heights = visitor.page.evaluate(
        "[...document.querySelectorAll('tbody tr')].map((row) => row.offsetHeight)"
    )

    assert len(heights) == 25
    assert max(heights) <= 40
    assert not visitor.wide()


@pytest.mark.parametrize(
    ("choose", "address", "count"),
    [
        (lambda v: v.page.get_by_label("客户").select_option("海川泵业"), "customer=", 10),
        (lambda v: v.page.get_by_label("批号").fill("ｂ26 0001"), "batch=", 1),
        (lambda v: v.page.get_by_label("收到 从").fill("2026-02-20"), "received_from=", 9),
        (lambda v: v.page.get_by_label("单号").fill("C-2026-00000"), "number=", 9),
    ],
)
def test_a_filter_stands_in_the_address_and_is_taken_off_by_a_link(
    visitor: Visitor, choose: Callable[[Visitor], object], address: str, count: int
) -> None:
    page = visitor.page
    choose(visitor)
    page.get_by_role("button", name="筛选").click()

    assert address in page.url
    assert rows(visitor) == count
    page.locator("a.tag").first.click()
    assert address not in page.url
    assert rows(visitor) == 25


def test_a_column_sorts_and_turns_round(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("columnheader", name="数量").get_by_role("link").click()
    assert "sort=quantity" in page.url
    assert page.locator("td.qty").first.inner_text() == str(ROWS - 1)

    page.get_by_role("columnheader", name="数量").get_by_role("link").click()
    assert page.locator("td.qty").first.inner_text() == "0"
    expect(page.get_by_role("columnheader", name="数量")).to_have_attribute(
        "aria-sort", "ascending"
    )
    page.locator("a.tag").click()
    assert "sort=" not in page.url


def test_pages_follow_each_other_without_a_row_twice(visitor: Visitor) -> None:
    page = visitor.page
    seen = page.locator("td.no").all_inner_texts()
    assert "第 1–25 行，共 30 件" in visitor.text()

    page.get_by_role("link", name="下一页").click()

    assert "第 26–30 行，共 30 件" in visitor.text()
    later = page.locator("td.no").all_inner_texts()
    assert len({*seen, *later}) == ROWS
    page.get_by_role("link", name="上一页").click()
    assert page.locator("td.no").all_inner_texts() == seen


def test_a_saved_view_counts_what_it_lists(visitor: Visitor) -> None:
    page = visitor.page
    view = page.get_by_role("navigation", name="已存视图").get_by_role(
        "link", name="批号未知"
    )
    assert view.inner_text().split()[-1] == "10"

    view.click()

    assert rows(visitor) == 10
    assert page.locator("td.bat .unk").count() == 10
    assert view.get_attribute("aria-current") == "page"


def test_the_files_have_the_rows_of_the_list(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/ledger?channel=email&sort=quantity&descending=false")
    assert rows(visitor) == 6

    for name in ("CSV", "JSON"):
        place = page.get_by_role("link", name=name).get_attribute("href") or ""
        assert "channel=email" in place
        answer = page.request.get(f"{visitor.url}{place}")
        assert answer.status == 200
        assert answer.text().count("email") >= 6


def test_nothing_found_names_the_filters(visitor: Visitor) -> None:
    visitor.go("/ledger?batch=no-such-batch&stage=closed")

    assert "没有符合的客诉：批号 = no-such-batch、阶段 = 已结案。" in visitor.text()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/ledger?received_from=gestern", "填日期，如 2026-10-09"),
        ("/ledger?sort=nothing", "从这些里选"),
        ("/ledger?cursor=xyz", "请从第一页开始"),
        ("/ledger?stage=nothing", "从这些里选"),
    ],
)
def test_a_question_that_makes_no_sense_is_said_in_words(
    visitor: Visitor, address: str, words: str
) -> None:
    answer = visitor.go(address)

    assert answer.status == 422
    assert words in visitor.text()


def test_keys_search_and_move(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("/")
    expect(page.get_by_label("单号")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("td.no a").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#tl")).to_be_visible()


def test_the_line_of_freshness_tells_position_time_and_lag(visitor: Visitor) -> None:
    fresh = visitor.page.locator("#fresh")

    expect(fresh).to_contain_text("数据截至 位置 30")
    expect(fresh).to_contain_text("落后 0 条")
    expect(fresh).to_contain_text("自洽，未外部锚定")
    visitor.go("/freshness?lang=en")
    assert "Reflects position 30" in visitor.page.locator("body").inner_text()
