"""The facts every regulation may ask for: their kind, their subject, and how we ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.rulebooks.strict import Words

Kind = Literal["flag", "number", "money", "code", "date", "instant"]
Subject = Literal["complaint", "item", "offence", "lot", "project"]

REACHED = ("next_process", "final_inspection", "packing", "customer")
EFFECTS = ("none", "slight", "reduced", "lost")  # on the function
FOUND_AT = (
    "incoming",
    "production",
    "final_inspection",
    "customer_assembly",
    "customer_use",
    "after_sales",
    "site",
    "handover",
)


@dataclass(frozen=True, slots=True)
class CoreFact:
    """A fact the ledger knows without a regulation declaring it.

    `asked` facts are settled by somebody's answer (`fact_established`); the others come
    with an event of their own.
    """

    name: str
    kind: Kind
    subject: Subject
    label: Words
    values: tuple[str, ...] = ()
    asked: bool = False


def _answered() -> Iterator[CoreFact]:
    """What a person answers about a complaint."""
    function = "How far is the product's function affected?"
    yield _asked("function_effect", "产品功能受影响的程度?", function, *EFFECTS)
    yield _asked(
        "customer_loss",
        "客户损失?",
        "Has the customer suffered a loss?",
        "none",
        "direct",
        "major",
    )
    yield _asked("found_at", "问题在哪里发现?", "Where was it found?", *FOUND_AT)
    yield _asked(
        "customer_follows",
        "客户要跟踪观察效果?",
        "Does the customer watch the effect? A silent customer does not.",
    )
    yield _asked("safety_hazard", "有安全隐患?", "Is there a safety hazard?")
    yield _asked("injury", "有人受伤?", "Was anybody injured?")
    yield _asked("legal_breach", "违反法规?", "Is a law or regulation breached?")
    yield _asked("reputation_harm", "损害公司信誉?", "Is our reputation harmed?")
    yield _asked("trust_hurt", "影响客户信任?", "Is the customer's trust hurt?")
    yield _asked("product_quality", "是产品质量问题?", "Is it about product quality?")
    yield _asked("media_involved", "有媒体介入?", "Are the media involved?")
    yield _asked("authority_involved", "有政府部门介入?", "Is an authority involved?")
    yield _asked(
        "media_or_authority_threat",
        "威胁向监管部门或媒体投诉?",
        "Threat to go to a regulator or the media?",
    )
    yield _asked("drastic_behaviour", "有过激行为?", "Drastic behaviour?")
    yield _asked(
        "customer_use_affected", "影响客户使用?", "Is the customer's use affected?"
    )
    yield _asked("shipment_affected", "影响出货?", "Is a shipment affected?")


def _asked(name: str, zh: str, en: str, *values: str) -> CoreFact:
    kind: Kind = "code" if values else "flag"
    return CoreFact(name, kind, "complaint", Words(zh=zh, en=en), values, asked=True)


def _told(
    subject: Subject, kind: Kind, name: str, zh: str, en: str, *values: str
) -> CoreFact:
    return CoreFact(name, kind, subject, Words(zh=zh, en=en), values)


def _of_complaints() -> Iterator[CoreFact]:
    """What the events of a complaint bring with them."""
    for name, zh, en in (
        ("complaint_kind", "投诉种类", "kind of complaint"),
        ("site", "工厂", "site"),
        ("product_line", "产品线", "product line"),
        ("customer", "客户", "customer"),
        ("region", "区域", "region"),
        ("project", "项目", "project"),
        ("vehicle", "车辆", "vehicle"),
        ("channel", "反馈途径", "channel"),
        ("category", "问题类别", "category"),
        ("defect", "质量问题", "defect"),
        ("screening", "判定结果", "result of screening"),
        ("settled_as", "解决方式", "settled as"),
        ("liability", "责任归属", "liability"),
        ("grade", "等级", "grade"),
    ):
        yield _told("complaint", "code", name, zh, en)
    yield _told("complaint", "instant", "occurred_at", "发生时间", "when it happened")
    yield _told("complaint", "instant", "received_at", "受理时间", "when it was received")
    for name, zh, en in (
        ("customer_claims_repeat", "客户称重复投诉", "the customer says it is a repeat"),
        ("grounded", "投诉成立", "the complaint is grounded"),
        ("batch_problem", "批次问题", "it is a problem of the batch"),
        ("satisfied", "客户满意", "the customer is satisfied"),
        ("solved_on_the_spot", "现场解决", "solved on the spot"),
    ):
        yield _told("complaint", "flag", name, zh, en)
    yield _told("complaint", "money", "loss", "损失", "loss")
    yield _told("complaint", "money", "rework_loss", "返工损失", "loss by rework")
    yield _told(
        "complaint", "number", "scrap_minutes", "报废相当生产分钟", "minutes scrapped"
    )
    yield _told(
        "complaint", "number", "rework_minutes", "返工相当生产分钟", "minutes reworked"
    )


def _of_items() -> Iterator[CoreFact]:
    yield _told("item", "code", "product_model", "产品型号", "product model")
    yield _told("item", "code", "batch", "批次", "batch")
    yield _told("item", "code", "shipment_batch", "出货批次", "shipment batch")
    yield _told("item", "date", "production_date", "生产日期", "production date")
    yield _told("item", "number", "pieces_affected", "问题件数", "pieces affected")
    yield _told("item", "number", "pieces_returned", "退回件数", "pieces returned")
    yield _told("item", "money", "unit_price", "单价", "unit price")


def _of_offences_and_lots() -> Iterator[CoreFact]:
    for name, zh, en in (
        ("act", "违规行为", "act"),
        ("role", "岗位", "role"),
        ("shift", "班次", "shift"),
        ("accident_grade", "事故等级", "grade of the accident"),
    ):
        yield _told("offence", "code", name, zh, en)
    yield _told("offence", "code", "reached", "流转到", "how far it came", *REACHED)
    yield _told("offence", "number", "pieces", "件数", "pieces")
    yield _told("offence", "number", "errors", "差错数", "errors")
    yield _told("offence", "date", "offence_on", "违规日期", "day of the act")
    yield _told("offence", "date", "purchase_on", "采购日期", "day of the purchase")
    yield _told(
        "offence", "date", "special_approval_on", "特批日期", "day of the special approval"
    )
    for name, zh, en in (
        ("visibly_defective", "明显缺陷", "visibly defective"),
        ("repairable", "可返修", "repairable"),
        ("caused_complaint", "造成投诉", "caused a complaint"),
        ("caused_accident", "造成事故", "caused an accident"),
    ):
        yield _told("offence", "flag", name, zh, en)
    yield _told(
        "lot", "code", "disposition", "处置", "disposition", "returned", "concession"
    )
    yield _told("lot", "code", "concession_kind", "特采方式", "kind of concession")
    yield _told("lot", "number", "labour_hours", "工时", "labour hours")


CORE = {
    fact.name: fact
    for fact in (*_answered(), *_of_complaints(), *_of_items(), *_of_offences_and_lots())
}
