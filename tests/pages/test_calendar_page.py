"""A calendar on its page, without scripts: what waits for a year, and what it moves."""

import pytest

from tests.pages.browsing import Visitor, sent_json
from tests.waiting import until

AT = "2030-01-01T09:00:00+08:00"  # nobody has published that year


@pytest.fixture
def number(without_scripts: Visitor) -> str:
    """A complaint whose answers fall due in a year that nobody has published."""
    said = {"items": [{"product": "V-1"}], "received_at": AT}
    made = sent_json(without_scripts, "/complaints", said)
    number = str(made.json()["number"])
    taken = {"unit": "quality", "occurred_at": AT}
    assert sent_json(without_scripts, f"/complaints/{number}/accepted", taken).ok
    return number


def filled(visitor: Visitor, **fields: str) -> None:
    """The form of a year, typed in."""
    visitor.page.click("details:has(#f-year) > summary")
    for name, said in {"year": "2030", "from0": "2030-01-01", **fields}.items():
        visitor.page.fill(f"[name={name}]", said)


def test_a_year_moves_what_waited_for_it(without_scripts: Visitor, number: str) -> None:
    visitor, page = without_scripts, without_scripts.page

    def listed() -> bool:
        visitor.go("/calendars/cn?lang=en")
        return number in visitor.text()

    until(listed)
    assert "1 provisional due date" in visitor.text()
    assert "2030-01-02 23:59:59" in visitor.text()

    filled(visitor, to0="2030-01-04", zh0="元旦", worked="2031-01-05")
    page.click("form[action$=years] button[value=look]")
    assert "2031-01-05 is no day of 2030" in visitor.text()
    page.fill("[name=worked]", "")
    page.click("form[action$=years] button[value=look]")
    assert "2 due dates would move; nothing is published yet" in visitor.text()
    assert "2030 · edition 1" not in visitor.text()

    page.click("form[action$=years] button[value=publish]")
    said = visitor.text()
    assert "1 complaint is due otherwise" in said
    assert "2030-01-02 23:59:59 +08:00\t2030-01-07 23:59:59" in said
    assert "edition 1" in said
    assert not visitor.wide()
    assert visitor.complaints == []
