"""S6, clause by clause: quality accidents of a maker of castings, and who may fine.

The clauses of chapter 5, its fines and rewards, are told in domain/test_penalty_catalog.py.
"""

from datetime import date

from domain.rulebooks.predicates import NA
from tests.rulebooks.clause import Row, signs, table, yuan

HARMLESS = {
    "injury": False,
    "loss": 0,
    "scrap_minutes": 0,
    "rework_minutes": 0,
    "returned_of_shipment": 0,
    "same_model_and_day": 0,
}
SOLD = {
    "product": "M7",
    "production_date": date(2025, 2, 18),
    "found_at": "after_sales",
}
SENT = {"shipment_batch": "S26-1"}
ASKED = "2025-03-14 16:00 question_raised question=Q1"
FRIDAY_TO_MONDAY = "2025-03-17 23:59:59"
VOID, CHANGE, BULK = "notice_void", "catalog_change", "bulk_purchase"


GRADE = {
    "major": "grading.grades.major",
    "batch": "grading.grades.batch",
    "general": "grading.grades.general",
}


def graded(words: str, facts: dict[str, object], then: str) -> Row:
    """One fact beside those that are harmless, told under the grade it comes to."""
    return GRADE[then], words, {**HARMLESS, **facts}, then


GRADES: tuple[Row, ...] = (
    # 3.2: major, any one
    graded("499 pieces of a shipped batch back", {"returned_of_shipment": 499}, "general"),
    graded("500 pieces of it", {"returned_of_shipment": 500}, "major"),
    graded("serious harm to the reputation", {"reputation_harm": True}, "major"),
    graded("a loss of 19,999.99 yuan", {"loss": yuan(19_999.99)}, "general"),
    graded("a loss of 20,000 yuan", {"loss": yuan(20_000)}, "major"),
    graded("a user is injured", {"injury": True}, "major"),
    # 3.1: batch, any one
    graded("29 minutes of production scrapped", {"scrap_minutes": 29}, "general"),
    graded("half an hour of it", {"scrap_minutes": 30}, "batch"),
    graded("59 minutes of production reworked", {"rework_minutes": 59}, "general"),
    graded("an hour of it", {"rework_minutes": 60}, "batch"),
    graded("49 of one model and day", {"same_model_and_day": 49}, "general"),
    graded("50 of one model and day", {"same_model_and_day": 50}, "batch"),
    ("grading", "who grades", "decided_by", "quality_management"),
    # the rest; major first, then batch, then general
    graded("nothing of it", {}, "general"),
    graded("batch and major", {"scrap_minutes": 30, "injury": True}, "major"),
    graded("a loss that does not apply", {"loss": NA}, "general"),
    (
        "grading.grades.general",
        "nobody has asked yet",
        {},
        "general, perhaps major batch",
    ),
)
COUNTS: tuple[Row, ...] = (
    # 3.1.2: fed back or returned, one model and production date
    (
        "repeats.REP-batch-accident",
        "30 and 19 pieces",
        [{**SOLD, "quantity": 30}, {**SOLD, "quantity": 19}],
        "49",
    ),
    (
        "repeats.REP-batch-accident",
        "30 and 20 pieces",
        [{**SOLD, "quantity": 30}, {**SOLD, "quantity": 20}],
        "50: regrade! link_complaints!",
    ),
    (
        "repeats.REP-batch-accident",
        "another day's pieces are another key",
        [
            {**SOLD, "quantity": 30},
            {**SOLD, "quantity": 20, "production_date": date(2025, 2, 19)},
        ],
        "20",
    ),
    (
        "repeats.REP-batch-accident",
        "another model's too",
        [{**SOLD, "quantity": 30}, {**SOLD, "quantity": 20, "product": "M8"}],
        "20",
    ),
    (
        "tallies.same_model_and_day",
        "found when it was used",
        [{**SOLD, "quantity": 60, "found_at": "customer_use"}],
        "60",
    ),
    (
        "tallies.same_model_and_day",
        "found in production: no feedback",
        [{**SOLD, "quantity": 60, "found_at": "production"}],
        "0",
    ),
    (
        "tallies.same_model_and_day",
        "found at the customer's assembly line",
        [{**SOLD, "quantity": 60, "found_at": "customer_assembly"}],
        "60",
    ),
    (
        "tallies.same_model_and_day",
        "nobody has said how many",
        [{**SOLD, "quantity": 7}, SOLD],
        "at least 7",
    ),
    ("tallies.same_model_and_day", "for ever", "window", "None"),
    # 3.2.1: returned of one shipped batch
    (
        "repeats.REP-major-accident",
        "300 and 199 came back",
        [{**SENT, "pieces_returned": 300}, {**SENT, "pieces_returned": 199}],
        "499",
    ),
    (
        "repeats.REP-major-accident",
        "300 and 200 came back",
        [{**SENT, "pieces_returned": 300}, {**SENT, "pieces_returned": 200}],
        "500: regrade! link_complaints!",
    ),
    (
        "tallies.returned_of_shipment",
        "complained of, not returned",
        [{**SENT, "quantity": 500, "pieces_returned": 10}],
        "10",
    ),
    ("tallies.returned_of_shipment", "for ever", "window", "None"),
    # 5.3.2.3: one working day
    (
        "clocks.CLK-technical-answer",
        "asked on Friday, answered in the last second of Monday",
        f"{ASKED}\n{FRIDAY_TO_MONDAY} question_answered question=Q1",
        f"{FRIDAY_TO_MONDAY} met",
    ),
    (
        "clocks.CLK-technical-answer",
        "a second later",
        f"{ASKED}\n2025-03-18 00:00:00 question_answered question=Q1",
        f"{FRIDAY_TO_MONDAY} late",
    ),
    (
        "clocks.CLK-technical-answer",
        "the answer to another question is none",
        (
            f"{ASKED}\n2025-03-14 17:00 question_raised question=Q2"
            "\n2025-03-17 09:00 question_answered question=Q2"
        ),
        f"{FRIDAY_TO_MONDAY} running; {FRIDAY_TO_MONDAY} met",
    ),
)
CHAINS: tuple[Row, ...] = (
    (
        "approvals.notice",
        "6.2: quality management alone",
        signs("notice", "quality_management proposed"),
        "effective",
    ),
    (
        "approvals.notice",
        "nobody else",
        signs("notice", "administration proposed"),
        "refused: role",
    ),
    (
        "approvals.bulk_purchase",
        "5.1.3.1: a written special approval of a leader",
        signs(BULK, "procurement proposed", "leader approved"),
        "effective",
    ),
    (
        "approvals.bulk_purchase",
        "without it",
        signs(BULK, "procurement proposed"),
        "next: leader",
    ),
    (
        "approvals.notice_void",
        "6.5: administration arbitrates",
        signs(VOID, "department_head proposed", "administration approved"),
        "effective",
    ),
    (
        "approvals.notice_void",
        "a department may raise it",
        signs(VOID, "departments proposed"),
        "next: administration",
    ),
    (
        "approvals.notice_void",
        "not quality management in its own cause",
        signs(VOID, "department_head proposed", "quality_management approved"),
        "refused: role",
    ),
    (
        "approvals.catalog_change",
        "6.5: no GM before the departments agree",
        signs(CHANGE, "quality_management proposed", "general_manager approved"),
        "refused: role",
    ),
    (
        "approvals.catalog_change",
        "all departments, then the GM",
        signs(
            CHANGE,
            "quality_management proposed",
            "departments approved",
            "general_manager approved",
        ),
        "effective",
    ),
)
MONEY: tuple[Row, ...] = (
    ("penalties", "quality management by its notice", "authority", "notice"),
    ("penalties", "chapter 5 stands in a catalog", "catalog", "S6"),
    ("penalties", "a reversed notice is no earlier one", "reversed_counts", "False"),
    ("penalties", "6.1: the most severe of several", "conflict", "most_severe"),
    ("penalties", "6.1: for one person and event", "conflict_scope", "person event"),
    ("penalties", "repeats by person and clause", "repeat_key", "person_clause"),
    ("penalties", "6.3: the original is stamped", "needs_stamp", "True"),
    ("penalties", "6.3: totalled every month", "statement", "month"),
    ("penalties", "6.6: what no clause covers", "uncovered_role", "supervising_leader"),
    ("penalties", "by which clause", "uncovered_clause", "6.6"),
    ("penalties", "whose", "triggers.0.role", "department_head"),
    ("penalties", "by its grade", "triggers.0.when.fact", "grade"),
    ("penalties", "of the technician", "triggers.1.role", "technician"),
    ("penalties", "disputes", "disputes_to", "administration"),
    ("penalties", "a head's liability", "triggers.0.catalog_clause", "5.2.1.13"),
    ("penalties", "from a batch accident on", "triggers.0.when.value", "batch major"),
    ("penalties", "a missed answer", "triggers.1.clock_missed", "CLK-technical-answer"),
    ("penalties", "is fined by", "triggers.1.catalog_clause", "5.3.2.3"),
    ("duties.catalog_update", "6.7: every two months", "months_after_last", "2"),
    ("duties.catalog_update", "by its own department", "role", "quality_management"),
    ("duties.monthly_total", "administration adds up", "role", "administration"),
    ("duties.monthly_total", "every month", "period", "month"),
    ("duties.monthly_execution", "4.9: finance executes", "role", "finance"),
    ("duties.monthly_execution", "every month", "period", "month"),
    (
        "archive.0",
        "7: three records",
        "keeps",
        "notice disposition_report capa_report",
    ),
    ("archive.0", "by who handles accidents", "role", "quality_management"),
    ("archive.0", "how long is not stated", "retention_years", "None"),
    ("forms.notice", "7", "name", "质量奖罚通知单"),
    ("forms.disposition_report", "7", "name", "不合格品评审处置报告单"),
    ("forms.capa_report", "7", "name", "纠正预防措施报告单"),
    ("forms.rework_sheet", "named", "name", "返工单"),
    ("forms.inspection_report", "named", "name", "检验报告"),
)
ROWS = (*GRADES, *COUNTS, *CHAINS, *MONEY)

test_clauses = table("S6", ROWS)
