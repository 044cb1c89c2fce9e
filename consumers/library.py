"""The library: regulations and policy sets as the store has them, read when asked for."""

from collections.abc import Iterable, Mapping
from functools import partial

from eventsourcing.persistence import ApplicationRecorder

from domain.codec import Codec
from domain.rulebooks import reading
from domain.rulebooks.policy import Policy, PolicySet
from domain.rulebooks.publication import Kind, Published, stream_of
from domain.rulebooks.rulebook import Acting, Rulebook, Rulebooks
from infra import yaml_files


class Library:
    """What was published, of one store. A text is read once; it does not change."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        codec: Codec,
        shipped: Iterable[Rulebook],
        acting: Acting,
    ) -> None:
        """*shipped* are read already; one that was published with these bytes is used."""
        self._recorder = recorder
        self._codec = codec
        self._shipped = {book.name: book for book in shipped}
        self.rulebooks = Rulebooks(self._shipped.values(), acting, self._rulebook)

    def policy(self, seen: int) -> tuple[int, Policy | None]:
        """What came after a version of the policy set's stream: its place, and the set."""
        came = self._published("policy_set", "", after=seen)
        if not came:
            return seen, None
        last = max(came, key=lambda one: one.version)
        made = policy_set(last.text.encode(), f"{last.id}.yaml")
        return came[-1].originator_version, Policy.of(made, self.rulebooks.__getitem__)

    def _rulebook(self, name: str) -> Rulebook | None:
        book_id, _, version = name.partition("@")
        for one in self._published("rulebook", book_id):
            if str(one.version) == version:
                ready = self._shipped.get(name)
                if ready is not None and ready.sha256 == one.sha256:
                    return ready
                return rulebook(one.text.encode(), f"{book_id}.yaml")
        return None

    def _published(self, kind: Kind, name: str, after: int = 0) -> list[Published]:
        stored = self._recorder.select_events(stream_of(kind, name), gt=after)
        events = [self._codec.to_domain_event(one) for one in stored]
        return [event for event in events if isinstance(event, Published)]


def rulebook(raw: bytes, file: str) -> Rulebook:
    """One regulation, checked to the last name."""
    data = yaml_files.parse(raw, file)
    return reading.published(raw, data, file, lambda: yaml_files.lines(raw))


def policy_set(
    raw: bytes, file: str, beside: Mapping[str, Rulebook] | None = None
) -> PolicySet:
    """One policy set, checked against the rulebooks it may name."""
    data = yaml_files.parse(raw, file)
    lines = partial(yaml_files.lines, raw)
    return reading.policy_set(data, file, lines, beside=beside)
