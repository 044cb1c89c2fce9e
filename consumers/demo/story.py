"""The whole story of the demo: which complaints there are, and all that is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from consumers.demo import courses, fines, reception
from consumers.demo.case import Case, Step, Trouble
from consumers.demo.defects import DEFECTS, Defect
from consumers.demo.plant import CLERKS, CUSTOMERS, ENGINEERS, MANAGER, PRODUCTS, Customer
from consumers.demo.reception import batch_of
from consumers.demo.workdays import END, at, later, worked_days

SEED = 2130
CASES = 300
CLUSTERS = 9  # batches that went wrong as a whole
MINUTES_OPEN = 560
TWICE = 0.04  # of the calls come a second time
FATES = (
    ("usual", 80),
    ("withdrawn", 5),
    ("not_ours", 6),
    ("waits", 3),
    ("stuck", 4),
    ("reopened", 2),
)


@dataclass(frozen=True)
class Story:
    """Every step in the order of saying; a reversal names the case of its fine."""

    cases: int
    steps: Sequence[Step]


@dataclass(frozen=True)
class Call:
    """A customer who is about to complain."""

    at: datetime
    customer: Customer
    trouble: Trouble
    repeat: bool  # not the first about this batch


def tell(seed: int = SEED, cases: int = CASES) -> Story:
    """The same seed tells the same story, word for word."""
    dice = _dice(seed, "calls")
    calls = _calls(dice, cases)
    told: list[Case] = []
    for nth, call in enumerate(calls):
        case = Case(
            nth=nth,
            dice=_dice(seed, f"case {nth}"),
            now=call.at,
            customer=call.customer,
            trouble=call.trouble,
            owner=dice.choice(ENGINEERS),
        )
        reception.receive(case, repeat=call.repeat)
        _go(case, call, calls[:nth])
        told.append(case)
    steps = [step for case in told for step in case.told(END)]
    steps += _afterwards(steps)
    return Story(cases, sorted(steps, key=lambda s: (s.at, s.case, s.version)))


def _go(case: Case, call: Call, before: Sequence[Call]) -> None:
    """Some say what was said before; the others go their way."""
    same = [
        nth
        for nth, other in enumerate(before)
        if other.trouble.batch == call.trouble.batch
        and other.trouble.defect == call.trouble.defect
        and other.customer == call.customer
    ]
    if same:
        courses.acknowledge(case)
        case.wait(1, 12)
        first, clerk = same[0], case.dice.choice(CLERKS)
        case.say(
            "duplicate_linked", clerk, other=first, reason="同一客户、同批同现象，重复登记"
        )
        if case.chance(70):
            return
        case.wait(8, 30)
        case.say(
            "duplicate_unlinked",
            MANAGER,
            other=first,
            reason="核对后为另一批到货，应单独处理",
        )
    fates, weights = zip(*FATES, strict=True)
    courses.take(case, fate=case.dice.choices(fates, weights)[0])


def _calls(dice: Random, cases: int) -> list[Call]:
    """All calls of these months in their order."""
    calls = [call for _ in range(CLUSTERS) for call in _cluster(dice) if call.at < END]
    while len(calls) < cases:
        call = _single(dice)
        again = _twice(dice, call)
        both = dice.random() < TWICE and again.at < END and len(calls) < cases - 1
        calls += [call, again] if both else [call]
    return sorted(calls, key=lambda call: call.at)


def _single(dice: Random) -> Call:
    moment = at(dice.choice(worked_days()), dice.randint(0, MINUTES_OPEN))
    product, defect = dice.choice(PRODUCTS), _defect(dice)
    trouble = Trouble(product, *batch_of(dice, moment.date()), defect)
    return Call(moment, _customer(dice), trouble, repeat=False)


def _cluster(dice: Random) -> list[Call]:
    """A batch that went wrong as a whole: one customer after another calls."""
    days = worked_days()
    began = at(days[dice.randint(5, len(days) - 20)], dice.randint(0, MINUTES_OPEN))
    batch = batch_of(dice, began.date())
    trouble = Trouble(dice.choice(PRODUCTS), *batch, _defect(dice))
    callers = dice.sample(CUSTOMERS, dice.randint(3, 6))
    calls, moment = [], began
    for nth, customer in enumerate(callers):
        calls.append(Call(moment, customer, trouble, repeat=nth > 0))
        moment = later(moment, dice.uniform(3, 45))
    return calls


def _twice(dice: Random, call: Call) -> Call:
    moment = later(call.at, dice.uniform(2, 30))
    return Call(moment, call.customer, call.trouble, repeat=True)


def _afterwards(steps: Sequence[Step]) -> list[Step]:
    """What became of each fine some days later; every sixth is taken back."""
    told = [step for step in steps if step.deed == "fined"]
    said: list[Step] = []
    for nth, fined in enumerate(sorted(told, key=lambda s: (s.at, s.case))):
        at, version = fined.at, fines.EVENTS[fined.body["act"]]
        for deed, by, body in fines.OUTCOMES[nth % len(fines.OUTCOMES)]:
            at, version = later(at, 12), version + 1
            words = dict(body)
            if deed == "notified":
                words["appeal_until"] = (at.date() + timedelta(days=7)).isoformat()
            if deed == "appealed":
                words["occurred_at"] = at.isoformat()
            said.append(Step(at, fined.case, version, deed, by, words))
    return [step for step in said if step.at <= END]


def _customer(dice: Random) -> Customer:
    return dice.choices(CUSTOMERS, [customer.weight for customer in CUSTOMERS])[0]


def _defect(dice: Random) -> Defect:
    return dice.choices(DEFECTS, [defect.weight for defect in DEFECTS])[0]


def _dice(seed: int, what: str) -> Random:
    """Chance that falls the same way each time; each case has its own."""
    return Random(f"{seed}/{what}")  # noqa: S311 a story, no secret
