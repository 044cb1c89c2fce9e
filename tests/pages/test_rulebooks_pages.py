"""The pages of regulations: every shipped one in both languages, and what governs what."""

import asyncio
import re
from functools import partial

import httpx2
import pytest

from consumers.opening import opened, rulebooks
from consumers.publishing import publish_shipped
from domain.ledger import Request
from domain.rulebooks.approving import propose
from domain.rulebooks.publication import stream_of
from tests.builders import LI, TUESDAY, message
from tests.domain.test_publication import S46, draft, say
from tests.pages.browsing import Visitor
from tests.pages.live import Live

NAMES = [book.name for book in rulebooks()]
HTML = {"Accept": "text/html"}


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
        if lang == "en":
            names = set(re.findall("[\u4e00-\u9fff]+", said.split("</main")[0]))
            assert not names - {"中文"}, (name, names)


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
