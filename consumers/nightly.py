"""Nightly: each night every read model is held against the store, and the result kept."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from consumers import fsck
from consumers.faults import BusyError, passes
from consumers.fsck import Checked, Told
from consumers.ownership import open_session
from infra import wall_clock
from infra.logs import log
from infra.settings import Settings
from projections import PROJECTIONS, checked
from projections.parked import said
from projections.projection import Projection

LOOK_S = 30.0


def check_and_note(
    projection: Projection, *, dsn: str, progress: Told = lambda _done, _of: None
) -> Checked:
    """Compare one read model, and keep what became of it for pages and probes."""
    began_at = wall_clock.now()
    found = fsck.check(projection, dsn=dsn, progress=progress)
    wrong = found.difference
    with open_session(dsn, "ledger fsck") as conn:
        checked.note(
            conn,
            projection.name,
            began_at=began_at,
            outcome="differs" if wrong else "same",
            position=found.position,
            events=found.events,
            place=f"{wrong.table} {wrong.row} {wrong.column}" if wrong else None,
        )
    return found


def every_night(chosen: Settings, dsn: str) -> Callable[[threading.Event], None]:
    """The work of a thread, as the settings want it; none, if they want none."""

    def work(stop: threading.Event) -> None:
        if chosen.fsck_at:
            at = time.fromisoformat(chosen.fsck_at)
            run(PROJECTIONS, dsn=dsn, at=at, zone=chosen.zone, stop=stop)

    return work


def run(
    projections: Sequence[Projection],
    *,
    dsn: str,
    at: time,
    zone: str,
    stop: threading.Event,
    clock: Callable[[], datetime] = wall_clock.now,
    look_s: float = LOOK_S,
) -> None:
    """Until told to stop: whatever was not looked at since the last turn, one by one.

    A night in which nobody was at work is made up for. Several processes share it: who
    comes second finds it done, or somebody at it.
    """
    since = clock()
    while not stop.is_set():
        try:
            for projection in _due(projections, dsn, since, last_turn(clock(), at, zone)):
                if not stop.is_set():
                    _look(projection, dsn)
        except Exception as error:
            if not passes(error):
                raise
            log.warning("fsck_waits", exc_info=error)
        stop.wait(look_s)


def last_turn(now: datetime, at: time, zone: str) -> datetime:
    """When it was that time of day last, on the clock of the place."""
    here = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(here.date(), at, here.tzinfo)
    return today if today <= here else today - timedelta(days=1)


def _due(
    projections: Sequence[Projection], dsn: str, since: datetime, turn: datetime
) -> list[Projection]:
    """Those that nobody has looked at since then."""
    with open_session(dsn, "ledger fsck") as conn:
        return [
            projection
            for projection in projections
            if (checked.last_at(conn, projection.name) or since) < turn
        ]


def _look(projection: Projection, dsn: str) -> None:
    """Compare it; what it cannot be compared for is kept too, and not tried until next."""
    began_at = wall_clock.now()
    try:
        found = check_and_note(projection, dsn=dsn)
    except BusyError:
        return
    except Exception as error:
        if passes(error):
            raise
        log.exception("fsck_failed", projection=projection.name)
        with open_session(dsn, "ledger fsck") as conn:
            kind = said(error)
            name = projection.name
            checked.note(conn, name, began_at=began_at, outcome="failed", place=kind)
        return
    if found.difference:
        log.error("fsck_differs", projection=projection.name, position=found.position)
    else:
        log.info("fsck_same", projection=projection.name, events=found.events)
