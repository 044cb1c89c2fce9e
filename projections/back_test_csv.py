"""The outcome of a back-test as a file, a line for each complaint."""

from collections.abc import Iterable, Iterator, Mapping

from domain.assess.backtest import Outcome
from projections.csv_file import Cell, csv_file

HEADS = (
    "number",
    "complaint_id",
    "received_at",
    "recorded",
    "would_be",
    "differs",
    "might_be",
    "late",
    "repeated",
    "fine_candidates",
    "fined",
)
BETWEEN = "; "


def back_test_csv(
    found: Iterable[Outcome],
    *,
    bom: bool,
    heads: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
) -> Iterator[bytes]:
    """Piece by piece. *heads* are the columns' names in the reader's language."""
    names = [(heads or {}).get(head, head) for head in HEADS]
    return csv_file(names, map(cells, found), bom=bom, about=about)


def cells(one: Outcome) -> list[Cell]:
    """One complaint: what was recorded, what would have been."""
    recorded = (f"{scheme}:{code}" for scheme, code in sorted(one.recorded.items()))
    return [
        one.number,
        one.id,
        one.received_at,
        BETWEEN.join(recorded) or None,
        f"{one.scheme}:{one.would_be}" if one.would_be else None,
        one.differs,
        BETWEEN.join(one.might_be) or None,
        BETWEEN.join(f"{run.clock} +{run.seconds} s" for run in one.late) or None,
        BETWEEN.join(
            rule.rule if rule.count is None else f"{rule.rule} ({rule.count})"
            for rule in one.repeated
        )
        or None,
        BETWEEN.join(f"{each.clause} {each.role}" for each in one.fines) or None,
        one.fined,
    ]
