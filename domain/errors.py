"""Every refusal. Its docstring is what people read; each lack says what mends it."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that stands in the way: where, by which clause, and what to do about it."""

    field: str
    fix: str
    clause: str = ""


class RefusedError(Exception):
    """The ledger does not do this."""

    def __init__(self, *lacks: Lack) -> None:
        super().__init__(self.__doc__, *lacks)
        self.lacks = lacks
        self.version: int | None = None  # of the complaint it was refused on

    @classmethod
    def code(cls) -> str:
        """The stable name a program can act on, as in `not-ready`."""
        word = cls.__name__.removesuffix("Error")
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in word).strip("-")


class InvalidError(RefusedError):
    """Something in the request is not as it has to be."""


class UnreadableError(InvalidError):
    """This cannot be read as JSON."""


class UnknownComplaintError(RefusedError):
    """We know no such complaint."""


class UnknownNoticeError(RefusedError):
    """We know no such penalty notice."""


class UnknownRecordError(RefusedError):
    """We know nothing under this number."""


class UnknownClusterError(RefusedError):
    """We know no such repeat alarm."""


class UnknownAccountError(RefusedError):
    """We know nobody of that name."""


class UnknownMessageError(RefusedError):
    """We know no such message."""


class NotPermittedError(RefusedError):
    """Your roles do not allow this."""


class NotAllowedError(RefusedError):
    """The complaint's regulation does not allow this now."""


class NotReadyError(RefusedError):
    """Something has to happen first."""


class VersionNeededError(RefusedError):
    """A decision must name the version it saw."""


class ChangedMeanwhileError(RefusedError):
    """Somebody changed the complaint after you saw it."""


class NameTakenError(RefusedError):
    """Another complaint already bears this name."""


class MessageReusedError(RefusedError):
    """This message id has already been used for something else."""


class TooLargeError(RefusedError):
    """This is larger than the ledger takes."""


class ErasedError(RefusedError):
    """The person's key is gone; nothing more can be written about them."""


class BusyError(RefusedError):
    """Too many changes at once; nothing was recorded."""


class UnreachableError(RefusedError):
    """The store does not answer now."""


def refusals() -> dict[str, type[RefusedError]]:
    """Every kind of refusal, by its code."""
    kinds = RefusedError.__subclasses__()
    for kind in kinds:  # those found join the end of the line
        kinds += kind.__subclasses__()
    return {kind.code(): kind for kind in kinds}


def told(refused: RefusedError) -> str:
    """A refusal as text, to be stored as the answer to its message."""
    lacks = [asdict(lack) for lack in refused.lacks]
    return json.dumps({"code": refused.code(), "lacks": lacks}, ensure_ascii=False)


def retold(text: str, *, version: int | None) -> RefusedError:
    """The refusal that was stored: the same words to the same message."""
    stored = json.loads(text)
    refused = refusals()[stored["code"]](*(Lack(**lack) for lack in stored["lacks"]))
    refused.version = version
    return refused
