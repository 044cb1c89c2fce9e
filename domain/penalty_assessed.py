"""What the catalog of the day of the act says of it, with earlier offences counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Lack, NotReadyError
from domain.penalty import Notice
from domain.penalty_look import Look
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.facts import CORE
from domain.rulebooks.fines import Candidate, candidates
from domain.rulebooks.money import Penalties
from domain.rulebooks.predicates import Facts


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the catalog of that day says of the act; nothing is changed by asking."""

    catalog: Catalog
    found: Sequence[Candidate]
    serials: Mapping[str, int]  # clause without its version → the next free number


def assessed(
    notice: Notice,
    penalties: Penalties,
    look: Look,
    amounts: Mapping[str, int],
) -> Assessed:
    """The candidates for an act, by the version in force on its day."""
    if notice.on is None or notice.act is None:
        raise NotReadyError(Lack("act", "state the act first"))
    assert penalties.catalog is not None
    catalog = look.catalog(penalties.catalog, notice.on)
    if catalog is None:
        raise NotReadyError(
            Lack("on", "no version of the catalog was in force on that day: publish it")
        )
    facts = {**_of_the_lot(notice, catalog, look), **notice.facts()}
    earlier: dict[str, int] = {}
    serials: dict[str, int] = {}
    for clause in catalog.clauses:
        if any(t.counts_earlier and facts.get("role") in t.roles for t in clause.tariffs):
            key = counted_as(catalog, clause.clause, notice.act, penalties)
            serials[clause.clause], notices = look.earlier(notice.person, key)
            earlier[clause.clause] = sum(
                _counts(one, notice, key, penalties) for one in notices
            )
    found = candidates(catalog, facts, earlier=earlier, amounts=amounts)
    return Assessed(catalog, found, serials)


def _of_the_lot(notice: Notice, catalog: Catalog, look: Look) -> Facts:
    """What the complaint itself says of a lot: its disposition, the labour booked on it.

    Asked only of a catalog that rests on such facts; what the notice states goes first.
    """
    tariffs = [tariff for clause in catalog.clauses for tariff in clause.tariffs]
    names = {name for tariff in tariffs for name in (*tariff.when.facts(), tariff.per)}
    core = {name: fact.subject for name, fact in CORE.items()}
    own = {name: fact.subject for name, fact in catalog.declares.facts.items()}
    lot = {name for name in names if name and (core | own).get(name) == "lot"}
    if notice.complaint_id is None or not lot:
        return {}
    said = look.facts_about(notice.complaint_id)
    return {name: said[name] for name in lot & said.keys()}


def counted_as(catalog: Catalog, clause: str, act: str, penalties: Penalties) -> str:
    """Under what a second offence is one: the clause, or the act across clauses."""
    return f"{catalog.id}#{clause if penalties.repeat_key == 'person_clause' else act}"


def _counts(one: Notice, notice: Notice, key: str, penalties: Penalties) -> bool:
    charge = one.charge
    if one.id == notice.id or charge is None or charge.counted_as != key:
        return False
    if charge.on is None or notice.on is None or charge.on > notice.on:
        return False
    return one.counts or (one.reversed and penalties.reversed_counts)
