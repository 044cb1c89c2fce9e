"""What went wrong: nothing for long, nobody's event, or this very event."""

import psycopg

from consumers.feed import (
    GapError,
    LostPlaceError,
    StrangeRecordError,
    TopicChangedError,
)
from consumers.ownership import MemberLostError
from consumers.store_feed import HoleError
from domain.registry import UnknownTopicError
from infra.kafka import KafkaTroubleError, OffsetLostError, UnreadableRecordError
from projections.parked import TooManyParkedError
from projections.progress import NotOursError, OutOfStepError
from projections.projection import UnhandledError


class BusyError(Exception):
    """Somebody else is at it, or was in between: look again."""


class StoreBehindError(Exception):
    """The feed brings what the store has not. It may have been put back to an old copy."""


# SQLSTATE classes. Connection, rollback, resources, locks, operator, system: they pass.
PASSING_STATES = {"08", "40", "53", "55", "57", "58"}
# Feature, transaction, role, schema, words and rights, damage: about program and database.
PROGRAM_STATES = {"0A", "25", "26", "28", "3D", "3F", "42", "XX"}
PASSING = (
    BusyError,
    GapError,
    KafkaTroubleError,
    LostPlaceError,
    MemberLostError,
    TopicChangedError,
    OffsetLostError,
    NotOursError,
    OutOfStepError,
    psycopg.InterfaceError,
    ConnectionError,
    TimeoutError,
)
STOPPING = (
    HoleError,
    StoreBehindError,
    StrangeRecordError,
    UnreadableRecordError,
    UnknownTopicError,
    UnhandledError,
    TooManyParkedError,
)


def passes(error: BaseException) -> bool:
    """Whether the same again may do, later."""
    if isinstance(error, psycopg.Error):
        return isinstance(error, psycopg.InterfaceError) or (
            error.sqlstate[:2] in PASSING_STATES
            if error.sqlstate
            else isinstance(error, psycopg.OperationalError)
        )
    return isinstance(error, PASSING)


def blames_the_event(error: BaseException) -> bool:
    """Whether it is this event that a read model cannot follow, now or later."""
    if passes(error) or isinstance(error, STOPPING):
        return False
    if isinstance(error, psycopg.Error) and error.sqlstate:
        return error.sqlstate[:2] not in PROGRAM_STATES
    return isinstance(error, Exception)
