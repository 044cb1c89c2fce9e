"""Every deed has a route of its own, and each refusal its status and its way out."""

from typing import Any

import pytest

from domain.deeds import DEEDS
from tests.api.asking import Api
from tests.inbound.messages import raw

DO = ("action_planned", "action_implemented")
SEVERAL = ("batch_checked",) * 3
RECALL = ("recall_requested", "recall_approved")
TREATED = ("inspection_stopped", "plan_decided", "plan_accepted", *DO)

PLEDGE = {"pledge": "P1", "criterion": {"product": "V-1"}, "due": "2027-01-01"}
SIGN = {
    "decision": "improvement_measures",
    "meaning": "proposed",
    "role": "responsible_unit",
}
BY_ANOTHER = {"action_approved", "action_rejected"}  # nobody judges a plan of their own

# The least that can be said with each deed, and what has to come first.
LEAST: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "accepted": ({"unit": "市场部"}, ()),
    "screened": ({"outcome": "ours"}, ()),
    "duplicate_linked": ({"other": "{other}", "reason": "同一批"}, ()),
    "duplicate_unlinked": ({"other": "{other}", "reason": "不同"}, ("duplicate_linked",)),
    "withdrawn": ({}, ()),
    "item_stated": ({"number": 2, "item": {}}, ()),
    "fact_established": ({"fact": "injury", "value": False}, ()),
    "loss_stated": ({"scrap_minutes": 30}, ()),
    "acknowledged": ({"channel": "phone"}, ()),
    "contacted": ({"channel": "phone"}, ()),
    "handed_over": ({"step": "分析", "to_unit": "技术质量部"}, ()),
    "replied": ({"part": "corrective"}, ()),
    "customer_confirmed": ({"result": "accepted"}, ()),
    "objected": ({"about": "数量不对"}, ()),
    "called_back": ({"reached": False}, ()),
    "inquiry_started": ({}, ()),
    "response_started": ({}, ()),
    "promised": ({"until": "2099-03-06T17:00:00+08:00"}, ()),
    "customer_deadline_set": (
        {"clock": "CLK-corrective-answer", "until": "2099-03-06T17:00:00+08:00"},
        (),
    ),
    "paused": ({"reason": "sample"}, ()),
    "resumed": ({"reason": "sample"}, ()),
    "graded": ({"scheme": "S46", "code": "C"}, ()),
    "contained": ({"actions": ["冻结库存"]}, ()),
    "stock_swept": ({"place": "仓库"}, ()),
    "determined": ({"result": "product"}, ()),
    "root_caused": ({"causes": [{"branch": "occurrence", "code": "method"}]}, ()),
    "liability_assigned": ({"shares": [{"party": "品控部", "percent": 100}]}, ()),
    "action_planned": ({"action": "A1", "text": "改模具"}, ()),
    "action_implemented": ({"action": "A1"}, DO[:1]),
    "verified": ({"result": "effective", "side_effect": False}, DO),
    "batch_checked": ({"shipment_batch": "L1", "result": "clean"}, ()),
    "goods_arrived": ({}, ()),
    "return_requested": ({"request": "T1"}, ()),
    "return_approved": ({"request": "T1"}, ("return_requested",)),
    "goods_delivered": ({"request": "T1"}, ("return_requested",)),
    "recall_requested": ({"recall": "R1", "batches": ["B1"], "reason": "胀包"}, ()),
    "recall_approved": ({"recall": "R1"}, RECALL[:1]),
    "recall_executed": ({"recall": "R1"}, RECALL),
    "inspection_stopped": ({"part": "三层梁"}, ()),
    "plan_decided": ({"plan": "凿除重浇"}, TREATED[:1]),
    "plan_accepted": ({}, TREATED[:2]),
    "work_accepted": ({"result": "accepted"}, TREATED),
    "disposed": ({"disposition": "concession", "concession_kind": "sorting"}, ()),
    "labour_booked": ({"minutes": 90}, ("disposed",)),
    "sampled": ({"sample": "Y-1"}, ()),
    "question_raised": ({"question": "Q1"}, ()),
    "question_answered": ({"question": "Q1"}, ("question_raised",)),
    "action_approved": ({"action": "A1"}, DO[:1]),
    "action_rejected": ({"action": "A1", "reason": "只改了检验"}, DO[:1]),
    "solution_executed": ({}, ()),
    "compensated": (
        {"benefits": [{"kind": "gift"}], "reason": "老客户"},
        ("solution_executed",),
    ),
    "deployed": ({"target": "2 号线"}, ()),
    "recurred": ({"observed": "又漏了"}, ()),
    "pledged": (PLEDGE, ()),
    "pledge_judged": ({"pledge": "P1", "count": 9}, ("pledged",)),
    "review_held": ({}, ()),
    "meeting_held": ({}, ()),
    "evidence_accepted": ({"criterion": "d0"}, ()),
    "duty_done": ({"duty": "case_library"}, ()),
    "evidence_added": ({"sha256": "a" * 64, "size": 9, "media": "image/png"}, ()),
    "archived": ({"by_role": "technical_quality", "keeps": ["complaint"]}, ()),
    "signed": (SIGN, ()),
    "escalated": ({"rung": "head", "because": "停线"}, ()),
    "assigned": ({"owner": "p-li"}, ()),
    "noted": ({"text": "客户很急"}, ()),
    "rulebook_reassigned": (
        {"topic": "repeats", "rulebook": "S37@1", "reason": "合同约定"},
        (),
    ),
    "corrected": ({"corrects": 1, "field": "channel", "new": "mail", "reason": "误"}, ()),
    "closed": ({}, (*DO, *SEVERAL, "verified")),
    "reopened": ({"reason": "又漏了"}, (*DO, *SEVERAL, "verified", "closed")),
}

