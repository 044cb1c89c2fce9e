"""A file becomes messages: rehearsed with every refused row, and brought in once."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.inbound.importing import Import
from consumers.inbound.intake import Intake
from infra.kafka import Cluster, Publisher, Topics
from tests.inbound.looking import events, rows, until
from tests.inbound.plant import taking_in

COLUMNS = [
    "Date received",
    "Product",
    "Sub-product",
    "Issue",
    "Sub-issue",
    "Consumer complaint narrative",
    "Company public response",
    "Company",
    "State",
    "ZIP code",
    "Tags",
    "Consumer consent provided?",
    "Submitted via",
    "Date sent to company",
    "Company response to consumer",
    "Timely response?",
    "Consumer disputed?",
    "Complaint ID",
]
PRODUCTS = ("Mortgage", "Credit card", "Payday loan, title loan, or personal loan")
CHANNELS = {"Web": "web", "Phone": "phone", "Postal mail": "post", "Fax": "fax"}
RESPONSES = ("Closed with explanation", "Closed with monetary relief", "In progress")
ROW = {
    "Date received": "2023-07-04",
    "Product": "Mortgage",
    "Issue": "Struggling to pay",
    "Company": "ACME BANK",
    "Submitted via": "Web",
    "Date sent to company": "2023-07-05",
    "Company response to consumer": "Closed with explanation",
    "Complaint ID": "1",
}
CFPB = sources.read(sources.OURS / "cfpb.yaml")
ALL = sources.load(site="plant-1", zone="Asia/Shanghai")

SUMS = """
SELECT jsonb_object_agg(topic, n)
  FROM (SELECT topic, count(*) AS n FROM ledger.event GROUP BY topic) AS t
