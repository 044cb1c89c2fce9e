"""Sent: a form as it came back, what it says, and what is wrong with it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

from fastapi import Request
from pydantic import BaseModel

from api.asked import KEY
from api.pages.page import is_ours
from api.parts import Parts
from domain.entry import Message
from domain.errors import InvalidError, Lack
from domain.json_text import validated

FIELDS_MAX = 900
VERSION = re.compile(r"[1-9][0-9]{0,8}")
SOURCE = "web"

M = TypeVar("M", bound=BaseModel)
Wrongs = dict[str, list[str]]  # by the field's name


@dataclass(frozen=True, slots=True)
class Sent:
    """What was typed, with what the form carried along."""

    texts: Mapping[str, str]
    is_ours: bool

    @property
    def more(self) -> str:
        """The list that is to get one more row, if that was asked for and nothing else."""
        return self.texts.get("more", "")

    @property
    def version(self) -> int | None:
        """The version the sender saw."""
        said = self.texts.get("version", "")
        return int(said) if VERSION.fullmatch(said) else None

    @property
    def key(self) -> str:
        """The form's own name, so that sending it twice records it once."""
        said = self.texts.get("key", "")
        return said if KEY.fullmatch(said) else str(uuid4())

    def message(self, parts: Parts, path: str, raw: bytes) -> Message:
        """What the ledger is asked, under the form's name."""
        said = f"{path}\n{self.version}\n".encode() + raw
        digest = hashlib.sha256(said).digest()
        return Message(f"http:{parts.operator.id}", self.key, digest)


async def sent(request: Request) -> Sent:
    """The form of a request. Files are none of its business."""
    async with request.form(max_files=0, max_fields=FIELDS_MAX) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
    return Sent(texts, is_ours(request, texts.get("token", "")))


@dataclass(slots=True)
class Checked:
    """The words of a form as bytes of JSON, and everything that is wrong with them."""

    raw: bytes
    wrong: Wrongs = field(default_factory=dict)

    def note(self, *lacks: Lack) -> None:
        """Something is wrong; what was already said of a field is not said again."""
        for lack in lacks:
            known = self.wrong.setdefault(lack.field, [])
            if lack.fix not in known:
                known.append(lack.fix)

    def lacks(self) -> list[Lack]:
        """The same, one by one."""
        return [Lack(name, fix) for name, fixes in self.wrong.items() for fix in fixes]


def checked(
    shape: type[M], words: Mapping[str, Any], unread: Mapping[str, str]
) -> tuple[M | None, Checked]:
    """What is said, if it has the shape; *unread* is what could not even be read."""
    found = Checked(json.dumps(words, ensure_ascii=False).encode())
    found.note(*(Lack(name, fix) for name, fix in unread.items()))
    try:
        made = validated(shape, found.raw)
    except InvalidError as refused:
        found.note(*(lack for lack in refused.lacks if not _said(lack.field, unread)))
        return None, found
    return (None if found.wrong else made), found


def _said(name: str, unread: Mapping[str, str]) -> bool:
    """Whether a field that is missing is only missing because nobody could read it."""
    return any(one == name or one.startswith(f"{name}.") for one in unread)
