"""S37, clause by clause: the sheet that tracks an unsatisfied customer of a 4S shop."""

from typing import Any

from tests.domain.calendars import at
from tests.rulebooks.clause import Row, table

BEGUN = "2025-09-26 09:00 received"
TO_SERVICE = "2025-09-26 11:00 handed_over step=x to_unit=service"
ACCEPTED = "2025-10-09 16:00 customer_confirmed result=accepted"
REJECTED = "2025-10-09 16:00 customer_confirmed result=rejected"
SOLVED = "2025-10-09 15:00 solution_executed"
CALLED_BACK = "2025-10-10 09:00 called_back reached=true satisfied=true"
PDCA = "2025-10-12 09:00 duty_done duty=pdca_file_changed"
SHEET = "signed decision=close_sheet"
ASKED = f"2025-10-11 09:00 {SHEET} meaning=proposed as=customer_service"
BY_MANAGER = f"2025-10-11 10:00 {SHEET} meaning=approved as=cs_manager"
BY_DIRECTOR = f"2025-10-11 11:00 {SHEET} meaning=approved as=director"
BY_GM = f"2025-10-11 12:00 {SHEET} meaning=approved as=general_manager"
SIGNED = f"{ASKED}\n{BY_MANAGER}\n{BY_DIRECTOR}\n{BY_GM}"
SKIP = "signed decision=skip_second_callback"
SKIP_ASKED = f"2025-10-10 09:00 {SKIP} meaning=proposed as=handler"
SKIP_ALLOWED = f"2025-10-10 10:00 {SKIP} meaning=approved as=director"
CALM: dict[str, Any] = {
    "vehicle_fire": False,
    "airbag_or_belt": False,
    "steering_or_brake_accident": False,
    "media_involved": False,
    "product_quality": False,
    "same_customer_same_problem": 1,
}
ANNA: dict[str, Any] = {"customer": "Anna", "vehicle": "沪A1", "defect": "noise"}
ANNA |= {"settled_as": "repair", "received_at": at("2025-03-14 09:00")}
A_YEAR_ON = ANNA | {"received_at": at("2026-03-13 23:59:59")}
LATER_STILL = ANNA | {"received_at": at("2026-03-14 00:00:00")}

