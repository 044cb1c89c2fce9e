"""Where the sources contradict each other: each position is in a file, each can be chosen.

The numbers X1 to X32 are those of the list of contradictions; a row is one position.
"""

from functools import partial

import pytest

from consumers.opening import RULEBOOKS, rulebooks
from domain.rulebooks.reading import published
from infra import yaml_files
from tests.rulebooks.values import at, told

BOOKS = {book.id: book for book in rulebooks()}
DAY_1, DAYS_2, DAYS_3 = "1 working_day", "2 working_day", "3 working_day"
COUNT = "same_customer_same_problem"

POSITIONS = [
    # X1 number and names of grades; X2 the same word has different ranks
    ("X1", "S6", "grading.grades", "major batch general"),
    ("X1", "S10", "grading.grades", "important general minor"),
    ("X1", "S14", "grading.grades", "A B C"),
    ("X1", "S20", "grading.grades", "major not_major"),
    ("X1", "S22", "grading.grades", "major general"),
    ("X1", "S29", "grading.grades", "special high middle low"),
    ("X1", "S37", "grading.grades", "important upgraded general"),
    ("X1", "S45", "grading.grades", "urgent important general"),
    ("X1", "S46", "grading.grades", "A B C"),
    ("X1", "S13", "grading.grades", "serious general"),
    ("X1", "S5", "grading.grades", "large small"),
    ("X2", "S46", "grading.grades.B.name", "重大"),
    ("X2", "S46", "grading.grades.A.name", "严重"),
    ("X2", "S6", "grading.grades.major.name", "重大质量事故"),
    # X3 batch thresholds
    ("X3", "S20", "repeats.REP-assembly-batch.threshold", "5"),
    ("X3", "S45", "repeats.REP-batch-fault.threshold", "10"),
    ("X3", "S6", "repeats.REP-batch-accident.threshold", "50"),
    ("X3", "S6", "repeats.REP-major-accident.threshold", "500"),
    ("X3", "S2", "repeats.REP-same-batch.threshold", "3"),
    # X4 money thresholds
    ("X4", "S6", "grading.grades.major.when.any.2.yuan", "20000"),
    ("X4", "S22", "grading.grades.major.when.any.4.yuan", "100000"),
    ("X4", "S22", "grading.grades.general.when.all.0.yuan", "10000"),
    ("X4", "S45", "grading.grades.important.when.any.1.yuan", "10000"),
    # X5 first response
    ("X5", "S26", "clocks.CLK-first-contact.limit", "2 hour"),
    ("X5", "S45", "clocks.CLK-response.by_grade.urgent", "2 hour"),
    ("X5", "S45", "clocks.CLK-response.by_grade.important", "4 hour"),
    ("X5", "S45", "clocks.CLK-response.by_grade.general", "8 hour"),
    ("X5", "S24", "clocks.CLK-inquiry.limit", DAY_1),
    ("X5", "S37", "clocks.CLK-step.limit", DAY_1),
    ("X5", "S46", "clocks.CLK-urgent-answer.limit", "at once"),
    ("X5", "S29", "clocks.CLK-special.by_grade.special", "at once"),
    ("X5", "S3", "clocks.CLK-promise.limit", "until"),
    # X6 answers
    ("X6", "S2", "clocks.CLK-determination.limit", DAYS_2),
    ("X6", "S24", "clocks.CLK-satisfactory-answer.limit", DAYS_2),
    ("X6", "S46", "clocks.CLK-corrective-answer.limit", DAY_1),
    ("X6", "S46", "clocks.CLK-preventive-answer.limit", DAYS_3),
    ("X6", "S30", "clocks.CLK-8D.limit", "1 month"),
    ("X6", "S45", "clocks.CLK-feedback.limit", DAY_1),
    # X7 the customer's own deadline
    ("X7", "S46", "clocks.CLK-corrective-answer.customer_deadline", "replace"),
    ("X7", "S41", "clocks.CLK-good-parts.limit", "until"),
    ("X7", "S38", "clocks.CLK-agreed-date.limit", "until"),
    ("X7", "S2", "clocks.CLK-determination.customer_deadline", "ignore"),
    # X8 units: hours, working days, calendar days, weeks and months, dates
    ("X8", "S26", "clocks.CLK-first-contact.limit.unit", "hour"),
    ("X8", "S46", "clocks.CLK-preventive-answer.limit.unit", "working_day"),
    ("X8", "S45", "clocks.CLK-callback.limit.unit", "day"),
    ("X8", "S45", "clocks.CLK-verification.limit.unit", "week"),
    ("X8", "S30", "clocks.CLK-8D.limit.unit", "month"),
    ("X8", "S34", "duties.annual_report.due_month_day.month", "12"),
    # X9 closure, X10 consent, X20 what an ineffective action leads to, X29 its letters
    ("X9", "S46", "closure.gates.three_clean_batches.need.clean_run", "3"),
    ("X9", "S30", "closure.gates.observed.need.observe", "2 month"),
    ("X9", "S37", "closure.gates.signed.need.signatures", "close_sheet"),
    (
        "X9",
        "S32",
        "closure.gates.customer_confirmed.need.event.event",
        "customer_confirmed",
    ),
    ("X9", "S24", "closure.gates.called_back.need.event.event", "called_back"),
    ("X9", "S10", "closure.mode", "by_grade"),
    ("X9", "S5", "closure.by_grade.large", "disciplines"),
    ("X10", "S30", "closure.gates.customer_agrees.applies_when.fact", "customer_follows"),
    ("X20", "S46", "closure.ineffective.then", "return_to_responsible_unit"),
    ("X20", "S30", "closure.ineffective.then", "stay_open"),
    ("X20", "S45", "closure.ineffective.then", "renegotiate"),
    ("X20", "S44", "closure.ineffective.then", "escalate"),
    ("X20", "S37", "closure.ineffective.then", "renegotiate"),
    ("X29", "S46", "closure.mode", "all"),
    # X11 and X12 repeats: key, number, effect; X32 how a count is read
    ("X11", "S2", "tallies.same_batch_same_problem.key", "batch defect"),
    ("X11", "S37", f"tallies.{COUNT}.key", "customer vehicle defect"),
    ("X11", "S37", "repeats.REP-third-time.threshold", "3"),
    ("X11", "S34", "repeats.REP-project-problem.threshold", "2"),
    ("X11", "S44", "repeats.REP-recurring.threshold", "None"),
    ("X12", "S2", "repeats.REP-same-batch.effects.1.do", "call_meeting"),
    ("X12", "S37", "repeats.REP-third-time.effects.0.do", "regrade"),
    ("X12", "S34", "repeats.REP-project-problem.effects.0.do", "score"),
    ("X12", "S44", "repeats.REP-recurring.effects.0.do", "discuss"),
    ("X12", "S29", "repeats.REP-flagged.effects.0.do", "mark_repeat"),
    ("X32", "S37", f"tallies.{COUNT}.mode", "total"),
    # X13 whether it counts at all, X14 what a complaint is
    ("X13", "S46", "screening.outcomes.not_ours.ends_complaint", "True"),
    ("X13", "S24", "screening.outcomes.not_founded.counts_in_kpi", "False"),
    ("X13", "S43", "screening.outcomes.out_of_scope.ends_complaint", "False"),
    ("X14", "S2", "scope.complaint_kinds", "product"),
    ("X14", "S24", "scope.complaint_kinds", "service"),
    ("X14", "S41", "scope.complaint_kinds", "product delivery sample"),
    ("X14", "S22", "scope.complaint_kinds", "construction"),
    # X15 who receives, X16 who speaks, X17 who approves, X18 who fines, X19 the ladder
    ("X15", "S2", "intake.roles", "sales_service regional_manager"),
    ("X15", "S24", "intake.roles", "hr_manager"),
    ("X15", "S26", "intake.roles", "asc_staff"),
    ("X15", "S25", "intake.first_asked_owns", "True"),
    ("X16", "S2", "spokesperson.0.roles", "regional_manager sales_service"),
    ("X16", "S46", "spokesperson.0.roles", "market"),
    ("X16", "S20", "spokesperson.0.roles", "responsible_unit technical_centre"),
    ("X17", "S2", "approvals.recall.chain.0.roles", "general_manager"),
    ("X17", "S37", "approvals.close_sheet.chain.0.roles", "cs_manager"),
    ("X17", "S37", "approvals.close_sheet.chain.1.roles", "director"),
    ("X17", "S20", "approvals.rectification_measures.chain.0.roles", "technical_centre"),
    ("X17", "S46", "approvals.improvement_measures.chain.0.roles", "management"),
    ("X18", "S6", "penalties.authority", "notice"),
    ("X18", "S2", "penalties.authority", "penalty_after_recall"),
    ("X18", "S20", "penalties.authority", "violation_notice"),
    ("X18", "S39", "penalties.authority", "liability_sheet"),
    ("X19", "S44", "escalation.allow_skip", "False"),
    ("X19", "S25", "escalation.rungs", "first leader gm"),
    # X21 dates, X22 causes, X23 figures, X25 archive, X26 conflict, X28 compensation
    ("X21", "S19", "issued_on", "2019-01-10"),
    ("X21", "S19", "effective_on", "2019-01-15"),
    ("X21", "S6", "effective_on", "None"),
    ("X22", "S45", "causes", "people machine material method environment measurement"),
    ("X22", "S3", "causes", "weak_coverage optimisation station_fault"),
    ("X23", "S1", "kpis.complaints_per_project.direction", "lower"),
    ("X23", "S29", "kpis.satisfaction.direction", "higher"),
    ("X24", "S25", "duties.weekly_report.period", "week"),
    ("X24", "S3", "duties.monthly_causes.period", "month"),
    ("X24", "S26", "duties.callback_check.period", "day"),
    ("X25", "S45", "archive.0.retention_years", "None"),
    ("X26", "S6", "penalties.conflict", "most_severe"),
    ("X28", "S45", "compensation.binding", "False"),
    # X30 the boundary: in both classes, or in none
    ("X30", "S22", "grading.boundary", "more_severe"),
    ("X30", "S22", "grading.grades.general.when.all.1.yuan", "100000"),
    ("X31", "S2", "clocks.CLK-determination.start.0.event", "received"),
]
# What another plant may choose instead: number, file, what it says, what it may say. Of
# X4, X8, X27 and X30 what then follows is told in rulebooks/test_another_position.py.
CHOICES = [
    ("X7", "S46", "customer_deadline: replace", ("earliest", "ignore")),
    ("X9", "S46", "mode: all", ("any",)),
    ("X20", "S46", "then: return_to_responsible_unit", ("escalate", "stay_open")),
    ("X26", "S6", "conflict: most_severe", ("none", "sum")),
    ("X21", "S6", "governs_by: occurred", ("received",)),
    ("X31", "S2", "start: [{event: received}]", ("[{event: goods_arrived}]",)),
]


