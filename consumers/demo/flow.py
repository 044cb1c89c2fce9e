"""What goes on beside the main way: samples, questions, reviews, signatures, filing."""

import hashlib
from datetime import timedelta

from consumers.demo.case import Case
from consumers.demo.plant import CLERKS, MANAGER, UNITS

MEASURES = "improvement_measures"  # the decision as the regulation calls it
STEPS_8D = ("d0", "d1", "d2", "d3")
# What customers get here, and why it is not what the scheme lists as an example.
GOODWILL = (
    (
        [
            {"kind": "exchange"},
            {"kind": "money", "amount": {"minor": 500_00, "currency": "CNY"}},
        ],
        "整批换货，停线一天",
    ),
    ([{"kind": "longer_warranty", "months": 12}], "返修件延长质保一年"),
    ([{"kind": "coupon", "percent_off": 10}], "轻微影响，下单九折"),
)


def looked_at(case: Case) -> None:
    """A sample is taken, a picture noted, and at times something has to be asked."""
    unit = UNITS[case.defect.unit]
    if case.chance(35):
        case.wait(0.5, 6)
        case.say("sampled", case.owner, sample=f"Y{case.nth:04d}-1", place="客户现场")
    if case.chance(40):
        case.wait(0.2, 3)
        seen = hashlib.sha256(f"demo {case.nth}".encode()).hexdigest()
        size = case.dice.randint(80_000, 4_000_000)
        case.say(
            "evidence_added",
            case.owner,
            sha256=seen,
            size=size,
            media="image/jpeg",
            name="不良照片.jpg",
        )
    if case.chance(18):
        case.wait(0.5, 4)
        asked = {"question": "Q1", "text": f"{case.defect.name}的判定标准用哪一版图纸？"}
        case.say("question_raised", unit, **asked)
        case.wait(1, 12)
        case.say("question_answered", case.owner, question="Q1", text="按最新版图纸")
    if case.grade == "A":
        _serious(case)


def _serious(case: Case) -> None:
    """Serious ones go up a rung, a meeting is called, and the 8D begins."""
    case.wait(0.5, 4)
    case.say("meeting_held", MANAGER, plan="三天内完成清查，一周内定长期对策")
    if case.chance(50):
        case.say("escalated", case.owner, rung="head", because="需要停线，责任单位不同意")
    for step in STEPS_8D[: case.dice.randint(1, len(STEPS_8D))]:
        case.wait(0.5, 8)
        case.say("evidence_accepted", MANAGER, criterion=step)


def planned(case: Case, names: list[str]) -> None:
    """The manager looks at each plan; a thin one goes back, and is laid down anew."""
    for name in names:
        if not case.chance(60):
            continue
        case.wait(0.5, 8)
        if case.chance(6):
            reason = "只改了检验，没有消除原因"
            case.say("action_rejected", MANAGER, action=name, reason=reason)
            case.wait(1, 10)
            text = f"{case.defect.prevention}；并修订作业指导书"
            case.say("action_planned", case.owner, action=name, text=text)
            case.wait(0.5, 6)
        case.say("action_approved", MANAGER, action=name)
    if case.grade in {"A", "B"} and case.chance(45):
        _signed(case)


def _signed(case: Case) -> None:
    """The responsible unit proposes its measures, the management signs."""
    unit = UNITS[case.defect.unit]
    by = {"meaning": "proposed", "role": "responsible_unit"}
    case.wait(0.5, 6)
    case.say("signed", unit, decision=MEASURES, **by)
    if case.chance(85):
        case.wait(1, 16)
        by = {"meaning": "approved", "role": "management"}
        case.say("signed", MANAGER, decision=MEASURES, **by)


def carried_out(case: Case) -> None:
    """What was agreed is done, and the like of it looked at elsewhere."""
    if case.chance(55):
        case.wait(0.5, 10)
        case.say("solution_executed", case.owner, on_the_spot=case.chance(20))
        if case.grade in {"A", "B"} and case.chance(40):
            case.wait(1, 8)
            benefits, why = case.dice.choice(GOODWILL)
            case.say("compensated", case.dice.choice(CLERKS), benefits=benefits, reason=why)
    if case.chance(22):
        case.wait(4, 24)
        case.say("deployed", case.owner, target="同类产品 2 号线", result="done")
    if case.chance(15):
        case.wait(2, 12)
        case.say("review_held", case.owner, round=1)


def pledged(case: Case) -> None:
    """Some pledge that it holds, and count after a month."""
    if not case.chance(14):
        return
    day = case.now.date() + timedelta(days=30)
    counted = {"product": case.trouble.product.name, "defect": case.defect.name}
    case.say("pledged", MANAGER, pledge="P1", criterion=counted, due=day.isoformat())
    case.wait(230, 260)
    count = 0 if case.chance(80) else 1
    case.say("pledge_judged", MANAGER, pledge="P1", count=count)


def filed(case: Case) -> None:
    """The papers are put away, and good ones go into the library of cases."""
    if case.chance(70):
        case.wait(1, 16)
        papers = ["complaint", "improvement_report"]
        case.say("archived", case.owner, by_role="technical_quality", keeps=papers)
    if case.chance(30):
        case.say("duty_done", case.dice.choice(CLERKS), duty="case_library")
