"""Problems: words for a browser, a document for a program, and nothing else for anybody."""

import pytest

from tests.pages.browsing import Visitor, posted
from tests.pages.filling import opened_form, received, version_of


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("没有这件客诉", "核对单号")),
        ("en", ("no such complaint", "check the number")),
    ],
)
def test_a_browser_is_told_in_words(
    visitor: Visitor, lang: str, words: tuple[str, ...]
) -> None:
    answer = visitor.go(f"/ledger/C-2026-999999?lang={lang}")

    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert all(word in visitor.text() for word in words)
    assert "urn:uuid:" in visitor.text()


def test_a_program_gets_a_document(visitor: Visitor) -> None:
    for accept in ("*/*", "application/json", "application/problem+json"):
        answer = visitor.page.request.get(
            f"{visitor.url}/ledger/C-2026-999999", headers={"accept": accept}
        )
        assert answer.status == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "unknown-complaint"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing/here", 404, "这个地址没有东西"),
        ("/ledger/C-2026-999999/graded", 404, "没有这件客诉"),
        ("/static/../secret", 404, "这个地址没有东西"),
        ("/ledger?x=" + "y" * 9_000, 414, "地址太长"),
    ],
)
def test_whatever_is_wrong_has_a_page(
    visitor: Visitor, path: str, status: int, words: str
) -> None:
    visitor.go("/ledger?lang=zh")
    answer = visitor.go(path)

    assert answer.status == status
    assert words in visitor.text()
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_deed_nobody_knows_is_not_found(visitor: Visitor) -> None:
    number = received(visitor)

    assert visitor.go(f"/ledger/{number}/bribed").status == 404
    assert visitor.go(f"/ledger/{number}/corrected?corrects=99").status == 404
    assert visitor.go(f"/ledger/{number}/corrected?corrects=1&field=number").status == 404
    assert visitor.go(f"/ledger/{number}/fact_established?fact=nothing").status == 404


def test_a_form_of_another_site_is_turned_away(visitor: Visitor) -> None:
    number = received(visitor)
    form = opened_form(visitor, number, "noted") | {"text": "x"}

    origin = posted(visitor, f"/ledger/{number}/noted", form, origin="https://evil.example")
    fetched = posted(
        visitor, f"/ledger/{number}/noted", form, **{"sec-fetch-site": "cross-site"}
    )

    assert (origin.status, fetched.status) == (403, 403)
    assert "别的网站不能在这里写入" in origin.text()
    assert version_of(visitor, number) == 1


@pytest.mark.parametrize("token", ["", "somebody-elses-token"])
def test_a_form_without_our_token_is_shown_again_with_its_text(
    visitor: Visitor, token: str
) -> None:
    number = received(visitor)
    form = opened_form(visitor, number, "noted") | {"text": "lange getippt"}

    answer = posted(visitor, f"/ledger/{number}/noted", {**form, "token": token})

    assert answer.status == 403
    assert "lange getippt" in answer.text()
    assert "这一页放得太久" in answer.text()
    assert version_of(visitor, number) == 1


def test_a_decision_without_a_version_is_not_taken(visitor: Visitor) -> None:
    number = received(visitor)
    form = opened_form(visitor, number, "determined") | {"result": "product"}

    answer = posted(visitor, f"/ledger/{number}/determined", {**form, "version": "x"})

    assert answer.status == 428
    assert version_of(visitor, number) == 1


def test_a_form_larger_than_the_ledger_takes_is_told_in_words(visitor: Visitor) -> None:
    number = received(visitor)
    form = opened_form(visitor, number, "noted") | {"text": "x" * 300_000}

    answer = posted(visitor, f"/ledger/{number}/noted", form)

    assert answer.status == 413
    assert "内容太大" in answer.text()
