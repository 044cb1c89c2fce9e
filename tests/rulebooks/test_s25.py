"""S25, clause by clause: the customer service system of an IT service."""

import pytest

from domain.clock_events import Happening
from tests.domain.calendars import at
from tests.domain.clocks import readings, said
from tests.rulebooks.clause import BOOKS, Row, table

BEGUN = "2025-03-14 09:00 received"
OF_COMPANY = "2025-03-14 09:30 fact_established fact=company_level value=true"
OF_NO_COMPANY = "2025-03-14 09:30 fact_established fact=company_level value=false"
TO_LEADER = "2025-03-14 10:00 escalated rung=leader because=x"
TO_GM = "2025-03-14 11:00 escalated rung=gm because=x"
MAJOR = "2025-03-14 09:00 fact_established fact=major_failure value=true"
MINOR = "2025-03-14 09:00 fact_established fact=major_failure value=false"
PASSED_ON = "2025-03-20 09:00 duty_done duty=fault_passed_on"
DISPUTE = "signed decision=department_dispute"
ASKED = f"2025-03-14 10:00 {DISPUTE} meaning=proposed as=technical_service"
DECIDED = f"2025-03-14 11:00 {DISPUTE} meaning=approved as=office by=p-ming"
ENFORCED = f"2025-03-14 12:00 {DISPUTE} meaning=executed as=office by=p-ming"

FIRST_CONTACT: tuple[Row, ...] = (
    ("intake", "the first person asked is responsible", "first_asked_owns", "True"),
    ("intake", "solve first, file the sheet afterwards", "paperwork_later", "True"),
    ("intake", "whoever is asked takes it in", "roles", ""),
    (
        "intake",
        "and may hand it on",
        "2025-03-14 10:00 assigned as=service owner=p-wang",
        "recorded",
    ),
    (
        "declares.duties.liaison_sheet",
        "the liaison sheet follows the solution",
        (
            "2025-03-14 10:00 solution_executed\n"
            "2025-03-17 10:00 duty_done duty=liaison_sheet"
        ),
        "recorded",
    ),
    ("declares.facts.company_level", "is it of company level?", {}, "flag, asked"),
    ("escalation", "the first person asked has it", BEGUN, "at first, then leader"),
    ("escalation.rungs.first", "who has it asks nobody", "roles", "first_asked"),
    (
        "escalation.rungs.leader",
        "out of scope: the right leader or a colleague",
        TO_LEADER,
        "at leader, then gm",
    ),
    (
        "escalation.rungs.gm",
        "company level: straight to the general manager",
        OF_COMPANY,
        "at first, then leader or gm",
    ),
    (
        "escalation.rungs.gm",
        "and it goes there",
        f"{OF_COMPANY}\n{TO_GM}",
        "at gm, then nobody",
    ),
    (
        "escalation.rungs.gm",
        "no matter of the company: not past the leader",
        f"{OF_NO_COMPANY}\n{TO_GM}",
        "refused: rung",
    ),
    (
        "escalation.rungs.gm",
        "nobody knows whether it is one: not past the leader",
        TO_GM,
        "refused: rung",
    ),
)
FAULT: tuple[Row, ...] = (
    ("declares.facts.major_failure", "is it a major failure?", {}, "flag, asked"),
    (
        "clocks.CLK-fault-report",
        "a major failure is reported at once: no number, never overdue",
        MAJOR,
        "immediate",
    ),
    (
        "clocks.CLK-fault-report",
        "passed on after a week, it is still not called late",
        f"{MAJOR}\n{PASSED_ON}",
        "immediate, done 2025-03-20",
    ),
    (
        "clocks.CLK-fault-report",
        "any other failure has no such clock",
        MINOR,
        "no time runs",
    ),
    (
        "declares.duties.fault_passed_on",
        "time, place, symptom and plan are passed on",
        PASSED_ON,
        "recorded",
    ),
    (
        "declares.duties.top_management_told",
        "the manager in charge tells top management",
        "2025-03-14 10:00 duty_done duty=top_management_told",
        "recorded",
    ),
)
OFFICE: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint project offence"),
    ("scope", "which complaints", "complaint_kinds", "service product"),
    ("escalation.rungs.gm", "the general manager", "roles", "general_manager"),
    ("duties.weekly_report", "by the business department", "role", "business_department"),
    (
        "approvals.department_dispute",
        "either asks",
        "propose.roles",
        "business_department technical_service",
    ),
    (
        "approvals.department_dispute",
        "a dispute between departments goes to the office",
        ASKED,
        "next: office",
    ),
    (
        "approvals.department_dispute",
        "which decides",
        f"{ASKED}\n{DECIDED}",
        "effective",
    ),
    (
        "approvals.department_dispute",
        "and enforces",
        f"{ASKED}\n{DECIDED}\n{ENFORCED}",
        "executed",
    ),
    (
        "approvals.department_dispute",
        "not before it has decided",
        f"{ASKED}\n{ENFORCED}",
        "refused: role",
    ),
    (
        "approvals.department_dispute",
        "no department decides its own dispute",
        f"{ASKED}\n2025-03-14 11:00 {DISPUTE} meaning=approved as=technical_service",
        "refused: role",
    ),
    ("duties.weekly_report", "a report each week", "period", "week"),
    (
        "duties.weekly_report",
        "a project hands it in; it is due on no day of the year",
        "2025-12-31 09:00 report_filed report=weekly_report year=2025",
        "recorded",
    ),
    ("duties.monthly_report", "a supervision report each month", "period", "month"),
    ("duties.monthly_report", "by the business department", "role", "business_department"),
)

