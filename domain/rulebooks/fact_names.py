"""Facts that a regulation names: each is one, and is compared with what it can be."""

from collections.abc import Iterator

from domain.rulebooks.facts import CORE
from domain.rulebooks.faults import Fault, unknown
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.rulebook import Rulebook, predicates

RIGHT = {"flag": bool, "number": int}
IN_ORDER = {"number", "money", "date", "instant"}
UNORDERED = {"is", "is_not", "in", "not_in"}


def faults(book: Rulebook) -> Iterator[Fault]:
    """Every fact that is none, and every comparison that cannot be."""
    for name in sorted({*CORE} & {*book.declares.facts}):
        fix = "leave it out: every regulation may ask for it"
        yield Fault(f"declares.facts.{name}", f"{name} is a core fact", fix)
    for path, condition in predicates(book):
        for each in _each(condition):
            yield from _named(book, path, each)
    for name, tally in book.tallies.items():
        for key in {*tally.key} - _known(book):
            yield unknown(f"tallies.{name}.key", "fact", key, _known(book))
        if tally.measure != "complaints":
            path = f"tallies.{name}.measure"
            yield from _of_kind(book, path, tally.measure, "number")
    for fact in book.grading.presume_false if book.grading else ():
        yield from _of_kind(book, "grading.presume_false", fact, "flag")


def _known(book: Rulebook) -> set[str]:
    return {*CORE, *book.declares.facts}


def _of_kind(book: Rulebook, path: str, fact: str, kind: str) -> Iterator[Fault]:
    if _kind(book, fact) != kind:
        right = {name for name in _known(book) if _kind(book, name) == kind}
        yield unknown(path, kind, fact, right)


def _each(condition: Predicate) -> Iterator[Predicate]:
    yield condition
    for part in condition.parts():
        yield from _each(part)


def _named(book: Rulebook, path: str, each: Predicate) -> Iterator[Fault]:
    if each.tally is not None and each.tally not in book.tallies:
        yield unknown(path, "tally", each.tally, book.tallies)
    names = [name for name in (each.fact, each.known, each.other) if name is not None]
    lacking = [name for name in names if name not in _known(book)]
    yield from (unknown(path, "fact", name, _known(book)) for name in lacking)
    if each.fact is not None and not lacking:
        yield from _compared(book, path, each, each.fact)


def _kind(book: Rulebook, fact: str) -> str | None:
    declared = book.declares.facts.get(fact)
    return declared.kind if declared else CORE[fact].kind if fact in CORE else None


def _compared(book: Rulebook, path: str, each: Predicate, fact: str) -> Iterator[Fault]:
    kind = _kind(book, fact)
    if each.op not in UNORDERED and kind not in IN_ORDER:
        yield Fault(path, f"{fact} has no order", "use is, is_not, in or not_in")
    if each.other is not None:
        if _kind(book, each.other) != kind:
            yield Fault(path, f"{each.other} is no {kind}", f"compare {fact} with its kind")
    elif (kind == "money") is (each.yuan is None):
        fix = "money is compared with `yuan`, and only money is"
        yield Fault(path, f"{fact} is a {kind}", fix)
    elif kind != "money":
        yield from _possible(path, each, fact, kind, _values(book, fact))


def _possible(
    path: str, each: Predicate, fact: str, kind: str | None, allowed: tuple[str, ...]
) -> Iterator[Fault]:
    for value in each.value if isinstance(each.value, tuple) else (each.value,):
        if type(value) is not RIGHT.get(kind or "", str):
            yield Fault(path, f"{fact} is a {kind}", f"{value!r} is none: mend it")
        elif allowed and value not in allowed:
            yield unknown(path, f"value of {fact}", str(value), allowed)


def _values(book: Rulebook, fact: str) -> tuple[str, ...]:
    if fact == "grade" and book.grading:
        return tuple(grade.code for grade in book.grading.grades)
    if fact == "screening" and book.screening:
        return tuple(book.screening.outcomes)
    declared = book.declares.facts.get(fact)
    return declared.values if declared else CORE[fact].values
