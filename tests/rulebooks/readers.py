"""How each kind of clause is read: what follows from a story, or from facts, as a text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.assess.case import Case
from domain.assess.counting import Counting
from domain.assess.repeats import clusters, repeated
from domain.assess.verdict import verdict
from domain.complaint.approval import SAID_AS, chain_of
from domain.complaint.closure import missing
from domain.complaint.course import course
from domain.complaint.intake import Screened
from domain.complaint.items import Item
from domain.complaint.screening import counted
from domain.complaint.speaking import spokespersons
from domain.complaint.stages import read_stages
from domain.event import Event
from domain.rulebooks.rulebook import Rulebook
from tests.builders import TUESDAY, WANG
from tests.domain import cases
from tests.domain.flow import Flow
from tests.rulebooks import offices
from tests.rulebooks.story import Story

Facts = Mapping[str, Any]
Given = str | Facts | Sequence[Facts]
OF_A_RECEPTION = {"customer", "project", "received_at"}


# --- What follows from a story. --------------------------------------------------------


def recorded(_story: Story, _name: str) -> str:
    return "recorded"


def due(story: Story, clock: str) -> str:
    return story.due(clock) or "no time runs"


def gate(story: Story, name: str) -> str:
    gates = story.flow.gates(f"{story.now:%Y-%m-%d %H:%M}")
    return gates[name].state if name in gates else "not asked for"


def closing(story: Story, _name: str) -> str:
    lacks = missing(story.flow.complaint, story.flow.rules, story.now)
    return f"shut: {' '.join(lack.field for lack in lacks)}" if lacks else "closed"


def ineffective(story: Story, _name: str) -> str:
    cycle = course(story.flow.complaint, story.flow.rules).cycle
    returned = "returned_to_unit" in story.flow.topics()
    return f"{'back to the unit, ' if returned else ''}cycle {cycle}"


def approval(story: Story, name: str) -> str:
    if name in SAID_AS:  # it has events of its own
        return "recorded"
    _, found = chain_of(story.flow.complaint, story.flow.rules, name)
    if found.executed:
        return "executed"
    return "effective" if found.complete else f"next: {' '.join(found.next())}"


def screened(story: Story, _name: str) -> str:
    """Whether the complaint ends by it, what is owed all the same, what it counts in."""
    made, rules = story.flow.complaint, story.flow.rules
    shut = {lack.field for lack in missing(made, rules, story.now)}
    gates = {*story.book.closure.gates} if story.book.closure else set()
    ends = "goes on" if shut & gates else " ".join(["ends", *sorted(shut)])
    one = counted(made, rules)
    inside = [name for name in ("kpi", "clocks", "repeats") if getattr(one, f"in_{name}")]
    return f"{ends}, counts in {' '.join(inside) or 'nothing'}"


def stage(story: Story, name: str) -> str:
    (row,) = [
        one
        for one in read_stages(story.flow.complaint, story.flow.rules)
        if one.name == name
    ]
    return "ended" if row.ended else "open"


# --- What follows from facts. ----------------------------------------------------------


def grade(book: Rulebook, _name: str, facts: Given) -> str:
    """The worst grade that holds, and the worse ones that are still open."""
    assert isinstance(facts, Mapping)
    assert book.grading is not None
    counts = {name: value for name, value in facts.items() if name in book.tallies}
    known = {name: value for name, value in facts.items() if name not in counts}
    found = verdict(book.grading, {1: known}, {1: counts})
    assert found.grade is None or found.grade.clause.startswith(f"{book.name}#")
    perhaps = f", perhaps {' '.join(found.might_be)}" if found.might_be else ""
    return f"{found.code or 'no grade'}{perhaps}"


def repeat(book: Rulebook, rule: str, complaints: Given) -> str:
    """What a rule counts to for the last complaint, and what follows: `!` by itself."""
    counting, last = _counting(book, complaints)
    effects = " ".join(
        f"{deed.do}{'!' if deed.automatic else ''}" for deed in book.repeats[rule].effects
    )
    if book.repeats[rule].tally is None:
        speaks = any(one.rule == rule for one in repeated(counting, last))
        return effects if speaks else "nothing"
    mine = [one for one in clusters(counting, rule) if last.number in one.numbers]
    if not mine:
        return "not counted"
    (key,) = mine
    gathers = book.repeats[rule].threshold is None
    return f"{key.count}: {effects}" if key.is_reached or gathers else str(key.count)


def tally(book: Rulebook, name: str, complaints: Given) -> str:
    """What is counted under the key of the last complaint."""
    counting, last = _counting(book, complaints)
    (view,) = last.views.values()
    found = counting.count(name, last, view)
    return f"{'at least ' if found.open else ''}{found.at_least}"


def _counting(book: Rulebook, complaints: Given) -> tuple[Counting, Case]:
    assert not isinstance(complaints, str | Mapping)
    made = [_case(nth, facts) for nth, facts in enumerate(complaints, start=1)]
    return cases.counted(book, made), made[-1]


def _case(nth: int, facts: Facts) -> Case:
    """A complaint of which this is known; `outcome` is that of its screening."""
    item = {name: value for name, value in facts.items() if name in Item.model_fields}
    said = {name: value for name, value in facts.items() if name in OF_A_RECEPTION}
    known = {n: value for n, value in facts.items() if n not in {*item, *said}}
    at, outcome = said.pop("received_at", TUESDAY), known.pop("outcome", None)
    events: list[Event] = [cases.received(f"C{nth}", at, items=(Item(**item),), **said)]
    if outcome is not None:
        events.append(Screened(who=WANG, decided_at=at, saw=1, outcome=outcome))
    return cases.case(*events, *cases.facts(at, **known))


def speaks(book: Rulebook, _name: str, facts: Given) -> str:
    """Who speaks to the customer of a complaint of which this is known."""
    assert isinstance(facts, Mapping)
    flow = Flow(book)
    for name, value in facts.items():
        flow.says("2025-01-03", "fact_established", fact=name, value=value)
    told = [one.speaker.roles for one in spokespersons(flow.complaint, flow.rules)]
    return ", or ".join(" ".join(roles) for roles in told)


OF_STORIES: Mapping[str, Callable[[Story, str], str]] = {
    "clocks": due,
    "closure": closing,
    "closure.gates": gate,
    "closure.ineffective": ineffective,
    "approvals": approval,
    "screening": screened,
    "stages": stage,
    "escalation": offices.rung,
    "archive": offices.filed,
}
OF_FACTS: Mapping[str, Callable[[Rulebook, str, Given], str]] = {
    "grading": grade,
    "repeats": repeat,
    "tallies": tally,
    "spokesperson": speaks,
    "declares": offices.asked,
    "numbering": offices.numbered,
    "scorecard": offices.points,
}
