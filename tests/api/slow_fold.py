"""A slow fold: how a complaint stands, worked out from the words of its events alone.

It shares nothing with the program but the events' JSON, and starts anew for every position.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from domain.event import Event

Words = dict[str, Any]


def words_of(event: Event) -> Words:
    """An event as its bytes have it, with its topic and version."""
    said = event.model_dump(mode="json", exclude_none=True)
    return {**said, "topic": event.TOPIC.split(".")[1], "v": event.originator_version}


def corrected(history: list[Words]) -> list[Words]:
    """Every event as it was last put right; the corrections themselves fall away."""
    kept = {one["v"]: deepcopy(one) for one in history if one["topic"] != "corrected"}
    for one in history:
        if one["topic"] == "corrected":
            inside: Any = kept[one["corrects"]]
            *way, last = one["field"].split(".")
            for step in way:
                inside = inside[int(step) - 1] if step.isdecimal() else inside[step]
            if one.get("new") is None:
                inside.pop(last, None)
            else:
                inside[last] = one["new"]
    return [kept[v] for v in sorted(kept)]


def instant(said: str) -> datetime:
    return datetime.fromisoformat(said)


def by_business_time(history: list[Words], topic: str) -> list[Words]:
    found = [one for one in history if one["topic"] == topic]
    return sorted(found, key=lambda one: (instant(one["when"]["occurred_at"]), one["v"]))


def folded(history: list[Words]) -> Words:
    """Grades, items, facts and the rest after these events."""
    events = corrected(history)
    first, losses = events[0], by_business_time(events, "loss_stated")
    loss = {"loss": losses[-1]["loss"]} if losses and "loss" in losses[-1] else {}
    return {
        **decided(events),
        "version": history[-1]["v"],
        "received_at": first["received_at"],
        "items": items_of(events),
        "facts": facts_of(events),
        "loss": loss if losses else None,
    }


def decided(events: list[Words]) -> Words:
    """What somebody decided stands as it was said, in its order."""
    stands: Words = {"grades": {}, "owner": None, "duplicate_of": None, "cycle": 1}
    stands |= {"closed": False, "withdrawn": False}
    for one in events:
        topic = one["topic"]
        if topic in {"closed", "reopened"}:
            stands["closed"] = topic == "closed"
        stands["withdrawn"] |= topic == "withdrawn"
        if topic == "assigned":
            stands["owner"] = one["owner"]
        if topic == "graded":
            stands["grades"][one["scheme"]] = one["code"]
        if topic in {"duplicate_linked", "duplicate_unlinked"}:
            stands["duplicate_of"] = one["other"] if topic == "duplicate_linked" else None
        again = one.get("result") in {"ineffective", "same_problem"}
        stands["cycle"] += again and topic in {"verified", "batch_checked"}
    return stands


def items_of(events: list[Words]) -> list[Words]:
    """Each item as received, and what was stated of it since."""
    items = [dict(item) for item in events[0]["items"]]
    for one in by_business_time(events, "item_stated"):
        items += [{} for _ in range(one["number"] - len(items))]
        items[one["number"] - 1] |= one["item"]
    return items


# Facts are many, and worked out elsewhere; these are said as they stand.
CORE = ("site", "customer", "region", "channel")
SETTLED = ("injury", "safety_hazard", "function_effect")


def facts_of(events: list[Words]) -> Words:
    """What a regulation asks for, as far as somebody said just that."""
    facts = {name: events[0][name] for name in CORE if name in events[0]}
    for one in by_business_time(events, "fact_established"):
        facts[one["fact"]] = one.get("value")
    return facts


def happened(history: list[Words], by: datetime) -> list[Words]:
    """Those whose time, as this history gives it, is not after that instant."""
    times = {one["v"]: time_of(one) for one in corrected(history)}
    if times[1] > by:
        return []
    had = {v for v, at in times.items() if at <= by}
    for one in history:  # what the ledger recorded falls with what it follows from
        if "follows_at" in one and one.get("because") and one["because"] not in had:
            had.discard(one["v"])
    return [one for one in history if one.get("corrects", one["v"]) in had]


def time_of(one: Words) -> datetime:
    if one["topic"] == "received":
        return instant(one["received_at"])
    if "when" not in one:
        return instant(one.get("decided_at") or one["follows_at"])  # a consequence
    at = instant(one["when"]["occurred_at"])
    if one["when"].get("precision") == "day":
        start = at.replace(hour=0, minute=0, second=0)
        return start + timedelta(hours=23, minutes=59, seconds=59)
    return at
