"""Typed: what somebody wrote into a form, and the words of the ledger it comes to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from api.pages import moments
from api.pages.fields import Field
from api.pages.money import digits

# Typed into a field that may be left empty, these say what leaving it empty says.
UNKNOWN = frozenset({"?", "unknown", "unk", "未知", "不详", "不明"})
AHEAD_MAX = timedelta(minutes=5)  # how far a clock may be wrong
DIGITS_MAX = 18

_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")

NO_NUMBER = "write a whole number, or leave it empty if it is unknown"
NO_DAY = "write a date, as in 2026-10-09"
NO_MOMENT = "write a date and a time, as in 2026-10-09 14:02"
AHEAD = "this is later than now"
NO_AMOUNT = "write an amount, as in 120.50"

Texts = Mapping[str, str]


@dataclass(slots=True)
class Said:
    """The words it comes to, and what could not be read, by the field's name."""

    words: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what was typed, at a place and a time."""

    texts: Texts
    zone: str
    now: datetime

    def said(self, fields: Sequence[Field]) -> Said:
        """All of a form. A field that says nothing is left out."""
        said = Said()
        for asked in fields:
            value = self._value(asked, asked.name, said)
            if value is not None:
                said.words[asked.name] = value
        if said.words.get("occurred_at", "").endswith(DAY):
            said.words["occurred_at"] = said.words["occurred_at"].removesuffix(DAY)
            said.words["precision"] = "day"
        return said

    def _value(self, asked: Field, name: str, said: Said) -> Any:  # noqa: ANN401  # any JSON
        if asked.kind == "group":
            return self._group(asked, name, said)
        if asked.kind == "rows":
            rows = [
                self._row(asked, f"{name}.{n}", said) for n in rows_of(self.texts, name)
            ]
            blank_will_do = not any(part.required for part in asked.parts)
            return rows or ([{}] if blank_will_do and asked.parts[0].name else None)
        if asked.kind == "amount":
            return self._amount(name, said)
        text = self.texts.get(name, "").replace("\r\n", "\n")
        if asked.kind != "text":
            text = text.strip()
        if not text.strip() or (not asked.required and text.lower() in UNKNOWN):
            return None
        return self._single(asked, name, text, said)

    def _single(self, asked: Field, name: str, text: str, said: Said) -> Any:  # noqa: ANN401  # any JSON
        match asked.kind:
            case "number":
                number = moments.plain(text).replace(",", "")
                if number.isdecimal() and len(number) <= DIGITS_MAX:
                    return int(number)
                said.wrong[name] = NO_NUMBER
            case "flag":
                return {"yes": True, "no": False}.get(text)
            case "day":
                if found := moments.day(text):
                    return found.isoformat()
                said.wrong[name] = NO_DAY
            case "instant":
                return self._instant(name, text, said)
            case _:
                return text
        return None

    def _group(self, asked: Field, name: str, said: Said) -> dict[str, Any] | None:
        values = {
            part.name: self._value(part, f"{name}.{part.name}", said)
            for part in asked.parts
        }
        known = {key: value for key, value in values.items() if value is not None}
        return known if known or asked.required else None

    def _row(self, asked: Field, name: str, said: Said) -> Any:  # noqa: ANN401  # any JSON
        if not asked.parts[0].name:
            return self._value(asked.parts[0], name, said)
        row = Field(name, "group", required=True, parts=asked.parts)
        return self._group(row, name, said)

    def _instant(self, name: str, text: str, said: Said) -> str | None:
        found = moments.moment(text, self.zone)
        if found is None or (found.day_only and name not in {"occurred_at", *TO_COME}):
            said.wrong[name] = NO_MOMENT
            return None
        if name in TO_COME:  # of a mere day, its last second
            end = timedelta(days=1, seconds=-1) if found.day_only else timedelta()
            return (found.at + end).isoformat()
        if found.at > self.now + AHEAD_MAX:
            said.wrong[name] = AHEAD
            return None
        return found.at.isoformat() + (DAY if found.day_only else "")

    def _amount(self, name: str, said: Said) -> dict[str, Any] | None:
        text = moments.plain(self.texts.get(f"{name}.minor", "")).replace(",", "")
        currency = self.texts.get(f"{name}.currency", "")
        if not text or text in UNKNOWN:
            return None
        whole = Decimal(text).scaleb(digits(currency)) if _AMOUNT.fullmatch(text) else None
        if whole is None or whole != int(whole):
            said.wrong[name] = NO_AMOUNT
            return None
        return {"minor": int(whole), "currency": currency}


TO_COME = frozenset(
    {"until", "starts_at", "ends_at", "expires_at"}
)  # instants that lie ahead
DAY = "/day"  # marks a date without a time of day until its precision is set


def rows_of(texts: Texts, name: str) -> list[int]:
    """The rows of a list that say anything."""
    place = re.compile(rf"{re.escape(name)}\.(\d{{1,3}})(?:\.(.+))?")
    found = {
        int(match[1])
        for key, text in texts.items()
        if (match := place.fullmatch(key)) and text.strip()
        # A currency stands there before anything was typed.
        if not (match[2] or "").endswith("currency")
    }
    return sorted(found)


def closed_up(texts: Texts, name: str) -> dict[str, str]:
    """The same with the blank rows of a list taken out, so that row 2 follows row 1."""
    moved = {row: nth for nth, row in enumerate(rows_of(texts, name))}
    start = re.compile(rf"{re.escape(name)}\.(\d{{1,3}})(\..+)?")
    made = {}
    for key, text in texts.items():
        if not (match := start.fullmatch(key)):
            made[key] = text
        elif (row := moved.get(int(match[1]))) is not None:
            made[f"{name}.{row}{match[2] or ''}"] = text
    return made
