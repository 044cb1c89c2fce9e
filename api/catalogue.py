"""The catalogue of events for the docs: topic, names, what it is, who may record it."""

import sys

from api.identity.permissions import MAY
from api.pages.words import LANGS, word_list
from domain.event import Consequence, Event, Fact, sealed_fields
from domain.registry import REGISTRY

HEAD = """# Events

Written by `python -m api.catalogue` from the events themselves; a test holds it to them.
A *fact* is what the world did and is never refused for being late; a *decision* is a
person's, names its clause and the version it was made on; a *consequence* is what the
ledger itself records, in the same append as what it follows from. Fields marked ⚿ are
sealed with the key of the person they are about. Every event carries `who` (by, role,
source), its time, its version and its place in the ledger.

| topic | 中文 | English | kind | carries | who may |
|---|---|---|---|---|---|
"""
SHARED = {"originator_id", "originator_version", "who", "when", "party_id"} | {
    "decided_at",
    "clause",
    "saw",
    "rests_on",
    "follows_at",
}
# The right of an event that no deed of its own records.
ALSO = {
    "penalty.superseded": "proposed",
    "ledger.projection_rewound": "operate",
    "account.signing_failed": "account.password_set",
    "ledger.restored": "operate",
    "ledger.audit_exported": "read_personal",
    "subject.key_destroyed": "subject.erasure_approved",
}
# What nobody says: the reactor does, when the set of complaints or the time changed.
REACTS = {
    "complaint.deadline_lapsed",
    "complaint.upgraded",
    "cluster.alarmed",
    "cluster.extended",
    "cluster.withdrawn",
}
PUBLICATIONS = ("rulebook.", "policy_set.", "calendar.")


def catalogue() -> str:
    """The whole page."""
    return HEAD + "".join(f"{_row(topic, kind)}\n" for topic, kind in REGISTRY.items())


def _row(topic: str, kind: type[Event]) -> str:
    zh, en = (word_list(lang)(f"event.{topic}") for lang in LANGS)
    sealed = sealed_fields(kind)
    carries = [
        f"{name}⚿" if name in sealed else name
        for name in kind.model_fields
        if name not in SHARED
    ]
    what = "fact" if issubclass(kind, Fact) else "decision"
    may = ["the ledger"]
    if issubclass(kind, Consequence):
        what = "consequence"
        may = ["the reactor"] if topic in REACTS else may
    elif topic in REACTS:
        may = ["the reactor"]
    else:
        word = topic if topic in MAY else topic.split(".")[1]
        right = "publish" if topic.startswith(PUBLICATIONS) else ALSO.get(topic, word)
        may = sorted(MAY[right])
    cells = (f"`{topic}`", zh, en, what, ", ".join(carries) or "–", ", ".join(may))
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.stdout.write(catalogue())
