"""A fine on pages: the act, the clauses that fit, the notice, and the ledger of all."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from consumers.catalogs import OFFERED
from tests.pages.browsing import Visitor, sent_json
from tests.pages.filling import received
from tests.pages.live import ZONE
from tests.waiting import until

TWELVE = "S6@1#5.2.1.12"


@pytest.fixture(autouse=True)
def catalog(visitor: Visitor) -> None:
    """S6, version 1, in force since January; published once for the file."""
    said = {
        "text": (OFFERED / "S6_v1.yaml").read_text(encoding="utf-8"),
        "approved_by": "p-gm",
        "approved_on": "2026-01-06",
    }
    assert sent_json(visitor, "/catalogs", said).status in {200, 428}


def test_from_the_act_to_the_notice(without_scripts: Visitor) -> None:
    """Three pieces reached a customer: 100 yuan each, two clauses give way."""
    visitor, page = without_scripts, without_scripts.page
    number = received(visitor)
    yesterday = (datetime.now(ZoneInfo(ZONE)) - timedelta(days=1)).date().isoformat()
    visitor.go(f"/ledger/{number}")
    page.get_by_role("link", name="处罚或奖励").click()
    page.get_by_label("对象").fill("p-insp-04")
    page.get_by_label("部门").fill("检验科")
    page.get_by_label("岗位").select_option("patrol_inspector")
    page.get_by_label("违规行为").select_option("missed_inspection")
    page.get_by_label("行为日期").fill(yesterday)
    page.get_by_role("button", name="看适用条款").click()
    page.get_by_label("件数").fill("3")
    page.get_by_label("流转到").select_option("customer")
    page.get_by_label("造成投诉").select_option("yes")
    page.get_by_role("button", name="看适用条款").click()
    expect(page.get_by_text("3 × 20.00 = 60.00")).to_be_visible()
    page.get_by_label("5.2.1.12", exact=True).check()
    page.get_by_label("每件（次）50.00 CNY 至 200.00 CNY").fill("201")
    page.get_by_role("button", name="提报").click()
    expect(page.get_by_text("金额在 50.00 到 200.00 之间")).to_be_visible()
    page.get_by_label("每件（次）50.00 CNY 至 200.00 CNY").fill("100")
    page.get_by_role("button", name="提报").click()

    expect(page).to_have_url(re.compile(rf"/ledger/{number}#e2$"))
    until(lambda: visitor.go(f"/ledger/{number}") and "300.00 CNY" in visitor.text())
    page.locator("a[href^='/penalties/']").click()
    expect(page.get_by_text("3 × 100.00 = 300.00")).to_be_visible()
    page.get_by_label("理由").last.fill("查无实据")
    page.get_by_role("button", name="处罚冲回").click()
    expect(page.get_by_text("已冲回")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_ledger_of_all_notices(visitor: Visitor, lang: str) -> None:
    number = received(visitor)
    act = {
        "complaint": number,
        "person": "p-mach-03",
        "unit": "机加工部",
        "role": "patrol_inspector",
        "act": "signed_without_rework",
        "on": "2026-03-02",
        "occasion": lang,
    }
    stated = sent_json(visitor, "/penalties", act)
    notice = stated.headers["location"]
    said = {"penalty_clause": "S6@1#5.2.1.5"}
    visitor.page.request.post(
        f"{visitor.url}{notice}/proposed", data=said, headers={"If-Match": '"1"'}
    )
    until(lambda: bool(visitor.go("/penalties")) and notice[-8:] in visitor.page.content())

    visitor.go(f"/penalties?lang={lang}&unit=机加工部")

    row = visitor.page.get_by_role("row").filter(has_text="5.2.1.5").first
    expect(row).to_contain_text("100.00 CNY")
    expect(row).to_contain_text(number)
