"""Pieces and money of a complaint: claimed, confirmed, checked, lost."""

from collections.abc import Iterator, Mapping

from domain.complaint.effect import BatchChecked
from domain.complaint.intake import Received
from domain.complaint.investigation import Determined
from domain.complaint.items import LossStated
from domain.complaint.state import Complaint
from domain.kpi.contribution import Contribution
from domain.kpi.line import Lines
from domain.rulebooks.predicates import Facts

LineOf = Iterator[Contribution]


def of_complaint(
    lines: Lines, complaint: Complaint, received: Received, views: Mapping[int, Facts]
) -> LineOf:
    """Pieces go by item; what nobody has counted is a line of its own, never zero."""
    determined = complaint.latest(Determined)
    confirmed = determined is not None and determined.result == "product"
    for number, view in views.items():
        pieces, product = view.get("pieces_affected"), view.get("product_model")
        more = {
            "subject": f"item {number}",
            "product": product if isinstance(product, str) else None,
        }
        known = isinstance(pieces, int) and not isinstance(pieces, bool)
        amount = pieces if isinstance(pieces, int) and known else 1
        for measure, at in (
            ("claimed", received.received_at),
            ("confirmed", determined.decided_at if determined and confirmed else None),
        ):
            if at is not None:
                name = f"pieces_{measure}" if known else f"pieces_{measure}_unknown"
                yield lines.line(name, at, amount=amount, **more)  # type: ignore[arg-type]  # as named
    for one in complaint.all(BatchChecked):
        subject = str(one.originator_version)
        yield lines.line("batch_checked", one.occurred_at, subject=subject)
        if one.result == "clean":
            yield lines.line("batch_clean", one.occurred_at, subject=subject)
    yield from _loss(lines, complaint, received)


def _loss(lines: Lines, complaint: Complaint, received: Received) -> LineOf:
    """What it has cost as it was stated last, in the month of the complaint."""
    stated = complaint.latest(LossStated)
    if stated is None:
        return
    for name in ("loss", "rework_loss"):
        money = getattr(stated, name)
        if money is not None:
            yield lines.line(
                "loss",
                received.received_at,
                since=max(received.received_at, stated.occurred_at),
                subject=name,
                amount=money.minor,
                labels=(money.currency,),
            )
