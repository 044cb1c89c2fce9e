"""What the ledger is told of a calendar: a year, and a day of the plant's own."""

from datetime import date

from consumers.opening import Opened, shipped_calendars
from domain import calendar_log
from domain.calendar_log import DaysOff
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, TUESDAY, WANG, message

FESTIVAL = DaysOff(
    first=date(2029, 2, 13), last=date(2029, 2, 19), zh="春节", en="festival"
)


async def tell_calendar(opened: Opened) -> None:
    """The year 2029, and a Sunday that is worked."""
    made = calendar_log.begun("cn")
    calendar_log.publish_year(
        made,
        Rules({}),
        who=WANG,
        at=TUESDAY,
        known=shipped_calendars()[0].calendar,
        year=2029,
        edition=1,
        off=(FESTIVAL,),
        worked=(date(2029, 2, 11),),
    )
    calendar_log.set_override(
        made,
        Rules({}),
        who=LI,
        at=TUESDAY,
        day=date(2029, 3, 4),
        working=True,
        reason="赶交期",
    )
    entry = opened.ledger.entry(message(), made, decided_on=0)
    await opened.ledger.append([entry])
