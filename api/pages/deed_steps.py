"""What is chosen before a form: which value is corrected, which question is answered."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import Response
from markupsafe import Markup

from api.complaints.timeline import Sealed
from api.pages.asking import corrected_event
from api.pages.asking import places as places_of
from api.pages.choices import named
from api.pages.choices import questions as questions_of
from api.pages.desk import Desk
from api.pages.telling import teller
from api.pages.typed import Texts
from api.pages.values import link_to
from domain.complaint.facts import facts_of
from domain.rulebooks.predicates import NA


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to choose: what it is, its value now, and where it leads."""

    label: str
    now: Markup
    address: str


def places(at: Desk, texts: Texts) -> Response:
    """Every value of a fact, each with the way to its correction."""
    page, event = at.page, corrected_event(at.case, texts)
    tells = teller(page.w, page.shown, at.case.rules, at.case.entries)
    steps = [
        Step(
            tells.label(place.path),
            tells.value(
                place.path.rsplit(".", 1)[-1],
                Sealed() if place.sealed and place.value is not None else place.value,
            ),
            _address(at, corrects=str(event.originator_version), field=place.path),
        )
        for place in places_of(event)
    ]
    topic = page.w.coded("event", event.TOPIC)
    link = Markup("{} {}").format(link_to(event.originator_version), topic)
    title = page.w("deed_page.correct_what", link=link)
    return _shows(at, title, "deed_page.correct_this", steps)


def questions(at: Desk) -> Response:
    """Every question the regulations ask, with the answer that stands."""
    page = at.page
    tells = teller(page.w, page.shown, at.case.rules, at.case.entries)
    facts = facts_of(at.case.complaint)
    steps = []
    for fact, question in questions_of(at.case.rules).items():
        known = facts.get(fact)
        now = tells.value("value", known) if known is not NA else page.w(NEVER)
        steps.append(
            Step(named(question.question, page.w.lang), now, _address(at, fact=fact))
        )
    return _shows(at, page.w("deed_page.questions"), "deed_page.question_answer", steps)


NEVER = "deed_page.not_applicable"


def _shows(at: Desk, title: Markup, verb: str, steps: list[Step]) -> Response:
    return at.page.shows(
        "steps.html", case=at.case, deed=at.deed, title=title, verb=verb, steps=steps
    )


def _address(at: Desk, **chosen: str) -> str:
    return f"{at.path}?{urlencode(chosen)}"
