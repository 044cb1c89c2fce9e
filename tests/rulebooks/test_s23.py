"""S23, clause by clause: the report of a concrete pour, signed by five parties."""

from tests.rulebooks.clause import Row, signs, table

PARTIES = ("owner", "designer", "supervisor", "contractor", "concrete_supplier")
PUT_FORWARD = "supervisor/p-0 proposed"
SIGNED = tuple(f"{party} approved" for party in PARTIES)
REPORT = "report"
PHOTO = "ab" * 32
SHARED = (
    '2025-03-09 liability_assigned shares=[{"party":"supplier","percent":%d},'
    '{"party":"contractor","percent":%d},{"party":"general_contractor","percent":%d}]'
)
POURED = (
    "2025-03-03 inspection_stopped as=supervisor part=浇筑面 protection=补浇"
    "\n2025-03-04 plan_decided as=contractor plan=凿除重浇"
    "\n2025-03-05 plan_accepted as=supervisor"
    "\n2025-03-06 action_planned as=contractor action=A1 text=凿除重浇"
    "\n2025-03-07 action_implemented as=contractor action=A1"
    "\n2025-03-08 work_accepted as=supervisor result=accepted"
)

ROWS: tuple[Row, ...] = (
    (
        "approvals.report",
        "a party does not sign what nobody has put forward",
        signs(REPORT, "owner approved"),
        "refused: meaning",
    ),
    (
        "approvals.report",
        "the supervisor, whose notice it holds, puts it forward",
        signs(REPORT, "contractor proposed"),
        "refused: role",
    ),
    (
        "approvals.report",
        "put forward: all five may sign",
        signs(REPORT, PUT_FORWARD),
        f"next: {' '.join(PARTIES)}",
    ),
    *(
        (
            "approvals.report",
            f"all but the {lacking}",
            signs(
                REPORT,
                PUT_FORWARD,
                *(one for one in SIGNED if one != f"{lacking} approved"),
            ),
            f"next: {lacking}",
        )
        for lacking in PARTIES
    ),
    ("approvals.report", "all five", signs(REPORT, PUT_FORWARD, *SIGNED), "effective"),
    (
        "approvals.report",
        "in any order",
        signs(REPORT, PUT_FORWARD, *reversed(SIGNED)),
        "effective",
    ),
    (
        "approvals.report",
        "one person is no two parties",
        signs(REPORT, PUT_FORWARD, "owner/p-1 approved", "designer/p-1 approved"),
        "refused: by",
    ),
    (
        "approvals.report",
        "a sixth party is none",
        signs(REPORT, PUT_FORWARD, "worker approved"),
        "refused: role",
    ),
    (
        "closure.gates.signed",
        "four of five",
        signs(REPORT, PUT_FORWARD, *SIGNED[:4]),
        "shut",
    ),
    ("closure.gates.signed", "five", signs(REPORT, PUT_FORWARD, *SIGNED), "open"),
    # stopped, treated, accepted: the end is the signed report
    ("closure", "accepted, not signed", POURED, "shut: signed"),
    (
        "closure",
        "accepted, and signed by five",
        f"{POURED}\n{signs(REPORT, PUT_FORWARD, *SIGNED)}",
        "closed",
    ),
    (
        "closure",
        "accepted without being treated",
        POURED.replace("\n2025-03-07 action_implemented as=contractor action=A1", ""),
        "refused: action_implemented",
    ),
    (
        "forms.report",
        "its sections",
        "fields",
        (
            "event_time place observation survey photos remedial_work supervisor_notice"
            " post_strip_survey consequences supplier_causes contractor_causes"
            " general_contractor_causes attachments"
        ),
    ),
    (
        "forms.report",
        "a photo is attached by its hash",
        f"2025-03-04 evidence_added sha256={PHOTO} size=2048 media=image/jpeg",
        "recorded",
    ),
    (
        "forms.report",
        "three parties share the liability",
        SHARED % (50, 30, 20),
        "recorded",
    ),
    (
        "forms.report",
        "shares of 99 percent",
        SHARED % (50, 30, 19),
        "refused: shares",
    ),
    ("forms.report", "by the supervisor", "filled_by", "supervisor"),
)

test_clauses = table("S23", ROWS)
