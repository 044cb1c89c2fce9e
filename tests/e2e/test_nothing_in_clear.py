"""Planted names and numbers: after a run no file of ours holds them in clear."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.kafka import Outgoing, Publisher, TopicNames
from tests.chaos.judge import Judge
from tests.chaos.plant import Plant, a_plant
from tests.chaos.storm import free_port

NAME, PHONE, PLATE, WORDS = "欧阳植名", "13977310042", "粤Z90210", "钥匙藏在花盆底下"
PLANTED = (NAME, PHONE, "139-7731-0042", PLATE, WORDS)
CONTACT = {"phone": "139-7731-0042", "plate": PLATE}
RECEPTION = {
    "items": [{"product": "valve"}],
    "complainant": NAME,
    "contact": CONTACT,
    "words": WORDS,
}


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with a_plant(tmp_path, free_port()) as running:
        yield running


@pytest.mark.timeout(300)
def test_what_names_a_person_is_nowhere_in_clear(plant: Plant, tmp_path: Path) -> None:
    """Database files, write-ahead log, our topics, logs and the answers to what was wrong.

    The inbound topic is left out: its bytes are the source's, before we ever see them.
    """
    answers = over_http(plant) + over_kafka(plant)
    Judge(plant.dsn, plant.cluster).wait_until_quiet()
    topics = TopicNames("")
    records = [
        (record.value or b"") + repr(record.headers).encode() + (record.key or b"")
        for topic in (topics.events, topics.outcomes, topics.dead_letters)
        for _, record in Judge(plant.dsn, plant.cluster).records(topic)
    ]
    assert len(records) >= 8, "there is something to look through"
    plant.stop()
    plant.postgres.stop()

    for planted in PLANTED:
        found = [
            str(path) for path in files(tmp_path) if planted.encode() in path.read_bytes()
        ]
        assert found == []
        assert not [one for one in answers + records if planted.encode() in one]


def over_http(plant: Plant) -> list[bytes]:
    """What is right, and what is wrong in many ways: the answers to the latter."""
    status, said = ask(plant, "/complaints", RECEPTION)
    assert status == 201
    number = json.loads(said)["number"]
    right: list[tuple[str, dict[str, Any]]] = [
        ("noted", {"text": f"{NAME} {PHONE} {WORDS}"}),
        ("contacted", {"channel": "phone", "summary": WORDS}),
        (
            "corrected",
            {"corrects": 1, "field": "complainant", "new": PLATE, "reason": "错字"},
        ),
    ]
    assert [
        ask(plant, f"/complaints/{number}/{word}", body)[0] for word, body in right
    ] == [201] * 3
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("/complaints", {**RECEPTION, NAME: PHONE}),
        ("/complaints", {**RECEPTION, "channel": {"x": NAME}}),
        (f"/complaints/{number}/noted", {"text": f"{NAME}\u0000"}),
        (f"/complaints/{number}/graded", {"scheme": NAME, "code": PHONE}),
        (f"/complaints/{number}/called_back", {"reached": NAME, "remark": WORDS}),
    ]
    answers = [ask(plant, path, body) for path, body in wrong]
    assert [status for status, _ in answers if status < 400 or status >= 500] == []
    return [answer for _, answer in answers]


def over_kafka(plant: Plant) -> list[bytes]:
    """A complaint, the same id with other content, one held, and one nobody can read."""
    with Publisher(plant.cluster) as publisher:
        publisher.publish(
            TopicNames("").inbound,
            [
                message("k1", "received", RECEPTION, "K-1"),
                message("k1", "received", {**RECEPTION, "words": f"{WORDS}!"}, "K-1"),
                message("k2", "noted", {"text": f"{NAME} {PHONE}"}, "K-1"),
                message("k3", "noted", {"text": WORDS, NAME: PHONE}, "K-1"),
                Outgoing(b"x", f"{NAME} {PHONE} {WORDS}".encode(), ()),
                message("k4", "noted", {"text": WORDS}, "K-9"),
                message("k5", "received", {"items": [{"product": "valve"}]}, "K-9"),
            ],
        )
    return []


def message(ce_id: str, word: str, data: dict[str, Any], key: str) -> Outgoing:
    headers = {
        "ce_specversion": "1.0",
        "ce_id": ce_id,
        "ce_source": "crm",
        "ce_type": f"complaint.{word}",
        "ce_subject": key,
        "content-type": "application/json",
    }
    pairs = tuple((name, text.encode()) for name, text in headers.items())
    return Outgoing(key.encode(), json.dumps(data, ensure_ascii=False).encode(), pairs)


def ask(plant: Plant, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", plant.port, timeout=30)
    data = json.dumps(body, ensure_ascii=False).encode()
    connection.request("POST", path, data, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer.status, said


def files(home: Path) -> Iterator[Path]:
    """Every file of the installation but the inbound topic's log."""
    inbound = TopicNames("").inbound
    for path in sorted(home.rglob("*")):
        ours = not any(part.startswith(f"{inbound}-") for part in path.parts)
        if path.is_file() and ours:
            yield path
