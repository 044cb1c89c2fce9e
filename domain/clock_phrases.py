"""The words in which a clock explains itself, Chinese and English, piece by piece."""

from typing import Literal

Language = Literal["zh", "en"]

UNITS = {
    "zh": {
        "second": "秒",
        "minute": "分钟",
        "hour": "小时",
        "working_hour": "个工作小时",
        "working_day": "个工作日",
        "day": "天",
        "week": "周",
        "month": "个月",
    },
    "en": {
        "second": "second",
        "minute": "minute",
        "hour": "hour",
        "working_hour": "working hour",
        "working_day": "working day",
        "day": "day",
        "week": "week",
        "month": "month",
    },
}
WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
KINDS = {
    "zh": {
        "workday": "工作日",
        "weekend": "周末",
        "holiday": "节假日",
        "makeup": "调休上班日",
        "override": "工厂自定",
    },
    "en": {
        "workday": "workday",
        "weekend": "weekend",
        "holiday": "holiday",
        "makeup": "make-up workday",
        "override": "set by the plant",
    },
}
STEPS = {
    "zh": {
        "day_zero": "{on} 为第 0 天",
        "added": "加 {span}",
        "clamped": "该月没有这一天, 取月末 {on}",
        "waits": "不在工作时间内, 从 {at} 起算",
        "agreed": "以起始事件中写明的时间为准: {at}",
        "no_date": "起始事件中尚无约定时间",
        "immediate": "立即, 制度没有写明数字, 不计逾期",
        "ungraded": "尚未分级, 分级后从起点起算",
        "no_limit": "制度对等级 {grade} 没有规定时限",
    },
    "en": {
        "day_zero": "{on} is day 0",
        "added": "plus {span}",
        "clamped": "that month has no such day: its last one, {on}",
        "waits": "outside office hours: counted from {at}",
        "agreed": "the time stands in the starting event: {at}",
        "no_date": "the starting event names no time yet",
        "immediate": "at once; the regulation gives no number, so it is never overdue",
        "ungraded": "not graded yet; once graded it counts from its start",
        "no_limit": "the regulation states no limit for grade {grade}",
    },
}
PHRASES = {
    "zh": {
        "title": "{name} ({clock}), 条款 {clause}, 时限: {limit}",
        "start": "起点: {at} {topic} (#{position}){holder}; 时间按 {zone}",
        "holder": ", 责任方 {holder}",
        "grade": ", 等级 {grade}",
        "counted": "第 {n} 个工作日",
        "seconds": "计 {span}",
        "not_counted": "不计",
        "stood_still": "当天结束时时钟暂停, 不计",
        "unpublished": "{years} 年节假日尚未公布, 暂按周末判断, 期限为暂定",
        "conditional": "是否适用取决于尚不清楚的事实: {facts}",
        "pause": "暂停 {at} 至 {until}: {moved}",
        "lasting": "现在",
        "regrade": "{at} 改为等级 {grade} ({by}): {moved}",
        "customer_deadline": "{at} 客户时限 {stated} ({by}): {moved}",
        "moved": "到期由 {old} 改为 {new}",
        "unmoved": "到期不变",
        "alone": ", 按新等级为 {stated}",
        "due": "到期: {due}",
        "no_due": "没有到期时间",
        "stopped": "完成: {at} {topic} (#{position}): {verdict}",
        "none": "无",
        "immediate": "立即",
        "until": "约定时间",
    },
    "en": {
        "title": "{name} ({clock}), clause {clause}, limit: {limit}",
        "start": "starts: {at} {topic} (#{position}){holder}; times are those of {zone}",
        "holder": ", owed by {holder}",
        "grade": ", grade {grade}",
        "counted": "working day {n}",
        "seconds": "counts {span}",
        "not_counted": "not counted",
        "stood_still": "paused at its end, not counted",
        "unpublished": "holidays of {years} are not published: weekends only, provisional",
        "conditional": "whether it applies rests on facts nobody has stated: {facts}",
        "pause": "paused {at} to {until}: {moved}",
        "lasting": "now",
        "regrade": "{at} graded {grade} ({by}): {moved}",
        "customer_deadline": "{at} customer's date {stated} ({by}): {moved}",
        "moved": "due {old} becomes {new}",
        "unmoved": "due as before",
        "alone": ", the new grade alone gives {stated}",
        "due": "due: {due}",
        "no_due": "no due time",
        "stopped": "stopped: {at} {topic} (#{position}): {verdict}",
        "none": "none",
        "immediate": "at once",
        "until": "the time agreed",
    },
}
RULES = {
    "zh": {
        "earlier": "取较早者",
        "from_start": "从起点重算",
        "from_regrade": "从改级时重算",
        "keep": "不变",
        "replace": "取代标准时限",
        "earliest": "取较早者",
        "ignore": "不采用",
        "no_limit": "制度没有规定时限",
    },
    "en": {
        "earlier": "the earlier holds",
        "from_start": "counted anew from the start",
        "from_regrade": "counted from the new grade",
        "keep": "changes nothing",
        "replace": "replaces the standard limit",
        "earliest": "the earlier holds",
        "ignore": "not followed",
        "no_limit": "no limit stated for it",
    },
}
STATES = {
    "zh": {
        "waiting": "等待",
        "immediate": "立即",
        "running": "进行中",
        "met": "按时",
        "late": "逾期",
        "missed": "错过",
    },
    "en": {
        "waiting": "waiting",
        "immediate": "at once",
        "running": "running",
        "met": "on time",
        "late": "late",
        "missed": "missed",
    },
}
