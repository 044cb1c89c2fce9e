"""Quiet hours by the recipient's own calendar, and who wants to know of what."""

from pathlib import Path
from typing import Any

import pytest

from consumers.notifying.hours import Quiet, may_be_told
from consumers.notifying.recipients import Recipients, RecipientsError, read
from tests.domain.calendars import CN, at

NIGHT = Quiet.model_validate({"from": "20:00", "to": "08:00"})
NOON = Quiet.model_validate({"from": "12:00", "to": "13:30", "days_off": False})


@pytest.mark.parametrize(
    ("quiet", "now", "told"),
    [
        (None, "2025-05-01 03:00", "2025-05-01 03:00"),
        (NIGHT, "2025-04-30 19:59", "2025-04-30 19:59"),
        (NIGHT, "2025-04-30 08:00", "2025-04-30 08:00"),
        (NIGHT, "2025-04-30 07:59", "2025-04-30 08:00"),
        (NIGHT, "2025-04-29 23:59:59", "2025-04-30 08:00"),
        (NIGHT, "2025-04-30 20:00", "2025-05-06 08:00"),  # Labour Day, five days
        (NIGHT, "2025-04-27 10:00", "2025-04-27 10:00"),  # a Sunday that is worked
        (NIGHT, "2025-04-26 10:00", "2025-04-27 08:00"),
        (NOON, "2025-05-01 12:00", "2025-05-01 13:30"),
        (NOON, "2025-05-01 13:30", "2025-05-01 13:30"),
    ],
)
def test_the_first_instant_that_is_not_quiet(
    quiet: Quiet | None, now: str, told: str
) -> None:
    assert may_be_told(at(now), quiet, CN) == at(told)


def recipients(**of: Any) -> Recipients:
    return Recipients.model_validate({"recipients": of})


def test_a_rung_asks_those_of_its_roles_and_whoever_named_none() -> None:
    told = recipients(
        head={"roles": ("department_head",)},
        gm={"roles": ("general_manager",)},
        all={},
        lapses={"of": ("deadline_lapsed",), "roles": ("general_manager",)},
    )

    def names(*asked: Any) -> list[str]:
        return [name for name, _ in told.of(*asked)]

    assert names("escalated", {"department_head"}) == ["head", "all"]
    assert names("deadline_lapsed") == ["head", "gm", "all", "lapses"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("recipients: {a: {mail: [nobody]}}", "recipients.a.mail"),
        ("recipients: {a: {webhook: ftp://x}}", "recipients.a.webhook"),
        ("recipients: {a: {of: [closed]}}", "recipients.a.of"),
        ("recipients: {a: {quiet: {from: '25:00', to: '08:00'}}}", "recipients.a.quiet"),
        ("recipients: [", "told.yaml:"),
        ("people: {}", "people"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "told.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RecipientsError, match=said):
        read(file)


def test_a_file_as_people_write_it(tmp_path: Path) -> None:
    file = tmp_path / "told.yaml"
    file.write_text(
        "recipients:\n"
        "  quality:\n"
        "    of: [deadline_lapsed, escalated]\n"
        "    roles: [quality_manager]\n"
        "    mail: [quality@example.com]\n"
        "    language: en\n"
        '    quiet: {from: "20:00", to: "08:00", calendar: cn}\n',
        "utf-8",
    )
    [(name, one)] = read(file).of("escalated", {"quality_manager"})
    assert (name, one.quiet and one.quiet.calendar) == ("quality", "cn")
    with pytest.raises(RecipientsError, match="one of de"):
        read(file).check({"de"})
