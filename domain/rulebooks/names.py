"""Every name a regulation uses has to be one: all that dangle are listed at once."""

from collections.abc import Collection, Iterator
from typing import Any, Literal, get_args, get_origin

from domain.registry import REGISTRY
from domain.rulebooks import fact_names
from domain.rulebooks.faults import Fault, unknown
from domain.rulebooks.gates import Need, Reference
from domain.rulebooks.rulebook import Rulebook, parts

DECLARED = {"duty_done": ("duty", "duties"), "evidence_accepted": ("criterion", "criteria")}
ROLES = {
    "roles",
    "role",
    "decided_by",
    "may_assign",
    "readers",
    "readers_of_own_unit",
    "sees_contact",
    "filled_by",
    "disputes_to",
    "uncovered_role",
}
SECTIONS = {field.alias or name for name, field in Rulebook.model_fields.items()}


def dangling(book: Rulebook) -> Iterator[Fault]:
    """Every name in the rulebook that nothing bears."""
    yield from fact_names.faults(book)
    yield from _roles(book)
    yield from _events(book)
    yield from _grades(book)
    yield from _inner(book)
    for name, point in book.hold_points.items():
        for before in {*point.after} - {*book.hold_points}:
            path = f"hold_points.{name}.after"
            yield unknown(path, "hold point", before, book.hold_points)
    paths = set(_paths(book))
    for nth, assumed in enumerate(book.assumed):
        if assumed.path not in paths:
            yield unknown(f"assumed.{nth}.path", "path", assumed.path, paths)
    for nth, gap in enumerate(book.gaps):
        if (section := gap.where.split(".")[0]) not in SECTIONS:
            yield unknown(f"gaps.{nth}.where", "section", section, SECTIONS)


def _paths(part: object, path: str = "") -> Iterator[str]:
    for step, inner in parts(part):
        here = f"{path}.{step}" if path else step
        yield here
        yield from _paths(inner, here)


def _walk(part: object, path: str = "") -> Iterator[tuple[str, str, object]]:
    """Each part with its path and the word it stands under."""
    for step, inner in parts(part):
        here = f"{path}.{step}" if path else step
        yield here, step, inner
        yield from _walk(inner, here)


def _roles(book: Rulebook) -> Iterator[Fault]:
    for path, word, value in _walk(book):
        if path == "roles" or word not in ROLES:
            continue
        named: tuple[object, ...] = value if isinstance(value, tuple) else (value,)
        for role in (str(name) for name in named if name is not None):
            if role not in book.roles:
                yield unknown(path, "role", role, book.roles)
    for grade, roles in (book.grading.notify if book.grading else {}).items():
        for role in {*roles} - {*book.roles}:
            yield unknown(f"grading.notify.{grade}", "role", role, book.roles)


def _events(book: Rulebook) -> Iterator[Fault]:
    for path, _, part in _walk(book):
        if isinstance(part, Reference):
            yield from _event(book, path, part)
    for name, clock in book.clocks.items():
        fields = [limit.until_field for limit in clock.limits()]
        for field in filter(None, (clock.holder_field, clock.pair_field, *fields)):
            for start in clock.start:
                known = _fields(start.topic)
                if known and field not in known:
                    path = f"clocks.{name}.start"
                    yield unknown(path, f"field of {start.event}", field, known)


def _fields(topic: str) -> Collection[str]:
    """What an event of this topic says; nothing of one that there is not."""
    return REGISTRY[topic].model_fields if topic in REGISTRY else ()


def _event(book: Rulebook, path: str, wanted: Reference) -> Iterator[Fault]:
    if wanted.topic not in REGISTRY:
        short = {topic.removeprefix("complaint.") for topic in REGISTRY}
        yield unknown(path, "event", wanted.event, short)
        return
    for field, value in wanted.where.items():
        here = f"{path}.where.{field}"
        if field not in _fields(wanted.topic):
            yield unknown(here, f"field of {wanted.event}", field, _fields(wanted.topic))
            continue
        known = _wanted_values(book, wanted, field)
        for one in value if isinstance(value, tuple) else (value,):
            if known is not None and one not in known:
                yield unknown(here, "value", str(one), [str(each) for each in known])


