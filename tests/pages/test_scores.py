"""A project's sheet on a page: points deducted, the score recorded, a cost charged."""

import re

from playwright.sync_api import expect

from tests.pages.browsing import Visitor, sent_json
from tests.waiting import until


def test_from_a_missing_record_to_the_recorded_score(without_scripts: Visitor) -> None:
    visitor, page = without_scripts, without_scripts.page
    number = sent_json(visitor, "/projects", {"name": "滨江一期"}).json()["number"]
    until(lambda: visitor.go("/scores?year=2026") and number in visitor.text())
    page.get_by_role("link", name=number).click()
    row = page.locator("tr", has_text="客户投诉台账")
    row.get_by_label("次数").fill("2")
    row.get_by_role("button", name="扣分").click()

    expect(page).to_have_url(re.compile(r"/score\?year=2026$"))
    sheet = f"/projects/{number}/score?year=2026"
    until(lambda: visitor.go(sheet) and "84.6" in visitor.text())
    page.get_by_label("未及时发保修期满告知函").select_option("yes")
    page.get_by_role("button", name="按此计算").click()
    expect(page.get_by_text("76.9 %").first).to_be_visible()
    page.get_by_role("button", name="记为年度评分").click()
    expect(page.get_by_text("76.9 %").first).to_be_visible()
    facts = page.request.get(f"{visitor.url}/projects/{number}").json()["facts"]
    assert facts[-1]["fields"]["rows"][-1] == {"row": "row_7", "points": 10}
    english = visitor.go(f"{sheet}&lang=en")
    assert english.status == 200
    assert "Annual scores" in visitor.text()
    visitor.go("/scores?lang=zh")


def test_a_cost_is_charged_in_a_form(without_scripts: Visitor) -> None:
    visitor, page = without_scripts, without_scripts.page
    visitor.go("/penalties")
    page.get_by_role("link", name="费用追偿").click()
    page.get_by_role("button", name="记账").click()
    expect(page.get_by_text("必填").first).to_be_visible()
    page.get_by_label("供应商").check()
    page.get_by_label("谁承担").first.fill("丰达")
    page.get_by_label("为何追偿").fill("返工损失")
    page.get_by_label("依据").first.fill("质量协议 4.2")
    page.get_by_label("金额").first.fill("6200")
    page.get_by_role("button", name="记账").click()

    expect(page).to_have_url(re.compile(r"/penalties/[0-9a-f-]{36}$"))
    assert "6,200.00 CNY" in visitor.text()
