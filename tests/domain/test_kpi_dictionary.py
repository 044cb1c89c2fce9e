"""The dictionary of figures: every name of the sources is in it, or says why not."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from api.kpi_asked import FILE, dictionary
from consumers.opening import rulebooks
from domain.kpi.complaint_lines import (
    DUPLICATE,
    NOT_COUNTED,
    REASON_FACTS,
    WITHDRAWN,
)
from domain.kpi.definition import MEASURES, UnknownKpiError, read
from domain.rulebooks.facts import CORE
from infra import yaml_files

PLAIN = yaml_files.read(FILE)


def test_every_measure_is_used_by_some_figure() -> None:
    used = {
        side.counts
        for kpi in dictionary()
        for side in (kpi.definition.numerator, kpi.definition.denominator)
        if side
    } | {kpi.definition.unknown for kpi in dictionary() if kpi.definition.unknown}
    assert used == set(MEASURES)


def test_every_figure_a_regulation_names_is_a_definition_or_says_why_not() -> None:
    """The registers' list: by its source, whichever name it has there."""
    told = {
        source.split()[0]
        for sources in (
            *(kpi.definition.sources for kpi in dictionary()),
            *(missing.sources for missing in dictionary().missing),
        )
        for source in sources
    }
    named = {book.id for book in rulebooks() if book.kpis}
    assert named <= told
    assert {"S3", "S26", "S25", "S45", "A25"} <= told


def test_what_is_left_out_is_a_reason_that_a_complaint_may_bear() -> None:
    plain = {NOT_COUNTED, DUPLICATE, WITHDRAWN, "imported", "rejected"}
    named = {one for kpi in dictionary() for one in kpi.definition.excludes}
    facts = {one.partition("=")[0] for one in named - plain}
    assert facts == {*REASON_FACTS}
    assert facts <= {*CORE}


def test_s31_has_seven_names_and_none_of_them_is_recorded_here() -> None:
    assert sum("S31" in one.sources for one in dictionary().missing) == 7


def test_a_figure_is_found_by_its_id_and_by_its_version() -> None:
    kpi = dictionary()["KPI-resolution"]
    assert dictionary()[kpi.name] is kpi
    for wrong in ("KPI-resolution@9", "KPI-none", "resolution"):
        with pytest.raises(UnknownKpiError):
            dictionary()[wrong]


def test_the_hash_is_of_the_text_and_another_text_has_another() -> None:
    other = deepcopy(PLAIN)
    other["kpis"]["KPI-resolution"]["formula"]["en"] += " "
    before, after = read(PLAIN)["KPI-resolution"], read(other)["KPI-resolution"]
    assert before.sha256 != after.sha256
    assert read(PLAIN)["KPI-reopened"].sha256 == read(other)["KPI-reopened"].sha256


def test_an_earlier_version_stays_readable() -> None:
    both = deepcopy(PLAIN)
    both["superseded"] = {"KPI-resolution": [deepcopy(PLAIN["kpis"]["KPI-resolution"])]}
    both["kpis"]["KPI-resolution"]["version"] = 2
    made = read(both)
    assert made["KPI-resolution"].name == "KPI-resolution@2"
    assert made["KPI-resolution@1"].sha256 == read(PLAIN)["KPI-resolution"].sha256
    both["kpis"]["KPI-resolution"]["version"] = 1
    with pytest.raises(ValueError, match="twice"):
        read(both)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "count"},
        {"denominator": None},
        {"numerator": {"counts": "luck", "words": {"zh": "x", "en": "x"}}},
        {"direction": "sideways"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_definition_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    bad = deepcopy(PLAIN)
    bad["kpis"]["KPI-resolution"] |= wrong
    with pytest.raises(ValidationError):
        read(bad)