def _wanted_values(
    book: Rulebook, wanted: Reference, field: str
) -> Collection[object] | None:
    """What the field can hold, where that is a closed list."""
    if DECLARED.get(wanted.event, ("",))[0] == field:
        declared: Collection[object] = getattr(book.declares, DECLARED[wanted.event][1])
        return declared
    if wanted.topic == "complaint.screened" and field == "outcome" and book.screening:
        return book.screening.outcomes
    if wanted.topic not in REGISTRY:
        return None
    annotation: Any = REGISTRY[wanted.topic].model_fields[field].annotation
    if annotation is bool or annotation == bool | None:
        return (True, False)
    return get_args(annotation) if get_origin(annotation) is Literal else None


def _grades(book: Rulebook) -> Iterator[Fault]:
    codes = [grade.code for grade in book.grading.grades] if book.grading else []
    named: dict[str, Collection[str]] = {
        "grading.notify": book.grading.notify if book.grading else {},
        "closure.by_grade": book.closure.by_grade if book.closure else {},
        "escalation.rung_by_grade": book.escalation.rung_by_grade
        if book.escalation
        else {},
        "compensation.by_grade": book.compensation.by_grade if book.compensation else {},
        **{
            f"clocks.{name}.by_grade": clock.by_grade for name, clock in book.clocks.items()
        },
    }
    for path, by_grade in named.items():
        for code in by_grade:
            if code not in codes:
                yield unknown(path, "grade", code, codes)
    if book.closure and book.closure.mode == "by_grade":
        for code in (code for code in codes if code not in book.closure.by_grade):
            fix = "say which gates it has to pass"
            yield Fault("closure.by_grade", f"grade {code} has no gates", fix)


def _inner(book: Rulebook) -> Iterator[Fault]:
    """Decisions, clocks, tallies, gates and rungs that are named from elsewhere."""
    for path, _, part in _walk(book):
        if isinstance(part, Need):
            yield from _need(book, path, part)
    for name, rule in book.repeats.items():
        if rule.tally is not None and rule.tally not in book.tallies:
            yield unknown(f"repeats.{name}.tally", "tally", rule.tally, book.tallies)
    if book.closure:
        asked = {*book.closure.always}.union(*book.closure.by_grade.values())
        for gate in asked - {*book.closure.gates}:
            yield unknown("closure", "gate", gate, book.closure.gates)
    if book.escalation:
        rungs = book.escalation.rungs
        for rung in {*book.escalation.rung_by_grade.values()} - {*rungs}:
            yield unknown("escalation.rung_by_grade", "rung", rung, rungs)
        for clock in {*book.escalation.on_lapse} - {*book.clocks}:
            yield unknown("escalation.on_lapse", "clock", clock, book.clocks)
    yield from _of_money(book)


def _need(book: Rulebook, path: str, need: Need) -> Iterator[Fault]:
    if need.signatures and need.signatures not in book.approvals:
        yield unknown(path, "decision", need.signatures, book.approvals)
    if need.clock and need.clock not in book.clocks:
        yield unknown(path, "clock", need.clock, book.clocks)
    for criterion in {*(need.evidence or ())} - {*book.declares.criteria}:
        yield unknown(path, "criterion", criterion, book.declares.criteria)


def _of_money(book: Rulebook) -> Iterator[Fault]:
    if book.penalties:
        if book.penalties.authority not in book.approvals:
            yield unknown(
                "penalties.authority", "decision", book.penalties.authority, book.approvals
            )
        for nth, trigger in enumerate(book.penalties.triggers):
            if trigger.clock_missed and trigger.clock_missed not in book.clocks:
                path = f"penalties.triggers.{nth}"
                yield unknown(path, "clock", trigger.clock_missed, book.clocks)
    decision = book.compensation.approval if book.compensation else None
    if decision and decision not in book.approvals:
        yield unknown("compensation.approval", "decision", decision, book.approvals)
    for name, row in book.scorecard.rows.items() if book.scorecard else ():
        for lost in row.deductions:
            if lost.tally and lost.tally not in book.tallies:
                yield unknown(f"scorecard.rows.{name}", "tally", lost.tally, book.tallies)
