"""The rulebook files: their grades clause by clause, and what a wrong file is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from consumers.opening import RULEBOOKS, policy_set, rulebooks
from domain.rulebooks.grades import Grading
from domain.rulebooks.predicates import Facts
from domain.rulebooks.rulebook import read
from infra import yaml_files

S46 = RULEBOOKS / "files" / "S46.yaml"
UNHURT: Facts = {"injury": False, "safety_hazard": False, "function_effect": "none"}


def grading() -> Grading:
    made = rulebooks()["S46@1"].grading
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("facts", "code", "clause", "might_be"),
    [
        ({"function_effect": "lost"}, "A", "S46@1#5.1.1(A)", ()),
        ({"injury": True}, "A", "S46@1#5.1.1(A)", ()),
        ({"customer_loss": "major"}, "A", "S46@1#5.1.1(A)", ()),
        ({"legal_breach": True}, "A", "S46@1#5.1.1(A)", ()),
        (
            {**UNHURT, "function_effect": "reduced", "customer_loss": "none"},
            "B",
            "S46@1#5.1.1(B)",
            (),
        ),
        (
            {"function_effect": "reduced"},
            "B",
            "S46@1#5.1.1(B)",
            ("A",),
        ),  # was anybody hurt?
        ({"function_effect": "reduced", "injury": True}, "A", "S46@1#5.1.1(A)", ()),
        ({**UNHURT, "customer_loss": "direct"}, "B", "S46@1#5.1.1(B)", ()),
        ({**UNHURT, "customer_loss": "none"}, "C", "S46@1#5.1.1(C)", ()),
        ({}, "C", "S46@1#5.1.1(C)", ("A", "B")),
    ],
)
def test_the_worst_grade_that_holds(
    facts: Facts, code: str, clause: str, might_be: tuple[str, ...]
) -> None:
    verdict = grading().assess(facts)

    assert verdict.grade is not None
    assert (verdict.grade.code, verdict.grade.clause) == (code, clause)
    assert verdict.might_be == might_be


def test_the_policy_set_names_rulebooks_that_are_there() -> None:
    for name in policy_set().topics.values():
        assert rulebooks()[name].name == name


def test_every_fact_a_rule_asks_for_is_declared() -> None:
    for path in sorted((RULEBOOKS / "files").glob("*.yaml")):
        rulebook = read(yaml_files.read(path))
        asked = {
            fact
            for grade in (rulebook.grading.grades if rulebook.grading else ())
            for fact in grade.when.facts()
        }
        assert asked <= set(rulebook.declares.facts)


def changed(**but: Any) -> dict[str, Any]:
    return {**yaml_files.read(S46), **but}


@pytest.mark.parametrize(
    ("but", "where"),
    [
        ({"grades": []}, "grades"),
        ({"schema": 2}, "schema"),
        ({"version": 0}, "version"),
        ({"grading": {"grades": []}}, "grading.grades"),
        ({"closure": {"clause": "x", "gates": {}}}, "closure.gates"),
        (
            {
                "closure": {
                    "clause": "x",
                    "gates": {
                        "g": {"name": {"zh": "x", "en": "x"}, "clause": "1", "need": {}}
                    },
                }
            },
            "closure.gates.g.need",
        ),
    ],
)
def test_a_wrong_file_is_told_where(but: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(changed(**but))

    places = [
        ".".join(str(step) for step in wrong["loc"]) for wrong in refused.value.errors()
    ]
    assert any(place.startswith(where) for place in places)
