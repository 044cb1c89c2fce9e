"""Every deed can be said in its form, and a second complaint is there to be linked to."""

import re

import pytest

from domain.deeds import DEEDS
from tests.inbound.messages import raw
from tests.pages.browsing import Visitor
from tests.pages.filling import fill, received, version_of

PLAN = raw("action_planned", {"action": "A1", "text": "全检"})
# What a person types. {other} is the number of another complaint.
TYPED: dict[str, dict[str, str]] = {
    "accepted": {"unit": "技术质量部", "occurred_at": "2026-03-04"},
    "screened": {"outcome": "ours"},
    "duplicate_linked": {"other": "{other}", "reason": "同一批"},
    "duplicate_unlinked": {"other": "{other}", "reason": "批号不同"},
    "withdrawn": {"reason": "客户撤回"},
    "item_stated": {"number": "2", "item.batch": "V2609-13", "item.price.minor": "12.50"},
    "fact_established": {"value": "no", "basis": "客户来电"},
    "loss_stated": {"loss.minor": "１,200.50", "scrap_minutes": "30"},
    "acknowledged": {"channel": "email", "letter": "L-7"},
    "contacted": {"channel": "phone", "outward": "no", "summary": "客户来电"},
    "handed_over": {"step": "分析", "to_unit": "机加工部"},
    "replied": {"part": "corrective", "document": "a" * 64, "language": "zh-CN"},
    "customer_confirmed": {"result": "accepted", "follows": "yes"},
    "objected": {"about": "数量不对"},
    "called_back": {"reached": "yes", "satisfied": "no", "round": "2"},
    "inquiry_started": {},
    "response_started": {},
    "promised": {"until": "2099-03-06 17:00", "what": "先补货"},
    "customer_deadline_set": {
        "clock": "CLK-corrective-answer",
        "until": "2099-03-06 17:00",
    },
    "graded": {"code": "C"},
    "contained": {"actions.0": "冻结成品库", "actions.2": "停发"},
    "stock_swept": {"place": "成品库", "shipped": "4800", "found": "未知"},
    "determined": {"result": "product", "batch_problem": ""},
    "root_caused": {"causes.0.branch": "escape", "causes.0.code": "method"},
    "liability_assigned": {
        "shares.0.party": "铸造部",
        "shares.0.percent": "60",
        "shares.1.party": "供方",
        "shares.1.percent": "40",
    },
    "action_planned": {"action": "A1", "text": "全检", "due": "2026/12/31"},
    "action_implemented": {"action": "A1"},
    "verified": {"result": "effective", "side_effect": "no"},
    "batch_checked": {"shipment_batch": "S1", "result": "clean"},
    "goods_arrived": {"item": "1", "pieces": "36"},
    "return_requested": {"request": "T1", "pieces": "36", "until": "2026-12-31"},
    "return_approved": {"request": "T1"},
    "goods_delivered": {"request": "T1", "pieces": "36"},
    "recall_requested": {"recall": "R1", "batches.0": "B26-0455", "reason": "胀包"},
    "recall_approved": {"recall": "R1"},
    "recall_executed": {"recall": "R1", "pieces": "480"},
    "inspection_stopped": {"part": "三层梁", "protection": "支撑加固"},
    "plan_decided": {"plan": "凿除重浇", "treatment": "treat"},
    "plan_accepted": {},
    "work_accepted": {"result": "accepted"},
    "disposed": {"disposition": "concession", "concession_kind": "sorting"},
    "labour_booked": {"minutes": "90"},
    "sampled": {"sample": "Y-1", "place": "客户现场"},
    "question_raised": {"question": "Q1", "text": "用哪一版图纸？"},
    "question_answered": {"question": "Q1", "text": "最新版"},
    "action_approved": {"action": "A1"},
    "action_rejected": {"action": "A1", "reason": "只改了检验"},
    "solution_executed": {"on_the_spot": "yes"},
    "compensated": {
        "benefits.0.kind": "money",
        "benefits.0.amount.minor": "200",
        "benefits.1.kind": "gift",
        "reason": "老客户",
    },
    "deployed": {"target": "2 号线", "result": "not_applicable", "reason": "不同工艺"},
    "recurred": {"other": "{other}", "observed": "又漏了"},
    "pledged": {"pledge": "P1", "criterion.product": "V-1150", "due": "2099-12-31"},
    "pledge_judged": {"pledge": "P1", "count": "2"},
    "review_held": {"result": "passed"},
    "meeting_held": {"plan": "三天内清查"},
    "evidence_accepted": {"criterion": "d0"},
    "duty_done": {"duty": "case_library"},
    "evidence_added": {"sha256": "b" * 64, "size": "900", "media": "image/png"},
    "archived": {"by_role": "technical_quality", "keeps.0": "complaint"},
    "signed": {
        "decision": "improvement_measures",
        "meaning": "proposed",
        "role": "responsible_unit",
    },
    "escalated": {"rung": "head", "because": "停线"},
    "assigned": {"owner": "p-li", "substitute": "p-wang"},
    "noted": {"text": "一条备注"},
    "corrected": {"new": "463", "reason": "复点"},
    "rulebook_reassigned": {
        "topic": "repeats",
        "rulebook": "S37@1",
        "reason": "合同约定",
    },
    "closed": {},
    "reopened": {"reason": "客户又来电"},
}
ASKED = {
    "fact_established": "?fact=injury",
    "corrected": "?corrects=1&field=items.1.quantity",
}
# What has to be said before.
FIRST: dict[str, tuple[str, ...]] = {
    "duplicate_unlinked": ("duplicate_linked",),
    "action_implemented": ("action_planned",),
    "verified": ("action_planned", "action_implemented"),
    "return_approved": ("return_requested",),
    "goods_delivered": ("return_requested",),
    "recall_approved": ("recall_requested",),
    "recall_executed": ("recall_requested", "recall_approved"),
    "plan_decided": ("inspection_stopped",),
    "labour_booked": ("disposed",),
    "compensated": ("solution_executed",),
    "plan_accepted": ("inspection_stopped", "plan_decided"),
    "work_accepted": (
        "inspection_stopped",
        "plan_decided",
        "plan_accepted",
        "action_planned",
        "action_implemented",
    ),
    "question_answered": ("question_raised",),
    "pledge_judged": ("pledged",),
    "closed": ("withdrawn",),
    "reopened": ("withdrawn", "closed"),
}
FOLLOW = {"accepted": 2}  # the deadlines that follow from it
NO_PAUSES = {"paused", "resumed"}  # the plant's regulation lets no clock stand still


