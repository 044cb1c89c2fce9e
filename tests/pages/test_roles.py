"""Who may: a page offers what the role may do, and says who may do the rest."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from api.identity.permissions import AUDITOR, SERVICE
from tests.pages.browsing import Visitor, visiting
from tests.pages.filling import received
from tests.pages.live import Live, live


@pytest.fixture
def number(visitor: Visitor) -> str:
    return received(visitor)


@pytest.fixture
def auditor(browser: Browser, ledger: Live) -> Iterator[Visitor]:
    with (
        live(ledger.dsn, ledger.home, role=AUDITOR) as theirs,
        visiting(browser, theirs.url) as made,
    ):
        yield made


@pytest.fixture
def clerk(browser: Browser, ledger: Live) -> Iterator[Visitor]:
    with (
        live(ledger.dsn, ledger.home, role=SERVICE) as theirs,
        visiting(browser, theirs.url) as made,
    ):
        yield made


def test_an_auditor_reads_and_opens_nothing_personal(auditor: Visitor, number: str) -> None:
    page = auditor.page
    auditor.go(f"/ledger/{number}?open=1&lang=zh")

    assert "阀体漏水" not in auditor.text()
    assert page.get_by_role("link", name="打开密封内容").count() == 0
    assert "你的角色（审核员）在这里没有可记录的" in auditor.text()
    assert page.get_by_role("link", name="更正").count() == 0
    assert page.get_by_role("link", name="+ 新建客诉").count() == 0


def test_who_may_not_is_told_who_may(auditor: Visitor, number: str) -> None:
    for path in (f"/ledger/{number}/noted", "/ledger/new", "/operations", "/import"):
        answer = auditor.go(f"{path}?lang=zh")
        assert answer.status == 403
        assert "你的角色不能做这件事" in auditor.text()
    assert "请找：质量经理, 管理员" in auditor.text()


def test_a_clerk_speaks_with_customers_and_grades_nothing(
    clerk: Visitor, number: str
) -> None:
    clerk.go(f"/ledger/{number}?lang=en")
    offered = clerk.page.locator("#next")

    expect(offered.get_by_role("link", name="Contacted")).to_be_visible()
    assert offered.get_by_role("link", name="Graded").count() == 0
    assert clerk.go(f"/ledger/{number}/closed").status == 403