"""

RECEIVED = (
    "SELECT s -> 'items' -> 0 ->> 'product', s ->> 'channel', s ->> 'received_at',"
    " s ->> 'region', s ->> 'number', s -> 'when' ->> 'precision', s ->> 'origin'"
    " FROM ledger.event, LATERAL (SELECT convert_from(state, 'UTF8')::json AS s) AS x"
    " WHERE topic = 'complaint.received' ORDER BY position"
)


def a_file_of_the_same_shape(many: int) -> list[dict[str, str]]:
    """Rows as the public export has them: some without words, some without an answer."""
    return [
        dict.fromkeys(COLUMNS, "")
        | {
            "Date received": f"20{15 + n % 9}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            "Product": PRODUCTS[n % 3],
            "Sub-product": "None",
            "Issue": f"Issue {n % 7}",
            "Consumer complaint narrative": f'He said "no",\nand XXXX {n}.'
            if n % 2
            else "",
            "Company": f"BANK {n % 5}, N.A.",
            "State": ("CA", "None", "")[n % 3],
            "Submitted via": list(CHANNELS)[n % 4],
            "Date sent to company": f"20{15 + n % 9}-{n % 12 + 1:02}-28",
            "Company response to consumer": RESPONSES[n % 3],
            "Complaint ID": str(100 + n),
        }
        for n in range(many)
    ]


def as_csv(lines: Sequence[Mapping[str, object]], *, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    columns = list(lines[0]) if lines else COLUMNS
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def written(folder: Path, lines: Sequence[Mapping[str, object]]) -> Path:
    path = folder / "export.csv"
    path.write_bytes(as_csv(lines))
    return path


def an_import(path: Path) -> Import:
    return Import(path, CFPB, ALL)


async def test_every_row_becomes_a_complaint_with_what_followed(
    tmp_path: Path, desk: Desk, intake: Intake
) -> None:
    lines = a_file_of_the_same_shape(60)
    done: list[int] = []
    task = an_import(written(tmp_path, lines))
    rehearsed = task.rehearse()
    report = await task.bring_in(intake, done.append)

    assert (rehearsed.rows, rehearsed.messages, rehearsed.refused) == (60, 160, [])
    assert (report.rows, report.messages) == (60, 160)
    assert report.outcomes == {"accepted": 160}
    assert done == list(range(1, 61))
    [(by_topic,)] = await rows(desk, SUMS)
    assert by_topic == {
        "complaint.received": 60,
        "complaint.handed_over": 60,
        "complaint.replied": 40,
    }
    found = await rows(desk, RECEIVED)
    assert Counter(row[0] for row in found) == Counter(line["Product"] for line in lines)
    assert Counter(row[1] for row in found) == Counter(
        CHANNELS[line["Submitted via"]] for line in lines
    )
    assert Counter(row[2][:7] for row in found) == Counter(
        line["Date received"][:7] for line in lines
    )
    assert Counter(row[3] for row in found) == {"CA": 20, None: 40}
    assert [row[4] for row in found] == [f"CFPB-{n:06}" for n in range(1, 61)]
    assert {row[5:] for row in found} == {("day", "imported")}
    answered = await rows(
        desk,
        "SELECT convert_from(state, 'UTF8')::json ->> 'result', count(*) FROM ledger.event"
        " WHERE topic = 'complaint.replied' GROUP BY 1 ORDER BY 1",
    )
    assert answered == [(RESPONSES[0], 20), (RESPONSES[1], 20)]


async def test_importing_twice_gives_duplicates(
    tmp_path: Path, desk: Desk, intake: Intake
) -> None:
    task = an_import(written(tmp_path, a_file_of_the_same_shape(12)))
    first = await task.bring_in(intake)
    before = await events(desk)
    again = await task.bring_in(intake)

    assert again.outcomes == {"duplicate": first.outcomes["accepted"]}
    assert await events(desk) == before


async def test_a_row_that_changed_since_is_a_conflict_and_is_listed(
    tmp_path: Path, desk: Desk, intake: Intake
) -> None:
    await an_import(written(tmp_path, [ROW])).bring_in(intake)
    changed = ROW | {"Company response to consumer": "Closed with monetary relief"}
    report = await an_import(written(tmp_path, [changed])).bring_in(intake)

    assert report.outcomes == {"duplicate": 2, "conflict": 1}
    assert [(row.line, row.field) for row in report.refused] == [(2, "id")]
    assert len(await events(desk)) == 3


async def test_refused_rows_are_listed_with_line_field_and_reason_and_not_sent(
    tmp_path: Path, desk: Desk, intake: Intake
) -> None:
    lines = [
        ROW | {"Consumer complaint narrative": "two\nlines"},
        ROW | {"Complaint ID": "2", "Date received": "04.07.2023"},
        ROW | {"Complaint ID": "3", "Submitted via": "Carrier pigeon"},
        ROW | {"Complaint ID": ""},
        ROW | {"Complaint ID": "1"},
        ROW | {"Complaint ID": "6", "Company": "x" * 300},
        ROW | {"Complaint ID": "7"},
    ]
    columns = list(lines[0])
    made = [dict.fromkeys(columns, "") | line for line in lines]
    path = written(tmp_path, made)
    path.write_bytes(path.read_bytes() + b"only,three,cells\n" + b"\n,,\n")
    report = an_import(path).rehearse()
    sent = await an_import(path).bring_in(intake)

    assert [(row.line, row.field) for row in report.refused] == [
        (4, "Date received"),
        (4, "Date received"),
        (5, "Submitted via"),
        (6, "Complaint ID"),
        (7, "Complaint ID"),
        (8, "Company"),
        (8, "Company"),
        (10, ""),
        (10, "Complaint ID"),
    ]
    assert all(row.reason for row in report.refused)
    assert (report.rows, report.refused_rows) == (8, 6)
    assert sent.refused == report.refused
    assert sent.outcomes == {"accepted": 6}
    assert {one.split()[0] for one in await events(desk)} == {"1", "7"}


async def test_a_reason_never_repeats_what_a_cell_holds(tmp_path: Path) -> None:
    planted = "13912345678"
    bad = {"Submitted via": planted, "Date received": planted, "Company": planted * 30}
    report = an_import(written(tmp_path, [ROW | bad])).rehearse()

    assert report.refused_rows == 1
    assert planted not in repr(report)


async def test_a_file_goes_through_the_topic_to_the_same_end(
    tmp_path: Path, desk: Desk, database: str, broker: Cluster, topic_prefix: str
) -> None:
    task = an_import(written(tmp_path, a_file_of_the_same_shape(30)))
    with Topics(broker) as topics:
        topic = topics.create(f"{topic_prefix}in", partitions=2).name
    with Publisher(broker) as publisher:
        report = task.publish(publisher, topic)
    counted = "SELECT outcome, count(*) FROM ledger.outcome GROUP BY 1"

    async def all_are() -> bool:
        return await rows(desk, counted) == [("accepted", 80)]

    async with taking_in(desk, database, broker, topic):
        await until(all_are, "80 accepted")
    assert (report.rows, report.messages) == (30, 80)
    assert len({one.split()[0] for one in await events(desk)}) == 30
