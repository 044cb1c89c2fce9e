"""Profiles: how another system's words become ours, and what a profile may not say."""

from datetime import date
from typing import Any

import pytest

from consumers.inbound import sources
from consumers.inbound.message import MalformedError, read
from consumers.inbound.sources import Sources, parse
from consumers.inbound.wording import Receiving, Said, worded
from domain.complaint.reception import Reception
from domain.errors import InvalidError, Lack
from tests.inbound.messages import raw

PROFILE = """\
schema: 1
id: oldcrm
version: 3
title: {zh: 旧客服系统, en: The old CRM}
sources: [oldcrm, "//crm.example/*"]
name: oldcrm
zone: Asia/Shanghai
complaints: {site: plant-2, series: "OLD-{year}-", origin: imported}
codes:
  channel: {T: phone, M: email}
  yes_no: {J: true, N: false}
  rest: {A: alpha, "*": other}
messages:
  case:
    says: complaint.received
    as: receive
    subject: ref
    fields:
      items.0.product: product.name
      items.0.quantity: {from: product.pieces, as: whole}
      items.0.production_date: {from: product.made, as: day, formats: ["%d.%m.%Y"]}
      items.0.price: {from: product.price, as: money, currency: CNY}
      items.1.product: [product.other]
      words: story
      channel: {from: how, codes: channel}
      kind: {value: quality}
      region: {from: where, codes: rest}
      claims_repeat: {from: again, codes: yes_no}
      contact.phone: phone
      received_at: {from: came, as: instant}
      occurred_at:
        from: day
        as: instant
        formats: ["%d.%m.%Y", "%Y-%m-%d %H:%M", epoch_ms]
  call:
    says: complaint.contacted
    as: fact
    fields:
      channel: {value: phone}
      outward: {from: outward, as: flag}
  grade:
    says: complaint.graded
    as: request
    fields: {scheme: {value: S46}, code: letter, version: seen}
"""
OLD = Sources([parse(PROFILE.encode(), "oldcrm.yaml")], site="plant-1", zone="Asia/Tokyo")
PLAIN = sources.load(site="plant-1", zone="Asia/Shanghai")


def said(kind: str, data: object, known: Sources = OLD, **more: Any) -> Said:
    event = read(raw("x", data, **({"source": "oldcrm"} | more), ce_type=kind))
    return worded(event, known.of(event.source))


def reception(**data: object) -> Reception:
    made = said("case", {"product": {"name": "pump"}} | data)
    assert isinstance(made, Receiving)
    return made.said


def refusal(kind: str, data: object, **more: Any) -> list[Lack]:
    with pytest.raises(InvalidError) as refused:
        said(kind, data, **more)
    return list(refused.value.lacks)


def test_a_profile_says_who_the_system_is_here() -> None:
    for source in ("oldcrm", "//crm.example/eu"):
        known = OLD.of(source)

        assert (known.name, known.claim()) == ("oldcrm", "source:oldcrm")
        assert (known.who.by, known.who.role) == ("s-oldcrm", "service")
        assert (known.site, known.zone) == ("plant-2", "Asia/Tokyo")


@pytest.mark.parametrize("source", ["other", "//crm.example", "OLDCRM", ""])
def test_a_source_that_no_profile_names_is_not_read(source: str) -> None:
    with pytest.raises(MalformedError, match="unknown-source"):
        OLD.of(source)


@pytest.mark.parametrize(
    ("source", "profile"), [("cfpb", "cfpb"), ("cfpb2", "plain"), ("crm.eu-1", "plain")]
)
def test_the_most_exact_name_counts(source: str, profile: str) -> None:
    assert PLAIN.of(source).profile.id == profile


@pytest.mark.parametrize(
    "source", ["web", "library", "http", "http:p-li", "Crm", "a b", "-x"]
)
def test_nobody_comes_in_the_name_of_another_sender(source: str) -> None:
    with pytest.raises(MalformedError, match="unknown-source"):
        PLAIN.of(source)


@pytest.mark.parametrize(
    ("theirs", "field", "ours"),
    [
        ({"story": "a\r\nb\rc"}, "words", "a\nb\nc"),
        ({"story": 7}, "words", "7"),
        ({"story": " "}, "words", None),
        ({"how": "T"}, "channel", "phone"),
        ({"how": " M "}, "channel", "email"),
        ({"how": None}, "channel", None),
        ({}, "channel", None),
        ({}, "kind", "quality"),
        ({"where": "A"}, "region", "alpha"),
        ({"where": "Z"}, "region", "other"),
        ({"again": "J"}, "claims_repeat", True),
        ({"again": "N"}, "claims_repeat", False),
    ],
)
def test_a_field_becomes_ours(theirs: dict[str, Any], field: str, ours: object) -> None:
    assert getattr(reception(**theirs), field) == ours


@pytest.mark.parametrize(
    ("theirs", "field", "ours"),
    [
        ({"pieces": 20}, "quantity", 20),
        ({"pieces": " 20 "}, "quantity", 20),
        ({"made": "05.02.2026"}, "production_date", date(2026, 2, 5)),
    ],
)
def test_a_field_of_an_item_becomes_ours(
    theirs: dict[str, Any], field: str, ours: object
) -> None:
    item = reception(product={"name": "pump"} | theirs).items[0]

    assert getattr(item, field) == ours


