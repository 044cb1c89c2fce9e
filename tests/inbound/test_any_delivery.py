"""However messages are delivered, the store holds what a simple fold of them holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.inbound import letters as kept
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.parcel import Arrival
from tests.inbound.looking import rows
from tests.inbound.messages import A_COMPLAINT, arrival

KEYS = ("K-1", "K-2", "K-3")
SOURCES = count(1)

HAPPENED = """
SELECT b.s ->> 'source_key', coalesce(x.s ->> 'customer', x.s ->> 'channel')
  FROM ledger.event AS e
  JOIN ledger.event AS f ON (f.stream, f.version) = (e.stream, 1),
       LATERAL (SELECT convert_from(e.state, 'UTF8')::json AS s) AS x,
       LATERAL (SELECT convert_from(f.state, 'UTF8')::json AS s) AS b
 WHERE b.s -> 'who' ->> 'source' = %s ORDER BY e.position
"""
DELIVERED = """
SELECT part, at_offset, count(*) FROM ledger.outcome
 WHERE source = %s AND topic IS NOT NULL GROUP BY 1, 2
"""
ANSWERED = "SELECT message_id, outcome FROM ledger.inbox WHERE source = %s"


@dataclass(frozen=True)
class Said:
    """One message: a complaint that begins, or a call about one."""

    begins: bool
    key: str
    id: str
    content: str

    def arrival(self, source: str, offset: int) -> Arrival:
        if self.begins:
            data = A_COMPLAINT | {"customer": self.content}
            named = {"id": f"a{self.id}", "source": source, "subject": self.key}
            return arrival("received", data, offset, **named)
        named = {"id": f"b{self.id}", "source": source, "subject": self.key}
        return arrival("contacted", {"channel": self.content}, offset, **named)


@dataclass
class Fold:
    """What has to come of it, message by message."""

    answers: dict[str, str] = field(default_factory=dict)
    happened: dict[str, list[str]] = field(default_factory=dict)
    waiting: dict[str, list[Said]] = field(default_factory=dict)
    begun_by: dict[str, Said] = field(default_factory=dict)

    def take(self, said: Said) -> None:
        name = ("a" if said.begins else "b") + said.id
        if name in self.answers:
            return
        if not said.begins:
            if said.key in self.happened:
                self.answers[name] = "accepted"
                self.happened[said.key].append(said.content)
            else:
                self.answers[name] = "held"
                self.waiting.setdefault(said.key, []).append(said)
            return
        if said.key in self.happened:
            same = self.begun_by[said.key].content == said.content
            self.answers[name] = "duplicate" if same else "conflict"
            return
        self.answers[name] = "accepted"
        self.begun_by[said.key] = said
        waited = self.waiting.pop(said.key, [])
        self.happened[said.key] = [said.content, *(one.content for one in waited)]
        self.answers |= {f"b{one.id}": "accepted" for one in waited}


messages = st.builds(
    Said,
    begins=st.booleans(),
    key=st.sampled_from(KEYS),
    id=st.sampled_from("0123456789"),
    content=st.sampled_from(("one", "two")),
)
# Messages in batches; and after each, how many of all that came are delivered again.
deliveries = st.lists(
    st.tuples(st.lists(messages, min_size=1, max_size=8), st.integers(0, 6)),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deliveries=deliveries, sweeps=st.booleans())
async def test_the_store_holds_what_a_fold_of_the_messages_holds(
    desk: Desk,
    intake: Intake,
    deliveries: Sequence[tuple[list[Said], int]],
    *,
    sweeps: bool,
) -> None:
    nth, fold, came = next(SOURCES), Fold(), list[Arrival]()
    source, first = f"s{nth}", nth * 1_000
    for batch, again in deliveries:
        # In a batch what begins a complaint goes first, as if it had come first.
        for said in sorted(batch, key=lambda one: not one.begins):
            fold.take(said)
        new = [one.arrival(source, first + len(came) + n) for n, one in enumerate(batch)]
        came += new
        await intake.take(new)
        await intake.take(came[-again:] if again else ())
        if sweeps:
            assert await kept.sweep(intake) == 0

    happened: dict[str, list[str]] = {}
    for key, content in await rows(desk, HAPPENED, source):
        happened.setdefault(key, []).append(content)
    assert happened == fold.happened
    assert dict(await rows(desk, ANSWERED, source)) == fold.answers
    delivered = await rows(desk, DELIVERED, source)
    assert sorted(delivered) == [(0, first + n, 1) for n in range(len(came))]


async def test_a_batch_and_one_by_one_come_to_the_same(desk: Desk) -> None:
    """The answers too, but for what was held only because it came a moment early."""
    intake = Intake(desk)
    said = [Said(n % 3 == 0, KEYS[n % 2], str(n % 9), "one") for n in range(40)]
    said.sort(key=lambda one: not one.begins)
    whole = [one.arrival("whole", n) for n, one in enumerate(said)]
    single = [one.arrival("single", 100 + n) for n, one in enumerate(said)]
    await intake.take(whole)
    for one in single:
        await intake.take([one])

    assert await rows(desk, HAPPENED, "whole") != []
    for query in (HAPPENED, ANSWERED):
        together, apart = (
            await rows(desk, query, "whole"),
            await rows(desk, query, "single"),
        )
        assert sorted(together) == sorted(apart)
