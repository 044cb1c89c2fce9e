"""S2, clause by clause: complaints about food and beverages."""

from consumers.opening import rulebooks
from domain.repeats import adds
from tests.rulebooks.clause import BOOKS, Row, signs, table
from tests.rulebooks.story import Story

# 23 January 2025 is a Thursday; Sunday 26 is worked, the Spring Festival begins on 28.
THURSDAY = "2025-01-23 17:00 received"
REPLY, REPORT, FINES = "customer_reply", "improvement_report", "penalty_after_recall"
DETERMINED = "2025-03-11 determined as=quality_control result=product"
TOLD = ("quality_control proposed", "marketing_vp approved")
APPROVED = signs(REPLY, *TOLD)
AGREED = "2025-03-13 customer_confirmed result=accepted"
CLOSE = "2025-03-14 closed"
FILED = "2025-03-20 archived"
ALIKE = {"batch": "20250211", "defect": "sour"}
BATCH_PROBLEM = "2025-03-11 determined result=product batch_problem=true"
ASKED = 'recall_requested as=quality_control recall=R1 batches=["20250211"] reason=sour'
RECALL = f"{BATCH_PROBLEM}\n2025-03-12 09:00 {ASKED}"
RETURN = "2025-03-12 09:00 return_requested as=quality_control request=T1 pieces=12"
GM_RECALL = "2025-03-12 10:00 recall_approved as=general_manager recall=R1"
GM_RETURN = "2025-03-12 10:00 return_approved as=general_manager request=T1"

