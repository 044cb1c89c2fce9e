"""Filling forms in as a browser sends them, for tests that are not about the clicking."""

from typing import Any

from tests.pages.browsing import Visitor, posted, sent_json

RECEIVED = {
    "items": [
        {"product": "V-1150", "batch": "V2609-12", "defect": "leak", "quantity": 460}
    ],
    "customer": "Chengjiang Water",
    "complainant": "陈洁",
    "words": "阀体漏水",
    "channel": "phone",
    "received_at": "2026-03-03T09:10:00+08:00",
}


def received(visitor: Visitor, **more: object) -> str:
    """A complaint, told by a program; its number."""
    answer = sent_json(visitor, "/complaints", {**RECEIVED, **more})
    assert answer.status == 201, answer.text()
    return str(answer.json()["number"])


def opened_form(
    visitor: Visitor, number: str, word: str, query: str = ""
) -> dict[str, str]:
    """A form as it is before anybody types: everything it would send."""
    answer = visitor.go(f"/ledger/{number}/{word}{query}")
    assert answer.status == 200, visitor.text()
    script = "Object.fromEntries(new FormData(document.querySelector('form[method=post]')))"
    found: dict[str, str] = visitor.page.evaluate(script)
    return found


def fill(
    visitor: Visitor, number: str, word: str, fields: dict[str, str], query: str = ""
) -> Any:
    """Send a form with these fields; the answer, not followed."""
    form = {**opened_form(visitor, number, word, query), **fields}
    return posted(visitor, f"/ledger/{number}/{word}", form)


def version_of(visitor: Visitor, number: str) -> int:
    """How many events a complaint has."""
    answer = visitor.page.request.get(f"{visitor.url}/complaints/{number}")
    return int(answer.json()["version"])