FOLLOW = {"accepted": 2}  # the deadlines that follow from it
NO_PAUSES = {"paused", "resumed"}  # the plant's regulation lets no clock stand still


def test_the_table_of_least_bodies_leaves_no_deed_out() -> None:
    assert set(LEAST) == set(DEEDS)


@pytest.mark.parametrize("name", sorted(LEAST.keys() - NO_PAUSES))
async def test_each_deed_is_recorded_under_its_topic(api: Api, name: str) -> None:
    """A fact is created and needs no version; a decision is done, on the version it saw."""
    number, other = await api.lodged(), await api.lodged()
    version = 1
    for before in LEAST[name][1]:
        if name in BY_ANOTHER:
            version = await told_by_another(api, number, before, version)
        else:
            version = await said(api, number, before, version, other)

    await said(api, number, name, version, other)

    event = (await api.get(f"/complaints/{number}/events/{version + 1}")).json()
    assert event["topic"] == f"complaint.{name}"
    assert event["kind"] == ("F" if DEEDS[name].is_fact else "D")
    assert event["who"] == {"by": "p-wang", "role": "quality_manager", "source": "api"}


async def told_by_another(api: Api, number: str, name: str, version: int) -> int:
    """A fact that another system brought."""
    message = raw(name, LEAST[name][0], subject=number)
    headers = [(n.replace("ce_", "ce-"), (v or b"").decode()) for n, v in message.headers]
    answer = await api.http.post("/inbound", content=message.value, headers=headers)
    assert answer.status_code == 201, answer.text
    return version + 1


async def said(api: Api, number: str, name: str, version: int, other: str) -> int:
    words = {n: other if v == "{other}" else v for n, v in LEAST[name][0].items()}
    heads = {} if DEEDS[name].is_fact else {"If-Match": f'"{version}"'}
    answer = await api.post(f"/complaints/{number}/{name}", words, headers=heads)
    assert answer.status_code == (201 if DEEDS[name].is_fact else 200), answer.text
    stands = version + 1 + FOLLOW.get(name, 0)
    assert answer.headers["ETag"] == f'"{stands}"'
    assert answer.headers["Location"] == f"/complaints/{number}/events/{version + 1}"
    return stands


