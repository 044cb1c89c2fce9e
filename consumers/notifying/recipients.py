"""Recipients: who is told of what, where, and when not; from a file of the plant's."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from consumers.notifying.hours import Quiet
from infra import yaml_files

Topic = Literal["deadline_lapsed", "lapse_withdrawn", "escalated", "upgraded", "alarmed"]
TOLD: tuple[Topic, ...] = get_args(Topic)
Address = Annotated[
    str, StringConstraints(pattern=r"^[^@\s,<>]+@[^@\s,<>]+$", max_length=254)
]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=500)]
Channel = Literal["mail", "webhook"]
RECIPIENTS_MAX = 200


class RecipientsError(Exception):
    """The file of recipients cannot be used; the text says where and why."""


class Recipient(BaseModel):
    """One who is told: by mail, by a webhook, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: tuple[Topic, ...] = TOLD
    roles: tuple[str, ...] = ()  # of a ladder: whom a rung asks; none: of every rung
    mail: tuple[Address, ...] = ()
    webhook: Url | None = None
    language: Literal["zh", "en"] = "zh"
    quiet: Quiet | None = None

    def channels(self) -> list[Channel]:
        """How they are reached."""
        given: dict[Channel, object] = {"mail": self.mail, "webhook": self.webhook}
        return [channel for channel, address in given.items() if address]


class Recipients(BaseModel):
    """Everybody who is told anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipients: dict[str, Recipient] = Field(default={}, max_length=RECIPIENTS_MAX)

    def of(self, topic: str, roles: Iterable[str] = ()) -> Iterator[tuple[str, Recipient]]:
        """Who wants to know of this; what asks certain roles is for those alone."""
        asked = {*roles}
        for name, one in self.recipients.items():
            meant = not asked or not one.roles or asked & {*one.roles}
            if topic in one.of and meant:
                yield name, one

    def check(self, calendars: Collection[str]) -> None:
        """Refuse quiet hours by a calendar that there is not."""
        for name, one in self.recipients.items():
            if one.quiet is not None and one.quiet.calendar not in calendars:
                known = ", ".join(sorted(calendars))
                raise RecipientsError(f"recipients.{name}.quiet.calendar: one of {known}")


NOBODY = Recipients()


def read(path: Path | None) -> Recipients:
    """The recipients of a file; nobody without one."""
    if path is None:
        return NOBODY
    try:
        return Recipients.model_validate(yaml_files.read(path))
    except (OSError, yaml_files.YamlFileError) as error:
        raise RecipientsError(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise RecipientsError(f"{path.name}: {where}: {first['msg']}") from error