GRADES: tuple[Row, ...] = (
    ("grading.grades.important", "vehicle fire", {"vehicle_fire": True}, "important"),
    ("grading.grades.important", "airbag, belt", {"airbag_or_belt": True}, "important"),
    (
        "grading.grades.important",
        "an accident with steering or brake failure",
        {"steering_or_brake_accident": True},
        "important",
    ),
    ("grading.grades.important", "media", {"media_involved": True}, "important"),
    ("grading.grades.important", "leaders", {"leaders_attention": True}, "important"),
    (
        "grading.grades.upgraded",
        "the second complaint is not upgraded",
        CALM | {"same_customer_same_problem": 2},
        "general",
    ),
    (
        "grading.grades.upgraded",
        "the third is",
        CALM | {"same_customer_same_problem": 3},
        "upgraded",
    ),
    (
        "grading.grades.upgraded",
        "product quality, with drastic behaviour",
        CALM | {"product_quality": True, "drastic_behaviour": True},
        "upgraded",
    ),
    (
        "grading.grades.upgraded",
        "product quality alone",
        CALM | {"product_quality": True, "drastic_behaviour": False},
        "general",
    ),
    (
        "grading.grades.upgraded",
        "drastic behaviour over something else",
        CALM | {"drastic_behaviour": True},
        "general",
    ),
    (
        "grading.grades.upgraded",
        "a fire goes before the third complaint",
        CALM | {"same_customer_same_problem": 3, "vehicle_fire": True},
        "important",
    ),
    ("grading.grades.general", "none of these", CALM, "general"),
    (
        "grading.grades.general",
        "a question that is open may still make it worse",
        {name: value for name, value in CALM.items() if name != "airbag_or_belt"},
        "general, perhaps important",
    ),
    ("declares.facts.vehicle_fire", "asked", {}, "flag, asked"),
    ("declares.facts.airbag_or_belt", "asked", {}, "flag, asked"),
    ("declares.facts.steering_or_brake_accident", "asked", {}, "flag, asked"),
    ("declares.facts.leaders_attention", "asked", {}, "flag, asked"),
    ("repeats.REP-third-time", "the second time", (ANNA, ANNA), "2"),
    ("repeats.REP-third-time", "the third time", (ANNA, ANNA, ANNA), "3: regrade!"),
    (
        "repeats.REP-third-time",
        "another customer's",
        (ANNA, ANNA, ANNA | {"customer": "Bo"}),
        "1",
    ),
    ("repeats.REP-third-time", "by itself", "effects.0.automatic", "True"),
    (
        "tallies.same_customer_same_problem",
        "another vehicle of hers is another key",
        (ANNA, ANNA | {"vehicle": "沪A2"}),
        "1",
    ),
    (
        "tallies.same_customer_same_problem",
        "one settled as a goodwill warranty claim does not count",
        (ANNA, ANNA | {"settled_as": "goodwill_warranty"}, ANNA),
        "2",
    ),
    ("tallies.same_customer_same_problem", "within twelve months", (ANNA, A_YEAR_ON), "2"),
    ("tallies.same_customer_same_problem", "and after", (ANNA, LATER_STILL), "1"),
)
SCREENING: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service"),
    ("screening", "who judges", "decided_by", "customer_service"),
    ("grading", "who grades", "decided_by", "customer_service"),
    (
        "screening.outcomes.warranty",
        "a normal or goodwill warranty claim is excluded",
        "2025-09-26 10:00 screened outcome=warranty",
        "ends, counts in nothing",
    ),
    ("screening.outcomes.warranty", "no complaint", "grounded", "False"),
    ("screening.outcomes.complaint", "a complaint", "grounded", "True"),
    (
        "screening.outcomes.complaint",
        "anything else is a complaint",
        "2025-09-26 10:00 screened outcome=complaint",
        "goes on, counts in kpi clocks repeats",
    ),
    (
        "screening.outcomes.complaint",
        "settled as a warranty claim after all: it counts in nothing",
        (
            "2025-09-26 10:00 screened outcome=complaint\n"
            "2025-09-26 11:00 fact_established fact=settled_as value=normal_warranty"
        ),
        "goes on, counts in nothing",
    ),
)
STEPS: tuple[Row, ...] = (
    (
        "clocks.CLK-step",
        "one working day from the hand-over; that Sunday is a make-up day",
        TO_SERVICE,
        "2025-09-28 23:59:59 running",
    ),
    (
        "clocks.CLK-step",
        "handed on in the last second, and the next day begins",
        f"{TO_SERVICE}\n2025-09-28 23:59:59 handed_over step=y to_unit=parts",
        "2025-09-28 23:59:59 met; 2025-09-29 23:59:59 running",
    ),
    (
        "clocks.CLK-step",
        "a second too late",
        f"{TO_SERVICE}\n2025-09-29 00:00:00 handed_over step=y to_unit=parts",
        "2025-09-28 23:59:59 late; 2025-09-30 23:59:59 running",
    ),
    (
        "clocks.CLK-step",
        "a customer who accepts ends the last step",
        f"2025-10-09 11:00 handed_over step=x to_unit=service\n{ACCEPTED}",
        "2025-10-10 23:59:59 met",
    ),
    (
        "clocks.CLK-step",
        "one who does not, does not",
        f"2025-10-09 11:00 handed_over step=x to_unit=service\n{REJECTED}",
        "2025-10-10 23:59:59 running",
    ),
)
FLOW: tuple[Row, ...] = (
    (
        "intake",
        "a callback, a call of the customer's, a visit to the shop",
        "channels",
        "callback customer_called came_to_the_shop",
    ),
    ("intake", "customer service fills fields 1 to 13", "roles", "customer_service"),
    ("spokesperson.0", "and talks to the customer", {}, "customer_service"),
    ("closure.gates.accepted", "not asked yet", BEGUN, "shut"),
    ("closure.gates.accepted", "accepted", ACCEPTED, "open"),
    ("closure.gates.accepted", "not accepted", REJECTED, "shut"),
    ("closure.gates.solved", "not solved", ACCEPTED, "shut"),
    ("closure.gates.solved", "solved", SOLVED, "open"),
    ("closure.gates.followed_up", "not called back", SOLVED, "shut"),
    ("closure.gates.followed_up", "satisfied", CALLED_BACK, "open"),
    (
        "closure.gates.followed_up",
        "not satisfied",
        "2025-10-10 09:00 called_back reached=true satisfied=false",
        "shut",
    ),
    ("closure.gates.followed_up", "leave asked for", SKIP_ASKED, "shut"),
    (
        "closure.gates.followed_up",
        "the director's leave to skip the second callback",
        f"{SKIP_ASKED}\n{SKIP_ALLOWED}",
        "open",
    ),
    ("approvals.skip_second_callback", "the director", SKIP_ASKED, "next: director"),
    (
        "approvals.skip_second_callback",
        "the manager may not give it",
        f"{SKIP_ASKED}\n2025-10-10 10:00 {SKIP} meaning=approved as=cs_manager",
        "refused: role",
    ),
    (
        "closure.gates.signed",
        "two of three",
        f"{ASKED}\n{BY_MANAGER}\n{BY_DIRECTOR}",
        "shut",
    ),
    ("closure.gates.signed", "three signatures", SIGNED, "open"),
    ("approvals.close_sheet", "the manager first", ASKED, "next: cs_manager"),
    (
        "approvals.close_sheet",
        "the director not before the manager",
        f"{ASKED}\n{BY_DIRECTOR}",
        "refused: role",
    ),
    (
        "approvals.close_sheet",
        "then the general manager",
        f"{ASKED}\n{BY_MANAGER}\n{BY_DIRECTOR}",
        "next: general_manager",
    ),
    ("approvals.close_sheet", "all three", SIGNED, "effective"),
    (
        "approvals.close_sheet",
        "one person does not sign twice",
        f"{ASKED}\n{BY_MANAGER} by=p-zhou\n{BY_DIRECTOR} by=p-zhou",
        "refused: by",
    ),
    ("closure.gates.pdca", "not changed", SIGNED, "shut"),
    ("closure.gates.pdca", "PDCA file changed", PDCA, "open"),
    (
        "declares.duties.pdca_file_changed",
        "a duty of its own",
        PDCA,
        "recorded",
    ),
    (
        "closure",
        "all but the PDCA file",
        f"{SOLVED}\n{ACCEPTED}\n{CALLED_BACK}\n{SIGNED}",
        "shut: pdca",
    ),
    (
        "closure",
        "accepted, solved, followed up, signed, changed",
        f"{SOLVED}\n{ACCEPTED}\n{CALLED_BACK}\n{SIGNED}\n{PDCA}",
        "closed",
    ),
    (
        "closure.ineffective",
        "not accepted: back to the solution",
        f"{SOLVED}\n{REJECTED}",
        "cycle 2",
    ),
    (
        "closure.ineffective",
        "and what was solved before does not count",
        f"{SOLVED}\n{REJECTED}\n2025-10-10 09:00 closed",
        "refused: accepted solved followed_up signed pdca",
    ),
    ("closure.ineffective", "with the customer", "then", "renegotiate"),
    (
        "forms.tracking_sheet",
        "eighteen fields in their order",
        "fields",
        (
            "customer phone plate vehicle_model complaint_time responsible_department"
            " responsible_person callback_clerk category channel grade description"
            " customer_claim handling cause_and_prevention handler handled_at returned_at"
        ),
    ),
    (
        "forms.tracking_sheet",
        "by customer service, then by the responsible department",
        "filled_by",
        "customer_service responsible_department",
    ),
)

ROWS: tuple[Row, ...] = (*GRADES, *SCREENING, *STEPS, *FLOW)

test_clauses = table("S37", ROWS)
