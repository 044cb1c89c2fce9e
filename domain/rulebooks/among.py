"""Some of the sites, customers, kinds or products there are, or all but some."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from domain.rulebooks.strict import Named, Shape

Truth = Literal["true", "false", "unknown"]


class Among(Shape):
    """Some values, or all other than some. Nothing named means every value."""

    only: tuple[Named, ...] = ()
    other_than: tuple[Named, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.only and self.other_than:
            raise ValueError("a list of values, or `other_than`, not both")
        return self

    @property
    def is_any(self) -> bool:
        """Whether it leaves nothing out."""
        return not self.only and not self.other_than

    def holds(self, value: str | None) -> Truth:
        """Whether a value is among them; nobody knows that of an unknown one."""
        if self.is_any:
            return "true"
        if value is None:
            return "unknown"
        fits = value in self.only if self.only else value not in self.other_than
        return "true" if fits else "false"

    def meets(self, other: "Among") -> bool:
        """Whether some value is among both."""
        if self.only and other.only:
            return not {*self.only}.isdisjoint(other.only)
        if self.only or other.only:
            few, most = (self, other) if self.only else (other, self)
            return bool({*few.only} - {*most.other_than})
        return True  # what both leave out is finite, what there may be is not


def _among(value: object) -> object:
    """A plain list is short for those values only."""
    return {"only": tuple(value)} if isinstance(value, list | tuple) else value


Some = Annotated[Among, BeforeValidator(_among)]
EVERY = Among()
