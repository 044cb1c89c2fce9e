"""Histories by chance, for the figures: what comes late, is wrong, and is put right."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain.complaint.action import ActionImplemented, ActionPlanned, ActionRejected
from domain.complaint.closure import Closed, Reopened
from domain.complaint.contact import CalledBack, Contacted
from domain.complaint.correction import Corrected
from domain.complaint.deadline_events import DeadlineMoved, DeadlineStopped
from domain.complaint.intake import (
    DuplicateLinked,
    DuplicateUnlinked,
    Screened,
    Withdrawn,
)
from domain.complaint.investigation import Determined
from domain.complaint.items import Item, ItemStated
from domain.event import LEDGER, Event, When
from domain.shipment import Corrected as ShipmentCorrected
from domain.shipment import Returned, Sent
from projections.projection import Recorded
from tests.builders import LI
from tests.domain.march import PINNED, ZONE, deadline
from tests.projections.telling import decision, fact, received, recorded_at

BEGIN = datetime.fromisoformat("2026-02-20T07:30:00+08:00")
SPREAD_H = 24 * 60
OTHER = UUID(int=5)


def told(seed: int, streams: int = 4, events: int = 40) -> list[Recorded]:
    """The same seed tells the same history, in one order over all streams."""
    dice = Random(seed)  # noqa: S311  # nothing secret
    said: dict[UUID, list[Event]] = {}
    line: list[Recorded] = []
    for nth in range(events):
        stream = UUID(int=1 + dice.randrange(streams))
        history = said.setdefault(stream, [])
        shipped = stream.int % streams == 1
        more = _of_shipment(dice, history) if shipped else _of_complaint(dice, history)
        for event in more:
            position = len(line) + 1
            version = len(history) + 1
            placed = event.at(stream, version)
            history.append(placed)
            line.append(
                Recorded(
                    stream_id=stream,
                    version=version,
                    position=position,
                    recorded_at=recorded_at(position + nth),
                    event=placed,
                )
            )
    return line


def some_time(dice: Random) -> datetime:
    """Any hour of these weeks."""
    return BEGIN + timedelta(hours=dice.randrange(SPREAD_H))


def _of_shipment(dice: Random, history: list[Event]) -> Iterator[Event]:
    moment = some_time(dice)
    if not history:
        yield Sent(
            who=LI,
            when=When(occurred_at=moment),
            number=f"S-{dice.random()}",
            site="plant-1",
            zone=ZONE,
            rulebooks={},
            product="cover",
            pieces=dice.randrange(1, 900),
        )
    elif dice.random() < 0.5:
        yield fact(Returned, moment, pieces=dice.randrange(1, 9))
    else:
        words = {"corrects": 1, "field": "pieces", "reason": "r"}
        yield fact(ShipmentCorrected, moment, **words, new=dice.randrange(1, 900))


def _of_complaint(dice: Random, history: list[Event]) -> Iterator[Event]:
    moment = some_time(dice)
    if not history:
        items = (Item(product="cover", quantity=dice.choice([None, 3])),)
        yield received(
            number=f"C-{dice.random()}",
            received_at=moment,
            items=items,
            claims_repeat=dice.choice([None, True, False]),
        )
        return
    yield from dice.choice(SAYINGS)(dice, moment, history)


def _once(event: type[Any], **said: Any) -> Any:
    """One event with words drawn by chance, whichever kind it is."""

    def say(dice: Random, moment: datetime, _: list[Event]) -> Iterator[Event]:
        words = {
            name: dice.choice(one) if isinstance(one, tuple) else one
            for name, one in said.items()
        }
        yield (fact if "when" in event.model_fields else decision)(event, moment, **words)

    return say


def _corrected(dice: Random, moment: datetime, history: list[Event]) -> Iterator[Event]:
    """Another time for something that was said, or another reception."""
    wrong = dice.choice([e for e in history if hasattr(e, "when")])
    field = "when.occurred_at"
    if wrong.TOPIC == "complaint.received" and dice.random() < 0.7:
        field = "received_at"
    if wrong.TOPIC == "complaint.corrected":
        return
    yield fact(
        Corrected,
        moment,
        corrects=wrong.originator_version,
        topic=wrong.TOPIC,
        field=field,
        new=some_time(dice).isoformat(),
        reason="misheard",
    )


def _clock(dice: Random, moment: datetime, history: list[Event]) -> Iterator[Event]:
    """A clock that is set, moved or stopped."""
    clock = dice.choice(["CLK-closing", "CLK-first-contact"])
    set_ = [e for e in history if getattr(e, "clock", "") == clock]
    words: dict[str, Any] = {"clock": clock, "cycle": 1, "clause": "S1@1#1"}
    words |= {"who": LEDGER, "follows_at": moment}
    if not set_:
        yield from deadline(clock, moment, some_time(dice))
    elif dice.random() < 0.5:
        yield DeadlineMoved(
            **words,
            state=dice.choice(["running", "void"]),
            new=some_time(dice),
            reason="graded",
            fact=1,
            starts_at=moment,
            provisional=False,
            calendar=PINNED,
        )
    else:
        yield DeadlineStopped(**words, fact=1, stopped_at=some_time(dice))


def _closing(dice: Random, moment: datetime, history: list[Event]) -> Iterator[Event]:
    """Closed when it is open, and the other way round; never before what stands."""
    ends = [e for e in history if isinstance(e, Closed | Reopened)]
    at = max([moment, *(e.decided_at + timedelta(hours=1) for e in ends)])
    if ends and isinstance(ends[-1], Closed):
        yield decision(Reopened, at, reason="again")
    else:
        yield decision(Closed, at)


SAYINGS = (
    _corrected,
    _corrected,
    _clock,
    _clock,
    _closing,
    _closing,
    _once(Contacted, channel="phone", outward=(True, True, False)),
    _once(CalledBack, reached=(True, False), satisfied=(True, False, None), round=1),
    _once(Screened, outcome="x", counts_in_kpi=(True, False, True, None)),
    _once(DuplicateLinked, other=OTHER, reason="r"),
    _once(DuplicateUnlinked, other=OTHER, reason="r"),
    _once(Withdrawn),
    _once(Determined, result=("product", "customer")),
    _once(ItemStated, number=(1, 2), item=(Item(quantity=7), Item(product="valve"))),
    _once(
        ActionPlanned,
        action=("A1", "A2"),
        cycle=1,
        text="t",
        kind="corrective",
        due=(date(2026, 2, 28), date(2026, 3, 9), None),
    ),
    _once(ActionImplemented, action=("A1", "A2"), cycle=1),
    _once(ActionRejected, action=("A1", "A2"), reason="r"),
)