CALLBACK: tuple[Row, ...] = (  # its turns are counted below
    (
        "clocks.CLK-project-callback",
        "from the delivery",
        "start.0.event",
        "project.delivered",
    ),
    ("clocks.CLK-project-callback", "up to one year old: monthly", "every.0", "1 month"),
    ("clocks.CLK-project-callback", "to an age of", "every.0.until_age_months", "12"),
    ("clocks.CLK-project-callback", "older: quarterly", "every.1", "3 month"),
)
ROWS: tuple[Row, ...] = (*FIRST_CONTACT, *FAULT, *OFFICE, *CALLBACK)

test_clauses = table("S25", ROWS)


def project(word: str, day: str, nth: int) -> Happening:
    return Happening(f"project.{word}", at(f"{day} 10:00"), nth, {})


@pytest.mark.parametrize(
    ("delivered", "called", "now", "turns"),
    [  # up to one year old: every month
        ("2024-01-15", (), "2024-02-15", ["02-15 running"]),
        ("2024-01-15", ("2024-02-15",), "2024-02-16", ["02-15 met", "03-15 running"]),
        ("2024-01-15", ("2024-02-16",), "2024-02-16", ["02-15 missed", "03-15 met"]),
        ("2024-01-31", (), "2024-03-01", ["02-29 missed", "03-31 running"]),
    ],
)
def test_a_delivered_project_is_called_every_month(
    delivered: str, called: tuple[str, ...], now: str, turns: list[str]
) -> None:
    """`clocks.CLK-project-callback`, the first turns."""
    assert callbacks(delivered, called, now)[: len(turns)] == turns


def test_a_project_older_than_a_year_is_called_every_quarter() -> None:
    """The twelfth call falls on its birthday; the thirteenth three months later."""
    found = callbacks("2024-01-15", (), "2025-07-16")

    assert len(found) == 15
    assert found[10:] == [
        "12-15 missed",
        "01-15 missed",
        "04-15 missed",
        "07-15 missed",
        "10-15 running",
    ]


def callbacks(delivered: str, called: tuple[str, ...], now: str) -> list[str]:
    """Each turn: the day it is due, and whether it was kept."""
    events = [
        project("delivered", delivered, 1),
        *(project("called_back", day, nth) for nth, day in enumerate(called, start=2)),
    ]
    clock = BOOKS["S25"].clocks["CLK-project-callback"]
    turns = said(readings(clock, *events, now=f"{now} 12:00"))
    return [f"{due[:5]} {state}" for due, state in turns if due]
