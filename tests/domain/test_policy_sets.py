"""Policy sets: which rulebook governs what, told case by case, and what is refused."""

from datetime import date
from typing import Any

import pytest

from consumers import library
from consumers.opening import policy, rulebooks
from domain.rulebooks.policy import Case, Policy, PolicySet
from domain.rulebooks.reading import WrongRulebookError

BOOKS = {book.name: book for book in rulebooks()}
HEAD = 'schema: 1\nid: plant\nversion: 2\ntitle: {zh: "制度", en: "rules"}\n'
TWO_CUSTOMERS = """
  - {topics: [grading, closure], rulebook: S46@1, customers: {other_than: [Haichuan]}}
  - {topics: [grading, closure], rulebook: S37@1, customers: [Haichuan]}
"""
TWO_PERIODS = """
  - {topics: [grading], rulebook: S46@1, until: 2026-06-30}
  - {topics: [grading], rulebook: S37@1, since: 2026-07-01}
"""
TWO_SITES = """
  - {topics: [clocks], rulebook: S46@1, sites: [plant-1]}
  - {topics: [clocks], rulebook: S26@1, sites: [plant-2], kinds: [service]}
"""
BY_OCCURRENCE = "\n  - {topics: [closure], rulebook: S19@1, since: 2019-01-15}\n"
BY_LINE = """
  - {topics: [grading], rulebook: S46@1, product_lines: [valves]}
  - {topics: [grading], rulebook: S45@1, product_lines: {other_than: [valves]}}
product_lines: {valves: [DF-50, ZF-80], pumps: [P-3107]}
"""


def made(lines: str) -> PolicySet:
    return library.policy_set(f"{HEAD}lines:{lines}".encode(), "plant.yaml", BOOKS)


def case(**said: Any) -> Case:
    words = {"site": "plant-1", "received_on": date(2026, 3, 3)}
    return Case(**{**words, **said})


@pytest.mark.parametrize(
    ("lines", "given", "then"),
    [
        (TWO_CUSTOMERS, {"customer": "Haichuan"}, "S37@1"),
        (TWO_CUSTOMERS, {"customer": "Beiling"}, "S46@1"),
        (TWO_CUSTOMERS, {"customer": None}, None),  # nobody knows whose: a person decides
        (TWO_PERIODS, {"received_on": date(2026, 6, 30)}, "S46@1"),
        (TWO_PERIODS, {"received_on": date(2026, 7, 1)}, "S37@1"),
        (TWO_SITES, {"site": "plant-1"}, "S46@1"),
        (TWO_SITES, {"site": "plant-2", "kind": "service"}, "S26@1"),
        (TWO_SITES, {"site": "plant-2", "kind": "product"}, None),
        (TWO_SITES, {"site": "plant-2"}, None),
        (TWO_SITES, {"site": "plant-3"}, None),  # ungoverned
        # A11: problem Q1 occurred on 12 January, Q2 on the day the standard took effect.
        (BY_OCCURRENCE, {"occurred_on": date(2019, 1, 12)}, None),
        (BY_OCCURRENCE, {"occurred_on": date(2019, 1, 14)}, None),
        (BY_OCCURRENCE, {"occurred_on": date(2019, 1, 15)}, "S19@1"),
        (BY_OCCURRENCE, {"received_on": date(2026, 3, 3)}, None),  # nobody knows when
        (BY_LINE, {"product_line": "valves"}, "S46@1"),
        (BY_LINE, {"product_line": "pumps"}, "S45@1"),
        (BY_LINE, {"product_line": None}, None),
    ],
)
def test_a_complaint_is_governed(
    lines: str, given: dict[str, Any], then: str | None
) -> None:
    found = Policy.of(made(lines), BOOKS.__getitem__).governing(case(**given))
    assert set(found.values()) == ({then} if then else set())


@pytest.mark.parametrize(
    ("products", "line"),
    [
        (["DF-50"], "valves"),
        (["DF-50", "ZF-80"], "valves"),
        (["DF-50", "P-3107"], None),
        (["X-1"], None),
        ([None], None),
    ],
)
def test_products_belong_to_a_line(products: list[str | None], line: str | None) -> None:
    assert made(BY_LINE).product_line(products) == line


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            (
                "\n  - {topics: [grading, closure], rulebook: S46@1, since: 2026-01-01}"
                "\n  - {topics: [closure], rulebook: S37@1, since: 2026-07-01}\n"
            ),
            (
                "yaml:7: lines.1: line 2 (S37@1) and line 1 (S46@1) both govern closure;"
                " end one of them with `until`"
            ),
        ),
        (
            (
                "\n  - {topics: [closure], rulebook: S46@1, customers: [A, B]}"
                "\n  - {topics: [closure], rulebook: S37@1, customers: {other_than: [A]}}\n"
            ),
            "both govern closure",
        ),
        (
            (
                "\n  - {topics: [closure], rulebook: S46@1, until: 2026-07-01}"
                "\n  - {topics: [closure], rulebook: S37@1, since: 2026-07-01}\n"
            ),
            "both govern closure",
        ),
        ("\n  - {topics: [closing], rulebook: S46@1}\n", "did you mean clocks?"),
        ("\n  - {topics: [closure], rulebook: S46@2}\n", "there is no published rulebook"),
        ("\n  - {topics: [scores], rulebook: S46@1}\n", "S46@1 says nothing of it"),
        (
            "\n  - {topics: [closure], rulebook: S19@1, since: 2019-01-14}\n",
            "S19@1 is in force from 2019-01-15 on; begin on that day or later",
        ),
        (
            "\n  - {topics: [closure], rulebook: S46@1, kinds: [construction]}\n",
            "there is no kind in S46@1 construction",
        ),
        (
            (
                "\n  - {topics: [closure], rulebook: S46@1, since: 2026-02-01,"
                " until: 2026-01-01}\n"
            ),
            "`until` is its last day, and lies before `since`",
        ),
        (
            "\n  - {topics: [closure], rulebook: S46@1, product_lines: [valves]}\n",
            "there is no product line valves",
        ),
        ("\n  - {topics: [closure], rulebook: S46}\n", "lines.0.rulebook"),
    ],
)
def test_a_wrong_set_is_refused_with_its_line(lines: str, says: str) -> None:
    with pytest.raises(WrongRulebookError) as wrong:
        made(lines)
    assert says in str(wrong.value)


def test_lines_that_never_meet_are_no_overlap() -> None:
    assert len(made(TWO_SITES + TWO_CUSTOMERS).lines) == len(made(TWO_SITES).lines) * 2


def test_the_set_that_ships_takes_several_rulebooks() -> None:
    found = policy().governing(case())
    wanted = {"grading": "S46@1", "clocks": "S46@1", "fines": "S6@1", "scores": "S34@1"}
    assert {topic: found[topic] for topic in wanted} == wanted
