"""What each regulation owes and asks for: its clocks, its repeat rules, its gates."""

import pytest

from consumers.opening import rulebooks
from domain.rulebooks.clocks import Clock
from domain.rulebooks.rulebook import Rulebook

BOOKS = {book.id: book for book in rulebooks()}

# regulation, clock: starts at, stops at, limit
CLOCKS = {
    ("S2", "CLK-determination"): ("received", "determined", "2 working_day"),
    ("S3", "CLK-promise"): ("promised", "contacted replied", "until"),
    ("S6", "CLK-technical-answer"): (
        "question_raised",
        "question_answered",
        "1 working_day",
    ),
    ("S14", "CLK-correction-sheet"): ("duty_done", "duty_done", "immediate"),
    ("S17", "CLK-urgent-visit-report"): ("received", "duty_done", "immediate"),
    ("S20", "CLK-report"): ("received", "duty_done", "immediate"),
    ("S24", "CLK-inquiry"): ("received", "inquiry_started", "1 working_day"),
    ("S24", "CLK-satisfactory-answer"): (
        "received",
        "customer_confirmed",
        "2 working_day",
    ),
    ("S25", "CLK-project-callback"): (
        "project.delivered",
        "project.called_back",
        "every 1 month until 12, every 3 month",
    ),
    ("S25", "CLK-fault-report"): ("received", "duty_done", "immediate"),
    ("S26", "CLK-first-contact"): ("received", "contacted", "2 hour"),
    ("S29", "CLK-special"): ("received", "response_started", "special immediate"),
    ("S30", "CLK-8D"): ("received", "replied", "1 month"),
    ("S30", "CLK-weekly-review"): ("action_implemented", "review_held", "every 1 week"),
    ("S37", "CLK-step"): ("handed_over", "handed_over customer_confirmed", "1 working_day"),
    ("S38", "CLK-agreed-date"): ("promised", "solution_executed", "until"),
    ("S41", "CLK-good-parts"): ("return_requested", "goods_delivered", "until"),
    ("S45", "CLK-response"): (
        "received",
        "response_started contacted",
        "urgent 2 hour, important 4 hour, general 8 hour",
    ),
    ("S45", "CLK-feedback"): ("solution_executed", "contacted replied", "1 working_day"),
    ("S45", "CLK-verification"): ("action_implemented", "verified", "1 week"),
    ("S45", "CLK-callback"): ("solution_executed", "called_back", "30 day"),
    ("S46", "CLK-corrective-answer"): ("accepted", "replied", "1 working_day"),
    ("S46", "CLK-preventive-answer"): ("accepted", "replied", "3 working_day"),
    ("S46", "CLK-urgent-answer"): ("accepted", "replied", "immediate"),
    ("S46", "CLK-urgent-preventive"): ("accepted", "replied", "immediate"),
}
# regulation, rule: key, measure, threshold (none: the source states no number)
REPEATS = {
    ("S2", "REP-same-batch"): ("batch defect", "complaints", 3),
    ("S6", "REP-batch-accident"): ("product_model production_date", "pieces_affected", 50),
    ("S6", "REP-major-accident"): ("shipment_batch", "pieces_returned", 500),
    ("S13", "REP-same-type"): ("defect", "complaints", None),
    ("S13", "REP-same-batch"): ("batch", "complaints", None),
    ("S13", "REP-same-period"): ("product_model", "complaints", None),
    ("S20", "REP-assembly-batch"): ("product_model", "pieces_affected", 5),
    ("S34", "REP-project-problem"): ("project defect", "complaints", 2),
    ("S37", "REP-third-time"): ("customer vehicle defect", "complaints", 3),
    ("S44", "REP-recurring"): ("category defect", "complaints", None),
    ("S45", "REP-batch-fault"): ("batch", "pieces_affected", 10),
}
GATES = {
    "S2": "determined opinion_approved agreed",
    "S3": "called_back summarised",
    "S5": "disciplines agreed standardised verified tail_shipments",
    "S8": "accepted owner_has_report authority_has_report",
    "S10": "contained corrected",
    "S19": "technical_zeroing review management_zeroing",
    "S20": "measures_approved effective permanent",
    "S22": "cause_clear educated prevented punished recorded",
    "S23": "signed",
    "S24": "satisfied record_returned called_back evaluated archived",
    "S26": "contacted plan_agreed",
    "S30": "disciplines report_sent observed customer_agrees",
    "S32": "customer_confirmed",
    "S37": "accepted solved followed_up signed pdca",
    "S41": "verified",
    "S43": "called called_back",
    "S44": "called_back",
    "S45": "verified called_back archived",
    "S46": "verified three_clean_batches",
}


