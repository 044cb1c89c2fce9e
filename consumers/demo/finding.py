"""From the grade to the root cause: how serious, how to hold it, whose fault, and why."""

from typing import Any

from consumers.demo import flow
from consumers.demo.case import Case
from consumers.demo.plant import CLERKS, MANAGER, PLACES, SCHEME, UNITS

WORSE = {"C": "B", "B": "A"}
REASONS_UPWARD = {
    "B": "客户本月已两次投诉同类问题，信任受影响",
    "A": "客户装配线已停，损失还在扩大",
}
REASONS_CORRECTED = ("客户复点", "录入错误，按客户传真更正", "业务核对送货单后更正")


def grade(case: Case) -> bool:
    """Settle what the regulation asks, then put it into a grade."""
    stated: dict[str, Any] = {}
    if case.defect.effect is not None and case.chance(86):
        stated["function_effect"] = case.defect.effect
    if case.chance(55):
        stated["safety_hazard"] = case.defect.name == "裂纹" and case.chance(40)
    if case.chance(50):
        stated["injury"] = case.defect.name == "毛刺飞边" and case.chance(12)
    if case.chance(60):
        stated["customer_loss"] = case.dice.choices(
            ("none", "direct", "major"), (70, 27, 3)
        )[0]
    for fact, value in stated.items():
        case.wait(0.1, 3)
        case.say("fact_established", case.owner, fact=fact, value=value)
    case.wait(0.2, 6)
    proposed = _proposed(stated)
    if proposed in WORSE and case.chance(8):
        worse = WORSE[proposed]
        _graded(case, worse, reason=REASONS_UPWARD[worse])
    else:
        _graded(case, proposed)
    return True


def answer(case: Case) -> bool:
    """The customer hears of a first measure, mostly within the working day it has."""
    if case.chance(82):
        case.wait(0.3, 5)
        case.say("replied", case.owner, part="corrective", language="zh")
    return True


def contain(case: Case) -> bool:
    """Keep it from the customer: always when serious, else at times."""
    if case.grade == "C" and not case.chance(45):
        return True
    case.wait(0.5, 9)
    actions = ["成品库同批冻结停发", case.defect.correction]
    case.say("contained", case.owner, actions=actions[: case.dice.randint(1, 2)])
    if case.grade == "C":
        return True
    for place in PLACES[: case.dice.randint(1, len(PLACES))]:
        case.wait(0.5, 10)
        swept = _swept(case)
        if case.chance(12):
            case.say_late(case.dice.uniform(2, 6), "stock_swept", case.owner, place=place)
        else:
            case.say("stock_swept", case.owner, place=place, **swept)
    return True


def complete(case: Case) -> bool:
    """What was unknown becomes known, and what was wrong is put right."""
    received = case.steps[0].body
    first = received["items"][0]
    unknown = {
        "batch": case.trouble.batch,
        "quantity": case.dice.randint(2, 30),
        "production_date": case.trouble.made_on.isoformat(),
    }
    stated = {k: v for k, v in unknown.items() if k not in first and case.chance(55)}
    if "quantity" in stated:
        stated["unit"] = "pcs"
    if stated:
        case.wait(1, 12)
        case.say("item_stated", case.owner, number=1, item=stated)
    if case.quantity is not None and case.chance(13):
        _correct(case, "items.1.quantity", case.quantity + case.dice.randint(1, 5))
    elif "batch" in first and case.chance(6):
        line = case.dice.randint(4, 6)
        _correct(case, "items.1.batch", f"{first['batch'][:-1]}{line}")
    elif "complainant" in received and case.chance(5):
        _correct(case, "complainant", f"{received['complainant'][0]}工")
    return True


