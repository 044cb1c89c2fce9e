"""The shape of rulebook data: frozen, and a word we do not know is an error in the file."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,59}$")]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
Points = Annotated[int, Field(ge=0, le=1_000)]


class Shape(BaseModel):
    """A part of a rulebook."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Shape):
    """The same thing said in both languages."""

    zh: Named
    en: Named
