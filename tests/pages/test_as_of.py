"""As of, on the page: any point of a complaint's history, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import Visitor, sent_json
from tests.pages.filling import received
from tests.pages.live import Live


@pytest.fixture(scope="module")
def number(ledger: Live) -> dict[str, str]:
    """Its number, once somebody told it: one life is enough for all that look at it."""
    return {}


def told(visitor: Visitor, known: dict[str, str]) -> str:
    """Received at 09:10; accepted; the call of 08:00 came late; its quantity put right."""
    if "number" not in known:
        number = known["number"] = received(visitor)
        early, late = "2026-03-03T09:30:00+08:00", "2026-03-04T15:00:00+08:00"
        for word, said in (
            ("accepted", {"unit": "QA", "occurred_at": early}),
            ("contacted", {"channel": "phone", "occurred_at": late}),
            (
                "corrected",
                {
                    "corrects": 1,
                    "field": "items.1.quantity",
                    "new": 463,
                    "reason": "recount",
                },
            ),
        ):
            answer = sent_json(visitor, f"/complaints/{number}/{word}", said)
            assert answer.status == 201, answer.text()
    return known["number"]


def positions(visitor: Visitor, number: str) -> list[int]:
    answer = visitor.page.request.get(f"{visitor.url}/complaints/{number}/events")
    return [event["position"] for event in answer.json()["events"]]


def test_without_scripts_one_walks_from_event_to_event(
    without_scripts: Visitor, number: dict[str, str]
) -> None:
    visitor, page = without_scripts, without_scripts.page
    no = told(visitor, number)
    at = positions(visitor, no)
    visitor.go(f"/ledger/{no}?lang=en")
    items = page.get_by_role("region", name="Items")
    expect(items).to_contain_text("463")

    page.get_by_role("link", name="previous event").click()

    expect(page).to_have_url(f"{visitor.url}/ledger/{no}?lang=en&as_of={at[-2]}")
    expect(page.locator("#then h2")).to_contain_text(f"As it stood at position {at[-2]},")
    expect(items).to_contain_text("460")
    assert page.locator("li.ev").count() == len(at) - 1
    assert page.locator("ins, del").count() == 0, "nobody had put it right yet"
    assert page.locator("#next").count() == 0, "nothing is recorded from the past"
    page.get_by_role("link", name="next event").click()
    expect(page).to_have_url(f"{visitor.url}/ledger/{no}?lang=en")


def test_the_slider_goes_to_an_event_with_scripts_and_without(
    visitor: Visitor, without_scripts: Visitor, number: dict[str, str]
) -> None:
    no = told(visitor, number)
    at = positions(visitor, no)
    for one in (visitor, without_scripts):
        one.go(f"/ledger/{no}?lang=en")
        slider = one.page.get_by_role("slider", name="Events 1 to")
        slider.focus()
        slider.press("Home")
        if one is without_scripts:
            one.page.get_by_role("button", name="Go").click()
        expect(one.page).to_have_url(f"{one.url}/ledger/{no}?as_of={at[0]}")
        expect(one.page.locator("output")).to_have_text("1")


def test_an_instant_is_answered_with_the_position_and_what_was_not_known_yet(
    without_scripts: Visitor, number: dict[str, str]
) -> None:
    """The question of an audit: what did we know, and what had already happened."""
    visitor, page = without_scripts, without_scripts.page
    no = told(visitor, number)
    at = positions(visitor, no)
    visitor.go(f"/ledger/{no}?lang=en&as_of={at[0]}")

    then = page.locator("#then")

    expect(then).to_contain_text(f"1 of its {len(at)} events had been recorded")
    expect(then.get_by_role("listitem")).to_have_count(len(at) - 1)
    expect(then).to_contain_text(f"#{len(at) - 1} Contacted")
    page.get_by_role("link", name="what had happened by then").click()
    expect(page.locator("tbody")).to_contain_text("463")


def test_what_had_happened_by_a_day_is_asked_in_the_same_bar(
    without_scripts: Visitor, number: dict[str, str]
) -> None:
    visitor, page = without_scripts, without_scripts.page
    no = told(visitor, number)
    visitor.go(f"/ledger/{no}?lang=en")

    page.get_by_label("Happened by").fill("2026-03-03")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("#then")).to_contain_text("by 2026-03-03 23:59:59 +08:00")
    shown = [e.get_attribute("id") for e in page.locator("li.ev").all()]
    last = f"e{len(positions(visitor, no))}"
    assert shown == ["e1", "e2", "e3", "e4", last], "not the call of the next day"
    expect(page.get_by_label("Happened by")).to_have_value("2026-03-03")


def test_two_points_side_by_side_name_what_changed_and_by_which_event(
    without_scripts: Visitor, number: dict[str, str]
) -> None:
    visitor, page = without_scripts, without_scripts.page
    no = told(visitor, number)
    at = positions(visitor, no)
    visitor.go(f"/ledger/{no}?lang=en&as_of={at[0]}")

    page.get_by_role("link", name="Compare with now").click()

    row = page.get_by_role("row", name="No. 1 Quantity")
    expect(row).to_contain_text("460")
    expect(row.locator("ins")).to_have_text("463")
    expect(row.get_by_role("link")).to_have_text(f"#{len(at)}")
    expect(page.get_by_role("row", name="Stage")).to_contain_text("accepted")
    page.get_by_label("Known at").first.fill(str(at[-1]))
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("main")).to_contain_text("Nothing differs between position")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_both_languages_and_on_a_phone_the_bar_fits(
    phone: Visitor, number: dict[str, str], lang: str
) -> None:
    no = told(phone, number)
    for path in (f"/ledger/{no}?as_of=1&", f"/ledger/{no}/difference?from=1&"):
        assert phone.go(f"{path}lang={lang}").status == 200
        assert not phone.wide()


def test_what_is_no_point_in_time_is_told_in_words(
    visitor: Visitor, number: dict[str, str]
) -> None:
    no = told(visitor, number)

    answer = visitor.go(f"/ledger/{no}?as_of=soon&lang=zh")

    assert answer.status == 422
    assert "请写位置，或时间" in visitor.text()
