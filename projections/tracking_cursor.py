"""A cursor: where a page of a list ended, so that the next one begins right there."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from domain import json_text
from domain.errors import InvalidError, Lack, RefusedError
from projections.tracking_filter import CURSOR_MAX, Query, Sort, readable
from projections.tracking_row import Row

WHOLE_MAX = 2**63 - 1

Key = str | int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row of a list, be it still there or not; a page begins after or ends before it."""

    key: Key  # what it was sorted by; none is unknown, and unknown comes last
    number: str
    before: bool
    nth: int  # how many rows stood before the page that begins here, or after it ends
    position: int  # where the read model stood when paging began


def place_of(row: Row, query: Query, *, before: bool, nth: int, position: int) -> Place:
    """The place of a row in a list."""
    key = getattr(row, query.sorting.column)
    return Place(key=key, number=row.number, before=before, nth=nth, position=position)


def written(place: Place, query: Query) -> str:
    """The cursor as a page carries it: text for URLs, to be handed back as it is."""
    key = place.key.isoformat() if isinstance(place.key, datetime) else place.key
    words = [query.mark(), place.before, place.nth, place.position, place.number, key]
    return base64.urlsafe_b64encode(json.dumps(words).encode()).decode().rstrip("=")


def read(query: Query) -> Place | None:
    """The place that the cursor of a query names; `None` at the beginning of the list.

    It is not signed, since it shows nothing that the list itself does not; so all in it
    is taken for what anybody may have written.
    """
    if not query.cursor:
        return None
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        data = base64.b64decode(padded, altchars=b"-_", validate=True)
        words = json_text.parsed(data, bytes_max=CURSOR_MAX)
        return _place(words, query)
    except (ValueError, RefusedError) as error:
        raise InvalidError(Lack("cursor", "start again without a cursor")) from error


def _place(words: object, query: Query) -> Place:
    match words:
        case [str(mark), bool(before), int(nth), int(position), str(number), key]:
            sane = mark == query.mark() and readable(number)
            if sane and 0 <= nth <= WHOLE_MAX and 0 <= position <= WHOLE_MAX:
                return Place(
                    key=_key(key, query.sorting),
                    number=number,
                    before=before,
                    nth=nth,
                    position=position,
                )
    raise ValueError("no cursor of this list")


def _key(key: object, sorting: Sort) -> Key:
    match sorting.kind, key:
        case _, None if sorting.nullable:
            return None
        case "text", str() if readable(key):
            return key
        case "whole", int() if not isinstance(key, bool) and abs(key) <= WHOLE_MAX:
            return key
        case "instant", str():
            instant = datetime.fromisoformat(key)
            if instant.tzinfo is not None:
                return instant
    raise ValueError("nothing that this list is sorted by")
