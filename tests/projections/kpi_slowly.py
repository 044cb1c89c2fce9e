"""Figures worked out slowly: from the words of the events alone, anew for every question.

It shares nothing with the program but the events' JSON: no measure, no line, no sum.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from projections.projection import Recorded
from tests.api.slow_fold import Words, by_business_time, corrected, instant, words_of

PLANT = ZoneInfo("Asia/Shanghai")
Pair = tuple[int, int | None]


class Seen:
    """One complaint as it was known, and when one looks."""

    def __init__(self, history: list[Words], at: datetime) -> None:
        self.events = corrected(history)
        self.at = at
        self.received = instant(self.events[0]["received_at"])

    def all(self, topic: str) -> list[Words]:
        return by_business_time(self.events, topic)

    @property
    def valid(self) -> bool:
        """Ours, no duplicate, not taken back."""
        screened = [e for e in self.events if e["topic"] == "screened"]
        screened.sort(key=lambda e: (instant(e["decided_at"]), e["v"]))
        if screened and screened[-1].get("counts_in_kpi") is False:
            return False
        links = [e["topic"] for e in self.events if e["topic"].startswith("duplicate_")]
        if links and links[-1] == "duplicate_linked":
            return False
        return not any(e["topic"] == "withdrawn" for e in self.events)

    def ends(self) -> list[Words]:
        return [e for e in self.events if e["topic"] in {"closed", "reopened"}]

    @property
    def closed_at(self) -> datetime | None:
        """When the closing that stands was decided."""
        ends = self.ends()
        stands = ends and ends[-1]["topic"] == "closed"
        return instant(ends[-1]["decided_at"]) if stands else None

    def deadlines(self) -> Iterable[tuple[str, datetime, datetime | None]]:
        """Clock, due and stopped, as recorded last; none that no longer applies."""
        found: dict[str, Words] = {}
        for e in self.events:
            if e["topic"] == "deadline_set":
                found[e["clock"]] = {"due": e["due_at"], "state": e["state"]}
            elif e["topic"] == "deadline_moved":
                found[e["clock"]] |= {"due": e.get("new"), "state": e["state"]}
            elif e["topic"] == "deadline_stopped":
                found[e["clock"]]["stop"] = e.get("stopped_at")
        for clock, one in found.items():
            if one["state"] != "void" and one["due"]:
                stop = one.get("stop")
                yield clock, instant(one["due"]), instant(stop) if stop else None


def month(moment: datetime) -> str:
    there = moment.astimezone(PLANT)
    return f"{there.year}-{there.month:02}"


def end_of_day(text: str) -> datetime:
    day = datetime.fromisoformat(text).replace(tzinfo=PLANT)
    return day + timedelta(days=1, seconds=-1)


def share(of: Iterable[bool]) -> Pair:
    line = list(of)
    return sum(line), len(line)


def in_month(seen: list[Seen], m: str) -> list[Seen]:
    return [s for s in seen if s.valid and month(s.received) == m and s.received <= s.at]


def received(seen: list[Seen], m: str) -> Pair:
    return len(in_month(seen, m)), None


def claimed(seen: list[Seen], m: str) -> Pair:
    return sum(month(s.received) == m and s.received <= s.at for s in seen), None


def resolution(seen: list[Seen], m: str) -> Pair:
    """Received in the month and closed before it ended."""
    return share(
        s.closed_at is not None
        and s.closed_at <= s.at
        and (month(s.closed_at) == m or s.closed_at < s.received)
        for s in in_month(seen, m)
    )


def resolved(seen: list[Seen], m: str) -> Pair:
    return share(s.closed_at is not None and s.closed_at <= s.at for s in in_month(seen, m))


def repeats(seen: list[Seen], m: str) -> Pair:
    return share(s.events[0].get("claims_repeat") is True for s in in_month(seen, m))


def satisfaction(seen: list[Seen], m: str) -> Pair:
    return share(
        e.get("satisfied") is True
        for s in seen
        if s.valid
        for e in s.all("called_back")
        if e["reached"] and month(when := instant(e["when"]["occurred_at"])) == m
        if when <= s.at
    )


def coverage(seen: list[Seen], m: str) -> Pair:
    closed = [s for s in seen if s.valid and s.closed_at and month(s.closed_at) == m]
    return share(
        any(
            e["reached"] and instant(e["when"]["occurred_at"]) <= s.at
            for e in s.all("called_back")
        )
        for s in closed
        if s.closed_at and s.closed_at <= s.at
    )


def in_time(clocks: set[str] | None) -> Callable[[list[Seen], str], Pair]:
    def figure(seen: list[Seen], m: str) -> Pair:
        return share(
            stop is not None and stop <= due
            for s in seen
            if s.valid
            for clock, due, stop in s.deadlines()
            if (clocks is None or clock in clocks) and month(due) == m and due <= s.at
        )

    return figure


def closing(seen: list[Seen], m: str) -> Pair:
    return share(
        s.closed_at is not None and s.closed_at <= due
        for s in seen
        if s.valid
        for clock, due, _ in s.deadlines()
        if clock == "CLK-closing" and month(due) == m and due <= s.at
    )


def implementation(seen: list[Seen], m: str) -> Pair:
    line = []
    for s in seen:
        plans = {e["action"]: e for e in s.all("action_planned")}
        for action, plan in plans.items():
            planned = instant(plan["when"]["occurred_at"])
            thrown_out = any(
                e["topic"] == "action_rejected"
                and e["action"] == action
                and instant(e["decided_at"]) > planned
                for e in s.events
            )
            if not s.valid or thrown_out or not plan.get("due"):
                continue
            due = end_of_day(plan["due"])
            done = [
                instant(e["when"]["occurred_at"])
                for e in s.all("action_implemented")
                if e["action"] == action
            ]
            if month(due) == m and due <= s.at:
                line.append(bool(done) and min(done) <= due)
    return share(line)


def reopened(seen: list[Seen], m: str) -> Pair:
    line = []
    for s in seen:
        ends = s.ends()
        if s.valid and ends:
            first = instant(ends[0]["decided_at"])
            again = next((e for e in ends if e["topic"] == "reopened"), None)
            if month(first) == m and first <= s.at:
                line.append(again is not None and instant(again["decided_at"]) <= s.at)
    return share(line)


def backlog(seen: list[Seen], m: str) -> Pair:
    """Those open when the month ends, or now where it has not ended."""
    count = 0
    for s in seen:
        ends = [e for e in s.ends() if instant(e["decided_at"]) <= s.at]
        ends = [e for e in ends if month(instant(e["decided_at"])) <= m]
        came = s.received <= s.at and month(s.received) <= m
        opened = sum(1 if e["topic"] == "reopened" else -1 for e in ends)
        count += s.valid and came and 1 + opened
    return count, None


def pieces(seen: list[Seen], m: str, *, confirmed: bool) -> int:
    total = 0
    for s in seen:
        at = s.received
        if confirmed:
            said = [e for e in s.events if e["topic"] == "determined"]
            said.sort(key=lambda e: (instant(e["decided_at"]), e["v"]))
            if not said or said[-1]["result"] != "product":
                continue
            at = instant(said[-1]["decided_at"])
        items = {n: dict(one) for n, one in enumerate(s.events[0]["items"], start=1)}
        for e in s.all("item_stated"):
            items.setdefault(e["number"], {}).update(e["item"])
        if s.valid and month(at) == m and at <= s.at:
            total += sum(one.get("quantity") or 0 for one in items.values())
    return total


FIGURES: Mapping[str, Callable[[list[Seen], str], Pair]] = {
    "KPI-received": received,
    "KPI-claimed": claimed,
    "KPI-resolution": resolution,
    "KPI-resolved-so-far": resolved,
    "KPI-repeat-rate": repeats,
    "KPI-satisfaction": satisfaction,
    "KPI-callback-coverage": coverage,
    "KPI-in-time": in_time(None),
    "KPI-first-response": in_time({"CLK-first-contact"}),
    "KPI-closing": closing,
    "KPI-implementation": implementation,
    "KPI-reopened": reopened,
    "KPI-backlog": backlog,
}


def shipped(history: list[Words], m: str, at: datetime) -> tuple[int, int]:
    """Pieces sent, and pieces returned, of one shipment in a month."""
    events = corrected(history)
    there = [
        (e["topic"], e["pieces"])
        for e in events
        if month(when := instant(e["when"]["occurred_at"])) == m and when <= at
    ]
    return (
        sum(n for topic, n in there if topic == "sent"),
        sum(n for topic, n in there if topic == "returned"),
    )


def figures(line: list[Recorded], m: str, position: int, at: datetime) -> dict[str, Any]:
    """Every figure of a month that this fold knows, at two coordinates."""
    streams: dict[Any, list[Words]] = {}
    kinds: dict[Any, str] = {}
    for one in line:
        if one.position <= position:
            streams.setdefault(one.stream_id, []).append(words_of(one.event))
            kinds[one.stream_id] = one.event.TOPIC.split(".")[0]
    seen = [Seen(h, at) for s, h in streams.items() if kinds[s] == "complaint"]
    sent = [shipped(h, m, at) for s, h in streams.items() if kinds[s] == "shipment"]
    out = sum(n for n, _ in sent)
    found = {name: figure(seen, m) for name, figure in FIGURES.items()}
    return found | {
        "KPI-cpmu": (received(seen, m)[0], out),
        "KPI-returned-ppm": (sum(n for _, n in sent), out),
        "KPI-claimed-ppm": (pieces(seen, m, confirmed=False), out),
        "KPI-confirmed-ppm": (pieces(seen, m, confirmed=True), out),
    }
