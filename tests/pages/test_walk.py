"""A newcomer's first day, by role and label: empty ledger, first complaint, correction."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import Visitor
from tests.waiting import until

NUMBER = re.compile(r"C-\d{4}-\d{6}")
WORDS = "昨天装的那批阀体试压有 5 个漏气，先停用了。"


def receive(visitor: Visitor, *, batch: str = "V2609-12", quantity: str = "460") -> str:
    """Take a complaint down in the Chinese form; its number."""
    page = visitor.page
    visitor.go("/ledger/new?lang=zh")
    page.get_by_role("radio", name="电话").check()
    page.get_by_label("收到时间").fill("2026-03-03 09:10")
    page.get_by_label("客户原话").fill(WORDS)
    page.get_by_label("客户", exact=True).fill("澄江水务设备")
    page.get_by_label("料号 · 品名").fill("V-1150 阀体")
    page.get_by_label("批号", exact=True).fill(batch)
    page.get_by_label("不良现象").fill("气孔渗漏")
    page.get_by_label("数量").fill(quantity)
    page.get_by_role("button", name="保存并给出单号").click()
    found = NUMBER.search(page.get_by_role("heading", level=1).inner_text())
    assert found is not None, visitor.text()
    return found[0]


def shown_in_table(visitor: Visitor, number: str) -> bool:
    visitor.go("/ledger")
    return visitor.page.get_by_role("link", name=number).count() == 1


@pytest.fixture
def number(visitor: Visitor) -> str:
    return receive(visitor)


def test_an_empty_ledger_says_how_to_begin(visitor: Visitor) -> None:
    visitor.go("/")

    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("一本空的台账")
    assert "make demo" in visitor.text()
    page.get_by_role("link", name="新建客诉", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新建客诉")


def test_a_complaint_is_received_seen_contacted_graded_and_corrected(
    visitor: Visitor,
) -> None:
    page = visitor.page
    number = receive(visitor)
    until(lambda: shown_in_table(visitor, number))
    page.get_by_role("link", name=number).click()

    page.get_by_role("link", name="联系客户").click()
    page.get_by_role("radio", name="电话").check()
    page.get_by_label("谈话要点").fill("客户装配线未停")
    page.get_by_role("button", name="记录：联系客户").click()
    expect(page.locator("#e2")).to_contain_text("联系客户")

    page.get_by_role("link", name="分级").click()
    assert "S46 提议 C 一般" in visitor.text()
    page.get_by_role("radio", name="B 重大").check()
    page.get_by_label("理由").fill("客户要求停用整批")
    page.get_by_role("button", name="作出决定：分级").click()
    expect(page.locator("#e3")).to_contain_text("分级 B 重大")
    expect(page.locator("#e3")).to_contain_text("S46@1#grades: B")

    page.locator("#e1").get_by_role("link", name="更正").click()
    page.get_by_role("link", name="更正 第 1 项 数量").click()
    page.get_by_label("新值").fill("４６３")
    page.get_by_label("理由").fill("客户复点，多 3 件")
    page.get_by_role("button", name="记录：更正").click()

    corrected = page.locator("#e1")
    expect(corrected.locator("del")).to_have_text("460")
    expect(corrected.locator("ins")).to_have_text("463")
    expect(corrected.get_by_role("link", name="#4")).to_have_attribute("href", "#e4")
    expect(page.locator("#e4 del")).to_have_text("460")
    expect(page.locator("#e4 ins")).to_have_text("463")
    expect(page.locator("#e4")).to_contain_text("客户复点，多 3 件")


def test_words_of_a_customer_are_opened_by_a_link_and_shut_again(
    visitor: Visitor, number: str
) -> None:
    page = visitor.page
    assert WORDS not in visitor.text()

    page.get_by_role("link", name="打开密封内容").click()
    assert WORDS in visitor.text()

    page.get_by_role("link", name="重新密封").click()
    assert WORDS not in visitor.text()


def test_everything_is_said_in_the_other_language_at_the_same_address(
    visitor: Visitor, number: str
) -> None:
    page = visitor.page
    page.get_by_role("link", name="English").click()

    assert page.url.split("?")[0].endswith(number)
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    visitor.go("/ledger/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("New complaint")
    visitor.go("/ledger/new?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("新建客诉")


def test_nothing_depends_on_scripts(without_scripts: Visitor) -> None:
    page = without_scripts.page
    number = receive(without_scripts, batch="noscript-1")

    page.get_by_role("link", name="原因分析").click()
    page.get_by_label("环节").select_option(label="产生")
    page.get_by_label("原因代码").select_option(label="方法")
    page.get_by_role("button", name="再加一项").click()
    assert page.get_by_label("环节").count() == 2
    page.get_by_label("环节").nth(1).select_option(label="流出")
    page.get_by_label("原因代码").nth(1).select_option(label="人员")
    page.get_by_role("button", name="记录：原因分析").click()

    assert number in page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("#e2 li")).to_have_count(2)
    page.get_by_role("link", name="结案…").click()
    page.get_by_role("button", name="作出决定：结案").click()
    assert "还有事情要先做" in without_scripts.text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_scrolls_in_one_direction_only(phone: Visitor, lang: str) -> None:
    number = receive(phone, batch="PHONE-LONG-BATCH-2026-0455-REWORK-AND-SORTED-AGAIN")
    until(lambda: shown_in_table(phone, number))

    for path in (
        "/ledger?",
        f"/ledger/{number}?",
        f"/ledger/{number}/graded?",
        f"/ledger/{number}/root_caused?",
        f"/ledger/{number}/corrected?corrects=1&",
        "/ledger/new?",
        "/operations?",
        "/ledger/C-0?",
    ):
        phone.go(f"{path}lang={lang}")
        assert not phone.wide(), path
