"""What a rulebook can govern, and the section of it that has to speak of that."""

from collections.abc import Mapping
from typing import Literal

Topic = Literal[
    "intake",
    "spokesperson",
    "screening",
    "grading",
    "clocks",
    "repeats",
    "closure",
    "approvals",
    "escalation",
    "fines",
    "scores",
    "compensation",
    "causes",
    "stages",
    "numbering",
    "duties",
    "archive",
    "access",
    "forms",
    "kpis",
    "hold_points",
]
# What can be governed, and the section of a rulebook that has to speak of it.
TOPICS: Mapping[str, str] = {
    "intake": "intake",
    "spokesperson": "spokesperson",
    "screening": "screening",
    "grading": "grading",
    "clocks": "clocks",
    "repeats": "repeats",
    "closure": "closure",
    "approvals": "approvals",
    "escalation": "escalation",
    "fines": "penalties",
    "scores": "scorecard",
    "compensation": "compensation",
    "causes": "causes",
    "stages": "stages",
    "numbering": "numbering",
    "duties": "duties",
    "archive": "archive",
    "access": "access",
    "forms": "forms",
    "kpis": "kpis",
    "hold_points": "hold_points",
}