def determine(case: Case) -> bool:
    """Ours, and how far it goes; sometimes it costs something, and then it is graded up."""
    case.wait(4, 24)
    case.say("screened", case.owner, outcome="ours")
    if case.chance(70):
        case.wait(0.5, 8)
        wide = case.grade == "A" or case.chance(25)
        case.say("determined", case.owner, result="product", batch_problem=wide)
    if case.grade != "C" or case.chance(15):
        case.wait(1, 16)
        loss = case.dice.randint(3, 400) * 100_00
        case.say("loss_stated", case.owner, loss={"minor": loss, "currency": "CNY"})
        if case.grade == "C" and case.chance(60):
            case.say("fact_established", case.owner, fact="customer_loss", value="direct")
            case.wait(0.2, 2)
            _graded(case, "B")
    if case.chance(60):
        case.wait(0.5, 8)
        _liable(case)
    return True


def find_cause(case: Case) -> bool:
    """Why it happened, and why it got out."""
    if case.chance(16):
        case.wait(1, 8)
        case.say("handed_over", case.owner, step="现场分析", to_unit=case.defect.unit)
    flow.looked_at(case)
    case.wait(8, 48)
    happened = {
        "branch": "occurrence",
        "code": case.defect.cause[0],
        "text": case.defect.cause[1],
    }
    escaped = {
        "branch": "escape",
        "code": case.defect.escape[0],
        "text": case.defect.escape[1],
    }
    causes = [happened, escaped] if case.chance(75) else [happened]
    case.say("root_caused", case.owner, causes=causes)
    if case.chance(80):
        case.wait(0.5, 8)
        case.say("replied", case.owner, part="preventive", language="zh")
    return True


def not_ours(case: Case) -> bool:
    """The customer's own doing, as they are told."""
    case.wait(8, 30)
    case.say("determined", case.owner, result="customer", batch_problem=False)
    case.wait(0.5, 6)
    reason = "寄回样品全检合格，安装扭矩超出说明书两倍"
    case.say("screened", case.owner, outcome="not_ours", reason=reason)
    case.wait(1, 8)
    case.say("replied", case.dice.choice(CLERKS), part="report", language="zh")
    if case.chance(30):
        case.wait(8, 40)
        about = "客户不认可判定，要求第三方检测"
        case.say("objected", case.dice.choice(CLERKS), about=about)
    return False


def _graded(case: Case, code: str, **reason: str) -> None:
    case.grade = code
    case.say("graded", case.owner, scheme=SCHEME, code=code, **reason)


def _proposed(stated: dict[str, Any]) -> str:
    """What the regulation will propose; the ledger asks it again, and would refuse."""
    effect, loss = stated.get("function_effect"), stated.get("customer_loss")
    if stated.get("injury") or stated.get("safety_hazard"):
        return "A"
    if effect == "lost" or loss == "major":
        return "A"
    return "B" if effect == "reduced" or loss == "direct" else "C"


def _swept(case: Case) -> dict[str, int]:
    """What a search found; what nobody counted is left out."""
    shipped = case.dice.randint(50, 1_500)
    found = shipped if case.chance(75) else shipped - case.dice.randint(1, 40)
    swept = {"shipped": shipped, "found": found}
    if case.chance(70):
        bad = case.dice.randint(0, max(1, found // 15))
        swept |= {"sorted": found, "good": found - bad, "bad": bad}
    return swept


def _correct(case: Case, place: str, new: int | str) -> None:
    case.wait(0.5, 8)
    reason = case.dice.choice(REASONS_CORRECTED)
    clerk = case.dice.choice(CLERKS)
    case.say("corrected", clerk, corrects=1, field=place, new=new, reason=reason)


def _liable(case: Case) -> None:
    other = case.dice.choice([unit for unit in UNITS if unit != case.defect.unit])
    ours = case.dice.choice((100, 80, 70))
    shares = [{"party": case.defect.unit, "percent": ours}]
    if ours < 100:  # noqa: PLR2004 the rest of a hundred
        shares.append({"party": other, "percent": 100 - ours})
    case.say("liability_assigned", MANAGER, shares=shares)
