"""S31, clause by clause: the matrix of processes by IATF 16949."""

from tests.rulebooks.clause import Row, table

FIGURES = {
    "oqc_pass": "报检合格率(OQC)",
    "planned_orders_on_time": "计划内生产订单按时交付率",
    "first_pass_yield": "产品直通率",
    "out_of_box_pass": "开箱合格率",
    "shipping_right": "收发货及时准确率",
    "requirements_accurate": "顾客要求输入准确性",
    "review_in_time": "顾客要求评审及时性",
}
PATHS = (
    "kpis.oqc_pass",
    "kpis.planned_orders_on_time",
    "kpis.first_pass_yield",
    "kpis.out_of_box_pass",
    "kpis.shipping_right",
    "kpis.requirements_accurate",
    "kpis.review_in_time",
)


def figures() -> tuple[Row, ...]:
    """Seven names, of which more is better; the source states no target."""
    names = tuple(zip(PATHS, FIGURES.values(), strict=True))
    return (
        *((path, "a figure by its name", "name", name) for path, name in names),
        *((path, "more of it is better", "direction", "higher") for path in PATHS),
        *((path, "no target is printed", "target", "None") for path in PATHS),
    )


COMPLAINT: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "period"),
    (
        "forms.complaint_row",
        "in: feedback, complaints, requests; out: 8D, removed, repaired or exchanged",
        "fields",
        (
            "market_feedback complaints after_sales_requests"
            " report_8d complaint_removed timely_repair_or_exchange"
        ),
    ),
)

ROWS: tuple[Row, ...] = (*figures(), *COMPLAINT)

test_clauses = table("S31", ROWS)
