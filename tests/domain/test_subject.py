"""Being forgotten: who may ask, who may agree, and what stands in its way."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain import subject
from domain.errors import NotAllowedError
from domain.event import Who
from domain.subject import Subject
from tests.builders import LI, TUESDAY, WANG

PARTY = UUID(int=9)
HOLD = "诉讼保全"


def somebody() -> Subject:
    return Subject(id=subject.stream_of(PARTY), party_id=PARTY)


def asked(by: Who = LI) -> Subject:
    made = somebody()
    subject.request_erasure(made, who=by, at=TUESDAY, reason="本人申请")
    return made


def test_one_asks_another_agrees_and_the_end_names_both() -> None:
    made = asked()
    subject.approve_erasure(made, who=WANG, at=TUESDAY + timedelta(hours=1))
    subject.note_destroyed(made, who=WANG, at=TUESDAY, seals=3, commitments="0" * 64)
    subject.note_destroyed(made, who=WANG, at=TUESDAY, seals=4, commitments="1" * 64)

    end = made.destroyed
    assert end is not None
    assert (end.requested_by, end.approved_by, end.seals) == (LI.by, WANG.by, 3)
    assert [event.TOPIC for event in made.news] == [
        "subject.erasure_requested",
        "subject.erasure_approved",
        "subject.key_destroyed",
    ]


def test_who_asked_does_not_agree() -> None:
    with pytest.raises(NotAllowedError, match="another person"):
        subject.approve_erasure(asked(), who=LI, at=TUESDAY)


def test_nobody_agrees_to_what_nobody_asked() -> None:
    with pytest.raises(NotAllowedError, match="nobody asked"):
        subject.approve_erasure(somebody(), who=WANG, at=TUESDAY)


def test_a_hold_wins_until_it_is_lifted() -> None:
    made = asked()
    subject.set_hold(made, who=WANG, at=TUESDAY, reason=HOLD)
    subject.set_hold(made, who=WANG, at=TUESDAY, reason=HOLD)
    with pytest.raises(NotAllowedError, match=HOLD):
        subject.approve_erasure(made, who=WANG, at=TUESDAY)
    with pytest.raises(NotAllowedError, match="name the reason"):
        subject.lift_hold(made, who=WANG, at=TUESDAY, reason="another")

    subject.lift_hold(made, who=WANG, at=TUESDAY, reason=HOLD)
    subject.approve_erasure(made, who=WANG, at=TUESDAY)

    assert len(made.news) == 4


def test_what_was_approved_is_not_taken_back() -> None:
    made = asked()
    subject.approve_erasure(made, who=WANG, at=TUESDAY)

    with pytest.raises(NotAllowedError, match="cannot be taken back"):
        subject.set_hold(made, who=WANG, at=TUESDAY, reason=HOLD)
    with pytest.raises(NotAllowedError, match="cannot be taken back"):
        subject.approve_erasure(made, who=WANG, at=TUESDAY)
    with pytest.raises(NotAllowedError, match="already"):
        subject.request_erasure(made, who=WANG, at=TUESDAY, reason="again")