def test_every_deed_has_its_form_here() -> None:
    assert TYPED.keys() | NO_PAUSES == DEEDS.keys()


BY_ANOTHER = {"action_approved", "action_rejected"}  # nobody judges a plan of their own


def planned_by_another(visitor: Visitor, number: str) -> None:
    """A plan that another system brought."""
    heads = {n.replace("ce_", "ce-"): (v or b"").decode() for n, v in PLAN.headers}
    heads |= {"ce-subject": number, "ce-id": f"plan-{number}"}
    answer = visitor.page.request.post(
        f"{visitor.url}/inbound", data=PLAN.value, headers=heads
    )
    assert answer.status == 201, answer.text()


@pytest.mark.parametrize("word", TYPED)
def test_a_deed_is_said_in_its_form(visitor: Visitor, word: str) -> None:
    number, other = received(visitor), received(visitor)
    if word in BY_ANOTHER:
        planned_by_another(visitor, number)
    for step in (*FIRST.get(word, ()), word):
        before = version_of(visitor, number)
        typed = {name: said.format(other=other) for name, said in TYPED[step].items()}

        answer = fill(visitor, number, step, typed, ASKED.get(step, ""))

        assert answer.status == 303, answer.text()
        assert answer.headers["location"] == f"/ledger/{number}#e{before + 1}"
        assert version_of(visitor, number) == before + 1 + FOLLOW.get(step, 0)
    visitor.go(f"/ledger/{number}")
    assert f"complaint.{word}" in visitor.text()


def test_rows_left_blank_are_left_out(visitor: Visitor) -> None:
    number = received(visitor)

    fill(visitor, number, "contained", TYPED["contained"])

    visitor.go(f"/ledger/{number}")
    assert visitor.page.locator("#e2 ol li").all_inner_texts() == ["冻结成品库", "停发"]


def test_every_form_can_be_looked_at_in_english(visitor: Visitor) -> None:
    number = received(visitor)
    for word in DEEDS:
        answer = visitor.go(f"/ledger/{number}/{word}{ASKED.get(word, '?')}&lang=en")
        assert answer.status == 200, word
        assert not re.search(r"[\u4e00-\u9fff]", visitor.text()), word
