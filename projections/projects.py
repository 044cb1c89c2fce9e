"""Projects (项目): one row each: hold points, delivery, callbacks, the last score."""

from collections.abc import Mapping
from typing import Any

from domain.project import (
    CalledBack,
    Corrected,
    Delivered,
    Evaluated,
    HoldPointChecked,
    Project,
    ProjectBegun,
    ReportFiled,
)
from domain.record import Record
from projections.records import day_of, record_projection

COLUMNS = (
    "number",
    "name",
    "customer",
    "responsible",
    "begun_on",
    "passed",
    "failed",
    "delivered_on",
    "warranty_until",
    "callbacks",
    "called_back_on",
    "reports",
    "score_year",
    "score",
    "site",
    "source",
    "source_key",
    "corrected",
)
TABLE_SQL = """
    name           text    COLLATE "C" NOT NULL,
    customer       text    COLLATE "C",
    responsible    text    COLLATE "C",    -- a pseudonym
    begun_on       date    NOT NULL,
    passed         jsonb   NOT NULL,       -- hold points that stand passed
    failed         jsonb   NOT NULL,       -- and those that were looked at and do not
    delivered_on   date,
    warranty_until date,
    callbacks      bigint  NOT NULL,       -- that reached the customer
    called_back_on date,                   -- the last of them
    reports        jsonb   NOT NULL,       -- with day, due day and whether late
    score_year     bigint,
    score          bigint,                 -- points of the latest year that was scored
    site           text    COLLATE "C" NOT NULL,
    source         text    COLLATE "C" NOT NULL,
    source_key     text    COLLATE "C",
    corrected      bigint  NOT NULL
"""


def columns(record: Record) -> Mapping[str, Any]:
    """What is known of a project, as it stands corrected."""
    assert isinstance(record, Project)
    begun = next(record.all(ProjectBegun))
    points = sorted({check.point for check in record.all(HoldPointChecked)})
    delivered = min(record.all(Delivered), key=lambda one: one.occurred_at, default=None)
    reached = sorted(one.occurred_at for one in record.all(CalledBack) if one.reached)
    scored = max(
        record.all(Evaluated),
        key=lambda one: (one.year, one.occurred_at, one.originator_version),
        default=None,
    )
    return {
        "name": begun.name,
        "customer": begun.customer,
        "responsible": begun.responsible,
        "begun_on": day_of(record, begun.occurred_at),
        "passed": [point for point in points if record.passed(point)],
        "failed": [point for point in points if not record.passed(point)],
        "delivered_on": delivered and day_of(record, delivered.occurred_at),
        "warranty_until": delivered and delivered.warranty_until,
        "callbacks": len(reached),
        "called_back_on": day_of(record, reached[-1]) if reached else None,
        "reports": [_report(record, one) for one in record.all(ReportFiled)],
        "score_year": scored and scored.year,
        "score": sum(row.points for row in scored.rows) if scored else None,
        "site": begun.site,
        "source": begun.who.source,
        "source_key": begun.source_key,
        "corrected": len(list(record.all(Corrected))),
    }


def _report(record: Record, filed: ReportFiled) -> Mapping[str, Any]:
    """A report with its day: late when it was filed after the day it was due."""
    filed_on = day_of(record, filed.occurred_at)
    due = filed.due.isoformat() if filed.due else None
    return {
        "report": filed.report,
        "year": filed.year,
        "filed_on": filed_on,
        "due": due,
        "late": None if due is None else filed_on > due,
    }


projects = record_projection("project", "projects", TABLE_SQL, columns)
