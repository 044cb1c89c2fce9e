"""From the action to the callback: what is done, whether it helped, and how it ends."""

from datetime import timedelta
from typing import Any

from consumers.demo import flow
from consumers.demo.case import Case
from consumers.demo.plant import CLERKS, MANAGER, UNITS, WORKERS

BATCHES = 3  # in a row without the same problem, says the regulation
CYCLES_MAX = 3
# What people of the shop floor did: role, act, its clause, what is known of it.
ACTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("patrol_inspector", "signed_without_rework", "S6@1#5.2.1.5", {}),
    ("operator", "instruction_not_followed", "S6@1#5.2.3.2", {}),
    (
        "patrol_inspector",
        "missed_inspection",
        "S6@1#5.2.1.12",
        {"pieces": 3, "reached": "customer", "caused_complaint": True, "serious": False},
    ),
)


def mend(case: Case) -> bool:
    """Cycles of action until one has helped; then the answer and the end."""
    for _ in range(CYCLES_MAX):
        _act(case)
        if _watched(case) and _verified(case):
            break
    else:
        return False
    fined = any(step.deed == "fined" for step in case.steps)
    if case.grade == "A" and not fined and case.chance(45):
        case.wait(1, 16)
        _fine(case)
    flow.pledged(case)
    case.wait(2, 16)
    case.say("replied", case.owner, part="report", language="zh")
    if case.chance(70):
        case.wait(8, 60)
        accepted = "accepted" if case.chance(90) else "rejected"
        clerk = case.dice.choice(CLERKS)
        case.say("customer_confirmed", clerk, result=accepted, follows=False)
    case.wait(1, 24)
    case.say("closed", MANAGER)
    flow.filed(case)
    return True


def after(case: Case) -> bool:
    """A month later somebody asks whether the customer is satisfied."""
    if case.chance(60):
        case.wait(180, 220)
        reached = case.chance(88)
        body: dict[str, Any] = {"reached": reached}
        if reached:
            body["satisfied"] = case.chance(86)
            body["remark"] = "后续几批正常" if body["satisfied"] else "处理太慢，下次要快"
        case.say("called_back", case.dice.choice(CLERKS), **body)
    return False


def again(case: Case) -> bool:
    """It comes back after it was closed."""
    case.wait(30, 120)
    clerk = case.dice.choice(CLERKS)
    case.say("objected", clerk, about="新到一批又发现同样问题，要求重新分析")
    case.wait(0.5, 4)
    case.say("reopened", MANAGER, reason="客户新批次再发，原对策未覆盖 2 号线")
    case.say("recurred", case.owner, observed="客户新批次同一缺陷")
    case.wait(0.5, 8)
    case.say(
        "batch_checked", case.owner, shipment_batch=_batch(case), result="same_problem"
    )
    return mend(case)


def _act(case: Case) -> None:
    """Plan, and do. The first cycle tries the quick thing as well."""
    plans = [("corrective", case.defect.prevention)]
    if case.actions == 0 and case.chance(65):
        plans.insert(0, ("correction", case.defect.correction))
    if case.actions > 0:
        plans = [("corrective", f"{case.defect.prevention}；扩大到全部产线并由班长点检")]
    names = []
    for kind, text in plans:
        case.wait(2, 14)
        case.actions += 1
        names.append(f"A{case.actions}")
        due = (case.now.date() + timedelta(days=14)).isoformat()
        said = {"action": names[-1], "text": text, "kind": kind, "due": due}
        case.say("action_planned", case.owner, owner=case.defect.unit, **said)
    flow.planned(case, names)
    for name in names:
        case.wait(8, 56)
        case.say("action_implemented", UNITS[case.defect.unit], action=name)
    flow.carried_out(case)


def _watched(case: Case) -> bool:
    """Look at the next batches; the same problem again begins the next cycle."""
    for _ in range(BATCHES):
        case.wait(5, 32)
        again = case.chance(3)
        result = "same_problem" if again else "clean"
        if not again and case.chance(5):
            result = "other_problem"
        case.say("batch_checked", case.owner, shipment_batch=_batch(case), result=result)
        if again:
            return False
    return True


def _verified(case: Case) -> bool:
    """The manager judges whether it helped."""
    case.wait(2, 20)
    helped = not case.chance(9)
    result = "effective" if helped else "ineffective"
    case.say("verified", MANAGER, result=result, side_effect=False)
    return helped


def _batch(case: Case) -> str:
    return f"S{case.now:%m%d}-{case.dice.randint(1, 4)}"


def _fine(case: Case) -> None:
    """A person of the shop floor is fined by the catalog of the day of the act."""
    role, act, clause, facts = case.dice.choice(ACTS)
    each = case.dice.choice((50, 60, 80, 100))
    amounts = [{"clause": clause, "each": {"minor": each * 100, "currency": "CNY"}}]
    fixed = act == "signed_without_rework"
    case.say(
        "fined",
        MANAGER,
        person=case.dice.choice(WORKERS),
        unit=case.defect.unit,
        role=role,
        act=act,
        on=case.now.date().isoformat(),
        facts=facts,
        penalty_clause=clause,
        amounts=[] if fixed else amounts,
    )
