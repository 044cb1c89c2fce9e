"""The pages of regulations: every shipped one in both languages, and what governs what."""

import asyncio
import html
import re
from functools import partial

import httpx2
import pytest
from markupsafe import escape

from consumers.opening import opened, rulebooks
from consumers.publishing import publish_shipped
from domain.ledger import Request
from domain.rulebooks.approving import propose
from domain.rulebooks.publication import stream_of
from domain.rulebooks.strict import Remark
from tests.builders import LI, TUESDAY, message
from tests.domain.test_publication import S46, draft, say
from tests.domain.wrong_rulebooks import WRONG, Wrong
from tests.pages.browsing import Visitor, sent_json
from tests.pages.live import Live

NAMES = [book.name for book in rulebooks()]
HTML = {"Accept": "text/html"}
NEXT = S46.replace("version: 1", "version: 4", 1).replace(
    "{fact: function_effect, value: reduced}",
    "{fact: function_effect, op: in, value: [reduced, slight]}",
)


@pytest.fixture(scope="module", autouse=True)
def published(ledger: Live) -> None:
    """What comes along, and a second version of S46 that waits for its approval."""

    async def publish() -> None:
        with opened(ledger.dsn, master=ledger.home / "master.key") as mine:
            await publish_shipped(mine, at=TUESDAY)
            new = S46.replace("version: 1", "version: 2", 1).replace("run: 3", "run: 5")
            await say(mine, draft(new, 2))
            waits = new.replace("version: 2", "version: 3", 1)
            put = partial(propose, draft=draft(waits, 3), who=LI, at=TUESDAY, disturbs=None)
            asked = Request(message(), stream_of("rulebook", "S46"), 3, lambda p, _: put(p))
            await mine.ledger.take(asked)
            await mine.appender.close()

    asyncio.run(publish())


def asked(ledger: Live, path: str, lang: str) -> str:
    answer = httpx2.get(f"{ledger.url}{path}", params={"lang": lang}, headers=HTML)
    assert answer.status_code == 200, (path, answer.text[:200])
    return answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_regulation_reads_in_both_languages(ledger: Live, lang: str) -> None:
    for name in NAMES:
        page = asked(ledger, f"/rulebooks/{name}", lang)
        assert name in page
        said = re.sub(r'<span lang="en">.*?</span>|<[^>]+>', "", page.split("<main")[1])
        for remark in remarks(name):
            told = (remark.zh, remark.en) if lang == "zh" else (remark.en, remark.zh)
            assert escape(told[0]) in page
            assert told[0] == told[1] or escape(told[1]) not in page
        if lang == "en":
            names = set(re.findall("[\u4e00-\u9fff]+", said.split("</main")[0]))
            assert not names - {"中文"}, (name, names)


def remarks(name: str) -> list[Remark]:
    """What is said of the values of a regulation, and of its gaps."""
    book = rulebooks()[name]
    return [*(one.why for one in book.assumed), *(one.what for one in book.gaps)]


@pytest.mark.parametrize(
    ("name", "lang", "reads"),
    [
        ("S25@1", "en", "every week, business department"),
        ("S25@1", "zh", "每周"),
        ("S25@1", "en", "every 1 month up to an age of 12 months, 3 months"),
        ("S25@1", "en", "A level is left out when A matter of company level"),
        ("S26@1", "en", "callback records checked daily every day"),
        ("S26@1", "en", "case study sessions no rhythm is stated"),
        ("S34@1", "en", "every year, by 12-30"),
        ("S34@1", "zh", "每年 12-30 前"),
        ("S34@1", "en", "nothing is left of the row when: Exposed by the media"),
        ("S37@1", "en", "Decides customer-service centre"),
        ("S46@1", "zh", "由谁判定 技术质量部"),
        ("S46@1", "en", "technical quality, production, development"),
    ],
)
def test_who_decides_and_how_often_stands_beside_the_rule(
    ledger: Live, name: str, lang: str, reads: str
) -> None:
    page = asked(ledger, f"/rulebooks/{name}", lang).split("<main")[1]
    assert reads in html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_a_program_gets_the_data_at_the_same_address(ledger: Live) -> None:
    answer = httpx2.get(f"{ledger.url}/rulebooks/S46@1")
    assert answer.json()["id"] == "S46"
    assert httpx2.get(f"{ledger.url}/rulebooks/S99@1", headers=HTML).status_code == 404


