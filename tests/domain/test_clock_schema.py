"""Clocks as a file writes them: what a regulation may say, and what a wrong one is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.rulebooks.clocks import AMOUNT_MAX, Clock, Limit
from infra import yaml_files

# As S46, S6 and S37 write theirs, with what only other regulations use.
GOOD = """
CLK-corrective-answer:
  name: {zh: 矫正措施回复, en: corrective measures answered}
  clause: "5.2.1"
  start: [{event: accepted}]
  stop: [{event: replied, where: {part: corrective}}]
  limit: {amount: 1, unit: working_day}
  customer_deadline: replace
  applies_when: {not: {fact: urgent_or_special}}
CLK-urgent-answer:
  name: {zh: 紧急案件尽速回复, en: urgent case answered at once}
  clause: "5.2.1"
  start: [{event: accepted}]
  stop: [{event: replied, where: {part: corrective}}]
  limit: {immediate: true}
  customer_deadline: replace
  applies_when: {fact: urgent_or_special}
CLK-technical-answer:
  name: {zh: 技术问题答复, en: technical question answered}
  clause: "5.3.2.3"
  start: [{event: question_raised}]
  stop: [{event: question_answered}]
  limit: {amount: 1, unit: working_day}
  occurrence: each
  pair_field: question
CLK-step:
  name: {zh: 部门处理一个工作日, en: one working day per department}
  clause: note
  start: [{event: handed_over}]
  stop: [{event: handed_over}, {event: customer_confirmed, where: {result: accepted}}]
  limit: {amount: 1, unit: working_day}
  occurrence: each
  holder_field: to_unit
CLK-response:
  name: {zh: 响应, en: response}
  clause: "4.2"
  start: [{event: received}]
  stop: [{event: response_started}]
  by_grade: {urgent: {amount: 2, unit: hour}, special: {immediate: true}}
  on_regrade: earlier
  pauses: [{from: {event: paused, where: {reason: sample}}, to: {event: resumed}}]
CLK-promise:
  name: {zh: 承诺, en: promise}
  clause: "2"
  start: [{event: promised}]
  stop: [{event: contacted}]
  limit: {until_field: until}
  occurrence: each
  start_again: after_stop
CLK-callback:
  name: {zh: 回访, en: callback}
  clause: "3"
  start: [{event: project.delivered}]
  stop: [{event: called_back}]
  ends: [{event: closed}]
  every:
    - {amount: 1, unit: month, chain: from_anchor, until_age_months: 12}
    - {amount: 3, unit: month, chain: from_anchor}
CLK-thirty-days:
  name: {zh: 三十天回访, en: callback at day 30}
  clause: "9"
  start: [{event: solution_executed}]
  stop: [{event: called_back}]
  limit: {amount: 30, unit: day}
  not_before: {amount: 30, unit: day}
