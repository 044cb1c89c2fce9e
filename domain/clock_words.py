"""The explanation of a clock in words, in Chinese or English, for whoever prints it.

Nothing is summed here: each line is one piece of the reading.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from domain.clock_arithmetic import DayLooked, Step
from domain.clock_explanation import Adjustment, Late, LimitUsed, Mark, Reading
from domain.clock_phrases import (
    KINDS,
    PHRASES,
    RULES,
    STATES,
    STEPS,
    UNITS,
    WEEKDAYS,
    Language,
)

NO_NAMES: Mapping[str, str] = {}


def printed(
    reading: Reading, language: Language, names: Mapping[str, str] = NO_NAMES
) -> list[str]:
    """The whole arithmetic, line by line. `names` says topics in the reader's words."""
    return list(_Speaker(language, names).lines(reading))


def length(amount: int, unit: str, language: Language) -> str:
    """So many of a unit: 1 working day, 3 个工作日."""
    word = UNITS[language][unit]
    if language == "zh":
        return f"{amount} {word}"
    return f"{amount} {word}{'' if amount == 1 else 's'}"


def duration(seconds: int, language: Language) -> str:
    """Elapsed time in hours, minutes and seconds: 25 minutes, 9 hours 30 minutes."""
    parts = zip(
        ("hour", "minute", "second"),
        (seconds // 3_600, seconds // 60 % 60, seconds % 60),
        strict=True,
    )
    said = [length(amount, unit, language) for unit, amount in parts if amount]
    return " ".join(said) or length(0, "second", language)


def late_by(late: Late, language: Language) -> str:
    """By how much, in the clock's own unit."""
    if late.unit == "second":
        return duration(late.seconds, language)
    return length(late.units, late.unit, language)


class _Speaker:
    """Says each part of a reading in one language."""

    def __init__(self, language: Language, names: Mapping[str, str]) -> None:
        self._language: Language = language
        self._names = names
        self._said = PHRASES[language]

    def lines(self, reading: Reading) -> Iterator[str]:
        said = self._said
        yield said["title"].format(
            name=getattr(reading.name, self._language),
            clock=reading.clock,
            clause=reading.clause,
            limit=self._limit(reading.limit),
        )
        yield self._event("start", reading.started, zone=reading.calendar.zone)
        yield from map(self._step, reading.steps)
        yield from map(self._day, reading.days)
        yield from map(self._adjustment, reading.adjustments)
        if reading.provisional_years:
            years = ", ".join(map(str, reading.provisional_years))
            yield said["unpublished"].format(years=years)
        if reading.conditional_on:
            facts = (self._names.get(name, name) for name in reading.conditional_on)
            yield said["conditional"].format(facts=", ".join(facts))
        yield said["due"].format(due=_at(reading.due)) if reading.due else said["no_due"]
        state = STATES[self._language][reading.state]
        if reading.stopped is None:
            yield state
            return
        verdict = state
        if reading.late:
            verdict = f"{state} {late_by(reading.late, self._language)}"
        yield self._event("stopped", reading.stopped, verdict=verdict)

    def _event(self, phrase: str, mark: Mark, **more: str) -> str:
        holder = self._said["holder"].format(holder=mark.holder) if mark.holder else ""
        return self._said[phrase].format(
            at=_at(mark.at),
            topic=self._names.get(mark.topic, mark.topic),
            position=mark.position,
            holder=holder,
            **more,
        )

    def _limit(self, limit: LimitUsed | None) -> str:
        if limit is None:
            return self._said["none"]
        said = self._said["immediate" if limit.immediate else "until"]
        if limit.amount is not None and limit.unit is not None:
            said = length(limit.amount, limit.unit, self._language)
        grade = self._said["grade"].format(grade=limit.grade) if limit.grade else ""
        return said + grade

    def _step(self, step: Step) -> str:
        span = ""
        if step.amount is not None and step.unit is not None:
            span = length(step.amount, step.unit, self._language)
        return STEPS[self._language][step.kind].format(
            on=step.on, at=_at(step.at), span=span, grade=step.grade
        )

    def _day(self, day: DayLooked) -> str:
        name = getattr(day.name, self._language) if day.name else None
        kind = name or KINDS[self._language][day.kind]
        if day.reason:
            kind = f"{kind}: {day.reason}"
        return f"{day.day} {self._weekday(day.day)}: {kind}, {self._counts(day)}"

    def _weekday(self, day: date) -> str:
        return WEEKDAYS[self._language][day.weekday()]

    def _counts(self, day: DayLooked) -> str:
        if day.stood_still:
            return self._said["stood_still"]
        if day.counted:
            return self._said["counted"].format(n=day.counted)
        if day.seconds:
            return self._said["seconds"].format(span=duration(day.seconds, self._language))
        return self._said["not_counted"]

    def _adjustment(self, change: Adjustment) -> str:
        said = self._said
        moved = said["unmoved"]
        if change.moved:
            old, new = _at(change.old) or said["none"], _at(change.new) or said["none"]
            moved = said["moved"].format(old=old, new=new)
        if change.kind == "regrade" and change.stated:
            moved += said["alone"].format(stated=_at(change.stated))
        return said[change.kind].format(
            at=_at(change.at),
            until=_at(change.until) or said["lasting"],
            stated=_at(change.stated),
            grade=change.grade,
            by=RULES[self._language].get(change.by, change.by),
            moved=moved,
        )


def _at(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""