def limit(clock: Clock) -> str:
    said = []
    for grade, each in {"": clock.limit, **clock.by_grade}.items():
        if each is not None:
            how = "immediate" if each.immediate else each.until_field
            said.append(f"{grade} {how or f'{each.amount} {each.unit}'}".strip())
    for turn in clock.every:
        until = f" until {turn.until_age_months}" if turn.until_age_months else ""
        said.append(f"every {turn.amount} {turn.unit}{until}")
    return ", ".join(said)


def test_every_clock_starts_stops_and_runs_as_its_source_says() -> None:
    made = {
        (book.id, name): (
            " ".join(start.event for start in clock.start),
            " ".join(stop.event for stop in clock.stop),
            limit(clock),
        )
        for book in BOOKS.values()
        for name, clock in book.clocks.items()
    }
    assert made == CLOCKS


def test_one_answer_ends_one_question_and_a_promise_waits_for_the_one_before() -> None:
    asked = BOOKS["S6"].clocks["CLK-technical-answer"]
    promised = BOOKS["S3"].clocks["CLK-promise"]

    assert (asked.occurrence, asked.pair_field) == ("each", "question")
    assert (promised.occurrence, promised.start_again) == ("each", "after_stop")


def test_every_repeat_rule_counts_what_its_source_says() -> None:
    made = {
        (book.id, name): (
            " ".join(book.tallies[rule.tally].key),
            book.tallies[rule.tally].measure,
            rule.threshold,
        )
        for book in BOOKS.values()
        for name, rule in book.repeats.items()
        if rule.tally is not None
    }
    assert made == REPEATS


def test_every_closure_asks_for_what_its_source_says() -> None:
    made = {
        book.id: " ".join(book.closure.gates) for book in BOOKS.values() if book.closure
    }
    assert made == GATES


@pytest.mark.parametrize(
    ("book", "decision", "signs"),
    [
        ("S2", "recall", "quality_control > general_manager"),
        ("S2", "customer_reply", "quality_control sales > marketing_vp"),
        ("S2", "return_exchange", "quality_control > general_manager"),
        ("S2", "penalty_after_recall", "quality_vp > general_manager"),
        ("S6", "notice", "quality_management"),
        ("S6", "bulk_purchase", "procurement > leader"),
        ("S6", "notice_void", "departments department_head > administration"),
        ("S6", "catalog_change", "quality_management > departments > general_manager"),
        ("S13", "recall", "complaint_team > top_layer"),
        ("S30", "close_8d", "quality_engineer > customer > plant"),
        ("S20", "rectification_measures", "responsible_unit > technical_centre"),
        ("S20", "violation_notice", "management_department > company_leaders"),
        (
            "S37",
            "close_sheet",
            "customer_service > cs_manager > director > general_manager",
        ),
        ("S37", "skip_second_callback", "handler > director"),
        (
            "S39",
            "rulebook_change",
            (
                "quality_service > supply_chain > general_management"
                " > international_marketing_head"
            ),
        ),
        ("S46", "improvement_measures", "responsible_unit > management"),
    ],
)
def test_who_proposes_and_who_signs_in_which_order(
    book: str, decision: str, signs: str
) -> None:
    approval = BOOKS[book].approvals[decision]
    parties = [approval.propose, *approval.chain]
    assert " > ".join(" ".join(party.roles) for party in parties) == signs


def test_points_of_the_scorecard() -> None:
    """Rows 2, 3, 4, 6 and 7 come to 65; rows 1 and 5 share the other 35, unsaid how."""
    scorecard = BOOKS["S34"].scorecard
    assert scorecard is not None
    assert {name: row.max for name, row in scorecard.rows.items()} == {
        "row_2": 15,
        "row_3": 20,
        "row_4": 15,
        "row_5": None,
        "row_6": 5,
        "row_7": 10,
    }


def test_a_rule_set_with_two_dates_keeps_both() -> None:
    zeroing: Rulebook = BOOKS["S19"]
    assert (str(zeroing.issued_on), str(zeroing.effective_on)) == (
        "2019-01-10",
        "2019-01-15",
    )
    assert zeroing.governs_by == "occurred"
