"""What can go wrong with Kafka, in our words: nothing of the client's gets past here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kafka import errors as client


class KafkaTroubleError(Exception):
    """Kafka did not do what it was asked to, and later it may.

    Take a new client, find your own place again, go on; never go on with the old client.
    """


class KafkaUnreachableError(KafkaTroubleError):
    """No connection; the text says which mistakes in the settings it can be."""


class NoAnswerError(KafkaTroubleError):
    """Connected, but no answer within the time we give it."""


class NotAllowedError(KafkaTroubleError):
    """Kafka knows us and refuses this: a right is missing, see docs/kafka.md."""


class TopicMissingError(KafkaTroubleError):
    """There is no such topic. Reading it would only be silence, so ask before."""


class NotDeliveredError(KafkaTroubleError):
    """Not every record was acknowledged; some may stand in the log all the same."""


class OffsetLostError(Exception):
    """The log does not hold what stood at our offset: records were removed, or rewritten.

    Waiting mends nothing. Our own topic is healed from the store; of another's topic those
    messages are lost to us. `partitions` says where.
    """

    def __init__(self, text: str, partitions: Iterable[int]) -> None:
        super().__init__(text)
        self.partitions = tuple(sorted(partitions))


class UnreadableRecordError(Exception):
    """A record that no client can decode, as one with a header's name that is not UTF-8.

    The broker lets it through and a reader meets it for ever: put (partition, offset) down
    as a dead letter and seek past it. What follows in the same batch is unreadable too.
    """

    def __init__(self, text: str, partition: int, offset: int) -> None:
        super().__init__(text)
        self.partition, self.offset = partition, offset


class RecordTooLargeError(Exception):
    """The topic takes no record of this size, now or later: stop and raise the alarm."""


class SenderAliveError(Exception):
    """A discarded publisher's thread lives on and may still send: end this process."""


_LOST = (client.OffsetOutOfRangeError, client.LogTruncationError)
_TOO_LARGE = (client.MessageSizeTooLargeError, client.RecordListTooLargeError)
_MISSING = (client.UnknownTopicOrPartitionError, client.UnknownTopicIdError)
_REFUSED = (client.AuthorizationError, client.SaslAuthenticationFailedError)
_SILENT = (
    client.KafkaTimeoutError,
    client.RequestTimedOutError,
    client.NodeNotReadyError,
    client.KafkaConnectionError,
)


@contextmanager
def in_our_words(doing: str) -> Iterator[None]:
    """Turn what the client raises in here into ours; `doing` begins the sentence."""
    try:
        yield
    except (client.KafkaError, OSError) as error:
        raise translated(error, doing) from error


def translated(error: BaseException, doing: str) -> Exception:
    """Ours for one of the client's."""
    text = f"{doing}: {type(error).__name__}: {error}"
    if isinstance(error, _LOST):
        where = getattr(error, "divergent_offsets", None) or error.args[0]
        return OffsetLostError(text, (at.partition for at in where))
    for theirs, ours in (
        (_TOO_LARGE, RecordTooLargeError),
        (_MISSING, TopicMissingError),
        (_REFUSED, NotAllowedError),
        (_SILENT, NoAnswerError),
    ):
        if isinstance(error, theirs):
            return ours(text)
    # A producer without a right is told so inside the text of a general error.
    if "AuthorizationFailedError" in text:
        return NotAllowedError(text)
    return KafkaTroubleError(text)
