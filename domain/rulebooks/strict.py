"""The shape of rulebook data: frozen, and a word we do not know is an error in the file."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

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


class Remark(Words):
    """A word on a text itself. One plain text, as older files have it, is said in both."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, said: Any) -> Any:  # noqa: ANN401  # plain data has any shape
        return {"zh": said, "en": said} if isinstance(said, str) else said
