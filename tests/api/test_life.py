"""A complaint over HTTP, from its first word to its end."""

from tests.api.asking import RECEPTION, Api


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
