"""What names a person is sealed wherever a message is kept, and stands in no log line."""

import io
import json
from dataclasses import replace

import psycopg
import pytest

from consumers.inbound import letters as kept
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.message import Raw
from consumers.inbound.parcel import Arrival
from consumers.opening import Opened
from infra import logs
from tests.builders import governed
from tests.inbound.messages import A_COMPLAINT, arrival, raw, received

NAME, PHONE, WORDS = "欧阳静怡", "13912345678", "请打我电话，我女儿受伤了"
PERSONAL = A_COMPLAINT | {
    "complainant": NAME,
    "contact": {"phone": PHONE},
    "words": f"{WORDS} {NAME} {PHONE}",
}
CALL = {"channel": "phone", "summary": f"{NAME} {PHONE}"}
PLANTED = [
    word.encode(kind) for word in (NAME, PHONE, WORDS) for kind in ("utf-8", "utf-16-le")
]
PLANTED += [json.dumps(word)[1:-1].encode() for word in (NAME, WORDS)]
TABLES = """
SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)
  FROM information_schema.tables
 WHERE table_type = 'BASE TABLE' AND table_schema IN ('ledger', 'keyring', 'running')
"""


def everything(database: str) -> bytes:
    """Every row of every table, as the database would copy it; and bytes as they are."""
    dump = io.BytesIO()
    with psycopg.connect(database) as conn:
        for (table,) in conn.execute(TABLES).fetchall():
            for form in ("text", "binary"):
                command = f"COPY {table} TO STDOUT (FORMAT {form})"
                with conn.cursor().copy(command.encode()) as copy:
                    for part in copy:
                        dump.write(part)
    return dump.getvalue()


async def test_no_table_and_no_log_line_names_a_person(
    desk: Desk, ledger: Opened, database: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Accepted, held, in conflict, malformed, refused, and failed on by us."""
    logs.configure("DEBUG")
    intake = Intake(desk)
    strange = governed(grading="NONE@1")
    doomed = Intake(replace(desk, opened=replace(ledger, policies=strange)))
    broken = raw("received", PERSONAL, received(20).raw.place)
    batch = [
        arrival("received", PERSONAL, 0, id="a"),
        arrival("contacted", CALL, 1),
        arrival("contacted", CALL, 2, subject="K-9"),
        arrival("received", PERSONAL | {"kind": "x"}, 3, id="a"),
        arrival("received", PERSONAL | {PHONE: NAME}, 4, id="c"),
        arrival("received", PERSONAL | {"channel": [NAME]}, 5, id="d"),
        arrival("contacted", {"channel": NAME * 50}, 6),
        arrival("graded", {"scheme": NAME, "code": PHONE}, 7),
        Arrival(replace(broken, value=(broken.value or b"")[:-1])),
        Arrival(Raw((*broken.headers, (f"ce_{NAME}", b"1"), (f"ce_{NAME}", b"2")), b"{}")),
    ]
    await doomed.take([arrival("received", PERSONAL, 30, id="e", subject="K-5")])
    told = await intake.take(batch)
    told += await intake.take([arrival("contacted", CALL, 31, subject="K-5")])
    told += await kept.redrive_all(intake, "defect", by="p-li")

    assert {one.outcome for one in told} == {
        "accepted",
        "held",
        "conflict",
        "refused",
        "malformed",
    }
    logged = capfd.readouterr()
    assert "intake_defect" in logged.err
    where = everything(database) + repr(told).encode() + logged.err.encode()
    where += logged.out.encode()
    assert [word for word in PLANTED if word in where] == []


async def test_a_letter_opens_only_in_its_own_place(desk: Desk, intake: Intake) -> None:
    """A row that was moved or given another message's seal does not open."""
    await intake.take([arrival("contacted", CALL, 1), arrival("contacted", CALL, 2)])
    one, two = await desk.reading(
        lambda c: c.execute(
            "SELECT nth, message_id, digest, payload FROM ledger.letter"
        ).fetchall()
    )
    master = desk.opened.keys.master
    place = f"letter:crm:{one[1]}:{bytes(one[2]).hex()}"

    assert (
        CALL["summary"].encode()
        in json.dumps(
            json.loads(master.open_blob(bytes(one[3]), place=place).partition(b"\n")[2]),
            ensure_ascii=False,
        ).encode()
    )
    with pytest.raises(ValueError, match="letter"):
        master.open_blob(bytes(two[3]), place=place)
