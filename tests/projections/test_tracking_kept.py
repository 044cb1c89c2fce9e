"""What is kept of a complaint: every event is known, and nothing that may name a person."""

import pytest

from domain.complaint import contact
from domain.event import Event, sealed_fields
from domain.registry import REGISTRY
from projections.projection import UnhandledError
from projections.tracking_kept import FILLS_NO_COLUMN, KEEPS, NotBegunError, follow
from projections.tracking_row import label
from tests.builders import CRM
from tests.projections.telling import fact, kept, received, told


def test_what_a_complaint_is_found_by_is_never_too_long_for_an_index() -> None:
    """One character of a batch can be spelt as eighteen."""
    assert len(label("batch", "\ufdfa" * 200)) == len("batch:") + 200


def test_every_event_of_a_complaint_is_known() -> None:
    ours = {topic for topic in REGISTRY if topic.startswith("complaint.")}

    assert set(KEEPS) | FILLS_NO_COLUMN == ours
    assert not set(KEEPS) & FILLS_NO_COLUMN


@pytest.mark.parametrize("topic", KEEPS)
def test_nothing_is_kept_that_may_name_a_person(topic: str) -> None:
    kind = REGISTRY[topic]

    assert set(KEEPS[topic]) <= set(kind.model_fields)
    assert not set(KEEPS[topic]) & {*sealed_fields(kind), "party_id", "reason"}


def test_an_event_the_table_says_nothing_about_stops_it() -> None:
    class Invented(Event):
        TOPIC = "complaint.invented"

    begun = kept(told(received()))

    with pytest.raises(UnhandledError):
        follow(begun, told(received(), Invented(who=CRM))[1])


def test_a_complaint_begins_with_its_reception() -> None:
    with pytest.raises(NotBegunError):
        follow(None, told(received(), fact(contact.Acknowledged, channel="mail"))[1])
