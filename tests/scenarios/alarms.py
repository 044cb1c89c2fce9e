"""Alarms in the domain alone: what the reactor does after each complaint, without it."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain import cluster, repeats
from domain.cluster import Cluster, Part
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.deeds import CLUSTER_DEEDS
from domain.event import REACTOR
from domain.repeats import Share
from domain.rulebooks.rulebook import Rulebooks, Rules
from tests.builders import WANG
from tests.scenarios.language import Step

NO_RULES = Rules({})


class Alarms:
    """Every alarm over the complaints of a story."""

    def __init__(self, books: Rulebooks) -> None:
        self._books = books
        self.raised: dict[UUID, Cluster] = {}

    def look(self, complaints: Iterable[Complaint], at: datetime) -> None:
        """Bring each alarm to what its key comes to now."""
        keys: dict[tuple[str, tuple[Part, ...]], list[Share]] = {}
        for one in complaints:
            first = next(one.all(Received))
            for adds in repeats.adds(one, self._books):
                place = (one.id, one.number, first.received_at, one.zone)
                keys.setdefault((adds.rule, adds.key), []).append(Share(*place, adds.parts))
        for (rule, key), shares in keys.items():
            book = self._books[repeats.split(rule)[0]]
            found = repeats.found(book, rule, key, shares)
            stands = self.raised.get(found.cluster_id)
            if stands is not None:
                cluster.followed(stands, NO_RULES, found=found, who=REACTOR, at=at)
            elif (begun := cluster.raised(found, who=REACTOR, at=at)) is not None:
                self.raised[found.cluster_id] = begun

    def say(self, step: Step) -> None:
        """What a person says about the one alarm there is."""
        [alarm] = self.raised.values()
        deed = CLUSTER_DEEDS[step.word]
        body = deed.shape.model_validate_json(json.dumps(step.body))
        deed.said(body, who=WANG, at=step.when, ids={})(alarm, NO_RULES)
