"""Importing on a page: nothing is recorded before a person saw what is refused."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pages.browsing import Visitor, posted
from tests.waiting import until

HEAD = (
    "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,"
    "Company public response,Company,State,ZIP code,Tags,Consumer consent provided?,"
    "Submitted via,Date sent to company,Company response to consumer,Timely response?,"
    "Consumer disputed?,Complaint ID\n"
)
ROW = "{day},Mortgage,,Late fee,,,,ACME BANK,NY,,,,Web,2024-03-05,Closed,Yes,,{key}\n"
OWN = Path(__file__).with_name("own_profile.yaml")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    rows = [ROW.format(day="2024-03-04", key=f"70{n}") for n in range(3)]
    path.write_text(HEAD + "".join(rows) + ROW.format(day="gestern", key="799"))
    return path


def rehearse(visitor: Visitor, file: Path, lang: str = "zh") -> None:
    visitor.go(f"/import?lang={lang}")
    visitor.page.locator("#f-file").set_input_files(file)
    visitor.page.locator("form button").click()


def complaints(visitor: Visitor) -> int:
    answer = visitor.page.request.get(f"{visitor.url}/complaints?number=CFPB")
    return int(answer.json()["total"])


def test_a_dry_run_records_nothing_and_lists_each_refused_row(
    visitor: Visitor, file: Path
) -> None:
    rehearse(visitor, file)

    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("试跑结果")
    refused = page.get_by_role("region", name="被拒的行").get_by_role("row").nth(1)
    assert re.match(r"5\s+Date received", refused.inner_text())
    assert complaints(visitor) == 0


def test_what_a_person_confirms_is_in_the_ledger_once(visitor: Visitor, file: Path) -> None:
    page = visitor.page
    for imported in ("first", "again"):
        rehearse(visitor, file, "en")
        page.get_by_role("button", name="Import 3 rows").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Imported")
        word = "Accepted" if imported == "first" else "Duplicate"
        expect(page.get_by_role("heading", name=word)).to_be_visible()
    until(lambda: complaints(visitor) == 3)


def test_a_word_is_good_for_one_import(visitor: Visitor, file: Path) -> None:
    rehearse(visitor, file)
    script = "Object.fromEntries(new FormData(document.querySelector('main form')))"
    form = visitor.page.evaluate(script)

    said = [
        visitor.page.request.post(
            f"{visitor.url}/import", multipart=form, headers={"accept": "text/html"}
        )
        for _ in range(2)
    ]

    assert [one.status for one in said] == [200, 410]
    assert "试跑的文件已过期" in said[1].text()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "请选择文件"),
        ("table.pdf", b"%PDF", "只收这些：.csv, .csv.gz, .xlsx"),
        ("other.csv", b"a,b\n1,2\n", "没有叫 Complaint ID 的列"),
        ("book.xlsx", b"no zip", "不是能读的工作簿"),
        ("bytes.csv", b"\xff\xfe\x00", "不是 utf-8 编码"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(
    visitor: Visitor, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    rehearse(visitor, path)

    expect(visitor.page.get_by_role("alert")).to_contain_text(words)


def test_a_profile_is_sent_along(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    ledger = tmp_path / "台账.csv"
    ledger.write_text("单号,日期,品名\nKS-1,2026-03-02,阀体\n", encoding="gb18030")
    visitor.go("/import?lang=zh")
    page.locator("#f-file").set_input_files(ledger)
    page.locator("#f-own").set_input_files(OWN)
    page.get_by_role("button", name="试跑").click()
    page.get_by_role("button", name="确认导入 1 行").click()

    expect(page.get_by_role("heading", name="接受")).to_be_visible()


def test_a_profile_that_says_nothing_sensible_is_told(
    visitor: Visitor, file: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema: 1\nid: x\n", encoding="utf-8")
    visitor.go("/import?lang=en")
    visitor.page.locator("#f-file").set_input_files(file)
    visitor.page.locator("#f-own").set_input_files(wrong)
    visitor.page.get_by_role("button", name="Dry run").click()

    expect(visitor.page.get_by_role("alert")).to_contain_text("profile:")


def test_a_form_without_our_token_brings_nothing_in(visitor: Visitor, file: Path) -> None:
    answer = visitor.page.request.post(
        f"{visitor.url}/import",
        multipart={"made": "x", "token": "y"},
        headers={"accept": "text/html"},
    )
    plain = posted(visitor, "/import", {"made": "x"})

    assert (answer.status, plain.status) == (403, 415)