WHO: tuple[Row, ...] = (
    (
        "intake",
        "sales service takes it, or the regional manager",
        "roles",
        "sales_service regional_manager",
    ),
    ("spokesperson.0", "they tell the customer", {}, "regional_manager sales_service"),
    # 3.2, 4.3: two working days
    (
        "clocks.CLK-determination",
        "told on Thursday: due on Sunday, a make-up workday",
        f"{THURSDAY}\n2025-01-26 23:59:59 determined result=product",
        "2025-01-26 23:59:59 met",
    ),
    (
        "clocks.CLK-determination",
        "a second later",
        f"{THURSDAY}\n2025-01-27 00:00:00 determined result=product",
        "2025-01-26 23:59:59 late",
    ),
    (
        "clocks.CLK-determination",
        "the arrival of the goods stops nothing",
        f"{THURSDAY}\n2025-01-24 09:00 goods_arrived",
        "2025-01-26 23:59:59 running",
    ),
    # 5.4.1(5): same batch, same problem
    ("repeats.REP-same-batch", "two complaints", [ALIKE] * 2, "2"),
    (
        "repeats.REP-same-batch",
        "three: quality control calls a meeting",
        [ALIKE] * 3,
        "3: alert! call_meeting",
    ),
    (
        "repeats.REP-same-batch",
        "another problem of the batch is another key",
        [ALIKE, ALIKE, {**ALIKE, "defect": "swollen"}],
        "1",
    ),
    (
        "repeats.REP-same-batch",
        "the same problem of another batch too",
        [ALIKE, ALIKE, {**ALIKE, "batch": "20250212"}],
        "1",
    ),
    (
        "repeats.REP-same-batch",
        "and that is told",
        "effects.0.role",
        "quality_control",
    ),
    ("repeats.REP-same-batch", "later ones follow the plan", "standing_plan", "True"),
    (
        "repeats.REP-same-batch",
        "it is quality control that convenes",
        "effects.1.role",
        "quality_control",
    ),
    ("tallies.same_batch_same_problem", "all are counted", [ALIKE] * 4, "4"),
    ("tallies.same_batch_same_problem", "for ever", "window", "None"),
)
CLOSING: tuple[Row, ...] = (
    ("closure.gates.determined", "not determined", THURSDAY, "shut"),
    ("closure.gates.determined", "determined", DETERMINED, "open"),
    (
        "closure.gates.determined",
        "what is determined stays so, though the problem came again",
        f"{DETERMINED}\n2025-03-14 batch_checked shipment_batch=B9 result=same_problem",
        "open",
    ),
    (
        "closure.gates.determined",
        "bad storage or drinking: the customer's",
        DETERMINED.replace("product", "customer"),
        "open",
    ),
    (
        "closure.gates.opinion_approved",
        "proposed, not approved",
        signs(REPLY, "sales proposed"),
        "shut",
    ),
    ("closure.gates.opinion_approved", "the vice-president approved", APPROVED, "open"),
    ("closure.gates.agreed", "the customer agrees", AGREED, "open"),
    (
        "closure.gates.agreed",
        "the customer does not",
        "2025-03-13 customer_confirmed result=rejected",
        "shut",
    ),
    ("closure", "not agreed", f"{DETERMINED}\n{APPROVED}", "shut: agreed"),
    ("closure", "agreed and approved", f"{DETERMINED}\n{APPROVED}\n{AGREED}", "closed"),
    # two archives
    (
        "archive.0",
        "the clerk keeps the papers of sales",
        f'{FILED} by_role=sales_clerk keeps=["approval","determination","opinion"]',
        "recorded",
    ),
    (
        "archive.0",
        "inspection data are not the clerk's",
        f'{FILED} by_role=sales_clerk keeps=["inspection_data"]',
        "refused: keeps",
    ),
    (
        "archive.1",
        "quality control keeps those of the laboratory",
        (
            f"{FILED} by_role=quality_control"
            ' keeps=["determination","inspection_data","opinion"]'
        ),
        "recorded",
    ),
    (
        "archive.1",
        "approvals are not its own",
        f'{FILED} by_role=quality_control keeps=["approval"]',
        "refused: keeps",
    ),
    ("archive.0", "how long is not stated", "retention_years", "None"),
    ("archive.1", "nor here", "retention_years", "None"),
)
APPROVALS: tuple[Row, ...] = (
    (
        "approvals.customer_reply",
        "asked for by quality control",
        signs(REPLY, "quality_control proposed"),
        "next: marketing_vp",
    ),
    (
        "approvals.customer_reply",
        "the general manager is not asked",
        signs(REPLY, "sales proposed", "general_manager approved"),
        "refused: role",
    ),
    ("approvals.customer_reply", "approved", APPROVED, "effective"),
    (
        "approvals.customer_reply",
        "relayed by sales service",
        signs(REPLY, *TOLD, "sales_service executed"),
        "executed",
    ),
    (
        "approvals.customer_reply",
        "or told by the regional manager",
        signs(REPLY, *TOLD, "regional_manager executed"),
        "executed",
    ),
    (
        "approvals.improvement_report",
        "only quality control lays it before",
        signs(REPORT, "sales proposed"),
        "refused: role",
    ),
    (
        "approvals.improvement_report",
        "the general manager signs",
        signs(REPORT, "quality_control proposed", "general_manager approved"),
        "effective",
    ),
    (
        "approvals.improvement_report",
        "nobody improves before",
        signs(REPORT, "quality_control proposed", "responsible_department executed"),
        "refused: role",
    ),
    # 5.4.2
    (
        "approvals.penalty_after_recall",
        "named by the quality vice-president",
        signs(FINES, "quality_vp proposed"),
        "next: general_manager",
    ),
    (
        "approvals.penalty_after_recall",
        "not by quality control",
        signs(FINES, "quality_control proposed"),
        "refused: role",
    ),
    (
        "approvals.penalty_after_recall",
        "only after the general manager's approval",
        signs(FINES, "quality_vp proposed", "general_manager approved"),
        "effective",
    ),
    ("penalties", "what a penalty rests on", "authority", FINES),
    (
        "approvals.recall",
        "the determination shows no problem of the batch",
        f"{DETERMINED}\n2025-03-12 {ASKED}",
        "refused: batch_problem",
    ),
    ("approvals.recall", "it shows one", RECALL, "recorded"),
    (
        "approvals.recall",
        "sales does not act before the signature",
        f"{RECALL}\n2025-03-12 11:00 recall_executed as=sales recall=R1",
        "refused: recall_approved",
    ),
    (
        "approvals.recall",
        "the vice-president's signature is none",
        f"{RECALL}\n2025-03-12 10:00 recall_approved as=quality_vp recall=R1",
        "refused: role",
    ),
    (
        "approvals.recall",
        "signed, then recalled",
        f"{RECALL}\n{GM_RECALL}\n2025-03-12 11:00 recall_executed as=sales recall=R1",
        "recorded",
    ),
    (
        "approvals.return_exchange",
        "sales does not apply",
        RETURN.replace("quality_control", "sales"),
        "refused: role",
    ),
    ("approvals.return_exchange", "the GM approves", f"{RETURN}\n{GM_RETURN}", "recorded"),
    (
        "approvals.return_exchange",
        "nothing is exchanged before",
        f"{RETURN}\n2025-03-12 11:00 goods_delivered as=sales request=T1",
        "refused: return_approved",
    ),
    (
        "approvals.return_exchange",
        "then sales exchanges",
        f"{RETURN}\n{GM_RETURN}\n2025-03-12 11:00 goods_delivered as=sales request=T1",
        "recorded",
    ),
)
FORMS: tuple[Row, ...] = (
    (
        "forms.registration",
        "its columns",
        "fields",
        (
            "complaint_object content product_name specification packaging"
            " production_date purchase_time purchase_quantity problem_quantity"
        ),
    ),
    ("forms.registration", "by sales service", "filled_by", "sales_service"),
    ("forms.defective_product", "filed by the manager", "filled_by", "regional_manager"),
    ("forms.return_application", "by quality control", "filled_by", "quality_control"),
    ("forms.recall_application", "by quality control", "filled_by", "quality_control"),
    ("forms.opinion", "its columns are not stated", "fields", ""),
    ("forms.improvement", "nor are these", "fields", ""),
    (
        "declares.duties.defective_product_document",
        "4a: filed",
        "2025-03-11 duty_done as=regional_manager duty=defective_product_document",
        "recorded",
    ),
    (
        "declares.duties.summary_report",
        "10: joint summary report",
        "2025-03-20 duty_done as=quality_control duty=summary_report",
        "recorded",
    ),
)
ROWS = (*WHO, *CLOSING, *APPROVALS, *FORMS)

test_clauses = table("S2", ROWS)


def test_an_old_problem_goes_on_counting_after_closing() -> None:
    """R14, S3 and S5: what returns is seen whether the earlier complaint is open or not."""
    batch = '2025-03-10 received items=[{"batch":"20250211","defect":"sour"}]'
    story = Story(BOOKS["S2"], f"{batch}\n{DETERMINED}\n{APPROVED}\n{AGREED}\n{CLOSE}")
    (share,) = adds(story.flow.complaint, rulebooks())

    assert story.flow.complaint.closed
    assert (share.rule, len(share.parts)) == ("S2@1#REP-same-batch", 1)
