"""S41, clause by clause: customer complaints by IATF 16949 and ISO 9001, and returns."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"
FIRST = "2025-03-14 10:00 return_requested request=R1 until=2025-03-20"
SECOND = "2025-03-15 10:00 return_requested request=R2 until=2025-03-25"
PLANNED = "2025-03-14 10:00 action_planned action=A1 text=x"
DONE = f"{PLANNED}\n2025-03-15 10:00 action_implemented action=A1"
EFFECTIVE = "2025-03-20 10:00 verified result=effective side_effect=false"
INEFFECTIVE = "2025-03-20 10:00 verified result=ineffective side_effect=false"

RETURNS: tuple[Row, ...] = (
    ("clocks.CLK-good-parts", "no return was asked for", BEGUN, "no time runs"),
    (
        "clocks.CLK-good-parts",
        "good parts by the customer's date, to its last second",
        FIRST,
        "2025-03-20 23:59:59 running",
    ),
    (
        "clocks.CLK-good-parts",
        "delivered in that second",
        f"{FIRST}\n2025-03-20 23:59:59 goods_delivered request=R1",
        "2025-03-20 23:59:59 met",
    ),
    (
        "clocks.CLK-good-parts",
        "delivered the second after",
        f"{FIRST}\n2025-03-21 00:00:00 goods_delivered request=R1",
        "2025-03-20 23:59:59 late",
    ),
    (
        "clocks.CLK-good-parts",
        "each return has its own date, and its own delivery",
        f"{FIRST}\n{SECOND}\n2025-03-19 10:00 goods_delivered request=R1",
        "2025-03-20 23:59:59 met; 2025-03-25 23:59:59 running",
    ),
    (
        "clocks.CLK-good-parts",
        "a return without a date of the customer's is due on none",
        "2025-03-14 10:00 return_requested request=R1",
        "no time runs",
    ),
    (
        "declares.duties.returned_goods_counted",
        "PMC checks name, part number and quantity, and stores",
        f"{FIRST}\n2025-03-16 09:00 duty_done duty=returned_goods_counted",
        "recorded",
    ),
    (
        "declares.duties.returned_goods_checked",
        "quality checks returns of lots and lines",
        f"{FIRST}\n2025-03-16 10:00 duty_done duty=returned_goods_checked",
        "recorded",
    ),
    (
        "declares.duties.rework_followed",
        "PMC follows rework or re-order",
        f"{FIRST}\n2025-03-17 09:00 duty_done duty=rework_followed",
        "recorded",
    ),
    (
        "declares.duties.return_booked",
        "finance books the return",
        f"{FIRST}\n2025-03-21 09:00 duty_done duty=return_booked",
        "recorded",
    ),
)
REST: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("intake", "the business department receives", "roles", "business"),
    ("spokesperson.0", "and answers", {}, "business"),
    (
        "scope",
        "delivered goods, and new samples the customer rejects",
        "complaint_kinds",
        "product delivery sample",
    ),
    ("closure", "nothing was verified", DONE, "shut: verified"),
    ("closure", "quality verified the action", f"{DONE}\n{EFFECTIVE}", "closed"),
    ("closure.gates.verified", "not verified", DONE, "shut"),
    ("closure.gates.verified", "verified", f"{DONE}\n{EFFECTIVE}", "open"),
    ("closure.gates.verified", "it did not help", f"{DONE}\n{INEFFECTIVE}", "shut"),
)
ROWS: tuple[Row, ...] = (*RETURNS, *REST)

test_clauses = table("S41", ROWS)
