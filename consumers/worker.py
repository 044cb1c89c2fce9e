"""A worker: one read model in one process, whatever happens to connections and feeds."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from typing import Any

import psycopg
from psycopg import Connection

from consumers import trouble
from consumers.faults import passes
from consumers.feed import Feed
from consumers.ownership import Member, MemberLostError, open_session
from consumers.projector import Projector
from consumers.rebuild import rebuild_projection
from consumers.shift import Shift
from domain.codec import Codec
from infra.logs import log
from projections import generations
from projections.progress import NotOursError
from projections.projection import Projection

PAUSE_MIN_S = 0.1
PAUSE_MAX_S = 5.0
STOPPED_S = 30.0  # somebody may have mended it meanwhile, so a stop looks again
LOOK_S = 0.1


class OtherTablesError(Exception):
    """The tables that are read were made by another program than this one."""


class Worker:
    """Works shifts until told to stop, or until its leases may be another's."""

    def __init__(
        self,
        projection: Projection,
        member: Member,
        opens: Callable[[Connection[Any]], Feed],
        *,
        codec: Codec,
        dsn: str,
        stop: threading.Event,
        parked_max: int,
    ) -> None:
        self.projection = projection
        self._member = member
        self._opens = opens
        self._codec = codec
        self._dsn = dsn
        self._stop = stop
        self._parked_max = parked_max
        self._what = f"projection {projection.name}"
        self._pause_s = PAUSE_MIN_S
        self._may_rebuild = True
        self._last_words = ""

    def run(self) -> None:
        """What passes is tried again. What does not is shown, and tried now and then."""
        while not self._done:
            try:
                with suppress(NotOursError):  # other tables are read now: fill those
                    self._shift()
            except Exception as error:  # noqa: BLE001  # seen in health, and tried again
                self._rest(self._mishap(error))

    @property
    def _done(self) -> bool:
        return self._stop.is_set() or self._member.lost

    def _shift(self) -> None:
        with ExitStack() as stack:
            conn = stack.enter_context(closing(self._member.session()))
            generation = self._tables(conn)
            feed = self._opens(conn)
            stack.callback(feed.close)
            projector = Projector(
                self.projection,
                generation.name,
                codec=self._codec,
                conn=conn,
                parked_max=self._parked_max,
            )
            shift = Shift(projector, feed, self._member)
            stack.callback(_end, shift)
            while not self._done:
                shift.step()
                if shift.began:
                    shift.began = False
                    trouble.over(conn, self._what)
                    self._last_words, self._pause_s = "", PAUSE_MIN_S

    def _tables(self, conn: Connection[Any]) -> generations.Generation:
        """Those that are read, made anew if an older program left them.

        Only when we begin: two programs side by side would rebuild without end.
        """
        found = generations.live(conn, self.projection.name)
        if found is None or found.definition != self.projection.definition:
            if not self._may_rebuild:
                raise OtherTablesError(f"stop this program, or: {self._mend}")
            log.warning("rebuild_begins", projection=self.projection.name)
            rebuild_projection(self.projection, dsn=self._dsn, parked_max=self._parked_max)
            found = generations.live(conn, self.projection.name)
            assert found is not None
        self._may_rebuild = False
        return found

    @property
    def _mend(self) -> str:
        return f"ledger rebuild {self.projection.name}"

    def _mishap(self, error: Exception) -> float:
        """Say it where it is seen; how long to rest."""
        kind: trouble.Kind = "waits" if passes(error) else "stopped"
        if trouble.said(error) != self._last_words:
            self._last_words = trouble.said(error)
            say = log.warning if kind == "waits" else log.error
            say(f"projection_{kind}", projection=self.projection.name, exc_info=error)
        with (
            suppress(psycopg.Error),  # then nobody can be told
            open_session(self._dsn, "ledger trouble") as conn,
        ):
            trouble.note(conn, self._what, kind, error, self._member.id)
        if kind == "stopped":
            return STOPPED_S
        rest, self._pause_s = self._pause_s, min(self._pause_s * 2, PAUSE_MAX_S)
        return rest

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._done and time.monotonic() < until:
            self._stop.wait(LOOK_S)


def _end(shift: Shift) -> None:
    with suppress(MemberLostError):
        shift.end()