def test_who_knows_only_the_regulation_reads_it(without_scripts: Visitor) -> None:
    without_scripts.go("/rulebooks?lang=en")
    listed = without_scripts.text()
    assert "S46@3, put forward by p-li" in listed
    assert "fines and rewards" in listed

    without_scripts.page.click("text=S46@1 >> nth=0")
    said = without_scripts.text()
    assert "3 in a row after Action implemented" in said
    assert "1 working day: from Accepted" in said
    assert "item C of 5.2.3 is cut off in the source" in said
    assert "came with the ledger" in said

    without_scripts.page.click("text=S46@2 >> nth=0")
    said = without_scripts.text()
    assert "three_clean_batches.need.clean_run\t3\t5" in said
    assert not without_scripts.wide()


def looked_at(visitor: Visitor, text: str, place: str = "/rulebooks/new") -> str:
    """Paste a text into the form and have it checked; what the page says."""
    visitor.go(place)
    visitor.page.fill("#f-text", text)
    visitor.page.click("button[value=look]")
    return visitor.text()


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_text_is_told_line_by_line(without_scripts: Visitor, wrong: Wrong) -> None:
    said = looked_at(without_scripts, wrong.text, "/rulebooks/new?lang=zh")

    assert "有 1 处要改" in said
    assert f"{wrong.line}\t{wrong.text.splitlines()[wrong.line - 1].strip()}" in said
    assert wrong.zh in said
    assert without_scripts.page.input_value("#f-text") == wrong.text


def test_a_text_is_checked_put_forward_and_taken_back(
    ledger: Live, without_scripts: Visitor
) -> None:
    for effect in ("reduced", "slight"):
        made = sent_json(without_scripts, "/complaints", {"items": [{"product": "V-1"}]})
        about = f"/complaints/{made.json()['number']}/fact_established"
        sent_json(without_scripts, about, {"fact": "function_effect", "value": effect})

    said = looked_at(without_scripts, NEXT, "/rulebooks/new?lang=en")
    assert "Effect on function = slightly reduced" not in said.partition("Now")[0]
    assert "reduced / slight" in said
    page = without_scripts.page
    for _ in range(20):
        if "B major\t1\t2" in without_scripts.text():
            break
        page.click("button[value=look]")
    assert "Would be graded: B major\t1\t2" in without_scripts.text()

    page.click("button[value=propose]")
    assert "say from which day it is in force" in without_scripts.text()
    page.fill("#f-effective_on", "2099-01-01")
    page.click("button[value=propose]")
    assert "/rulebooks/S46@4/proposal" in page.url
    assert "You put this forward; somebody else approves it." in without_scripts.text()
    assert page.query_selector("form[action$=approved]") is None

    page.fill("#f-reason", "clause 5.1.1 is misread")
    page.click("form[action$=rejected] button")
    page.goto(f"{ledger.url}/rulebooks/S46@1")
    assert "clause 5.1.1 is misread" in without_scripts.text()


def test_another_person_approves_what_was_put_forward(without_scripts: Visitor) -> None:
    without_scripts.go("/rulebooks?lang=en")
    page = without_scripts.page
    page.click("text=S46@3, put forward by p-li")
    page.click("form[action$=approved] button")

    assert page.url.endswith("/rulebooks/S46@3")
    assert "put forward by p-li, approved by p-tester" in without_scripts.text()

    without_scripts.go("/rulebooks/S46@3/withdrawn")
    page.fill("#f-last_day", "yesterday")
    page.click("form[method=post] button")
    assert "write a date" in without_scripts.text()
    page.fill("#f-last_day", "2099-12-31")
    page.fill("#f-reason", "replaced")
    page.click("form[method=post] button")
    assert "withdrawn after 2099-12-31" in without_scripts.text()


def test_lines_of_a_policy_set_that_overlap_are_named(without_scripts: Visitor) -> None:
    page = without_scripts.page
    without_scripts.go("/policy-sets?lang=zh")
    assert "制度组发布" in without_scripts.text()
    page.click("text=提请发布制度组")
    text = page.input_value("#f-text")
    assert "version: 2" in text
    twice = "  - {topics: [grading], rulebook: S46@2, since: 2030-01-01}\n"

    said = looked_at(without_scripts, text + twice, "/policy-sets/new")
    assert "都管 grading" in said

    page.fill("#f-text", text.replace("S46@1, since: null", "S46@2, since: 2030-01-01"))
    page.click("button[value=look]")
    page.click("button[value=propose]")
    assert page.url.endswith("/policy-sets/plant@2/proposal")
    assert not without_scripts.wide()
