"""Money: a whole number of the smallest unit, and never without its currency."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MINOR_MAX = 10**15

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]  # ISO 4217


class Amount(BaseModel):
    """An amount of money, as 12050 CNY (fen) for 120.50 yuan."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    minor: Annotated[int, Field(ge=0, le=MINOR_MAX)]
    currency: Currency
