"""The pages of figures: a month in tiles, each open to what it counts, and why not."""

import pytest

from tests.pages.browsing import Visitor
from tests.pages.filling import received
from tests.waiting import until

APRIL = "2026-04"
WORDS = {
    "zh": ("无数值", "分母为空", "属于生产与交付过程", "有效投诉"),
    "en": ("no value", "nothing below the line", "production and delivery", "valid"),
}


@pytest.fixture(scope="module")
def numbers() -> list[str]:
    """Those that were received in April by the tests of this file."""
    return []


def one_more(visitor: Visitor, numbers: list[str]) -> None:
    """Another complaint of April; come back when the figures show it."""
    numbers.append(received(visitor, received_at=f"{APRIL}-10T09:00:00+08:00"))
    address = f"/kpis/KPI-received/{APRIL}/numerator"
    until(lambda: len(visitor.go(address).json()["lines"]) == len(numbers))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_month_in_tiles_and_what_there_is_not(
    without_scripts: Visitor, numbers: list[str], lang: str
) -> None:
    one_more(without_scripts, numbers)
    no_value, why, missing, valid = WORDS[lang]

    without_scripts.go(f"/kpis?lang={lang}")
    heading = without_scripts.page.locator("h1").inner_text()
    assert APRIL in heading, "the last month that had something"
    without_scripts.go(f"/kpis?month={APRIL}&lang={lang}")

    said = without_scripts.text()
    assert "KPI-received@1" in said
    assert f"{no_value} " in said
    assert why in said
    assert missing in said
    tile = without_scripts.page.locator(".tile", has_text="KPI-received@1")
    assert str(len(numbers)) in tile.locator(".big").inner_text()
    tile.locator("a").first.click()
    shown = without_scripts.text()
    assert valid in shown
    assert all(number in shown for number in numbers)
    without_scripts.page.get_by_role("link", name=numbers[0]).click()
    assert numbers[0] in without_scripts.text()


def test_the_months_are_drawn_by_the_server(visitor: Visitor, numbers: list[str]) -> None:
    one_more(visitor, numbers)
    visitor.go(f"/kpis/KPI-received?month={APRIL}&lang=en")

    drawing = visitor.page.locator("figure img")
    assert drawing.evaluate("image => image.naturalWidth") > 1000
    assert "KPI-received" not in (drawing.get_attribute("alt") or "")
    assert visitor.page.locator("figure table tr").count() == 13


def test_it_fits_a_phone(phone: Visitor, numbers: list[str]) -> None:
    one_more(phone, numbers)
    for path in ("/kpis", "/kpis/KPI-received", "/kpis/KPI-first-contact"):
        phone.go(f"{path}?month={APRIL}&lang=zh")
        assert not phone.wide(), path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_is_published_and_says_since_when_it_differs(
    without_scripts: Visitor, numbers: list[str], lang: str
) -> None:
    name = {"zh": "KPI-claimed", "en": "KPI-cpmu"}[lang]
    one_more(without_scripts, numbers)
    page, address = without_scripts.page, f"/kpis/{name}?month={APRIL}&lang={lang}"
    without_scripts.go(address)
    sent(without_scripts)
    until(lambda: published(without_scripts, name))
    one_more(without_scripts, numbers)

    without_scripts.go(address)

    assert page.locator("[aria-labelledby=why] tbody tr").count() == 2
    assert numbers[-1] in page.locator("[aria-labelledby=why]").inner_text()
    sent(without_scripts)
    assert page.locator("[role=alert]").count() == 1
    page.locator("#k-reason").fill("补录")
    sent(without_scripts)
    until(lambda: len(published(without_scripts, name)) > 1)
    without_scripts.go(f"/kpis?month={APRIL}&lang={lang}")
    assert name in without_scripts.text()


def sent(visitor: Visitor) -> None:
    """Send the form under the figure, and wait for its answer."""
    with visitor.page.expect_navigation():
        visitor.page.locator("form[method=post] button").click()


def published(visitor: Visitor, name: str) -> list[object]:
    """What was published of April."""
    found: list[object] = visitor.go(f"/kpis/{name}/{APRIL}/changes").json()["published"]
    return found
