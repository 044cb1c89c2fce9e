"""What was typed comes to the words of the ledger, or to what is wrong with it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.pages import typed
from api.pages.fields import Field, field_at, fields_of
from api.pages.money import amount
from api.pages.typed import Reader, closed_up
from domain.complaint.intake import Received
from domain.complaint.reception import Reception
from domain.deeds import DEEDS

NOW = datetime(2026, 10, 9, 6, 2, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def read(field: Field, text: str) -> tuple[Any, str | None]:
    """The value of one field, or what is wrong with it."""
    said = Reader({field.name: text}, ZONE, NOW).said([field])
    return said.words.get(field.name), said.wrong.get(field.name)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("line", "  B26-0455 ", "B26-0455"),
        ("line", "未知", None),
        ("line", "unknown", None),
        ("line", "", None),
        ("text", "a\r\n b ", "a\n b "),
        ("number", "１２", 12),
        ("number", "1,204,800", 1_204_800),
        ("number", "?", None),
        ("flag", "yes", True),
        ("flag", "no", False),
        ("flag", "", None),
        ("day", "2026年10月9日", "2026-10-09"),
        ("day", "2026/1/2", "2026-01-02"),
        ("instant", "2026-10-09 14:02", "2026-10-09T14:02:00+08:00"),
        ("instant", "2026-10-09T06:02:30Z", "2026-10-09T06:02:30+00:00"),
        ("instant", "2026.10.9 9:05", "2026-10-09T09:05:00+08:00"),
    ],
)
def test_a_field_is_read_as_people_write_it(kind: Any, text: str, value: object) -> None:
    assert read(Field("x", kind), text) == (value, None)


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        ("number", "几个", typed.NO_NUMBER),
        ("number", "1.5", typed.NO_NUMBER),
        ("number", "9" * 30, typed.NO_NUMBER),
        ("day", "2026-02-30", typed.NO_DAY),
        ("day", "2026-10-09 14:02", typed.NO_DAY),
        ("instant", "2026-10-09", typed.NO_MOMENT),
        ("instant", "2026-10-09 25:00", typed.NO_MOMENT),
        ("instant", "2026-10-09 14:10", typed.AHEAD),
    ],
)
def test_what_cannot_be_read_is_said(kind: Any, text: str, wrong: str) -> None:
    assert read(Field("x", kind), text) == (None, wrong)


def test_a_date_alone_is_a_fact_of_that_day() -> None:
    field = Field("occurred_at", "instant")
    said = Reader({"occurred_at": "2026-10-08"}, ZONE, NOW).said([field])

    assert said.words == {"occurred_at": "2026-10-08T00:00:00+08:00", "precision": "day"}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("120.50", "CNY", 12_050), ("１,200", "CNY", 120_000), ("500", "JPY", 500)],
)
def test_money_is_counted_in_its_smallest_unit(
    text: str, currency: str, minor: int
) -> None:
    texts = {"loss.minor": text, "loss.currency": currency}
    said = Reader(texts, ZONE, NOW).said([Field("loss", "amount")])

    assert said.words == {"loss": {"minor": minor, "currency": currency}}
    shown = amount(minor, currency)
    assert shown.split()[0].replace(",", "") == text.replace("１", "1").replace(",", "") + (
        "" if "." in text or currency == "JPY" else ".00"
    )


@pytest.mark.parametrize("text", ["0.001", "NaN", "1e400", "-", "1" * 40])
def test_what_is_no_amount_of_money_is_said(text: str) -> None:
    texts = {"loss.minor": text, "loss.currency": "CNY"}
    said = Reader(texts, ZONE, NOW).said([Field("loss", "amount")])

    assert said.wrong == {"loss": typed.NO_AMOUNT}
    assert said.words == {}


def test_blank_rows_close_up_and_a_currency_alone_is_blank() -> None:
    texts = {
        "items.0.price.currency": "CNY",
        "items.0.batch": " ",
        "items.3.batch": "B-1",
        "items.3.price.currency": "CNY",
        "words": "x",
    }

    assert closed_up(texts, "items") == {
        "items.0.batch": "B-1",
        "items.0.price.currency": "CNY",
        "words": "x",
    }


def test_a_complaint_about_nothing_known_is_about_one_unknown_item() -> None:
    fields = fields_of(Reception.model_json_schema())

    assert Reader({}, ZONE, NOW).said(fields).words == {"items": [{}]}


def test_a_list_whose_rows_need_something_stays_empty() -> None:
    fields = fields_of(DEEDS["root_caused"].shape.model_json_schema())

    assert Reader({}, ZONE, NOW).said(fields).words == {}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("items.1.quantity", "number"),
        ("items.1.production_date", "day"),
        ("items.1.price.minor", "number"),
        ("when.occurred_at", "instant"),
        ("claims_repeat", "flag"),
        ("customer", "line"),
        ("items.1.price", None),
        ("items", None),
        ("no.such.place", None),
    ],
)
def test_a_place_in_an_event_is_one_field_or_none(path: str, kind: str | None) -> None:
    found = field_at(Received.model_json_schema(), path)

    assert (found.kind if found else None) == kind
