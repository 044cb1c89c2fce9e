"""What comes in during the storm: messages over Kafka and commands over HTTP, all noted."""

import http.client
import json
import threading
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from infra.kafka import KafkaTroubleError, Outgoing, Publisher, TopicNames
from tests.chaos.plant import Plant

SOURCE = "crm"
AGAIN_S = 0.2
ACCEPTED = {"unit": "quality", "occurred_at": "2025-03-03T09:00:00+08:00"}


@dataclass
class Sent:
    """What was sent, and what was acknowledged to whom."""

    messages: dict[str, bytes] = field(default_factory=dict)  # id → what was said last
    acknowledged: dict[str, int] = field(default_factory=dict)  # HTTP key → position
    refused: int = 0
    retried: int = 0


class KafkaUpstream(threading.Thread):
    """A system that publishes complaints and facts, some twice, some out of order."""

    def __init__(self, plant: Plant, sent: Sent, seed: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.plant, self.sent, self.stop = plant, sent, stop
        self.chance = Random(seed)  # noqa: S311  # to be the same each time
        self.nth = 0
        self.late: list[Outgoing] = []  # complaints that come after what is said of them

    def run(self) -> None:
        topic = TopicNames("").inbound
        publisher: Publisher | None = None
        waiting: list[Outgoing] = []
        while not self.stop.wait(0.02) or waiting or self.late:
            if not waiting and self.stop.is_set():
                waiting, self.late = self.late, []
            elif not waiting:
                waiting = self.story()
            try:
                publisher = publisher or Publisher(self.plant.cluster)
                publisher.publish(topic, waiting)
                waiting = []
            except KafkaTroubleError:  # some may be in the log: sent again, as sources do
                self.sent.retried += 1
                if publisher is not None:
                    publisher.discard()
                publisher = None
                self.stop.wait(AGAIN_S)
        if publisher is not None:
            publisher.close()

    def story(self) -> list[Outgoing]:
        """One complaint and a few facts about it; now and then in the wrong order."""
        self.nth += 1
        key = f"K-{self.nth}"
        items = [
            {"product": f"P{self.nth % 7}", "batch": f"B{self.nth % 11}", "defect": "leak"}
        ]
        told = [
            self.message(key, "received", {"items": items, "customer": f"c{self.nth % 5}"})
        ]
        told += [
            self.message(key, "contacted", {"channel": "phone", "summary": f"call {n}"}, n)
            for n in range(self.chance.randrange(4))
        ]
        if self.nth % 5 == 0:  # long ago, so that what it owes has lapsed
            told.append(self.message(key, "accepted", ACCEPTED))
        if self.chance.random() < 0.3:
            self.chance.shuffle(told)
        if self.chance.random() < 0.2:
            told, self.late = [*self.late, *told[1:]], [*told[:1]]  # until then it is held
        if told and self.chance.random() < 0.2:
            told.append(self.chance.choice(told))  # said twice
        if self.chance.random() < 0.05:
            told.append(Outgoing(b"?", b"not json", ()))  # nobody can read it
        return told

    def message(self, key: str, word: str, data: dict[str, Any], nth: int = 0) -> Outgoing:
        """A CloudEvent in binary form."""
        ce_id = f"{key}-{word}-{nth}"
        value = json.dumps(data).encode()
        self.sent.messages[ce_id] = value
        headers = {
            "ce_specversion": "1.0",
            "ce_id": ce_id,
            "ce_source": SOURCE,
            "ce_type": f"complaint.{word}",
            "ce_subject": key,
            "content-type": "application/json",
        }
        pairs = tuple((name, text.encode()) for name, text in headers.items())
        return Outgoing(key.encode(), value, pairs)


class HttpClerk(threading.Thread):
    """A client that asks until it is answered, with the same key each time."""

    def __init__(self, plant: Plant, sent: Sent, seed: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.plant, self.sent, self.stop = plant, sent, stop
        self.chance = Random(seed)  # noqa: S311
        self.numbers: list[str] = []

    def run(self) -> None:
        while not self.stop.wait(0.01):
            if not self.numbers or self.chance.random() < 0.2:
                said = self.ask(
                    "/complaints", {"items": [{"product": "web", "batch": "W1"}]}
                )
                self.numbers.append(str(said["number"]))
            else:
                number = self.chance.choice(self.numbers[-20:])
                self.ask(f"/complaints/{number}/noted", {"text": "看过"})

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer, however often it takes; a lost one is asked for again."""
        key = str(UUID(int=self.chance.getrandbits(128)))
        while True:
            try:
                status, said = self.once(path, body, key)
            except (OSError, http.client.HTTPException):
                status, said = 503, {}
            if status in {200, 201}:
                self.sent.acknowledged[key] = int(said["position"])
                return said
            if status != 503:
                raise AssertionError(f"{path}: {status} {said}")
            self.sent.refused += 1
            threading.Event().wait(AGAIN_S)

    def once(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plant.port, timeout=40)
        try:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key}
            connection.request("POST", path, json.dumps(body).encode(), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()
