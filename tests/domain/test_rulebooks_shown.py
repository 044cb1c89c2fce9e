"""Regulations as people read them: the difference of two versions, the page of all."""

import re
from pathlib import Path

import pytest

from consumers.opening import RULEBOOKS, regulation
from domain.rulebooks.difference import difference
from domain.rulebooks.page import Omissions, page
from domain.rulebooks.reading import published
from domain.rulebooks.rulebook import Rulebook
from infra import yaml_files
from tests.domain.fining import catalog

FILES = sorted((RULEBOOKS / "files").glob("*.yaml"))
TESTS = Path("tests")
S46 = RULEBOOKS / "files" / "S46.yaml"
OMISSIONS = Omissions.model_validate(
    yaml_files.read(RULEBOOKS / "not_carried.yaml"), strict=False
)


def changed(*changes: tuple[str, str]) -> Rulebook:
    text = S46.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    raw = text.encode()
    return published(raw, yaml_files.parse(raw, "X.yaml"), "X.yaml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "limit: {amount: 3, unit: working_day}",
            "limit: {amount: 2, unit: working_day}",
            "5.2.1: clocks.CLK-preventive-answer.limit.amount was 3, now 2",
        ),
        ("override: up", "override: any", "head: grading.override was up, now any"),
        (
            "clean_run: 3",
            "clean_run: 5",
            "5.2.3 B: closure.gates.three_clean_batches.need.clean_run was 3, now 5",
        ),
        (
            '  people: {zh: "人员", en: "people"}\n',
            "",
            "head: causes.people is gone; it was {zh: 人员, en: people}",
        ),
        (
            'code: B\n      name: {zh: "重大", en: "major"}',
            'code: B\n      name: {zh: "重大", en: "grave"}',
            "grades: B: grading.grades.B.name.en was major, now grave",
        ),
        (
            "retention_years: null",
            "retention_years: 10",
            "retention_years: not stated}], now [",
        ),
        (
            "  environment: {",
            '  weather: {zh: "天气", en: "weather"}\n  environment: {',
            "head: causes.weather is new: {zh: 天气, en: weather}",
        ),
    ],
)
def test_a_difference_is_told_by_clause(old: str, new: str, says: str) -> None:
    told = difference(regulation(S46), changed((old, new)))

    assert len(told) == 1
    assert says in told[0]


def test_another_version_with_the_same_words_differs_in_its_number_alone() -> None:
    told = difference(regulation(S46), changed(("version: 1", "version: 2")))
    assert told == ["head: version was 1, now 2"]


def test_another_comment_is_another_file_but_no_difference() -> None:
    other = changed(("# not printed\n", "# nowhere printed\n"))
    assert other.sha256 != regulation(S46).sha256
    assert difference(regulation(S46), other) == []


def test_the_page_is_the_one_the_files_make() -> None:
    catalogs = [catalog(name) for name in ("S14_v1", "S6_v1")]
    made = page([regulation(file) for file in FILES], catalogs, OMISSIONS)
    shown = Path("docs/rulebooks.md").read_text()
    assert without_tests(shown) == without_tests(made), "run `ledger rulebook page`"


def without_tests(page: str) -> list[str]:
    """The page but for its last column, which grows with every test."""
    return [line.rpartition(" | ")[0] or line for line in page.splitlines()]


def test_a_test_that_the_page_names_speaks_of_the_regulation() -> None:
    source, named = "", 0
    for line in Path("docs/rulebooks.md").read_text().splitlines():
        source = line.split()[1] if line.startswith("## S") else source
        for name in re.findall(r"[a-z]+/test_\w+\.py", line):
            assert re.search(rf"\b{source}\b", (TESTS / name).read_text()), (line, name)
            named += 1
    assert named > 100


def test_no_row_of_the_page_goes_without_a_test() -> None:
    lines = Path("docs/rulebooks.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("| ") and "| clause" not in line]
    assert len(rows) > 400
    assert [row for row in rows if row.endswith("| – |")] == []


def test_what_the_code_does_for_every_regulation_is_where_the_page_says() -> None:
    for source, told in OMISSIONS.in_code.items():
        for one in told:
            assert Path(one.where).exists(), (source, one.where)
            assert (TESTS / one.test).exists(), (source, one.test)


def test_every_source_is_on_the_page() -> None:
    carried = {file.stem for file in FILES}
    left_out = set(OMISSIONS.not_carried)
    assert {f"S{n}" for n in range(1, 47)} == carried | left_out
