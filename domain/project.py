"""One project: checked at its hold points, delivered, called back, reported and scored."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.complaint.correction import Path, Scalar
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import ActorId, Fact, Value, When, Who
from domain.record import Amended, Begun, Opening, Record, amend
from domain.rulebooks.keeping import HoldPoint
from domain.rulebooks.rulebook import Rules
from domain.shipment import Version
from domain.words import Code, Line, Text

Checked = Literal["passed", "failed"]
Hours = Annotated[int, Field(ge=0, le=10_000)]
Points = Annotated[int, Field(ge=0, le=1_000)]
Year = Annotated[int, Field(ge=2000, le=2200)]


class Scored(Value):
    """What one row of a scorecard came to."""

    row: Code
    points: Points


Scores = Annotated[tuple[Scored, ...], Field(min_length=1, max_length=50)]


@dataclass(kw_only=True)
class Project(Record):
    """A building or a system that is handed over to somebody, and served afterwards."""

    def passed(self, point: str) -> bool:
        """Whether a hold point was passed, and not failed again after."""
        checks = [check for check in self.all(HoldPointChecked) if check.point == point]
        latest = max(
            checks, key=lambda one: (one.occurred_at, one.originator_version), default=None
        )
        return latest is not None and latest.result == "passed"


# --- What can have happened. -----------------------------------------------------------


class ProjectBegun(Begun):
    """A project was taken on, and one person answers for it."""

    TOPIC = "project.begun"

    name: str
    customer: str | None = None
    responsible: ActorId | None = None

    def begin(self) -> Project:
        """The project that begins here."""
        return Project(number=self.number, zone=self.zone, rulebooks=self.rulebooks)


class HoldPointChecked(Fact):
    """A point at which work waits was looked at."""

    TOPIC = "project.hold_point_checked"

    point: str
    result: Checked
    hours: Hours | None = None  # how long the test lasted
    finding: str | None = None


class Delivered(Fact):
    """It was handed over."""

    TOPIC = "project.delivered"

    warranty_until: date | None = None


class CalledBack(Fact):
    """We asked the customer of a delivered project how it does."""

    TOPIC = "project.called_back"

    reached: bool
    satisfied: bool | None = None  # unknown when nobody was reached


class ReportFiled(Fact):
    """A report that is owed regularly was handed in."""

    TOPIC = "project.report_filed"

    report: str
    year: Year
    due: date | None = None  # the day it was due, where a regulation names one


class Evaluated(Fact):
    """It was scored for a year, row by row."""

    TOPIC = "project.evaluated"

    year: Year
    rows: tuple[Scored, ...]


class Corrected(Amended):
    """One value of the project was written down wrongly."""

    TOPIC = "project.corrected"


# --- What may be said. -----------------------------------------------------------------


def begun(
    opening: Opening,
    *,
    who: Who,
    when: When,
    name: Line,
    customer: Line | None = None,
    responsible: ActorId | None = None,
) -> ProjectBegun:
    """Note that a project was taken on."""
    return ProjectBegun(
        who=who,
        when=when,
        number=opening.number,
        source_key=opening.source_key,
        site=opening.site,
        zone=opening.zone,
        rulebooks=opening.rulebooks,
        name=name,
        customer=customer,
        responsible=responsible,
    )


def hold_point_checked(
    project: Project,
    rules: Rules,
    *,
    who: Who,
    when: When,
    point: Code,
    result: Checked,
    hours: Hours | None = None,
    finding: Text | None = None,
) -> None:
    """Note a check. What a regulation makes wait is not passed before its time."""
    points = {n: p for book in rules.books() for n, p in book.hold_points.items()}
    if points and point not in points:
        raise NotAllowedError(Lack("point", f"choose one of {', '.join(points)}"))
    if points and result == "passed":
        _may_pass(project, points[point], hours)
    project.record(
        HoldPointChecked(
            who=who, when=when, point=point, result=result, hours=hours, finding=finding
        )
    )


def delivered(
    project: Project,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    warranty_until: date | None = None,
) -> None:
    """Note that it was handed over. From then on its age is counted."""
    project.record(Delivered(who=who, when=when, warranty_until=warranty_until))


def called_back(
    project: Project,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    reached: bool,
    satisfied: bool | None = None,
) -> None:
    """Note what the customer said when asked."""
    project.record(CalledBack(who=who, when=when, reached=reached, satisfied=satisfied))


def report_filed(
    project: Project, rules: Rules, *, who: Who, when: When, report: Code, year: Year
) -> None:
    """Note that a report was handed in, one of those a regulation owes."""
    duties = {name: duty for book in rules.books() for name, duty in book.duties.items()}
    if duties and report not in duties:
        raise NotAllowedError(Lack("report", f"choose one of {', '.join(duties)}"))
    due = duties[report].due_in(year) if report in duties else None
    project.record(ReportFiled(who=who, when=when, report=report, year=year, due=due))


def evaluated(
    project: Project, rules: Rules, *, who: Who, when: When, year: Year, rows: Scores
) -> None:
    """Note a score. No row comes twice, or to more than its regulation gives it."""
    names = [scored.row for scored in rows]
    if len(set(names)) < len(names):
        raise InvalidError(Lack("rows", "a row comes twice"))
    most = _points_at_most(rules)
    for scored in rows:
        if most and scored.row not in most:
            raise NotAllowedError(Lack("rows", f"choose one of {', '.join(most)}"))
        limit = most.get(scored.row)
        if limit is not None and scored.points > limit:
            raise InvalidError(Lack("rows", f"{scored.row} has {limit} points at most"))
    project.record(Evaluated(who=who, when=when, year=year, rows=rows))


def correct(
    project: Project,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    corrects: Version,
    field: Path,
    new: Scalar = None,
    reason: Text,
) -> None:
    """Say what the right value is."""
    amend(
        project,
        Corrected,
        who=who,
        when=when,
        corrects=corrects,
        field=field,
        new=new,
        reason=reason,
    )


def _points_at_most(rules: Rules) -> dict[str, int | None]:
    """What each row of the scorecards can come to; none where its maximum is lost."""
    return {
        name: row.max or row.assumed_max
        for book in rules.books()
        for name, row in (book.scorecard.rows if book.scorecard else {}).items()
    }


def _may_pass(project: Project, point: HoldPoint, hours: int | None) -> None:
    lacking = [
        Lack(before, "this has to be passed first", point.clause)
        for before in point.after
        if not project.passed(before)
    ]
    if lacking:
        raise NotReadyError(*lacking)
    if point.hours is not None and (hours is None or hours < point.hours):
        fix = f"the test has to last {point.hours} hours"
        raise NotReadyError(Lack("hours", fix, point.clause))
