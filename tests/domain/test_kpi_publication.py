"""Publishing a figure: once a month is over, and never another value in silence."""

from datetime import timedelta

import pytest

from consumers.opening import rulebooks
from domain.errors import NotAllowedError, NotReadyError
from domain.kpi.publication import (
    Publications,
    Restated,
    Scope,
    publish,
    restate,
    stream_of,
)
from tests.builders import TUESDAY, WANG
from tests.projections.figures_story import cell
from tests.scenarios.language import at


def published() -> Publications:
    return publish(cell(), who=WANG, at=TUESDAY)


def test_a_month_is_published_when_it_is_over_and_not_before() -> None:
    eve = cell(at=at("2026-02-28 23:59:59"))
    with pytest.raises(NotReadyError):
        publish(eve, who=WANG, at=TUESDAY)
    assert publish(cell(at=at("2026-03-01")), who=WANG, at=TUESDAY).version == 1


def test_restating_keeps_both_values_and_says_why() -> None:
    made = published()
    other = cell(value="77.8", numerator=28)
    rules = rulebooks().of(made)

    restate(made, rules, who=WANG, at=TUESDAY, cell=other, reason="a late closing")

    assert [one.value for one in made.cells] == ["75.0", "77.8"]
    said = made.news[-1]
    assert isinstance(said, Restated)
    assert (said.was, said.reason, said.saw) == ("75.0", "a late closing", 1)
    with pytest.raises(NotAllowedError):
        restate(made, rules, who=WANG, at=TUESDAY, cell=other, reason="again")


def test_the_same_value_on_another_day_is_no_restatement() -> None:
    made = published()
    later = cell(position=900, at=TUESDAY + timedelta(days=9), lines="c" * 64)
    with pytest.raises(NotAllowedError):
        restate(made, rulebooks().of(made), who=WANG, at=TUESDAY, cell=later, reason="r")


def test_each_figure_month_and_scope_has_a_stream_of_its_own_whatever_the_version() -> None:
    one = stream_of("KPI-resolution@1", "2026-02", Scope())
    assert one == stream_of("KPI-resolution@2", "2026-02", Scope())
    others = {
        stream_of("KPI-reopened@1", "2026-02", Scope()),
        stream_of("KPI-resolution@1", "2026-03", Scope()),
        stream_of("KPI-resolution@1", "2026-02", Scope(customer="A")),
        stream_of("KPI-resolution@1", "2026-02", Scope(product="A")),
    }
    assert len({one, *others}) == 5
