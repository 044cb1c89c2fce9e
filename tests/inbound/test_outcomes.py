from tests.inbound.messages import *
from consumers.inbound.intake import Intake
async def test_x(desk):
    i = Intake(desk)
    print(await i.take([received(0,id="a"), contacted(1,id="b"), graded(2,id="c"), received(3,id="a"), received(4,id="a2"), arrival("received", A_COMPLAINT|{"customer":"x"}, 5, id="a3"), contacted(6,id="h", subject="K-2"), arrival("contacted", A_CALL|{"channel":"x"}, 7, id="b"), arrival("closed", {}, 8, id="cl"), arrival("nonsense", {}, 9, id="cly"), received(10,source="Bad source")]))
    print(await i.take([received(11,id="k2",subject="K-2"), contacted(12,id="h",subject="K-2")]))
    with desk.reads.connection() as c:
        for t in ("outcome order by nth","letter order by nth", "inbound_cursor"):
            for r in c.execute(f"select * from ledger.{t}"): print([x if not isinstance(x,bytes) else len(x) for x in r])
