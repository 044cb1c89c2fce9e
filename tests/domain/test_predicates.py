"""Conditions with three values: unknown is not no, and says what would settle it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.rulebooks.predicates import NA, Facts, Predicate

INJURY = {"fact": "injury"}
LOSS = {"fact": "loss", "op": ">=", "value": 2_000_000}
EITHER = {"any": [INJURY, LOSS]}
BOTH = {"all": [INJURY, LOSS]}


def predicate(data: object) -> Predicate:
    return Predicate.model_validate(data, strict=False)


@pytest.mark.parametrize(
    ("said", "facts", "truth", "missing"),
    [
        (INJURY, {}, "unknown", ("injury",)),
        (INJURY, {"injury": True}, "true", ()),
        (INJURY, {"injury": False}, "false", ()),
        (INJURY, {"injury": NA}, "false", ()),
        (INJURY, {"injury": 1}, "false", ()),  # a number is no flag
        (LOSS, {"loss": 1_999_999}, "false", ()),
        (LOSS, {"loss": 2_000_000}, "true", ()),
        (EITHER, {"loss": 0}, "unknown", ("injury",)),
        (EITHER, {"injury": True}, "true", ()),
        (EITHER, {"injury": False, "loss": 0}, "false", ()),
        (BOTH, {"injury": False}, "false", ()),
        (BOTH, {"injury": True}, "unknown", ("loss",)),
        ({"not": INJURY}, {}, "unknown", ("injury",)),
        ({"not": INJURY}, {"injury": False}, "true", ()),
        ({"known": "injury"}, {}, "false", ()),
        ({"known": "injury"}, {"injury": False}, "true", ()),
        ({"otherwise": True}, {}, "true", ()),
        (
            {"fact": "found_at", "op": "in", "value": ["customer_use"]},
            {"found_at": "x"},
            "false",
            (),
        ),
        (
            {"fact": "found_at", "op": "not_in", "value": ["site"]},
            {"found_at": "x"},
            "true",
            (),
        ),
        (
            {"fact": "found_at", "op": "is_not", "value": "site"},
            {"found_at": "x"},
            "true",
            (),
        ),
    ],
)
def test_what_it_comes_to(
    said: object, facts: Facts, truth: str, missing: tuple[str]
) -> None:
    judged = predicate(said).judge(facts)

    assert (judged.truth, judged.missing) == (truth, missing)


@pytest.mark.parametrize(
    "said",
    [
        {},
        INJURY | {"known": "x"},
        {"any": []},
        {"fact": "x", "op": "in", "value": 1},
        {"fakt": "x"},
    ],
)
def test_a_condition_has_one_shape(said: object) -> None:
    with pytest.raises(ValidationError):
        predicate(said)


leaves = st.sampled_from("abc").map(lambda name: {"fact": name})
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=8,
)


@given(conditions, st.dictionaries(st.sampled_from("abc"), st.booleans()))
def test_learning_more_never_turns_a_settled_verdict(
    said: object, facts: dict[str, bool]
) -> None:
    """What was true or false with some facts unknown stays so when they become known."""
    made = predicate(said)
    before = made.judge(facts).truth

    for unknown in {"a", "b", "c"} - set(facts):
        for value in (True, False):
            after = made.judge(facts | {unknown: value}).truth
            assert before in {"unknown", after}
