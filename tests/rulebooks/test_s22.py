"""S22, clause by clause: graded by loss and structure, rectified, let go by four rules."""

from tests.rulebooks.clause import Row, done, table, yuan

SOUND = {
    "main_structure_damaged": False,
    "foundation_defect": False,
    "dimension_or_appearance": False,
    "equipment_function": False,
}


def lost(amount: float) -> dict[str, object]:
    """The rework cost so many yuan, and nothing structural is affected."""
    return {**SOUND, "rework_loss": yuan(amount)}


STOP = "2025-03-03 inspection_stopped as=contractor part=三层梁"
NOTICE = "2025-03-03 duty_done as=supervising_engineer duty=notice_issued"
PLANNED = f"{STOP}\n{NOTICE}\n2025-03-04 plan_decided as=project_department plan=返工"
AGREED = f"{PLANNED}\n2025-03-05 plan_accepted as=supervising_engineer"
TREATED = (
    f"{AGREED}\n2025-03-06 action_planned as=crew action=A1 text=返工"
    "\n2025-03-07 action_implemented as=crew action=A1"
)
CAUSED = '2025-03-08 root_caused causes=[{"branch":"occurrence","code":"material"}]'
EDUCATED = "2025-03-09 duty_done duty=people_educated"
PUNISHED = "2025-03-09 duty_done duty=persons_punished"
RECORD = "duty_done as=quality_inspector duty=inspection_record"
ACCEPT = "2025-03-08 work_accepted as=supervising_engineer result=accepted"

GRADES: tuple[Row, ...] = (
    *(
        ("grading.grades.major", words, {**lost(0), fact: True}, "major")
        for words, fact in (
            ("main structure damaged, needs repair", "main_structure_damaged"),
            ("foundation chipped, cracked, out of tolerance", "foundation_defect"),
            ("dimension or appearance, a repairable defect", "dimension_or_appearance"),
            ("function of equipment or its system", "equipment_function"),
        )
    ),
    ("grading.grades.major", "100,000 yuan: in both, so the worse", lost(100_000), "major"),
    ("grading.grades.general", "99,999.99 yuan", lost(99_999.99), "general"),
    ("grading.grades.general", "10,000 yuan", lost(10_000), "general"),
    ("grading.grades.general", "9,999.99 yuan: ungraded", lost(9_999.99), "no grade"),
    (
        "grading.grades.general",
        "nobody has looked at the structure",
        {"rework_loss": yuan(18_000)},
        "general, perhaps major",
    ),
    (
        "grading.grades.general",
        "the loss is not known",
        SOUND,
        "no grade, perhaps major general",
    ),
    ("declares.facts.main_structure_damaged", "yes or no", "kind", "flag"),
    ("declares.facts.foundation_defect", "yes or no", "kind", "flag"),
    ("declares.facts.dimension_or_appearance", "yes or no", "kind", "flag"),
    ("declares.facts.equipment_function", "yes or no", "kind", "flag"),
    (
        "declares.facts.discovered_by",
        "three channels",
        "values",
        "worker supervisor_or_company self_check",
    ),
)
FOUR: tuple[Row, ...] = (
    ("closure.gates.cause_clear", "rectified, the cause not clear", TREATED, "shut"),
    ("closure.gates.cause_clear", "the cause is clear", CAUSED, "open"),
    ("closure.gates.educated", "nobody educated", TREATED, "shut"),
    ("closure.gates.educated", "they and others educated", EDUCATED, "open"),
    ("closure.gates.prevented", "agreed, nothing done", AGREED, "shut"),
    ("closure.gates.prevented", "prevented", TREATED, "open"),
    ("closure.gates.punished", "nobody punished", TREATED, "shut"),
    ("closure.gates.punished", "punished", PUNISHED, "open"),
    # channel d: the record of every problem after its rectification
    ("closure.gates.recorded", "no record", TREATED, "shut"),
    (
        "closure.gates.recorded",
        "recorded before the rectification",
        f"{AGREED}\n2025-03-05 13:00 {RECORD}{TREATED.removeprefix(AGREED)}",
        "shut",
    ),
    ("closure.gates.recorded", "after it", f"{TREATED}\n2025-03-08 {RECORD}", "open"),
    (
        "closure",
        "stopped, planned, accepted, and that is all",
        f"{TREATED}\n{ACCEPT}",
        "shut: cause_clear educated punished recorded",
    ),
    (
        "closure",
        "three of four let nothing go",
        f"{TREATED}\n{CAUSED}\n{EDUCATED}\n2025-03-10 {RECORD}",
        "shut: punished",
    ),
    (
        "closure",
        "four, and the record",
        f"{TREATED}\n{CAUSED}\n{EDUCATED}\n{PUNISHED}\n2025-03-10 {RECORD}",
        "closed",
    ),
    # stop, plan, accept: S22 names nobody, yet the order holds
    (
        "closure.gates.prevented",
        "no plan before the work stands still",
        "2025-03-04 plan_decided as=project_department plan=返工",
        "refused: inspection_stopped",
    ),
    (
        "closure.gates.prevented",
        "no acceptance before the plan is agreed to",
        f"{PLANNED}\n{ACCEPT}",
        "refused: plan_accepted",
    ),
    (
        "closure.gates.prevented",
        "no acceptance before the rectification",
        f"{AGREED}\n{ACCEPT}",
        "refused: action_implemented",
    ),
)
CHANNELS: tuple[Row, ...] = (
    ("forms.equipment_record", "a: by the inspector", "filled_by", "quality_inspector"),
    ("forms.material_record", "a: by the inspector", "filled_by", "quality_inspector"),
    ("forms.supervisor_notice", "b: by the engineer", "filled_by", "supervising_engineer"),
    ("forms.rectification_notice", "b: by quality", "filled_by", "company_quality"),
    ("forms.notice_reply", "b: the reply", "name", "监理工程师通知回复单"),
    (
        "forms.rectification_reply",
        "b, c: by the crew or its project",
        "filled_by",
        "crew project_department",
    ),
    ("forms.inspection_record", "d", "name", "施工质量问题检查及处理记录"),
    done("declares.duties.notice_issued", "b, c: a notice"),
    done("declares.duties.reply_filed", "b, c: its reply"),
    done("declares.duties.inspection_record", "d: the record"),
    done("declares.duties.people_educated", "four no-let-go"),
    done("declares.duties.persons_punished", "four no-let-go"),
)
ROWS = (*GRADES, *FOUR, *CHANNELS)

test_clauses = table("S22", ROWS)
