"""Conditions on counts, money and days, as rulebooks write them."""

import pytest
from pydantic import ValidationError

from domain.rulebooks.predicates import NA, Facts, Predicate, Tallies

PIECES = {"tally": "pieces", "op": ">=", "value": 50}
LOSS = {"fact": "loss", "op": ">=", "yuan": 20_000}
APPROVED = {"fact": "approval_on", "op": "not_after", "other": "purchase_on"}
BEFORE = {"fact": "approval_on", "op": "before", "other": "purchase_on"}


def predicate(data: object) -> Predicate:
    return Predicate.model_validate(data, strict=False)


@pytest.mark.parametrize(
    ("said", "facts", "tallies", "truth", "missing"),
    [
        (PIECES, {}, {"pieces": 49}, "false", ()),
        (PIECES, {}, {"pieces": 50}, "true", ()),
        (PIECES, {}, {}, "unknown", ("pieces",)),  # nobody has counted
        ({"not": PIECES}, {}, {}, "unknown", ("pieces",)),
        ({"any": [LOSS, PIECES]}, {"loss": 0}, {}, "unknown", ("pieces",)),
        ({"all": [LOSS, PIECES]}, {"loss": 0}, {}, "false", ()),
        (LOSS, {"loss": 2_000_000 - 1}, {}, "false", ()),  # facts are in fen
        (LOSS, {"loss": 2_000_000}, {}, "true", ()),
        (LOSS, {"loss": NA}, {}, "false", ()),
        (
            APPROVED,
            {"approval_on": "2025-03-09", "purchase_on": "2025-03-10"},
            {},
            "true",
            (),
        ),
        (
            APPROVED,
            {"approval_on": "2025-03-10", "purchase_on": "2025-03-10"},
            {},
            "true",
            (),
        ),
        (
            BEFORE,
            {"approval_on": "2025-03-10", "purchase_on": "2025-03-10"},
            {},
            "false",
            (),
        ),
        (
            APPROVED,
            {"approval_on": "2025-03-11", "purchase_on": "2025-03-10"},
            {},
            "false",
            (),
        ),
        (APPROVED, {"approval_on": "2025-03-11"}, {}, "unknown", ("purchase_on",)),
        (APPROVED, {"approval_on": NA, "purchase_on": "2025-03-10"}, {}, "false", ()),
    ],
)
def test_what_it_comes_to(
    said: object, facts: Facts, tallies: Tallies, truth: str, missing: tuple[str, ...]
) -> None:
    judged = predicate(said).judge(facts, tallies)
    assert (judged.truth, judged.missing) == (truth, missing)


@pytest.mark.parametrize(
    "said",
    [
        {"tally": "pieces"},
        {"tally": "pieces", "op": "is", "value": 5},
        {"tally": "pieces", "fact": "injury"},
        {"fact": "loss", "op": ">=", "yuan": 1, "value": 1},
        {"fact": "loss", "op": ">=", "yuan": -1},
        {"fact": "loss", "op": ">=", "yuan": 10**14},
        {"otherwise": True, "value": 1},
        {"known": "injury", "op": "is"},
        {"fact": "found_at", "op": "in", "value": []},
    ],
)
def test_a_condition_says_one_thing(said: object) -> None:
    with pytest.raises(ValidationError):
        predicate(said)
