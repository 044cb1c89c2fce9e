"""A value of a rulebook by its path, told as a text."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from domain.rulebooks.strict import Words


def at(part: Any, path: str) -> Any:  # whatever stands there
    """What stands at a path; one of a list goes by its code or its number."""
    for step in path.split("."):
        if isinstance(part, Mapping):
            part = part[step]
        elif isinstance(part, tuple):
            coded = {getattr(one, "code", None): one for one in part}
            part = part[int(step)] if step.isdecimal() else coded[step]
        else:
            part = getattr(part, step)
    return part


def told(part: Any) -> str:
    """A value as a text."""
    if isinstance(part, Words):
        return part.zh
    if isinstance(part, Mapping | tuple):
        return " ".join(str(getattr(one, "code", one)) for one in part)
    if not isinstance(part, BaseModel):
        return str(part)
    for name, word in (("immediate", "at once"), ("until_field", "until")):
        if getattr(part, name, None):
            return word
    return f"{at(part, 'amount')} {at(part, 'unit')}"
