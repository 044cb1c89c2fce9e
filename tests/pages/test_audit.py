"""The audit page and the proof on a complaint's page, and where they lead."""

import psycopg
import pytest

from infra.proof.verify import verified
from tests.pages.browsing import Visitor
from tests.pages.filling import received
from tests.pages.live import Live, key_of
from tests.waiting import until

SEALED = {"en": "Everything that is sealed is as it was signed.", "zh": "与签名时完全一致"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_that_all_is_as_it_was_signed(
    visitor: Visitor, phone: Visitor, lang: str
) -> None:
    received(visitor)

    def sealed() -> bool:
        visitor.go(f"/audit?lang={lang}")
        return SEALED[lang] in visitor.text() and "complaint-ledger/" in visitor.text()

    until(sealed)
    phone.go(f"/audit?lang={lang}")
    assert not phone.wide()


def test_a_number_leads_to_a_bundle_that_holds(visitor: Visitor, ledger: Live) -> None:
    number = received(visitor)
    visitor.go(f"/ledger/{number}?lang=en")
    assert "Self-consistent, not anchored" in visitor.text()

    answer = visitor.page.request.get(f"{visitor.url}/audit", params={"number": number})
    rows = verified(answer.text(), str(key_of(ledger.home).verifying))
    assert [row for row in rows if row[0] == "FAIL"] == []
    assert answer.headers["content-disposition"].startswith("attachment")

    visitor.page.get_by_text("With the sealed texts").first.click()
    visitor.page.get_by_label("Recipient").fill("TÜV")
    visitor.page.locator("#pf-why").fill("audit")
    with visitor.page.expect_download() as given:
        visitor.page.locator("form[action$='/bundle'] button").click()
    assert "陈洁" in given.value.path().read_text("utf-8")


def test_what_was_changed_stands_on_it(visitor: Visitor, ledger: Live) -> None:
    with psycopg.connect(ledger.dsn) as conn:
        conn.execute(
            "INSERT INTO sealing.finding (tree, position, what, words) VALUES ('events', 1,"
            " 'changed', 'the topic is another; it was complaint.closed')"
        )
    visitor.go("/audit?lang=zh")
    assert "事件类型被改，原为 complaint.closed" in visitor.text()
    visitor.go("/operations?lang=en")
    assert "What was recorded has been changed" in visitor.text()
    with psycopg.connect(ledger.dsn) as conn:
        conn.execute("DELETE FROM sealing.finding")