def test_money_is_counted_in_the_smallest_unit() -> None:
    item = reception(product={"name": "pump", "price": "12.5"}).items[0]

    assert item.price is not None
    assert (item.price.minor, item.price.currency) == (1250, "CNY")


def test_a_second_item_and_a_contact_are_put_in_their_places() -> None:
    made = reception(**{"product.other": "valve"}, phone="138 0013 8000")

    assert [item.product for item in made.items] == ["pump", "valve"]
    assert made.contact is not None
    assert made.contact.phone == "138 0013 8000"


@pytest.mark.parametrize(
    ("theirs", "ours", "precision"),
    [
        ("03.03.2026", "2026-03-03T00:00:00+08:00", "day"),
        ("2026-03-03 09:15", "2026-03-03T09:15:00+08:00", None),
        (1_772_499_600_250, "2026-03-03T01:00:00+00:00", None),
    ],
)
def test_a_time_without_zone_is_of_the_profiles_zone(
    theirs: object, ours: str, precision: str | None
) -> None:
    made = reception(day=theirs)

    assert made.occurred_at is not None
    assert made.occurred_at.isoformat() == ours
    assert made.precision == precision


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("2026-03-03T09:00:00.750+01:00", "2026-03-03T09:00:00+01:00"),
        ("2026-03-03T09:00:00Z", "2026-03-03T09:00:00+00:00"),
        ("2026-03-03T09:00:00", "2026-03-03T09:00:00+08:00"),
        ("2026-03-03", "2026-03-03T00:00:00+08:00"),
    ],
)
def test_an_offset_that_a_source_gives_is_kept(theirs: str, ours: str) -> None:
    made = reception(came=theirs)

    assert made.received_at is not None
    assert made.received_at.isoformat() == ours


@pytest.mark.parametrize(
    ("theirs", "place", "fix"),
    [
        ({"how": "X"}, "how", "codes"),
        ({"again": "J", "how": 7.5}, "how", "codes"),
        ({"story": ["a"]}, "story", "text"),
        ({"story": True}, "story", "text"),
        ({"story": "a\0b"}, "story", "U+0000"),
        ({"story": "x" * 40_001}, "story", "40000"),
        ({"product": {"name": "x" * 300}}, "product.name", "200"),
        ({"product": {"pieces": "many"}}, "product.pieces", "whole number"),
        ({"product": {"pieces": -1}}, "product.pieces", "greater"),
        ({"product": {"pieces": 1.5}}, "product.pieces", "whole number"),
        ({"product": {"price": 12.5}}, "product.price", "decimal text"),
        ({"product": {"price": "12.555"}}, "product.price", "2 decimals"),
        ({"product": {"price": "NaN"}}, "product.price", "2 decimals"),
        ({"product": {"made": "2026-02-05"}}, "product.made", "format"),
        ({"day": "30.02.2026"}, "day", "format"),
        ({"day": 1e300}, "day", "format"),
        ({"came": "yesterday"}, "came", "ISO 8601"),
        ({"came": 5}, "came", "format"),
    ],
)
def test_what_does_not_fit_is_told_by_the_systems_own_name(
    theirs: dict[str, Any], place: str, fix: str
) -> None:
    lacks = refusal("case", {"product": {"name": "pump"}} | theirs)

    assert [lack.field for lack in lacks] == [place]
    assert fix in lacks[0].fix


def test_all_that_does_not_fit_is_told_at_once() -> None:
    lacks = refusal("case", {"how": "X", "again": "Y", "came": "Z"})

    assert {lack.field for lack in lacks} == {"how", "again", "came"}


def test_a_time_without_zone_is_refused_where_no_profile_names_one() -> None:
    naive = {"items": [{"product": "pump"}], "occurred_at": "2026-03-03T09:00:00"}

    with pytest.raises(InvalidError) as refused:
        said("complaint.received", naive, PLAIN, source="crm")

    assert [lack.field for lack in refused.value.lacks] == ["occurred_at"]


def test_there_is_no_hour_that_clocks_skipped() -> None:
    text = PROFILE.replace("zone: Asia/Shanghai", "zone: America/New_York")
    known = Sources([parse(text.encode(), "x.yaml")], site="p", zone="Asia/Tokyo")
    data = {"product": {"name": "pump"}}

    [lack] = refusal("case", data | {"day": "2026-03-08 02:30"}, known=known)
    twice = said("case", data | {"day": "2026-11-01 01:30"}, known)

    assert (lack.field, "no such time" in lack.fix) == ("day", True)
    assert isinstance(twice, Receiving)
    assert str(twice.said.occurred_at).endswith("-04:00")  # the earlier of the two


def test_a_name_that_the_sender_made_up_is_not_repeated() -> None:
    strange = {"items": [{"product": "x", "陈洁": 1}], "13800138000": 1}

    with pytest.raises(InvalidError) as refused:
        said("complaint.received", strange, PLAIN, source="crm")

    assert [lack.field for lack in refused.value.lacks] == ["items.0.?", "?"]
    assert "customer_number" in refused.value.lacks[1].fix
