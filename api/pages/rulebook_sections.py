"""The sections of a regulation's page: each rule in words, its clause, what is assumed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.pages import rulebook_office as office
from api.pages.rulebook_row import Row, clause_of
from api.pages.rulebook_words import Plain
from domain.rulebooks.rulebook import Assumed, Gap, Rulebook, parts
from domain.rulebooks.strict import Words

Told = Iterator[Row]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the regulation, with what its source leaves open there."""

    key: str
    rows: list[Row]
    assumed: list[Assumed]  # of the part as a whole
    gaps: list[Gap]

    @property
    def is_told(self) -> bool:
        """Whether its rows say more than their names."""
        return any(row.said or row.clause or row.assumed or row.gaps for row in self.rows)


def sections(book: Rulebook, plain: Plain) -> list[Section]:
    """Every part the regulation speaks of, and what stands nowhere else."""
    made = []
    left = list(book.assumed)
    open_ = list(book.gaps)
    for key in Rulebook.model_fields:
        part = getattr(book, key)
        if key in HEAD or not (part or any(_under(gap.where, key) for gap in open_)):
            continue
        rows = list(
            TELL[key](book, plain) if key in TELL and part else _named(key, part, plain)
        )
        for one in list(left):
            within = [row for row in rows if _under(one.path, row.path)]
            if within:
                within[0].assumed.append(one)
                left.remove(one)
        for gap in list(open_):
            if where := [row for row in rows if _under(gap.where, row.path)]:
                where[0].gaps.append(gap)
                open_.remove(gap)
        mine = [one for one in left if _under(one.path, key)]
        gaps = [one for one in open_ if _under(one.where, key)]
        left = [one for one in left if one not in mine]
        made.append(Section(key, rows, mine, gaps))
        open_ = [one for one in open_ if one not in gaps]
    if left or open_:
        made.append(Section("head", [], left, open_))
    return made


HEAD = {
    "schema_",
    "id",
    "version",
    "title",
    "source",
    "sha256",
    "issued_on",
    "effective_on",
    "governs_by",
    "calendar",
    "assumed",
    "gaps",
    "scope",
    "tallies",
    "declares",
}


def _under(path: str, part: str) -> bool:
    return f"{path}.".startswith(f"{part}.")


def _named(path: str, part: object, plain: Plain) -> Told:
    """Every part with a name or a clause of its own: what it is called."""
    if isinstance(part, Words):
        yield Row(path, plain.name(part))
        return
    called = getattr(part, "name", None)
    if isinstance(called, Words):
        yield Row(path, plain.name(called), "", clause_of(part))
    for step, inner in parts(part):
        if step != "name":
            yield from _named(f"{path}.{step}", inner, plain)


def _grades(book: Rulebook, plain: Plain) -> Told:
    assert book.grading is not None
    yield from office.judges("grading", book.grading.decided_by, plain)
    for grade in book.grading.grades:
        name = f"{grade.code} {plain.name(grade.name)}"
        path = f"grading.grades.{grade.code}"
        yield Row(path, name, plain.when(grade.when), clause_of(grade))


def _screening(book: Rulebook, plain: Plain) -> Told:
    assert book.screening is not None
    yield from office.judges("screening", book.screening.decided_by, plain)
    for code, outcome in book.screening.outcomes.items():
        ends = str(plain.w("rulebook.ends")) if outcome.ends_complaint else ""
        needs = [plain.event(one) for one in outcome.needs]
        uncounted = str(plain.w("rulebook.uncounted")) if not outcome.counts_in_kpi else ""
        said = plain.listed([ends, *needs, uncounted])
        yield Row(
            f"screening.outcomes.{code}", plain.name(outcome.name), said, clause_of(outcome)
        )


def _clocks(book: Rulebook, plain: Plain) -> Told:
    for name, clock in book.clocks.items():
        begins = plain.listed(plain.event(one) for one in clock.start)
        ends = plain.listed(plain.event(one) for one in clock.stop)
        said = plain.w("rulebook.clock", limit=plain.limits(clock), start=begins, stop=ends)
        only = plain.when(clock.applies_when)
        more = [str(plain.w("rulebook.only_when", what=only))] if only else []
        if clock.customer_deadline == "replace":
            more.append(str(plain.w("rulebook.deadline_replace")))
        if clock.customer_deadline == "earliest":
            more.append(str(plain.w("rulebook.deadline_earliest")))
        yield Row(
            f"clocks.{name}",
            f"{name} {plain.name(clock.name)}",
            plain.listed([str(said), *more]),
            clause_of(clock),
        )


def _repeats(book: Rulebook, plain: Plain) -> Told:
    for name, rule in book.repeats.items():
        tally = book.tallies.get(rule.tally or "")
        counted = ""
        if tally is not None:
            counted = plain.counted(rule.tally or "", rule.op, rule.threshold)
        effects = plain.listed(plain.w.coded("effect", deed.do) for deed in rule.effects)
        said = plain.listed([counted, plain.when(rule.when)])
        yield Row(
            f"repeats.{name}",
            f"{name} {plain.name(rule.name)}",
            f"{said} → {effects}",
            clause_of(rule),
        )


