"""One line of the tracking table (客诉台账), and what it is found by."""

import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

# How far a complaint has come. An ineffective action takes it back to its cause.
STAGES = (
    "received",
    "accepted",
    "contained",
    "root_caused",
    "action_planned",
    "action_implemented",
    "verified",
    "closed",
    "withdrawn",
)
ENDED = ("closed", "withdrawn")

LABEL_MAX = (
    200  # a spelling may be much longer than what it spells; an index is not patient
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One complaint as a list shows it. `None` is unknown: nobody has stated it.

    Of several facts of a kind the business time says which is first or last, never the
    order they arrived in. Steps are those of the present cycle of action.
    """

    complaint_id: UUID
    version: int
    position: int
    recorded_at: datetime  # when the ledger took its first event
    updated_at: datetime  # when it took the last one
    # --- as it was received
    number: str
    source: str
    source_key: str | None
    customer: str | None
    customer_number: str | None  # the customer's own number of it
    channel: str | None
    kind: str | None
    region: str | None
    site: str
    zone: str
    origin: str
    received_at: datetime
    received_on: date  # in the zone of the site
    occurred_at: datetime
    occurred_precision: str | None  # "day": the time of day is unknown
    # --- what it is about: of the first item, and of all
    items: list[dict[str, Any]]
    item_count: int
    product: str | None
    batch: str | None
    shipment_batch: str | None
    defect: str | None
    quantity: int | None
    unit: str | None
    total_quantity: int | None  # unknown when one item's is, or when their units differ
    # --- how serious it is
    grades: dict[str, str]  # scheme → code
    grade: str | None  # scheme:code of the complaint's own scheme, else of the first
    screened: str | None
    # --- how far it has come
    stage: str
    stage_nth: int
    cycle: int  # of action: an ineffective one begins the next
    accepted_at: datetime | None
    acknowledged_at: datetime | None
    first_contact_at: datetime | None  # the first time we reached out
    contained_at: datetime | None
    root_caused_at: datetime | None
    action_planned_at: datetime | None
    implemented_at: datetime | None
    verified_at: datetime | None
    action_due_on: date | None  # the last day any action of this cycle is due
    replied_at: datetime | None  # the latest reply
    reply_result: str | None  # of the latest reply
    confirmed_at: datetime | None
    confirmation: str | None  # accepted, rejected
    called_back_at: datetime | None
    satisfied: bool | None
    closed_at: datetime | None  # unless it was reopened
    first_closed_at: datetime | None  # whatever came later
    reopened: int
    withdrawn_at: datetime | None
    # --- what is owed next, and how what was owed before ended
    next_clock: str | None  # by its id in `next_rulebook`; unknown: nothing is owed
    next_rulebook: str | None
    next_due_at: datetime | None  # none: at once without a number, or it stands still
    next_provisional: bool | None  # rests on a year whose holidays are not published
    deadlines_met: int
    deadlines_late: int  # with the turns that passed without their act
    # --- who, why, what for
    owner: str | None
    responsible_unit: str | None
    duplicate_of: UUID | None
    determined: str | None
    causes: list[dict[str, Any]] | None  # branch (产生, 流出, 系统), code, text
    actions: list[dict[str, Any]] | None  # of every cycle, in the order they were planned
    liable: list[dict[str, Any]] | None  # party, percent
    loss_minor: int | None
    loss_currency: str | None
    fined: int  # how often; the notices hold the money
    corrected: int
    labels: list[str]  # field:value of it, its items and its grades, to be found by


# What a file or a frame shows: the others are for finding and sorting.
COLUMNS = tuple(f.name for f in fields(Row) if f.name not in {"labels", "stage_nth"})


def label(field: str, value: str) -> str:
    """What a complaint is found by. Batches match in any width, case, spacing, dashes."""
    if field == "batch":
        plain = unicodedata.normalize("NFKC", value).casefold()
        value = "".join(c for c in plain if not c.isspace() and not _is_dash(c)) or value
    return f"{field}:{value[:LABEL_MAX]}"


def _is_dash(character: str) -> bool:
    return unicodedata.category(character) == "Pd"
