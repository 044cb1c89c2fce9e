"""Desk: where a person says one thing about one complaint, and what lies on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from api.complaints.timeline import Sealed
from api.pages.asking import Asking, places
from api.pages.case import Case, case
from api.pages.choices import named, questions
from api.pages.controls import Control, Drawing, Wrong, marked
from api.pages.flow import not_speaking
from api.pages.gates import Closing, closing
from api.pages.page import Page
from api.pages.proposal import Proposal, proposals
from api.pages.sent import SOURCE, Checked, Sent
from api.pages.telling import Teller, teller
from api.pages.typed import Texts
from api.problems import DoorError
from domain.deeds import DEEDS, Deed


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the template draws it."""

    action: str
    key: str
    version: int | None  # the version a decision rests on
    controls: Sequence[Control]
    hidden: dict[str, str]
    lines: Sequence[Wrong] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """One deed about one complaint, for the person who does it."""

    page: Page
    deed: Deed
    case: Case

    @property
    def path(self) -> str:
        """Where the form is, and goes."""
        return f"{self.home}/{self.deed.name}"

    @property
    def home(self) -> str:
        """The complaint's own page."""
        return f"/ledger/{quote(self.case.number, safe='')}"

    def form(
        self, asking: Asking, texts: Texts, *, sent: Sent | None, checked: Checked | None
    ) -> Form:
        """The form with what was typed, and what is wrong with it."""
        drawing = Drawing(
            w=self.page.w,
            within=self.deed.name,
            options=asking.options,
            texts=texts,
            submitted=sent is not None,
            sealed=asking.sealed,
            offset=self.page.shown.offset(),
            more=sent.more if sent else "",
        )
        wrong = checked.wrong if checked else {}
        controls, lines = marked(drawing.drawn(asking.fields), wrong, self.page.w)
        return Form(
            action=self.path,
            key=sent.key if sent else str(uuid4()),
            version=None if self.deed.is_fact else self.case.version,
            controls=controls,
            hidden=asking.hidden,
            lines=lines,
        )

    def shows(
        self, form: Form, asking: Asking, status: int = 200, **more: object
    ) -> Response:
        """The form's page."""
        page = self.page
        tells = teller(page.w, page.shown, self.case.rules, self.case.entries)
        around: dict[str, object] = {
            "saw": None,
            "told": (),
            "message": None,
            "may_correct": False,
        }
        return page.shows(
            "deed.html",
            status,
            case=self.case,
            deed=self.deed,
            form=form,
            about=self._about(asking),
            tells=tells,
            closing=self._closing(),
            warning=self._warning(),
            proposals=self._proposals(tells),
            now=self._now(asking, tells),
            **{**around, **more},
        )

    def _about(self, asking: Asking) -> str:
        """What exactly it is about: the question, or the place that is corrected."""
        page = self.page
        if self.deed.name == "fact_established":
            asked = questions(self.case.rules)[asking.about]
            return named(asked.question, page.w.lang)
        if self.deed.name == "corrected":
            tells = teller(page.w, page.shown, self.case.rules, self.case.entries)
            return f"#{asking.fixed['corrects']} {tells.label(asking.about)}"
        return ""

    def _proposals(self, tells: Teller) -> list[Proposal]:
        graded = self.deed.name == "graded"
        return proposals(self.case, tells.values, self.home) if graded else []

    def _now(self, asking: Asking, tells: Teller) -> Markup | None:
        """The value that is to be corrected, as it stands."""
        if self.deed.name != "corrected":
            return None
        event = self.case.complaint.happened[asking.fixed["corrects"]]
        place = next(one for one in places(event) if one.path == asking.about)
        shut = place.sealed and place.value is not None
        name = place.path.rsplit(".", 1)[-1]
        return tells.value(name, Sealed() if shut else place.value)

    def _warning(self) -> Markup | None:
        """Whoever speaks to the customer and is not the one who should is told so."""
        case, page = self.case, self.page
        who = page.parts.operator.as_who(SOURCE)
        return not_speaking(self.deed.name, case.complaint, case.rules, who, page.w)

    def _closing(self) -> Closing | None:
        if self.deed.name != "closed":
            return None
        case, page = self.case, self.page
        now = page.parts.now()
        return closing(case.complaint, case.rules, case.entries, page.w, page.shown, now)


async def desk(request: Request, number: str, word: str) -> Desk:
    """The desk of this deed, if there is such a one and the person may do it."""
    page = await Page.open(request)
    deed = DEEDS.get(word)
    if deed is None:
        raise DoorError("not-found")
    page.parts.operator.has_to(word)
    found = await case(page.parts, number, may_open=False)
    return Desk(page.in_zone(found.complaint.zone), deed, found)