def _closure(book: Rulebook, plain: Plain) -> Told:
    assert book.closure is not None
    for name, gate in book.closure.gates.items():
        only = plain.when(gate.applies_when)
        more = str(plain.w("rulebook.only_when", what=only)) if only else ""
        said = plain.listed([plain.need(gate.need), more])
        yield Row(f"closure.gates.{name}", plain.name(gate.name), said, clause_of(gate))
    for grade, gates in book.closure.by_grade.items():
        names = plain.listed(plain.name(book.closure.gates[one].name) for one in gates)
        yield Row(f"closure.by_grade.{grade}", grade, names)
    if book.closure.ineffective:
        shown = plain.listed(plain.event(one) for one in book.closure.ineffective.shown_by)
        then = plain.w.coded("then", book.closure.ineffective.then)
        clause = clause_of(book.closure.ineffective)
        name = str(plain.w("rulebook.ineffective"))
        yield Row("closure.ineffective", name, f"{shown} → {then}", clause)
    if book.closure.on_broken_pledge == "reopen":
        name, then = (
            str(plain.w("rulebook.pledge_broken")),
            str(plain.w("rulebook.reopens")),
        )
        yield Row("closure.on_broken_pledge", name, then)


def _approvals(book: Rulebook, plain: Plain) -> Told:
    for name, decision in book.approvals.items():
        chain = [plain.party(step) for step in decision.chain]
        steps = [str(plain.w("rulebook.proposes", who=plain.party(decision.propose)))]
        steps += [str(plain.w("rulebook.approves", who=one)) for one in chain]
        if decision.execute:
            steps.append(
                str(plain.w("rulebook.executes", who=plain.party(decision.execute)))
            )
        said = " → ".join(steps)
        yield Row(f"approvals.{name}", plain.name(decision.name), said, clause_of(decision))


def _penalties(book: Rulebook, plain: Plain) -> Told:
    assert book.penalties is not None
    authority = plain.name(book.approvals[book.penalties.authority].name)
    name = str(plain.w("rulebook.authority"))
    yield Row("penalties.authority", name, authority, clause_of(book.penalties))
    for nth, trigger in enumerate(book.penalties.triggers):
        missed = book.clocks.get(trigger.clock_missed or "")
        late = (
            str(plain.w("rulebook.missed", what=plain.name(missed.name))) if missed else ""
        )
        said = plain.listed([late, plain.when(trigger.when)])
        role = plain.role(trigger.role)
        clause = trigger.catalog_clause
        yield Row(f"penalties.triggers.{nth}", role, said, clause)


def _compensation(book: Rulebook, plain: Plain) -> Told:
    assert book.compensation is not None
    for grade, benefits in book.compensation.by_grade.items():
        names = plain.listed(plain.name(one.name) for one in benefits)
        clause = clause_of(book.compensation)
        yield Row(f"compensation.by_grade.{grade}", grade, names, clause)


def _roles(book: Rulebook, plain: Plain) -> Told:
    for name, role in book.roles.items():
        known = [one for one in role.aliases if plain.w.lang == "zh" or one.isascii()]
        yield Row(f"roles.{name}", plain.name(role.name), plain.listed(known))


def _intake(book: Rulebook, plain: Plain) -> Told:
    assert book.intake is not None
    roles = [plain.role(role) for role in book.intake.roles]
    said = plain.listed(roles) or str(plain.w("rulebook.anybody"))
    name = str(plain.w("rulebook.takes_in"))
    yield Row("intake", name, said, clause_of(book.intake))


def _speakers(book: Rulebook, plain: Plain) -> Told:
    for nth, speaker in enumerate(book.spokesperson):
        roles = plain.listed(plain.role(role) for role in speaker.roles)
        yield Row(
            f"spokesperson.{nth}", roles, plain.when(speaker.when), clause_of(speaker)
        )


def _archive(book: Rulebook, plain: Plain) -> Told:
    for nth, keeping in enumerate(book.archive):
        years = keeping.retention_years
        not_stated = str(plain.w("rulebook.not_stated"))
        said = plain.span(12 * years, "month") if years else not_stated
        yield Row(f"archive.{nth}", plain.role(keeping.role), said, clause_of(keeping))


TELL: dict[str, Callable[[Rulebook, Plain], Told]] = {
    "roles": _roles,
    "intake": _intake,
    "spokesperson": _speakers,
    "screening": _screening,
    "grading": _grades,
    "clocks": _clocks,
    "repeats": _repeats,
    "closure": _closure,
    "approvals": _approvals,
    "escalation": office.rungs,
    "penalties": _penalties,
    "compensation": _compensation,
    "scorecard": office.scores,
    "duties": office.duties,
    "forms": office.forms,
    "archive": _archive,
}
