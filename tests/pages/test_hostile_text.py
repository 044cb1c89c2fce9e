"""Text from outside is shown as text: it runs nothing, turns nothing and hides nothing."""

import pytest

from tests.pages.browsing import Visitor
from tests.pages.filling import fill, opened_form, received
from tests.waiting import until

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='o'\">"
TURNED = "photo\u202egpj.exe\u200b\u2066"


@pytest.fixture
def number(visitor: Visitor) -> str:
    item = {"product": SCRIPT, "batch": TURNED, "defect": '"><b>x</b>', "quantity": 1}
    return received(
        visitor, items=[item], customer=SCRIPT, words=SCRIPT, complainant=TURNED
    )


def shown(visitor: Visitor, number: str) -> bool:
    visitor.go("/ledger?lang=en")
    return visitor.page.get_by_role("link", name=number).count() == 1


def test_a_script_in_a_complaint_is_only_text(visitor: Visitor, number: str) -> None:
    until(lambda: shown(visitor, number))
    for path in (
        "/ledger?lang=en",
        f"/ledger?customer={SCRIPT}&batch=<i>x</i>",
        f"/ledger/{number}?open=1&lang=zh",
        f"/ledger/{number}/corrected?corrects=1",
        f"/ledger/{number}/corrected?corrects=1&field=items.1.product",
        f"/ledger/{number}/item_stated",
    ):
        visitor.go(path)
        assert "owned" not in visitor.page.title(), path
        assert (
            visitor.page.locator("main script, main img, main b:text-is('x')").count() == 0
        )
    assert visitor.complaints == []


def test_what_turns_or_hides_text_is_shown_by_its_code(
    visitor: Visitor, number: str
) -> None:
    until(lambda: shown(visitor, number))
    cell = visitor.page.get_by_role("row").filter(has_text=number).locator("td.bat")
    assert cell.inner_text() == "photoU+202Egpj.exeU+200BU+2066"
    assert cell.locator("bdi").count() == 1
    assert cell.locator(".hid").count() == 3

    visitor.go(f"/ledger/{number}?open=1")
    assert "\u202e" not in visitor.page.content()


def test_what_was_typed_comes_back_as_it_was(visitor: Visitor, number: str) -> None:
    form = opened_form(visitor, number, "accepted")
    assert form["token"]

    answer = fill(visitor, number, "accepted", {"unit": SCRIPT, "occurred_at": "never"})

    assert answer.status == 422
    assert "&lt;script&gt;document.title" in answer.text()
    assert "<script>document" not in answer.text()


def test_tokens_and_language_are_cookies_no_script_and_no_other_site_can_read(
    visitor: Visitor, number: str
) -> None:
    opened_form(visitor, number, "noted", "?lang=en")

    cookies = {c["name"]: c for c in visitor.page.context.cookies()}
    assert {"ledger_form", "ledger_language"} <= cookies.keys()
    assert all(c["httpOnly"] and c["sameSite"] == "Strict" for c in cookies.values())
