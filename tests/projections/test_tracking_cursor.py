"""Cursors come back from outside: each is a place in its own list, or it is refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection

from domain.errors import InvalidError
from projections import tracking_cursor
from projections.tracking_filter import SORTS
from projections.tracking_query import Query, page
from tests.projections.sixty import sixty


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    """A session that fills the table; it has sixty complaints in it."""
    return sixty(projector_conn)


def written(*words: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(words).encode()).decode().rstrip("=")


MARK = Query(sort="customer").mark()


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "AAAA", "é", written(), written(MARK, False, 0, 0, "C-1"),
        written("other", False, 0, 0, "C-1", "Nord"),
        written(MARK, 1, 0, 0, "C-1", "Nord"), written(MARK, False, -1, 0, "C-1", "Nord"),
        written(MARK, False, 0, 10**19, "C-1", "N"), written(MARK, False, 0, 0, None, "N"),
        written(MARK, False, 0, 0, "C\0", "Nord"), written(MARK, False, 0, 0, "C-1", 7),
        written(MARK, False, 0, 0, "C-1", "\ud800"), "W1tb" * 400,
    ],
)  # fmt: skip
def test_a_cursor_that_we_did_not_write_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidError) as refused:
        tracking_cursor.read(Query(sort="customer", cursor=cursor))

    assert [lack.field for lack in refused.value.lacks] == ["cursor"]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("received_at", "2026-03-03T09:00:00"),  # in which zone?
        ("received_at", None),  # every complaint was received some time
        ("received_at", 7),
        ("quantity", 9_999_999_999_999_999_999),
        ("quantity", True),
        ("stage", None),
    ],
)
def test_a_cursor_whose_value_the_list_cannot_have_is_refused(sort: str, key: Any) -> None:
    mark = Query(sort=sort).mark()

    with pytest.raises(InvalidError):
        tracking_cursor.read(
            Query(sort=sort, cursor=written(mark, False, 0, 0, "C-1", key))
        )


def test_a_cursor_of_one_list_says_nothing_in_another(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    cursor = page(app_conn, Query(limit=5)).next_cursor
    assert cursor is not None

    page(app_conn, Query(limit=9, cursor=cursor))
    for other in ({"descending": False}, {"sort": "number"}, {"open": True}):
        with pytest.raises(InvalidError):
            page(app_conn, Query(cursor=cursor, **other))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    sort=st.sampled_from(sorted(SORTS)),
    words=st.lists(JSON, max_size=7),
    key=JSON,
    plain=st.none() | st.text(),
)
def test_whatever_a_cursor_says_it_is_a_place_or_a_refusal(
    sort: str, words: list[Any], key: Any, plain: str | None
) -> None:
    ours = [Query(sort=sort).mark(), False, 3, 7, "C-1", key]
    for cursor in (written(*words), written(*ours), plain or ""):
        try:
            place = tracking_cursor.read(Query(sort=sort, cursor=cursor))
        except InvalidError:
            continue  # Refused: one of the two things that may come of it.
        assert place is None or place.number == "C-1"
