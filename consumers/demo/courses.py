"""The way of a complaint through the plant, stage by stage, as the regulation wants it."""

from collections.abc import Callable

from consumers.demo import finding, mending
from consumers.demo.case import Case
from consumers.demo.plant import CLERKS, MANAGER, TEAM

Stage = Callable[[Case], bool]  # false: it goes no further

CONTRACTS = 40  # every so many customers have a contract of their own
REASONS_TAKEN_BACK = (
    "客户复检合格，是装配扭矩过大，撤回投诉",
    "客户自查为仓库混放，不再追究",
    "客户与业务协商后撤回",
)


def take(case: Case, *, fate: str) -> None:
    """Let it go as far as it gets: to its end, or to where it waits for somebody."""
    stages: dict[str, tuple[Stage, ...]] = {
        "usual": (*FIRST, *CAUSE, mending.mend, mending.after),
        "reopened": (*FIRST, *CAUSE, mending.mend, mending.again),
        "withdrawn": (*FIRST, withdraw),
        "not_ours": (*FIRST, finding.not_ours),
        "waits": FIRST[: case.dice.randint(1, len(FIRST))],
        "stuck": (*FIRST, *CAUSE[: case.dice.randint(1, len(CAUSE))]),
    }
    for stage in stages[fate]:
        if not stage(case):
            return


def acknowledge(case: Case) -> bool:
    """The customer is told that we have it."""
    case.wait(0.1, 1.5)
    if case.chance(85):
        case.say("acknowledged", case.dice.choice(CLERKS), channel=case.customer.channel)
    return True


def assign(case: Case) -> bool:
    """It gets an owner, and a unit takes it."""
    case.wait(0.3, 5)
    case.say("assigned", MANAGER, owner=case.owner.id)
    case.wait(0.2, 4)
    case.say("accepted", case.owner, unit=TEAM)
    return True


def contact(case: Case) -> bool:
    """Somebody speaks with the customer; now and then it is written down much later."""
    case.wait(0.2, 6)
    product = case.defect.effect is not None
    wish = "请客户留样并寄回 2 件" if product else "请客户发来开箱照片和送货单"
    summary = f"已与客户联系，确认现象为{case.defect.name}，{wish}"
    said = {"channel": "phone", "outward": True, "summary": summary}
    if case.chance(8):
        case.say_late(case.dice.uniform(2, 9), "contacted", case.owner, **said)
    else:
        case.say("contacted", case.owner, **said)
    if case.chance(14):
        case.wait(1, 10)
        case.say("noted", case.owner, text="客户要求本周五前给初步原因")
    if case.nth % CONTRACTS == 0:
        reason = "框架合同约定：重复投诉按电缆流程累计"
        said = {"topic": "repeats", "rulebook": "S37@1", "reason": reason}
        case.say("rulebook_reassigned", MANAGER, **said)
    return True


def withdraw(case: Case) -> bool:
    """The customer takes it back, and it is closed."""
    case.wait(8, 60)
    case.say(
        "withdrawn", case.dice.choice(CLERKS), reason=case.dice.choice(REASONS_TAKEN_BACK)
    )
    case.wait(1, 16)
    case.say("closed", MANAGER)
    return False


FIRST: tuple[Stage, ...] = (
    acknowledge,
    assign,
    contact,
    finding.grade,
)
CAUSE: tuple[Stage, ...] = (
    finding.answer,
    finding.contain,
    finding.complete,
    finding.determine,
    finding.find_cause,
)