@pytest.mark.parametrize(("number", "book", "path", "says"), POSITIONS)
def test_each_position_of_the_sources_is_in_a_file(
    number: str, book: str, path: str, says: str
) -> None:
    assert told(at(BOOKS[book], path)) == says, number


@pytest.mark.parametrize(("number", "book", "old", "others"), CHOICES)
def test_another_position_can_be_chosen(
    number: str, book: str, old: str, others: tuple[str, ...]
) -> None:
    text = (RULEBOOKS / "files" / f"{book}.yaml").read_text()
    assert old in text, number
    for other in others:
        raw = text.replace(old, f"{old.partition(': ')[0]}: {other}", 1).encode()
        data = yaml_files.parse(raw, "X.yaml")
        assert published(raw, data, "X.yaml", partial(yaml_files.lines, raw))


# The registers of clocks and of repeats: where each number of theirs is carried.
REGISTERS = {
    "K1": ("S2", "clocks.CLK-determination"),
    "K2": ("S3", "clocks.CLK-promise"),
    "K3": ("S6", "clocks.CLK-technical-answer"),
    "K4": ("S24", "clocks.CLK-inquiry"),
    "K5": ("S24", "clocks.CLK-satisfactory-answer"),
    "K6": ("S26", "clocks.CLK-first-contact"),
    "K7": ("S30", "clocks.CLK-8D"),
    "K8": ("S30", "closure.gates.observed.need.observe"),
    "K9": ("S30", "clocks.CLK-weekly-review"),
    "K10": ("S37", "clocks.CLK-step"),
    "K11": ("S45", "clocks.CLK-response"),
    "K12": ("S45", "clocks.CLK-feedback"),
    "K13": ("S45", "clocks.CLK-verification"),
    "K14": ("S45", "clocks.CLK-callback"),
    "K15": ("S46", "clocks.CLK-corrective-answer"),
    "K16": ("S46", "clocks.CLK-preventive-answer"),
    "K17": ("S25", "clocks.CLK-project-callback"),
    "K18": ("S34", "duties.annual_report"),
    "K19": ("S41", "clocks.CLK-good-parts"),
    "K20": ("S38", "clocks.CLK-agreed-date"),
    "R1": ("S2", "repeats.REP-same-batch"),
    "R2": ("S37", "repeats.REP-third-time"),
    "R3": ("S34", "repeats.REP-project-problem"),
    "R4": ("S6", "repeats.REP-batch-accident"),
    "R5": ("S6", "repeats.REP-major-accident"),
    "R6": ("S45", "repeats.REP-batch-fault"),
    "R7": ("S20", "repeats.REP-assembly-batch"),
    "R8": ("S6", "penalties.repeat_key"),
    "R9": ("S6", "penalties.catalog"),
    "R10": ("S13", "repeats.REP-same-type"),
    "R11": ("S44", "repeats.REP-recurring"),
    "R12": ("S29", "repeats.REP-flagged"),
    "R13": ("S46", "closure.gates.three_clean_batches.need.clean_run"),
    "R14": ("S2", "tallies.same_batch_same_problem"),  # without a window, closed or not
}


@pytest.mark.parametrize("number", REGISTERS)
def test_each_number_of_the_registers_is_carried(number: str) -> None:
    book, path = REGISTERS[number]
    assert at(BOOKS[book], path) is not None
