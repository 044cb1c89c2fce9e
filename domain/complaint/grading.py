"""Grading: how serious it is, in the words of one regulation."""

from uuid import UUID

from domain.assess.assessing import alone
from domain.assess.case import case_of
from domain.assess.verdict import Verdict
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Who
from domain.rulebooks.grades import Grading
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text

# By a person alone: nothing proposes it, no clause stands for it, no clock runs.
UNGOVERNED = Verdict(None, "ungraded", (), "more_severe")


class Graded(Decision):
    """Somebody put the complaint into a grade of one scheme."""

    TOPIC = "complaint.graded"

    scheme: str
    code: str
    proposed: str | None = None  # by the regulation, from the facts known then
    because: tuple[str, ...] = ()
    might_be: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()
    reason: str | None = None

    def apply(self, complaint: Complaint) -> None:
        """One grade for each scheme; the latest counts."""
        complaint.grades[self.scheme] = self.code


class Upgraded(Decision):
    """A rule raised the grade by itself: other complaints tipped its count."""

    TOPIC = "complaint.upgraded"

    scheme: str
    code: str
    was: str
    rule: str  # rulebook@version#rule
    cluster: UUID  # whose members are the evidence

    def apply(self, complaint: Complaint) -> None:
        """One grade for each scheme; the latest counts."""
        complaint.grades[self.scheme] = self.code


def grade(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    scheme: Code,
    code: Code,
    reason: Text | None = None,
) -> None:
    """Put it into a grade of one scheme. The same grade again changes nothing.

    Where no regulation governs grading, a person says why it is this one. What other
    complaints would add to a count is open here: where they tip it, it is raised later.
    """
    if complaint.closed:
        raise NotAllowedError(Lack("code", "reopen the complaint first"))
    clause, verdict = _judged(complaint, rules, scheme, code, reason)
    if complaint.grades.get(scheme) == code:
        return
    complaint.record(
        Graded(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            scheme=scheme,
            code=code,
            proposed=verdict.code,
            because=verdict.because,
            might_be=verdict.might_be,
            presumed=verdict.presumed,
            reason=reason,
        )
    )


def _judged(
    complaint: Complaint, rules: Rules, scheme: str, code: str, reason: str | None
) -> tuple[str | None, Verdict]:
    """The clause of the grade and what the facts say; refused where that forbids it."""
    same = complaint.grades.get(scheme) == code
    if rules.get("grading") is None and scheme not in {b.id for b in rules.books()}:
        if reason is None and not same:
            fix = "no regulation in force proposes a grade: say why it is this one"
            raise InvalidError(Lack("reason", fix))
        return None, UNGOVERNED
    grading = rules.scheme(scheme)
    clause = grading.grade(code).clause
    verdict = alone(rules.regulation(scheme), case_of(complaint))
    if not same:
        _check_override(grading, verdict, code, reason)
    return clause, verdict


def upgrade(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    scheme: Code,
    code: Code,
    rule: Line,
    cluster: UUID,
) -> None:
    """Raise the grade by a rule. As bad a grade, or the end of the work, stays."""
    was = complaint.grades.get(scheme)
    grading = rules.scheme(scheme)
    if complaint.closed or was is None or grading.rank(code) >= grading.rank(was):
        return
    complaint.record(
        Upgraded(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=grading.grade(code).clause,
            scheme=scheme,
            code=code,
            was=was,
            rule=rule,
            cluster=cluster,
        )
    )


def _check_override(
    grading: Grading, verdict: Verdict, code: str, reason: str | None
) -> None:
    """Another grade than the proposed one needs the regulation's leave, and a reason."""
    if grading.on_unknown == "ask_first" and verdict.might_be:
        raise NotReadyError(
            *(Lack(fact, "state this fact first") for fact in verdict.missing)
        )
    if verdict.grade is None or code == verdict.grade.code:
        return
    milder = grading.rank(code) > grading.rank(verdict.grade.code)
    if grading.override == "none" or (grading.override == "up" and milder):
        raise NotAllowedError(
            Lack("code", f"the facts say {verdict.grade.code}", verdict.grade.clause)
        )
    if reason is None:
        raise InvalidError(
            Lack("reason", f"say why, since the facts say {verdict.grade.code}")
        )
