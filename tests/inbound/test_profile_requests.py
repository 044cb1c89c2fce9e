"""What a message has to say for a profile to read it, and what a profile may not say."""

import json
from typing import Any

import pytest

from consumers.inbound import sources
from consumers.inbound.sources import ProfileError, Sources, parse
from consumers.inbound.wording import Receiving, Telling
from domain.deeds import DEEDS
from domain.errors import InvalidError
from domain.kinds import TOPICS
from tests.inbound.test_profiles import PLAIN, PROFILE, refusal, said


def test_the_key_of_a_complaint_is_the_subject_or_in_the_data() -> None:
    case = said("case", {"product": {"name": "pump"}, "ref": 4711}, subject="K-9")
    call = said("call", {"outward": True}, subject="K-9")

    assert isinstance(case, Receiving)
    assert isinstance(call, Telling)
    assert (case.key, call.subject) == ("4711", "K-9")


@pytest.mark.parametrize(
    ("kind", "data", "subject", "field"),
    [
        ("nothing", {}, "K", "type"),
        ("call", ["outward"], "K", "data"),
        ("call", {"outward": True}, None, "subject"),
        ("call", {"outward": "yes"}, "K", "outward"),
        ("grade", {"letter": "A", "seen": "3"}, "K", "version"),
        ("grade", {}, "K", "letter"),
        ("case", {"product": {"name": "x"}, "ref": "a\nb"}, "K", "ref"),
    ],
)
def test_a_message_that_does_not_fit_is_refused(
    kind: str, data: object, subject: str | None, field: str
) -> None:
    assert [lack.field for lack in refusal(kind, data, subject=subject)] == [field]


def test_a_request_may_name_the_version_it_was_decided_on() -> None:
    plain = {"scheme": "S46", "code": "A", "version": 4}
    made = said("complaint.graded", plain, PLAIN, source="crm")
    unsaid = said("complaint.graded", {"scheme": "S46", "code": "A"}, PLAIN, source="crm")

    assert isinstance(made, Telling)
    assert isinstance(unsaid, Telling)
    assert (made.version, unsaid.version) == (4, None)


@pytest.mark.parametrize("version", [0, -1, "4", True, 1.0])
def test_a_version_is_a_whole_number(version: object) -> None:
    asked = {"scheme": "S46", "code": "A", "version": version}

    with pytest.raises(InvalidError, match="version"):
        said("complaint.graded", asked, PLAIN, source="crm")


def test_the_plain_profile_takes_everything_but_approvals() -> None:
    kinds = PLAIN.of("crm").profile.messages

    assert {f"complaint.{name}" for name in DEEDS} - kinds.keys() == {
        "complaint.return_approved",
        "complaint.recall_approved",
        "complaint.plan_accepted",
        "complaint.signed",
        "complaint.rulebook_reassigned",
    }
    assert TOPICS.keys() <= kinds.keys()


@pytest.mark.parametrize("number", ["OLD-1", "a", "A_1.b-2"])
def test_a_number_of_the_systems_own_can_be_kept(number: str) -> None:
    text = PROFILE.replace('series: "OLD-{year}-"', "number: nr")
    known = Sources([parse(text.encode(), "x.yaml")], site="p", zone="Asia/Tokyo")
    made = said("case", {"product": {"name": "pump"}, "nr": number}, known)

    assert isinstance(made, Receiving)
    assert made.number == number


@pytest.mark.parametrize("number", [None, "", "OLD-", "a b", "x" * 61, "../x"])
def test_a_number_that_cannot_be_ours_is_refused(number: str | None) -> None:
    text = PROFILE.replace('series: "OLD-{year}-"', "number: nr")
    known = Sources([parse(text.encode(), "x.yaml")], site="p", zone="Asia/Tokyo")

    data = {"product": {"name": "pump"}, "nr": number}

    assert [lack.field for lack in refusal("case", data, known=known)] == ["nr"]


@pytest.mark.parametrize(
    ("was", "now", "line", "what"),
    [
        ("version: 3", "version: three", 3, "valid integer"),
        ("id: oldcrm", "id: Old CRM", 2, "pattern"),
        ("zone: Asia/Shanghai", "zone: Asia/Peking", 7, "no time zone"),
        ("zone: Asia/Shanghai", "", 31, "no zone"),
        ("zone: Asia/Shanghai", "zone: Asia/Shanghai\nzone: x", 8, "twice"),
        ("name: oldcrm", "name: library", 6, "name of our own"),
        ("series: ", "serie: ", 8, "Extra inputs"),
        ('"OLD-{year}-"', "old", 8, "pattern"),
        ("as: receive", "as: fact", 14, "is a receive"),
        ("says: complaint.contacted", "says: complaint.called", 35, "says one of"),
        ("items.0.product: product.name", "items.0.produkt: x", 14, "we have product"),
        ("items.1.product:", "items.100.product:", 14, "at most 100"),
        ("contact.phone: phone", "words.phone: phone", 14, "no parts"),
        ("codes: channel}", "codes: canal}", 25, "no table of codes"),
        ("{value: quality}", "{value: quality, from: x}", 26, "one of them"),
        ("{value: quality}", "{}", 26, "one of them"),
        ("as: whole}", "as: whole, formats: [x]}", 20, "formats"),
        ("as: money, currency: CNY}", "as: money}", 22, "currency"),
        ('"%d.%m.%Y", "%Y', '"%Q", "%Y', 31, "no format of strptime"),
        ("code: letter", "clause: letter", 41, "we have scheme"),
    ],
)
def test_a_profile_that_could_not_work_is_refused_with_its_line(
    was: str, now: str, line: int, what: str
) -> None:
    assert was in PROFILE

    with pytest.raises(ProfileError) as refused:
        parse(PROFILE.replace(was, now, 1).encode(), "oldcrm.yaml")

    first = str(refused.value).splitlines()[0]
    assert first.startswith(f"oldcrm.yaml:{line}:"), first
    assert what in first


def test_two_profiles_of_one_system_are_refused() -> None:
    profile = parse(PROFILE.encode(), "a.yaml")

    with pytest.raises(ProfileError, match="both know"):
        Sources([profile, profile], site="p", zone="Asia/Tokyo")


def test_a_profile_of_a_folder_comes_to_those_of_ours(tmp_path: Any) -> None:
    (tmp_path / "oldcrm.yaml").write_text(PROFILE)

    known = sources.load(site="p", zone="Asia/Tokyo", folder=tmp_path)

    assert known.of("oldcrm").profile.version == 3
    assert known.of("crm").profile.id == "plain"


def test_the_example_reads_a_row_of_the_public_export() -> None:
    row = {
        "Date received": "2023-07-04",
        "Product": "Mortgage",
        "Issue": "Struggling to pay",
        "Consumer complaint narrative": "They never answered.",
        "Company": "ACME BANK",
        "State": "CA",
        "Submitted via": "Postal mail",
        "Complaint ID": "7",
    }
    made = said("cfpb.received", row, PLAIN, source="cfpb", subject="7")

    assert isinstance(made, Receiving)
    assert json.loads(made.said.model_dump_json(exclude_none=True)) == {
        "items": [{"product": "Mortgage", "defect": "Struggling to pay"}],
        "customer": "ACME BANK",
        "customer_number": "7",
        "words": "They never answered.",
        "channel": "post",
        "region": "CA",
        "occurred_at": "2023-07-04T00:00:00-04:00",
        "received_at": "2023-07-04T00:00:00-04:00",
        "precision": "day",
    }
