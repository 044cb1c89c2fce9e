"""The second half of the story: what is said of one complaint after it was received."""

from typing import Any

TILL = "2099-03-06T17:00:00+08:00"
PLEDGE = {"pledge": "P1", "criterion": {"product": "V-1"}, "due": "2099-01-01"}
SIGN = {
    "decision": "improvement_measures",
    "meaning": "proposed",
    "role": "responsible_unit",
}
GIFT = {"benefits": [{"kind": "gift"}], "reason": "老客户"}
FILE = {"sha256": "a" * 64, "size": 9, "media": "image/png"}

LATER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accepted", {"unit": "quality"}),  # the clocks of an answer begin
    ("customer_deadline_set", {"clock": "CLK-corrective-answer", "until": TILL}),
    ("replied", {"part": "corrective"}),  # and one of them stops
    ("response_started", {}),
    ("inquiry_started", {}),
    ("promised", {"until": TILL, "what": "回复"}),
    ("sampled", {"sample": "Y-1"}),
    ("question_raised", {"question": "Q1", "text": "图纸是哪一版"}),
    ("question_answered", {"question": "Q1", "text": "B 版"}),
    ("action_planned", {"action": "A9", "text": "加检"}),
    ("action_rejected", {"action": "A9", "reason": "只改了检验"}),
    ("action_planned", {"action": "A10", "text": "改工装"}),
    ("action_approved", {"action": "A10"}),
    ("action_implemented", {"action": "A10"}),
    ("verified", {"result": "ineffective", "side_effect": False}),  # back to the unit
    ("solution_executed", {"on_the_spot": False}),
    ("compensated", GIFT),
    ("deployed", {"target": "2 号线"}),
    ("recurred", {"observed": "又漏了"}),
    ("pledged", PLEDGE),
    ("pledge_judged", {"pledge": "P1", "count": 9}),
    ("review_held", {"round": 1}),
    ("meeting_held", {"plan": "全检"}),
    ("evidence_accepted", {"criterion": "d0"}),
    ("duty_done", {"duty": "case_library"}),
    ("evidence_added", FILE),
    ("signed", SIGN),
    ("escalated", {"rung": "head", "because": "停线"}),
    ("archived", {"by_role": "technical_quality", "keeps": ["complaint"]}),
)
