"""Verdicts: what a regulation makes of facts, with every reason, and what is still open."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from consumers.opening import rulebooks
from domain.assess.backtest import Backtest, graded
from domain.assess.case import Case
from domain.assess.compiled import quick
from domain.assess.counting import Counting
from domain.assess.repeats import Cluster, Repeated, clusters, repeated
from domain.complaint.intake import Screened
from domain.complaint.items import Item, ItemStated
from domain.event import Event
from domain.rulebooks.predicates import Counted
from domain.rulebooks.rulebook import Rulebook
from tests.builders import LI, TUESDAY, WANG, when
from tests.domain.calendars import CALENDARS
from tests.domain.cases import case, counted, facts, loss, received, verdict_on, yuan

BOOKS = rulebooks()
S2, S6, S37, S45 = (BOOKS[f"{name}@1"] for name in ("S2", "S6", "S37", "S45"))
MONTH = timedelta(days=31)


def batch(name: str | None, pieces: int | None = 1, defect: str = "leak") -> Item:
    return Item(product="M7", batch=name, quantity=pieces, defect=defect)


def assessed(book: Rulebook, counting: Counting, one: Case) -> str | None:
    """The code alone, the quick way."""
    assert book.grading is not None
    return graded(quick(book.grading), counting, one)[0]


# --- One case. -------------------------------------------------------------------------


def test_every_comparison_is_told_with_its_value_and_its_limit() -> None:
    found = verdict_on(S6, case(received("C-1"), loss(loss=yuan(18_000))))

    [major, _, _] = found.considered
    told = [(c.name, c.stated, c.op, c.wanted, c.truth) for c in major.criteria]
    assert told == [
        (
            "returned_of_shipment",
            Counted(0, 1, ("shipment_batch",)),
            ">=",
            500,
            "unknown",
        ),
        ("reputation_harm", None, "is", True, "false"),
        ("loss", 18_000_00, ">=", 20_000_00, "false"),
        ("injury", None, "is", True, "unknown"),
    ]
    assert [c.name for c in major.criteria if c.presumed] == ["reputation_harm"]
    assert major.grade.clause == "S6@1#3.2"


def test_what_nobody_has_stated_is_named_and_never_counts_as_no() -> None:
    found = verdict_on(S6, case(received("C-1")))

    assert (found.code, found.might_be) == ("general", ("major", "batch"))
    assert found.missing == (
        "shipment_batch",
        "loss",
        "injury",
        "product_model",
        "production_date",
        "scrap_minutes",
        "rework_minutes",
    )
    assert found.presumed == ("reputation_harm",)


def test_a_fact_that_does_not_apply_is_settled() -> None:
    story = [*facts(injury=None, vehicle=None), loss(loss=yuan(0))]
    found = verdict_on(S6, case(received("C-1"), *story))

    assert "injury" not in found.missing


def test_an_amount_of_another_currency_settles_nothing_about_yuan() -> None:
    dear = yuan(99_999).model_copy(update={"currency": "USD"})

    found = verdict_on(S6, case(received("C-1"), loss(loss=dear)))

    assert "loss" in found.missing


@pytest.mark.parametrize(
    ("rework", "code", "state", "fits_too"),
    [
        (9_999.99, None, "ungraded", ()),
        (10_000, "general", "graded", ()),
        (99_999.99, "general", "graded", ()),
        (100_000, "major", "graded", ("general",)),  # both: the more severe counts
    ],
)
def test_the_boundary_rule_says_which_of_two_that_fit(
    rework: float, code: str | None, state: str, fits_too: tuple[str, ...]
) -> None:
    structural = facts(
        main_structure_damaged=False,
        foundation_defect=False,
        dimension_or_appearance=False,
        equipment_function=False,
    )
    one = case(received("C-1"), *structural, loss(rework_loss=yuan(rework)))

    found = verdict_on(BOOKS["S22@1"], one)

    assert (found.code, found.state, found.fits_too) == (code, state, fits_too)
    assert found.boundary == "more_severe"


def test_a_rule_about_an_item_means_some_item() -> None:
    cheap, dear = Item(price=yuan(300)), Item(price=yuan(10_000))
    calm = facts(safety_hazard=False, function_effect="none")

    found = verdict_on(S45, case(received("C-1", items=(cheap, dear)), *calm))

    assert (found.code, found.might_be) == ("important", ("urgent",))
    assert found.missing == ("batch",)


def test_a_later_statement_counts_by_when_it_was_so_not_when_it_was_said() -> None:
    late_news = facts(TUESDAY, function_effect="lost")
    newer = facts(TUESDAY + timedelta(hours=1), function_effect="none")

    for order in (late_news + newer, newer + late_news):
        assert case(received("C-1"), *order).facts["function_effect"] == "none"


# --- Many cases. -----------------------------------------------------------------------


def test_pieces_of_two_batches_do_not_add_up() -> None:
    nine, one = batch("B1", 9), batch("B2", 1)

    found = verdict_on(S45, case(received("C-1", items=(nine, one))))

    assert "urgent" in found.might_be
    assert "safety_hazard" in found.missing
    assert "batch" not in found.missing  # both are known, and neither comes to ten


def test_an_open_number_leaves_open_what_it_could_turn() -> None:
    calm = facts(safety_hazard=False, function_effect="none", unit_price=None)
    few = case(received("C-1", items=(batch("B1", 9),)), *calm)
    unsaid = case(received("C-2", items=(batch("B1", None),)))

    assert verdict_on(S45, few).might_be == ()
    assert verdict_on(S45, few, unsaid).might_be == ("urgent",)
    assert verdict_on(S45, few, unsaid).missing == ("pieces_affected",)


def test_the_order_of_arrival_changes_no_verdict() -> None:
    three = [
        case(received(f"C-{n}", TUESDAY + n * timedelta(days=2), items=(batch("B1", 4),)))
        for n in (1, 2, 3)
    ]

    for order in permutations(three):
        counting = counted(S45, order)
        assert {assessed(S45, counting, one) for one in three} == {"urgent"}


def test_an_ended_case_is_graded_by_what_there_was_then() -> None:
    nine = case(received("C-1", items=(batch("B1", 9),)))
    ended = replace(nine, ended_at=TUESDAY + timedelta(days=1))
    tenth = case(received("C-2", TUESDAY + timedelta(days=2), items=(batch("B1"),)))

    assert verdict_on(S45, nine, tenth).code == "urgent"
    assert verdict_on(S45, ended, tenth).code == "general"


def noisy(number: str, months: int, *more: Event) -> Case:
    """Customer Chen, whose car makes the same noise again."""
    first = received(
        number,
        TUESDAY + months * MONTH,
        customer="Chen",
        items=(batch("B1", defect="noise"),),
    )
    nothing_grave = facts(
        vehicle_fire=False,
        airbag_or_belt=False,
        steering_or_brake_accident=False,
        media_involved=False,
        product_quality=False,
        vehicle="A-1",
        settled_as="repaired",
    )
    return case(first, *nothing_grave, *more)


def test_a_third_complaint_is_raised_and_the_earlier_ones_keep_their_grade() -> None:
    line = [noisy("C-1", 1), noisy("C-2", 2), noisy("C-3", 3)]
    counting = counted(S37, line)

    assert [assessed(S37, counting, one) for one in line] == [
        "general",
        "general",
        "upgraded",
    ]
    assert [[*repeated(counting, one)] for one in line] == [
        [],
        [],
        [Repeated("REP-third-time", 3, 3)],
    ]


def test_twelve_months_later_the_count_begins_anew() -> None:
    late = noisy("C-9", 14)

    assert verdict_on(S37, late, noisy("C-1", 1), noisy("C-2", 2)).code == "general"
    assert verdict_on(S37, late, noisy("C-1", 3), noisy("C-2", 4)).code == "upgraded"


def test_what_screening_excludes_is_no_repeat() -> None:
    goodwill = Screened(who=WANG, decided_at=TUESDAY, saw=1, outcome="warranty")
    two = (noisy("C-1", 1), noisy("C-2", 2))

    assert verdict_on(S37, noisy("C-4", 4), *two, noisy("C-3", 3)).code == "upgraded"
    assert (
        verdict_on(S37, noisy("C-4", 4), *two, noisy("C-3", 3, goodwill)).code == "upgraded"
    )
    assert (
        verdict_on(S37, noisy("C-4", 4), two[0], noisy("C-3", 3, goodwill)).code
        == "general"
    )


def test_a07_the_third_complaint_of_a_batch_whatever_the_order_they_came_in() -> None:
    """S2 5.4.1(5): the set of members decides, ordered by when they were received."""
    day = {n: TUESDAY + timedelta(days=n) for n in (3, 5, 6, 7)}
    swollen = batch("20250211", defect="swollen pack")
    c1 = case(received("C1", day[3], items=(swollen,)))
    c2 = case(received("C2", day[5], items=(swollen,)))
    c3 = case(received("C3", day[7], items=(swollen,)))
    label = case(received("C5", day[6], items=(batch("20250211", defect="label"),)))
    other = case(received("C6", day[6], items=(batch("20250212", defect="swollen pack"),)))

    def reached(*arrived: Case) -> list[Cluster]:
        counting = counted(S2, arrived)
        return [c for c in clusters(counting, "REP-same-batch") if c.is_reached]

    assert reached(c1, c3, label, other) == []
    [alarm] = reached(c1, c3, label, other, c2)
    assert (alarm.key, alarm.numbers, alarm.count) == (
        ("20250211", "swollen pack"),
        ("C1", "C2", "C3"),
        3,
    )
    assert alarm.reached_at == day[7]


def test_the_grade_goes_up_when_the_tenth_piece_is_reported() -> None:
    """A04: important from the reception on, urgent from the moment the count was ten."""
    calm = facts(safety_hazard=False, function_effect="lost")
    nine = case(received("C-1", items=(batch("B1", 9),)), *calm)
    tenth = TUESDAY + timedelta(minutes=65)
    more = ItemStated(who=LI, when=when(tenth), number=1, item=Item(quantity=10))
    grown = case(received("C-1", items=(batch("B1", 9),)), *calm, more)
    another = case(received("C-2", tenth, items=(batch("B1", 1),)))

    for one, others in ((nine, [another]), (grown, [])):
        test = Backtest(S45, CALENDARS, TUESDAY)
        for each in (one, *others):
            test.count(each)
        steps = [(step.at, step.code) for step in test.course(one)]
        assert steps == [(TUESDAY, "important"), (tenth, "urgent")]
