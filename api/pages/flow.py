"""Flow: who signs, speaks, is asked and files next, as the regulations of a case say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup, escape

from api.pages.choices import named
from api.pages.shown import Shown
from api.pages.values import link_to
from api.pages.words import WordList
from domain.complaint.approval import chains
from domain.complaint.chain import Chain
from domain.complaint.escalation import climb
from domain.complaint.keeping import filings
from domain.complaint.screening import counted
from domain.complaint.speaking import may_speak, spokespersons
from domain.complaint.stages import read_stages
from domain.complaint.state import Complaint
from domain.event import Who
from domain.rulebooks.rulebook import Rulebook, Rules

AN_HOUR = timedelta(hours=1)
SPEAKING = frozenset({"contacted", "acknowledged", "replied", "called_back", "promised"})


@dataclass(frozen=True, slots=True)
class Next:
    """One thing the regulations say of how it goes on."""

    label: str
    said: Markup
    clause: str


def flow(complaint: Complaint, rules: Rules, w: WordList) -> list[Next]:
    """Signatures that are awaited, the rung, who speaks, papers owed, what it counts in."""
    return [
        *_signatures(complaint, rules, w),
        *_ladder(complaint, rules, w),
        *_speakers(complaint, rules, w),
        *(_papers(complaint, rules, w) if complaint.closed else ()),
        *_counts(complaint, rules, w),
    ]


def _signatures(complaint: Complaint, rules: Rules, w: WordList) -> Iterator[Next]:
    closing = rules.get("closure")
    gates = closing.closure.gates.values() if closing and closing.closure else ()
    asked = {need.signatures for gate in gates for need in gate.need.each()}
    for book, one in chains(complaint, rules):
        if not one.signed and (book is not closing or one.name not in asked):
            continue  # nobody has begun it, and no gate waits for it
        said = w("flow.signed", n=one.done, of=len(one.steps), next=_next(book, one, w))
        label = named(one.approval.name, w.lang)
        yield Next(label, said, one.approval.clause)


def _next(book: Rulebook, one: Chain, w: WordList) -> Markup:
    if one.complete:
        return w("flow.carried_out" if one.executed else "flow.complete")
    roles = _roles(book, one.next(), w)
    begun = one.proposed and not one.refused
    return w("flow.signs" if begun else "flow.proposes", roles=roles)


def _ladder(complaint: Complaint, rules: Rules, w: WordList) -> Iterator[Next]:
    found = climb(complaint, rules)
    if found is None:
        return
    rungs = found.ladder.rungs
    at = named(rungs[found.at].name, w.lang)
    above = found.next
    key = "flow.rung" if above else "flow.rung_top"
    higher = named(above[1].name, w.lang) if above else ""
    said = w(key, at=at, next=higher) if above else w(key, at=at)
    yield Next(str(w("flow.ladder")), said, found.ladder.clause)


def _speakers(complaint: Complaint, rules: Rules, w: WordList) -> Iterator[Next]:
    for one in spokespersons(complaint, rules):
        said = escape(_roles(one.book, one.speaker.roles, w))
        yield Next(str(w("flow.speaks")), said, one.speaker.clause)


def _papers(complaint: Complaint, rules: Rules, w: WordList) -> Iterator[Next]:
    for one in filings(complaint, rules):
        forms = {c: named(form.name, w.lang) for c, form in one.book.forms.items()}
        papers = w("frame.list_separator").join(forms.get(p, p) for p in one.lacking)
        said = w("flow.files", role=_roles(one.book, [one.duty.role], w), papers=papers)
        if one.filed is not None:
            said = w("flow.filed", link=link_to(one.filed))
        yield Next(str(w("flow.archive")), said, one.duty.clause)


def _counts(complaint: Complaint, rules: Rules, w: WordList) -> Iterator[Next]:
    counts = counted(complaint, rules)
    if not counts.in_kpi:
        yield Next(str(w("flow.counts")), w("flow.counts_not"), counts.clause)


def not_speaking(
    word: str, complaint: Complaint, rules: Rules, who: Who, w: WordList
) -> Markup | None:
    """A warning for whoever speaks to the customer and is not the one who should."""
    if word not in SPEAKING or may_speak(complaint, rules, who):
        return None
    told = [_roles(s.book, s.speaker.roles, w) for s in spokespersons(complaint, rules)]
    return w("flow.not_speaker", roles=w("complaint.or").join(told))


def _roles(book: Rulebook, roles: tuple[str, ...] | list[str], w: WordList) -> str:
    return str(w("frame.list_separator")).join(
        named(book.roles[role].name, w.lang) for role in roles
    )


def stages(complaint: Complaint, rules: Rules, w: WordList, shown: Shown) -> list[Next]:
    """The rows of the tracking sheet: when each ended, by whom, and how long it took."""
    rows = []
    for row in read_stages(complaint, rules):
        said = w("flow.stage_open")
        if row.ended is not None and row.at is not None:
            link = link_to(row.ended.originator_version)
            facts = {"link": link, "at": shown.short(row.at), "by": row.ended.who.by}
            hours = "" if row.took is None else f"{row.took / AN_HOUR:.1f}"
            said = (
                w("flow.stage", **facts, hours=hours) if hours else w("flow.began", **facts)
            )
        rows.append(Next(named(row.stage.name, w.lang), said, row.stage.clause))
    return rows
