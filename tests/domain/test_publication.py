"""Publication: put forward by one, approved by another, and then never another text."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.identity.permissions import MAY
from consumers.opening import Opened, opened, rulebooks
from consumers.publishing import publish_shipped
from domain.errors import InvalidError, NotAllowedError, NotReadyError, RefusedError
from domain.ledger import Request
from domain.rulebooks.approving import approve, begun, propose, reject, ship, withdraw
from domain.rulebooks.publication import Draft, Publication, stream_of
from tests.builders import LI, TUESDAY, WANG, WEDNESDAY, lodged, message

S46 = Path("domain/rulebooks/files/S46.yaml").read_text()
SET = Path("domain/rulebooks/policy_sets/plant.yaml").read_text()


def draft(text: str = "id: S46", version: int = 2, **said: Any) -> Draft:
    digest = hashlib.sha256(text.encode()).hexdigest()
    words = {"kind": "rulebook", "id": "S46", "version": version, "text": text}
    return Draft.model_validate({**words, "sha256": digest, **said})


def publication(*shipped: Draft) -> Publication:
    made = begun(draft())
    for one in shipped:
        ship(made, one, at=TUESDAY)
    return made


def topics(made: Publication) -> list[str]:
    return [event.TOPIC for event in made.log]


def test_one_puts_it_forward_and_another_publishes_it() -> None:
    made = publication(draft(version=1))
    propose(made, draft("new"), who=LI, at=TUESDAY, disturbs=None)
    assert made.newest == 1

    approve(made, 2, who=WANG, at=WEDNESDAY, disturbs=None)

    published = made.published[2]
    assert published.text == "new"
    assert [one.by for one in published.approvals] == ["p-li", "p-wang"]
    assert [one.at for one in published.approvals] == [TUESDAY, WEDNESDAY]
    assert made.proposed == {}


def test_saying_it_again_changes_nothing() -> None:
    made = publication()
    for _ in range(2):
        propose(made, draft(), who=LI, at=TUESDAY, disturbs=None)
    for _ in range(2):
        approve(made, 2, who=WANG, at=TUESDAY, disturbs=None)
    propose(made, draft(), who=LI, at=TUESDAY, disturbs=None)

    assert topics(made) == ["rulebook.proposed", "rulebook.published"]


def test_another_text_voids_what_waited() -> None:
    made = publication()
    propose(made, draft("one"), who=LI, at=TUESDAY, disturbs=None)
    propose(made, draft("two"), who=WANG, at=TUESDAY, disturbs=None)

    with pytest.raises(NotAllowedError):
        approve(made, 2, who=WANG, at=TUESDAY, disturbs=None)
    approve(made, 2, who=LI, at=TUESDAY, disturbs=None)

    assert made.published[2].text == "two"


@pytest.mark.parametrize(
    ("given", "then", "says"),
    [
        (draft("other", 1), NotAllowedError, "call this one version 4"),
        (draft("other", 2), NotAllowedError, "call this one version 4"),
        (draft(id="S47"), InvalidError, "is called S46"),
    ],
)
def test_a_version_is_what_it_is(given: Draft, then: type[RefusedError], says: str) -> None:
    made = publication(draft("first", 1), draft("third", 3))
    with pytest.raises(then) as refused:
        propose(made, given, who=LI, at=TUESDAY, disturbs=None)
    assert says in refused.value.lacks[0].fix
    assert len(made.log) == 2


def test_what_would_change_a_decision_needs_a_reason() -> None:
    made = publication()
    with pytest.raises(NotAllowedError, match="allow"):
        propose(made, draft(), who=LI, at=TUESDAY, disturbs="C-2026-000004")

    signed = draft(retroactive="agreed with all customers concerned")
    propose(made, signed, who=LI, at=TUESDAY, disturbs="C-2026-000004")
    approve(made, 2, who=WANG, at=TUESDAY, disturbs="C-2026-000004")

    assert made.published[2].retroactive == signed.retroactive


def test_a_decision_made_meanwhile_is_looked_at_again() -> None:
    made = publication()
    propose(made, draft(), who=LI, at=TUESDAY, disturbs=None)
    with pytest.raises(NotAllowedError):
        approve(made, 2, who=WANG, at=TUESDAY, disturbs="C-2026-000004")


def test_only_what_waits_is_approved() -> None:
    with pytest.raises(NotReadyError):
        approve(publication(), 2, who=WANG, at=TUESDAY, disturbs=None)


def test_what_is_rejected_waits_no_longer_and_may_be_put_forward_again() -> None:
    made = publication()
    with pytest.raises(NotReadyError):
        reject(made, 2, who=WANG, at=TUESDAY, reason="nothing waits")
    propose(made, draft(), who=LI, at=TUESDAY, disturbs=None)
    reject(made, 2, who=WANG, at=TUESDAY, reason="clause 3 is misread")
    with pytest.raises(NotReadyError):
        approve(made, 2, who=WANG, at=TUESDAY, disturbs=None)

    propose(made, draft(), who=LI, at=TUESDAY, disturbs=None)
    approve(made, 2, who=WANG, at=TUESDAY, disturbs=None)

    assert topics(made) == [
        "rulebook.proposed",
        "rulebook.rejected",
        "rulebook.proposed",
        "rulebook.published",
    ]


def test_a_version_ends_on_a_day_to_come() -> None:
    made = publication(draft(version=1))
    with pytest.raises(InvalidError):
        withdraw(made, 1, who=LI, at=TUESDAY, last_day=date(2026, 3, 2), reason="old")
    with pytest.raises(NotReadyError):
        withdraw(made, 7, who=LI, at=TUESDAY, last_day=date(2026, 3, 3), reason="old")
    for _ in range(2):
        withdraw(made, 1, who=LI, at=TUESDAY, last_day=date(2026, 3, 3), reason="old")
    assert topics(made) == ["rulebook.published", "rulebook.withdrawn"]


def test_who_publishes_is_a_person() -> None:
    assert MAY["publish"] == {"quality_manager", "administrator"}


async def test_the_first_start_publishes_what_comes_along(ledger: Opened) -> None:
    shipped = len([*rulebooks()])
    assert await publish_shipped(ledger, at=TUESDAY) == shipped + 1  # and the policy set
    assert await publish_shipped(ledger, at=WEDNESDAY) == 0

    stream = ledger.ledger.load(stream_of("rulebook", "S46"))

    assert isinstance(stream, Publication)
    assert stream.published[1].text == S46
    assert stream.published[1].approvals == ()
    await ledger.appender.close()


async def say(ledger: Opened, given: Draft) -> None:
    """Propose and approve, as two people would."""
    stream = stream_of(given.kind, given.id)

    def proposed(made: Publication, _rules: object) -> None:
        propose(made, given, who=LI, at=TUESDAY, disturbs=None)

    def approved(made: Publication, _rules: object) -> None:
        approve(made, given.version, who=WANG, at=TUESDAY, disturbs=None)

    for nth, decide in enumerate((proposed, approved)):
        await ledger.ledger.take(Request(message(), stream, 1 + nth, decide))


async def test_another_process_learns_of_it_without_a_restart(
    ledger: Opened, database: str, tmp_path: Path
) -> None:
    """And what was received before stays under what it was pinned to."""
    master = tmp_path / "keys" / "master.key"
    with opened(database, master=master) as other:
        await publish_shipped(ledger, at=TUESDAY)
        before = await lodged(other)
        book = S46.replace("version: 1", "version: 2", 1).replace(
            "clean_run: 3", "clean_run: 5"
        )
        await say(ledger, draft(book, 2))
        policy = SET.replace("version: 1", "version: 2").replace("S46@1", "S46@2")
        await say(ledger, draft(policy, 2, kind="policy_set", id="plant"))
        assert other.policies.current.name == "plant@1"

        assert other.policies.look().name == "plant@2"

        after = await lodged(other, under=other.policies.current, at=TUESDAY + timedelta(1))
        rules = [
            other.ledger.rulebooks.of(other.ledger.load(one.complaint_id))
            for one in (before, after)
        ]
        runs = [one.closing().gates["three_clean_batches"].need.clean_run for one in rules]
        assert runs == [3, 5]
        await other.appender.close()
    await ledger.appender.close()


async def test_a_text_of_the_store_goes_before_the_file(ledger: Opened) -> None:
    """A program that came with another S46@1 reads the one that was published."""
    text = S46.replace("clean_run: 3", "clean_run: 4")
    made = begun(draft(text, 1))
    ship(made, draft(text, 1), at=TUESDAY)
    entry = ledger.ledger.entry(message(), made, decided_on=0)
    await ledger.ledger.append([entry])

    closure = ledger.ledger.rulebooks["S46@1"].closure

    assert closure is not None
    assert closure.gates["three_clean_batches"].need.clean_run == 4
    assert await publish_shipped(ledger, at=TUESDAY) == len([*rulebooks()])
    await ledger.appender.close()
