"""Verdicts over the API and on the page: each reason, what is open, and who settles it."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from api.parts import Parts
from consumers.opening import Opened
from consumers.rebuild import rebuild
from tests.api.asking import Api
from tests.builders import governed

pytestmark = pytest.mark.anyio

UNDER_S45 = governed(grading="S45@1", closure="S46@1")


@pytest.fixture
def parts(parts: Parts, ledger: Opened) -> Parts:
    """A plant that grades by S45, where a count over complaints decides."""
    return replace(parts, opened=replace(ledger, policies=UNDER_S45))


async def verdict(api: Api, number: str) -> Any:
    answer = await api.get(f"/complaints/{number}/verdicts")
    return next(one for one in answer.json()["verdicts"] if one["scheme"] == "S45")


async def settle(api: Api, number: str, **facts: bool | str) -> None:
    for fact, value in facts.items():
        answer = await api.post(
            f"/complaints/{number}/fact_established", {"fact": fact, "value": value}
        )
        assert answer.status_code == 201


async def test_a_verdict_names_each_comparison_and_what_would_settle_the_rest(
    api: Api,
) -> None:
    number = await api.lodged(items=[{"batch": "B1", "quantity": 3}])

    found = await verdict(api, number)

    assert (found["proposed"], found["state"]) == ("general", "graded")
    assert found["might_be"] == ["urgent", "important"]
    assert found["missing"] == [
        "safety_hazard",
        "function_effect",
        "unit_price",
    ]
    assert found["presumed"] == ["media_or_authority_threat"]
    assert [asked["fact"] for asked in found["questions"]] == [
        "safety_hazard",
        "function_effect",
        "media_or_authority_threat",
    ]
    urgent = found["grades"][0]
    assert urgent["clause"] == "S45@1#grades: urgent"
    assert urgent["criteria"][1] == {
        "name": "faulty_of_batch",
        "kind": "tally",
        "op": ">=",
        "wanted": 10,
        "other": None,
        "truth": "false",
        "presumed": False,
        "known": True,
        "stated": 3,
        "open": 0,
    }


async def test_the_pieces_of_other_complaints_of_the_batch_are_counted(
    api: Api, database: str
) -> None:
    nine = await api.lodged(items=[{"batch": "B1", "quantity": 9}])
    await settle(api, nine, safety_hazard=False, function_effect="lost")
    await api.lodged(items=[{"batch": "B2", "quantity": 50}])
    rebuild("tracking", dsn=database)
    assert (await verdict(api, nine))["proposed"] == "important"
    assert (await verdict(api, nine))["might_be"] == []

    await api.lodged(items=[{"batch": "b1", "quantity": 50}])  # is it the same batch?
    await api.lodged(items=[{"batch": "B1", "quantity": 1}])
    rebuild("tracking", dsn=database)

    found = await verdict(api, nine)
    assert (found["proposed"], found["because"]) == ("urgent", ["faulty_of_batch"])
    assert found["grades"][0]["criteria"][1]["stated"] == 10


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", ["S45 proposes general", "pieces affected (sum of the same batch)", "≥ 10"]),
        ("zh", ["S45 提议 general 一般级", "问题件数（同一批次合计）", "≥ 10"]),
    ],
)
async def test_the_page_asks_the_questions_that_would_settle_it(
    api: Api, app: FastAPI, lang: str, says: list[str]
) -> None:
    number = await api.lodged(items=[{"batch": "B1", "quantity": 3}])

    page = (await api.http.get(f"/ledger/{number}?lang={lang}")).text

    assert [words for words in says if words not in page] == []
    for form in ("fact_established?fact=safety_hazard", "item_stated"):
        assert f'href="/ledger/{number}/{form}"' in page
