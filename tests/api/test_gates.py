"""The gates over HTTP: open or shut, why in both languages, how far, and who is next."""

from typing import Any

from tests.api.asking import Api
from tests.api.test_deeds import said


async def gates(api: Api, number: str) -> dict[str, Any]:
    answer = await api.get(f"/complaints/{number}/gates")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_missing_is_named_with_its_clause_and_progress(api: Api) -> None:
    number = await api.lodged()
    version = 1
    for word in ("action_planned", "action_implemented", "batch_checked", "batch_checked"):
        version = await said(api, number, word, version, "")

    found = await gates(api, number)

    verified, batches = found["gates"]
    assert (found["may_close"], found["cycle"]) == (False, 1)
    assert [one["field"] for one in found["missing"]] == [
        "verified",
        "three_clean_batches",
    ]
    assert (verified["open"], verified["clause"]) == (False, "S46@1#5.2.3 A")
    assert batches["progress"] == {"done": 2, "of": 3, "percent": 66}
    assert batches["counts"] == [1, 2]
    assert batches["why"] == {
        "zh": "连续 2 / 3；历次：1, 2",
        "en": "2 of 3 in a row; counts so far: 1, 2",
    }


async def test_when_every_gate_is_open_it_may_be_closed(api: Api) -> None:
    number = await api.lodged()
    version = 1
    done = ("action_planned", "action_implemented", *["batch_checked"] * 3, "verified")
    for word in done:
        version = await said(api, number, word, version, "")

    found = await gates(api, number)

    assert found["may_close"]
    assert found["missing"] == []
    assert found["gates"][0]["why"]["en"] == f"#{version}"
    assert found["gates"][0]["by"] == [version]


async def test_who_signs_next_speaks_files_and_is_asked_next(api: Api) -> None:
    number = await api.lodged()
    version = await said(api, number, "signed", 1, "")

    found = await gates(api, number)

    [measures] = [
        one for one in found["approvals"] if one["decision"] == "improvement_measures"
    ]
    assert (measures["proposed"], measures["signed"], measures["of"]) == (True, 0, 1)
    assert measures["next"][0]["role"] == "management"
    assert found["speaks"][0]["roles"][0]["name"]["en"] == "market unit"
    assert found["escalation"]["next"] == ["head"]
    [papers] = [one for one in found["archive"] if one["clause"].startswith("S46")]
    assert papers["lacking"] == ["complaint", "improvement_report"]
    assert (papers["due"], papers["retention_years"]) == (None, None)
    assert found["counts"]["figures"]
    assert [row["stage"] for row in found["stages"]][:2] == ["receipt", "analysis"]
    assert version == 2


async def test_a_complaint_nobody_knows_has_no_gates(api: Api) -> None:
    assert (await api.get("/complaints/C-0/gates")).status_code == 404
