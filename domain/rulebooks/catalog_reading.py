"""From the bytes of a catalog to the catalog, or to everything that is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from domain.rulebooks.catalog import Catalog, Tariff
from domain.rulebooks.facts import CORE
from domain.rulebooks.faults import Fault, unknown
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.reading import Lines, WrongRulebookError, sha256, shape_faults
from domain.rulebooks.rulebook import parts, predicates

ABOUT = {"offence", "lot"}
RIGHT = {"flag": bool, "number": int}


def read_catalog(
    raw: bytes, data: Mapping[str, Any], file: str, lines: Callable[[], Lines] = dict
) -> Catalog:
    """The catalog that these bytes say; *data* is what they hold as plain data."""
    try:
        catalog = Catalog.model_validate(_tuples(data) | {"sha256": sha256(raw)})
    except ValidationError as error:
        raise WrongRulebookError(file, shape_faults(error), lines()) from error
    if wrong := [*faults(catalog)]:
        raise WrongRulebookError(file, wrong, lines())
    return catalog


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Every name in the catalog that nothing bears, and every clause that stands twice."""
    known = {n: f.kind for n, f in CORE.items() if f.subject in ABOUT}
    for name, question in catalog.declares.facts.items():
        if name in CORE:
            path = f"declares.facts.{name}"
            yield Fault(path, f"{name} is a core fact", "leave it out")
        known[name] = question.kind
    seen: set[str] = set()
    for nth, clause in enumerate(catalog.clauses):
        path = f"clauses.{nth}"
        if clause.clause in seen:
            yield Fault(path, f"{clause.clause} stands twice", "put its tariffs together")
        seen.add(clause.clause)
        for which, tariff in enumerate(clause.tariffs):
            yield from _tariff(catalog, known, f"{path}.tariffs.{which}", tariff)
    paths = set(_paths(catalog))
    for nth, assumed in enumerate(catalog.assumed):
        if assumed.path not in paths:
            yield unknown(f"assumed.{nth}.path", "path", assumed.path, paths)


def _tariff(
    catalog: Catalog, known: Mapping[str, str], path: str, tariff: Tariff
) -> Iterator[Fault]:
    for role in {*tariff.roles} - {*catalog.roles}:
        yield unknown(f"{path}.roles", "role", role, catalog.roles)
    if tariff.per is not None and known.get(tariff.per) != "number":
        numbers = {name for name, kind in known.items() if kind == "number"}
        yield unknown(f"{path}.per", "number", tariff.per, numbers)
    for fact in {*tariff.occasion} - {*known}:
        yield unknown(f"{path}.occasion", "fact", fact, known)
    for where, condition in predicates(tariff):
        for each in _each(condition):
            here = f"{path}.{where}"
            names = [name for name in (each.fact, each.known, each.other) if name]
            for name in names:
                if name not in known:
                    yield unknown(here, "fact", name, known)
            if each.tally is not None:
                yield Fault(here, "a catalog counts nothing itself", "name a fact")
            if each.fact is not None and each.fact in known and each.other is None:
                yield from _values(catalog, here, each.fact, each, known[each.fact])


def _values(
    catalog: Catalog, path: str, fact: str, each: Predicate, kind: str
) -> Iterator[Fault]:
    allowed = CORE[fact].values if fact in CORE else ()
    if fact == "act":
        allowed = tuple(catalog.acts)
    if fact in catalog.declares.facts:
        allowed = catalog.declares.facts[fact].values
    for value in each.value if isinstance(each.value, tuple) else (each.value,):
        if type(value) is not RIGHT.get(kind, str):
            yield Fault(path, f"{fact} is a {kind}", f"{value!r} is none: mend it")
        elif allowed and value not in allowed:
            yield unknown(path, f"value of {fact}", str(value), allowed)


def _each(condition: Predicate) -> Iterator[Predicate]:
    yield condition
    for part in condition.parts():
        yield from _each(part)


def _paths(part: object, path: str = "") -> Iterator[str]:
    for step, inner in parts(part):
        here = f"{path}.{step}" if path else step
        yield here
        yield from _paths(inner, here)


def _tuples(part: Any) -> Any:  # noqa: ANN401  # plain data has any shape
    """Lists as tuples: what is read does not change any more."""
    if isinstance(part, Mapping):
        return {key: _tuples(value) for key, value in part.items()}
    return tuple(_tuples(one) for one in part) if isinstance(part, list) else part
