"""A complaint over HTTP, from its first word to a fine that is taken back."""

from tests.api.asking import RECEPTION, Api

FINE = {
    "person": "p-zhao",
    "act": "未按规定检验",
    "penalty_clause": "5.2.1.3",
    "amount": {"minor": 20000, "currency": "CNY"},
}


async def test_a_complaint_from_its_first_word_to_its_end(api: Api) -> None:
    begun = await api.post("/complaints", RECEPTION)
    assert (begun.status_code, begun.headers["ETag"]) == (201, '"1"')
    here = begun.headers["Location"]
    assert here == "/complaints/C-2026-000001"

    fact = await api.post(f"{here}/fact_established", {"fact": "injury", "value": True})
    assert (fact.status_code, fact.headers["ETag"]) == (201, '"2"')
    shut = await api.post(f"{here}/closed", {}, headers={"If-Match": '"2"'})
    assert (shut.status_code, shut.json()["version"]) == (409, 2)
    assert [lack["clause"] for lack in shut.json()["lacks"]] == [
        "S46@1#5.2.3 A",
        "S46@1#5.2.3 B",
    ]
    grade = {"scheme": "S46", "code": "A"}
    graded = await api.post(f"{here}/graded", grade, headers={"If-Match": '"2"'})
    assert (graded.status_code, graded.json()["number"]) == (200, "C-2026-000001")
    await api.post(f"{here}/action_planned", {"action": "A1", "text": "改模具"})
    await api.post(f"{here}/action_implemented", {"action": "A1"})
    for batch in "123":
        clean = {"shipment_batch": batch, "result": "clean"}
        await api.post(f"{here}/batch_checked", clean)
    verdict = {"result": "effective", "side_effect": False}
    await api.post(f"{here}/verified", verdict, headers={"If-Match": '"8"'})
    closed = await api.post(f"{here}/closed", {}, headers={"If-Match": '"9"'})
    assert (closed.status_code, closed.json()["version"]) == (200, 10)

    now = (await api.get(here)).json()
    assert (now["closed"], now["grades"]) == (True, {"S46": "A"})
    assert now["facts"]["injury"] is True
    assert all(gate["open"] for gate in now["gates"])


async def test_a_fine_and_taking_it_back(api: Api) -> None:
    """The complaint bears a mark without money; the notice holds it, and keeps both."""
    number = await api.lodged()
    fined = await api.post(f"/complaints/{number}/fined", FINE, headers={"If-Match": '"1"'})
    event = (await api.get(fined.headers["Location"])).json()
    assert "20000" not in str(event)
    notice = f"/penalties/{event['fields']['notice']}"
    assert (await api.get(notice)).headers["ETag"] == '"2"'

    back = await api.post(
        f"{notice}/reversed", {"reason": "查无实据"}, headers={"If-Match": '"2"'}
    )

    assert (back.status_code, back.headers["ETag"]) == (200, '"3"')
    assert (await api.get(notice)).json()["reversed"] is True
