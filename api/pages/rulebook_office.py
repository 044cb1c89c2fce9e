"""The office's sections of a regulation's page: duties with their rhythm, forms, points."""

from collections.abc import Iterator

from api.pages.rulebook_row import Row, clause_of
from api.pages.rulebook_words import Plain
from domain.rulebooks.keeping import Duty
from domain.rulebooks.rulebook import Rulebook


def duties(book: Rulebook, plain: Plain) -> Iterator[Row]:
    """What is owed apart from any complaint: how often, and by whom."""
    for name, duty in book.duties.items():
        who = plain.role(duty.role) if duty.role else ""
        said = plain.listed([_rhythm(duty, plain), who])
        yield Row(f"duties.{name}", plain.name(duty.name), said, clause_of(duty))


def _rhythm(duty: Duty, plain: Plain) -> str:
    if duty.period:
        return str(plain.w(f"rulebook.each_{duty.period}"))
    if on := duty.due_month_day:
        return str(plain.w("rulebook.by_day", day=f"{on.month:02}-{on.day:02}"))
    if duty.months_after_last:
        return str(plain.w("rulebook.after_last", n=duty.months_after_last))
    return str(plain.w("rulebook.no_rhythm"))


def forms(book: Rulebook, plain: Plain) -> Iterator[Row]:
    """The paper forms, and who fills them in."""
    for name, form in book.forms.items():
        who = plain.listed(plain.role(role) for role in form.filled_by)
        yield Row(f"forms.{name}", plain.name(form.name), who, clause_of(form))


def scores(book: Rulebook, plain: Plain) -> Iterator[Row]:
    """The rows of a score: what each comes to at most, and what takes points away."""
    assert book.scorecard is not None
    for name, row in book.scorecard.rows.items():
        most = row.max if row.max is not None else row.assumed_max
        points = str(plain.w("rulebook.points", n=most)) if most else ""
        lost = [f"{plain.name(one.name)} −{one.points}" for one in row.deductions]
        when = plain.when(row.zero_when)
        zero = str(plain.w("rulebook.zero_when", what=when)) if when else ""
        said = plain.listed([points, *lost, zero])
        yield Row(f"scorecard.rows.{name}", plain.name(row.name), said, clause_of(row))


def rungs(book: Rulebook, plain: Plain) -> Iterator[Row]:
    """The ladder, lowest rung first; when a rung may be left out, what climbs by itself."""
    ladder = book.escalation
    assert ladder is not None
    for name, rung in ladder.rungs.items():
        roles = plain.listed(plain.role(role) for role in rung.roles)
        yield Row(f"escalation.rungs.{name}", plain.name(rung.name), roles, clause_of(rung))
    if when := plain.when(ladder.skip_when):
        skips = str(plain.w("rulebook.skips"))
        yield Row("escalation.skip_when", skips, when, clause_of(ladder))
    if late := ladder.on_lapse:
        clocks = plain.listed(plain.name(book.clocks[one].name) for one in late)
        climbs = str(plain.w("rulebook.climbs_on_lapse"))
        yield Row("escalation.on_lapse", climbs, clocks, clause_of(ladder))


def judges(key: str, roles: tuple[str, ...], plain: Plain) -> Iterator[Row]:
    """Who decides in a section, where the regulation names somebody."""
    if roles:
        who = plain.listed(plain.role(role) for role in roles)
        yield Row(f"{key}.decided_by", str(plain.w("rulebook.decides")), who)