"""
DAY = {"amount": 1, "unit": "working_day"}
TURN = {"amount": 1, "unit": "week", "chain": "from_last"}
PAUSE = {"from": {"event": "paused"}, "to": {"event": "resumed"}}


def test_the_clocks_of_the_regulations_are_read() -> None:
    clocks = {
        name: Clock.model_validate(written, strict=False)
        for name, written in yaml_files.parse(GOOD.encode(), "good.yaml").items()
    }

    assert len(clocks) == 8
    response = clocks["CLK-response"]
    assert response.by_grade["urgent"].span is not None
    assert response.by_grade["special"].span is None
    assert [one.event for one in response.references()] == [
        "received",
        "response_started",
        "paused",
        "resumed",
    ]
    assert [one.event for one in clocks["CLK-callback"].references()][-1] == "closed"


def test_a_default_never_changes_under_a_schema_number() -> None:
    made = Clock.model_validate(written(), strict=False)

    assert (made.occurrence, made.start_again) == ("first", "any_time")
    assert (made.customer_deadline, made.on_regrade) == ("ignore", "earlier")
    assert (made.pauses, made.ends, made.not_before, made.applies_when) == (
        (),
        (),
        None,
        None,
    )


def written(**parts: Any) -> dict[str, Any]:
    whole = {
        "name": {"zh": "时限", "en": "a limit"},
        "clause": "1",
        "start": [{"event": "begun"}],
        "stop": [{"event": "done"}],
        "limit": DAY,
    } | parts
    return {word: part for word, part in whole.items() if part is not None}


@pytest.mark.parametrize(
    ("wrong", "place", "told"),
    [
        ({"start": None}, "", "a clock needs `start`"),
        ({"stop": None}, "", "a clock needs `stop`"),
        ({"limit": None}, "", "one of: limit, by_grade, every"),
        ({"by_grade": {"urgent": DAY}}, "", "one of: limit, by_grade, every"),
        ({"limit": {"amount": 3}}, "limit", "belong together"),
        ({"limit": {"unit": "day"}}, "limit", "belong together"),
        ({"limit": {}}, "limit", "`until_field`, or `immediate: true`"),
        ({"limit": {**DAY, "immediate": True}}, "limit", "`until_field`, or `immediate"),
        ({"limit": {"immediate": False}}, "limit.immediate", "True"),
        (
            {"limit": {"amount": 0, "unit": "day"}},
            "limit.amount",
            "greater than",
        ),
        ({"limit": {"amount": -1, "unit": "day"}}, "limit.amount", "greater than"),
        ({"limit": {"amount": "1", "unit": "day"}}, "limit.amount", "whole number"),
        ({"limit": {"amount": True, "unit": "day"}}, "limit.amount", "whole number"),
        ({"limit": {"amount": 1, "unit": "fortnight"}}, "limit.unit", "'month'"),
        ({"limit": {"amount": 121, "unit": "month"}}, "limit", "at most 120"),
        ({"limit": {"amount": 3_661, "unit": "day"}}, "limit", "at most 3660"),
        ({"limitt": DAY}, "limitt", "not permitted"),
        ({"on_regrade": "keep"}, "", "with `by_grade`"),
        ({"ends": [{"event": "closed"}]}, "", "with `every`"),
        ({"pair_field": "question"}, "", "with `occurrence: each`"),
        ({"start_again": "after_stop"}, "", "with `occurrence: each`"),
        ({"occurrence": "last"}, "occurrence", "'latest'"),
        ({"customer_deadline": "maybe"}, "customer_deadline", "'replace'"),
        ({"holder_field": "To Unit"}, "holder_field", "pattern"),
        ({"pauses": [PAUSE], "limit": {"until_field": "until"}}, "", "cannot pause"),
        ({"pauses": [{"from": {"event": "paused"}}]}, "pauses.0.to", "required"),
        ({"not_before": {"amount": 2, "unit": "working_day"}}, "", "nobody can keep it"),
        ({"applies_when": {"fact": "a", "known": "b"}}, "applies_when", "one of"),
        ({"limit": None, "every": [TURN], "pauses": [PAUSE]}, "", "no pauses"),
        ({"limit": None, "every": [TURN], "not_before": DAY}, "", "no pauses"),
        ({"limit": None, "every": [TURN], "customer_deadline": "replace"}, "", "no pauses"),
        ({"limit": None, "every": [TURN], "occurrence": "each"}, "", "first or latest"),
        ({"limit": None, "every": [TURN, TURN]}, "", "each phase but the last"),
        ({"limit": None, "every": [{**TURN, "until_age_months": 12}]}, "", "but the last"),
        (
            {"limit": None, "every": [{**TURN, "until_age_months": 12}] * 2 + [TURN]},
            "",
            "grows from phase to phase",
        ),
        (
            {
                "limit": None,
                "every": [
                    {**TURN, "until_age_months": 12},
                    {**TURN, "chain": "from_anchor"},
                ],
            },
            "",
            "one `chain`",
        ),
        ({"limit": None, "every": [{**TURN, "unit": "hour"}]}, "every.0.unit", "'week'"),
        ({"limit": None, "every": [{**TURN, "amount": 521}]}, "every.0", "at most 520"),
    ],
)
def test_a_wrong_clock_is_told_where_and_what_instead(
    wrong: dict[str, Any], place: str, told: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Clock.model_validate(written(**wrong), strict=False)

    first = refused.value.errors()[0]
    assert ".".join(map(str, first["loc"])).startswith(place)
    assert told in first["msg"]


def test_every_unit_has_its_bound() -> None:
    for unit, most in AMOUNT_MAX.items():
        assert Limit(amount=most, unit=unit).span is not None
        with pytest.raises(ValidationError):
            Limit(amount=most + 1, unit=unit)
