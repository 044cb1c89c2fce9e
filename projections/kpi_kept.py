"""What figures remember of a stream: its events without what no figure asks for."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from domain import shipment
from domain.complaint import (
    action,
    closure,
    contact,
    correction,
    deadline_events,
    effect,
    intake,
    investigation,
    items,
)
from domain.complaint.deadline_events import Arithmetic
from domain.event import Event, Stream, sealed_fields
from domain.record import Amended
from domain.registry import Registry
from projections.projection import Recorded

Said = list[Any]  # version, topic, and the words of one event

KEEPS = frozenset(
    {
        intake.Received,
        intake.Screened,
        intake.DuplicateLinked,
        intake.DuplicateUnlinked,
        intake.Withdrawn,
        items.ItemStated,
        items.FactEstablished,
        items.LossStated,
        contact.Contacted,
        contact.Replied,
        contact.CustomerConfirmed,
        contact.CalledBack,
        investigation.Determined,
        investigation.RootCaused,
        action.ActionPlanned,
        action.ActionRejected,
        action.ActionImplemented,
        action.SolutionExecuted,
        effect.BatchChecked,
        effect.Recurred,
        effect.Pledged,
        effect.PledgeJudged,
        closure.Closed,
        closure.Reopened,
        deadline_events.DeadlineSet,
        deadline_events.DeadlineMoved,
        deadline_events.DeadlineStopped,
        correction.Corrected,
        shipment.Sent,
        shipment.Returned,
        shipment.Corrected,
    }
)
HEAD = {"originator_id", "originator_version"}
NO_SUM = Arithmetic(
    limit=None,
    steps=(),
    days=(),
    adjustments=(),
    provisional_years=(),
    conditional_on=(),
)


def after(said: Sequence[Said], at: Recorded) -> list[Said] | None:
    """What is remembered with one more event; `None` when it changes no figure."""
    event = at.event
    if type(event) not in KEEPS:
        return None
    if isinstance(event, correction.Corrected | Amended) and all(
        version != event.corrects for version, *_ in said
    ):
        return None  # of something that no figure asks for
    words = _slim(event).model_dump(mode="json", exclude=HEAD, exclude_defaults=True)
    return [*said, [at.version, event.TOPIC, words]]


def _slim(event: Event) -> Event:
    """Without what is sealed, and without the arithmetic that only readers ask for."""
    gone: dict[str, Any] = dict.fromkeys(sealed_fields(type(event)))
    if getattr(event, "arithmetic", None) is not None:
        gone["arithmetic"] = NO_SUM
    return event.model_copy(update=gone) if gone else event


def replayed(
    stream_id: UUID, said: Iterable[Said], registry: Registry, stream: Stream | None = None
) -> Stream:
    """The stream after these events. The domain itself folds corrections in."""
    for version, topic, words in said:
        event = registry[topic].model_validate_json(json.dumps(words))
        stream = event.at(stream_id, version).mutate(stream)
    assert stream is not None
    return stream