async def test_a_clock_stands_still_only_where_the_regulation_lets_it(api: Api) -> None:
    number = await api.lodged()
    heads = {"If-Match": '"1"'}

    paused = await api.post(
        f"/complaints/{number}/paused", {"reason": "sample"}, headers=heads
    )
    resumed = await api.post(
        f"/complaints/{number}/resumed", {"reason": "sample"}, headers=heads
    )

    assert (paused.status_code, resumed.status_code) == (409, 200)
    assert resumed.json()["position"] is None  # nothing stood still


GRADE = {"scheme": "S46", "code": "C"}


@pytest.mark.parametrize(
    ("deed", "body", "heads", "status", "code", "field"),
    [
        ("graded", GRADE, {}, 428, "version-needed", "If-Match"),
        ("graded", GRADE, {"If-Match": "*"}, 428, "version-needed", "If-Match"),
        ("graded", GRADE, {"If-Match": '"7"'}, 412, "changed-meanwhile", "If-Match"),
        ("graded", GRADE, {"If-Match": "one"}, 422, "invalid", "If-Match"),
        ("graded", GRADE | {"code": "Z"}, {"If-Match": '"1"'}, 409, "not-allowed", "code"),
        ("closed", {}, {"If-Match": '"1"'}, 409, "not-ready", "verified"),
        ("graded", GRADE | {"grad": 1}, {"If-Match": '"1"'}, 422, "invalid", "grad"),
        ("graded", {"scheme": "S46"}, {"If-Match": '"1"'}, 422, "invalid", "code"),
        ("contacted", {"channel": 7}, {}, 422, "invalid", "channel"),
        ("contacted", {"channel": "x"}, {"If-Match": '"7"'}, 412, None, "If-Match"),
        ("contacted", {"channel": "x"}, {"Idempotency-Key": "a b"}, 422, "invalid", None),
        (
            "duplicate_linked",
            {"other": "C-0", "reason": "x"},
            {"If-Match": '"1"'},
            422,
            "invalid",
            "other",
        ),
        ("nothing_such", {}, {}, 404, "not-found", None),
    ],
)
async def test_a_refusal_says_what_would_mend_it(
    api: Api,
    deed: str,
    body: dict[str, Any],
    heads: dict[str, str],
    status: int,
    code: str | None,
    field: str | None,
) -> None:
    number = await api.lodged()

    answer = await api.post(f"/complaints/{number}/{deed}", body, headers=heads)

    assert answer.status_code == status, answer.text
    assert code in {None, answer.json()["code"]}
    assert field in {None, *(lack["field"] for lack in answer.json()["lacks"])}
    assert (await api.get(f"/complaints/{number}")).json()["version"] == 1


async def test_nothing_is_recorded_about_a_complaint_nobody_knows(api: Api) -> None:
    answer = await api.post("/complaints/C-2026-999999/contacted", {"channel": "phone"})

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-complaint")


async def test_a_stale_decision_is_told_the_version_to_look_at(api: Api) -> None:
    number = await api.lodged()

    stale = await api.post(
        f"/complaints/{number}/graded", GRADE, headers={"If-Match": '"7"'}
    )

    assert stale.json()["version"] == 1


async def test_the_same_decision_again_is_no_news(api: Api) -> None:
    number = await api.lodged()
    await api.post(f"/complaints/{number}/graded", GRADE, headers={"If-Match": '"1"'})

    again = await api.post(
        f"/complaints/{number}/graded", GRADE, headers={"If-Match": '"2"'}
    )

    assert (again.status_code, again.json()["position"]) == (200, None)
    assert again.headers["ETag"] == '"2"'
