"""OCEL and XES, read back by readers that know only the formats: the store's own counts."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import psycopg
import pytest
from psycopg import Connection

from domain.codec import Codec
from domain.registry import REGISTRY
from infra.postgres.pool import role_dsn
from projections.exports.log import STREAMS, WITH_PENALTIES
from projections.exports.ocel import ocel
from projections.exports.xes import EXTENSIONS, STANDARD, xes
from tests.projections.conftest import Told

XES = f"{{{STANDARD}}}"
# What an attribute of each kind may hold, by IEEE 1849 and by OCEL 2.0.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
XES_KINDS: Mapping[str, Callable[[str], object]] = {
    "string": str,
    "int": int,
    "date": datetime.fromisoformat,
    "id": str,
}
OCEL_KINDS: Mapping[str, type] = {"string": str, "integer": int, "time": str}


@pytest.fixture
def conn(told: Told) -> Iterator[Connection[Any]]:
    """A reader of the story in which every event happens."""
    with psycopg.connect(role_dsn(told.dsn, "ledger_app"), autocommit=True) as made:
        yield made


def counted(conn: Connection[Any], *streams: str) -> dict[str, int]:
    return dict(
        conn.execute(
            "SELECT topic, count(*) FROM ledger.event"
            " WHERE split_part(topic, '.', 1) = ANY(%s) GROUP BY topic",
            [list(streams)],
        ).fetchall()
    )


def log_of(conn: Connection[Any], *, penalties: bool = True) -> dict[str, Any]:
    made = b"".join(ocel(conn, Codec(REGISTRY), penalties=penalties))
    found: dict[str, Any] = json.loads(made)
    return found


def trace_log(conn: Connection[Any]) -> ET.Element:
    return ET.fromstring(b"".join(xes(conn, Codec(REGISTRY))))  # noqa: S314  # our own file


# --- OCEL 2.0. --------------------------------------------------------------------------


@pytest.mark.parametrize("penalties", [True, False])
def test_an_object_log_is_as_the_standard_says(
    conn: Connection[Any], penalties: bool
) -> None:
    """Each id once, each type declared, each value of its type, no relation to nothing."""
    log = log_of(conn, penalties=penalties)

    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    for kind in ("object", "event"):
        declared = {
            one["name"]: {each["name"]: each["type"] for each in one["attributes"]}
            for one in log[f"{kind}Types"]
        }
        assert len(declared) == len(log[f"{kind}Types"])
        ids = [one["id"] for one in log[f"{kind}s"]]
        assert len(set(ids)) == len(ids) > 0
        for one in log[f"{kind}s"]:
            for each in one["attributes"]:
                type_of = declared[one["type"]][each["name"]]
                assert isinstance(each["value"], OCEL_KINDS[type_of]), (one["id"], each)
                if type_of == "time":
                    assert INSTANT.fullmatch(str(each["value"]))
                if kind == "object":
                    assert INSTANT.fullmatch(each["time"])
            if kind == "event":
                assert INSTANT.fullmatch(one["time"])
    there = {one["id"] for one in log["objects"]}
    for one in (*log["objects"], *log["events"]):
        relations = [(to["objectId"], to["qualifier"]) for to in one["relationships"]]
        assert {to for to, _ in relations} <= there, one["id"]
        assert len(set(relations)) == len(relations)
        assert all(qualifier for _, qualifier in relations)


def test_an_object_log_has_each_event_of_the_store_once(conn: Connection[Any]) -> None:
    log = log_of(conn)

    found = Counter(event["type"] for event in log["events"])
    assert found == counted(conn, *WITH_PENALTIES)
    assert {one["name"] for one in log["eventTypes"]} == set(found)
    head = conn.execute("SELECT max(position) FROM ledger.event").fetchone()
    [stands] = [one for one in log["objects"] if one["type"] == "ledger"]
    values = {one["name"]: one["value"] for one in stands["attributes"]}
    assert (values["position"],) == head
    places = [
        each["value"]
        for event in log["events"]
        for each in event["attributes"]
        if each["name"] == "position"
    ]
    assert places == sorted(places)


def test_an_event_is_about_all_it_has_to_do_with(conn: Connection[Any], told: Told) -> None:
    log = log_of(conn)

    first = str(told.complaints[0])
    received = next(event for event in log["events"] if event["id"] == f"{first}:1")
    relations = {(to["objectId"], to["qualifier"]) for to in received["relationships"]}
    assert {
        (first, "about"),
        ("customer:Chengjiang Water", "from"),
        ("product:valve body", "suspected"),
        ("batch:B26-0455", "suspected"),
        ("person:p-li", "recorded-by"),
    } <= relations
    graded = [
        each["value"]
        for one in log["objects"]
        if one["id"] == first
        for each in one["attributes"]
        if each["name"] == "grade"
    ]
    assert graded[0] == "S46:C"


def test_whom_a_penalty_is_about_is_left_out_without_the_right(
    conn: Connection[Any],
) -> None:
    log = log_of(conn, penalties=False)

    assert Counter(one["type"] for one in log["events"]) == counted(conn, *STREAMS)
    words = json.dumps(log)
    assert "penalty." not in words
    assert "charged-to" not in words


def test_nothing_sealed_leaves_in_a_log(conn: Connection[Any], told: Told) -> None:
    """Neither open nor shut: names, phones and verbatim words are no part of a log."""
    sealed = {
        str(json.loads(record.state)[name])
        for record in told.records
        if record.topic == "complaint.received"
        for name in ("complainant", "contact", "words")
        if name in json.loads(record.state)
    }
    assert len(sealed) > 3

    for made in (ocel(conn, Codec(REGISTRY), penalties=True), xes(conn, Codec(REGISTRY))):
        words = b"".join(made).decode()
        assert not [one for one in sealed if one in words]
        assert "陈洁" not in words
        assert "138 0013 8000" not in words


# --- XES. -------------------------------------------------------------------------------


def test_a_trace_log_is_as_the_standard_says(conn: Connection[Any]) -> None:
    log = trace_log(conn)

    assert log.tag == f"{XES}log"
    assert log.get("xes.version") == "1849-2016"
    order = ["extension", "global", "classifier", "string", "int", "date", "trace"]
    tags = [child.tag.removeprefix(XES) for child in log]
    assert set(tags) <= set(order)
    heads = [tag for tag in tags if tag in order[:3]]
    assert tags[: len(heads)] == heads == sorted(heads, key=order.index)
    assert tags[-1] == "trace"
    prefixes = {one.get("prefix") for one in log.iter(f"{XES}extension")}
    assert prefixes == set(EXTENSIONS.values())
    for one in (*log.iter(f"{XES}trace"), *log.iter(f"{XES}event"), log):
        valued = [child for child in one if child.get("key") is not None]
        keys = [child.get("key") for child in valued]
        assert len(set(keys)) == len(keys)
        for child in valued:
            XES_KINDS[child.tag.removeprefix(XES)](child.get("value", ""))
    for event in log.iter(f"{XES}event"):
        assert {"concept:name", "time:timestamp", "lifecycle:transition"} <= set(of(event))


def of(one: ET.Element) -> dict[str, str]:
    return {
        str(child.get("key")): child.get("value", "") for child in one if child.get("key")
    }


def test_a_trace_log_has_each_event_of_the_store_once(
    conn: Connection[Any], told: Told
) -> None:
    log = trace_log(conn)

    traces = log.findall(f"{XES}trace")
    found = Counter(of(event)["concept:name"] for event in log.iter(f"{XES}event"))
    assert found == counted(conn, "complaint")
    begun = conn.execute(
        "SELECT stream::text FROM ledger.event WHERE topic = 'complaint.received'"
    ).fetchall()
    assert sorted(of(trace)["identity:id"] for trace in traces) == sorted(
        one for (one,) in begun
    )
    head = conn.execute("SELECT max(position) FROM ledger.event").fetchone()
    assert (int(of(log)["ledger:position"]),) == head


def test_a_trace_lasts_as_long_as_its_complaint(conn: Connection[Any]) -> None:
    """From the first to the last thing that happened, whenever each was recorded."""
    log = trace_log(conn)

    for trace in log.findall(f"{XES}trace"):
        times = [
            datetime.fromisoformat(of(event)["time:timestamp"])
            for event in trace.findall(f"{XES}event")
        ]
        assert times == sorted(times)
        recorded = [int(of(event)["version"]) for event in trace.findall(f"{XES}event")]
        assert sorted(recorded) == list(range(1, len(times) + 1))
