"""How values look: one way for times, spans and text, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest

from api.pages.shown import Shown, text
from api.pages.values import Values
from api.pages.words import Lang, word_list
from domain.rulebooks.rulebook import Rules

NOW = datetime(2026, 10, 9, 6, 2, 11, tzinfo=UTC)
AT = datetime(2026, 10, 10, 15, 59, 59, tzinfo=UTC)


def shown(lang: Lang = "zh", zone: str = "Asia/Shanghai") -> Shown:
    return Shown(word_list(lang), zone, NOW)


def test_an_instant_has_its_weekday_and_its_offset() -> None:
    assert shown().full(AT) == "2026-10-10 周六 23:59:59"
    assert shown("en").date(AT) == "2026-10-10 Sat"
    assert shown().exact(AT) == "2026-10-10 23:59:59 +08:00"
    assert shown(zone="America/New_York").exact(AT) == "2026-10-10 11:59:59 -04:00"


def test_a_short_instant_has_its_year_when_it_is_another() -> None:
    assert shown().short(AT) == "10-10 23:59"
    assert shown().short(AT.replace(year=2025)) == "2025-10-10 23:59"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=0), "0 s"),
        (timedelta(minutes=19), "19 m"),
        (timedelta(hours=6, minutes=28, seconds=3), "6 h 28 m"),
        (timedelta(days=96, hours=11, minutes=4), "96 d 11 h"),
    ],
)
def test_a_span_has_its_two_largest_units(length: timedelta, words: str) -> None:
    assert shown().span(length) == words


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(minutes=9), None),
        (timedelta(minutes=19), "晚 19 m"),
        (timedelta(minutes=-30), "早 30 m"),
    ],
)
def test_lateness_is_said_when_it_is_worth_saying(
    late: timedelta, words: str | None
) -> None:
    assert shown().lateness(AT, AT + late) == words


def test_text_from_outside_is_isolated_and_its_tricks_are_shown() -> None:
    assert text("a<b>\u202e") == '<bdi>a&lt;b&gt;<span class="hid">U+202E</span></bdi>'
    assert text("\u0000") == '<bdi><span class="hid">U+0000</span></bdi>'
    assert text("👩\u200d🔧") == "<bdi>👩\u200d🔧</bdi>"


@pytest.mark.parametrize(
    ("name", "said", "shows"),
    [
        ("until", "2026-12-01", "2026-12-01"),  # a day of the customer's is no instant
        ("until", "2026-12-01T09:00:00+08:00", "2026-12-01 09:00:00 +08:00"),
        ("treatment", "none", "不作处理"),
        ("result", "accepted", "接受"),
    ],
)
def test_a_value_reads_as_what_it_is(name: str, said: str, shows: str) -> None:
    values = Values(word_list("zh"), shown(), Rules({}))

    assert values.told(name, said).striptags() == shows
