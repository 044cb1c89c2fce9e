"""What the clocks of a regulation say of a complaint: pure, from what happened.

Nothing here is a stored state. A stop that becomes known later but lies in time makes the
reading what it would have been; the order in which things became known changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.calendar import Calendar
from domain.clock_events import Happening, History
from domain.clock_explanation import Case, Edition, Reading
from domain.clock_runs import runs
from domain.clock_turns import turns
from domain.rulebooks.clocks import Clock
from domain.rulebooks.predicates import Facts


def read_clock(
    clock_id: str,
    clock: Clock,
    events: Iterable[Happening],
    facts: Facts,
    calendar: Calendar,
    now: datetime,
    rulebook: Edition,
) -> tuple[Reading, ...]:
    """A reading for each run, or each turn; none where there is no such clock.

    `now` ends the pauses that still last and tells which turns have passed; a due instant
    without pauses does not depend on it. Where it is unknown whether the clock applies, it
    runs, and says on which facts that rests.
    """
    conditional_on: tuple[str, ...] = ()
    if clock.applies_when is not None:
        judged = clock.applies_when.judge(facts)
        if judged.truth == "false":
            return ()
        conditional_on = judged.missing if judged.truth == "unknown" else ()
    case = Case(clock_id, clock, calendar, rulebook, now, conditional_on)
    history = History(events, clock, calendar)
    return tuple(turns(case, history) if clock.every else runs(case, history))
