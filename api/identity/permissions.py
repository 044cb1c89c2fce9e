"""Who may do what. One table, for routes, pages, exports and documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.account import FieldClass
from domain.deeds import DEEDS
from domain.errors import Lack, NotPermittedError
from domain.event import Who

SERVICE, ENGINEER, MANAGER = "customer_service", "quality_engineer", "quality_manager"
DEPARTMENT, AUDITOR, ADMINISTRATOR = "department", "auditor", "administrator"
GENERAL = "general_manager"  # signs what a regulation keeps for the head of the house
SYSTEM = "service"  # another program: it brings facts, and never decides
ROLES = (SERVICE, ENGINEER, MANAGER, DEPARTMENT, GENERAL, AUDITOR, ADMINISTRATOR, SYSTEM)
NOBODY = "nobody"  # who has not signed in, or holds no role: no row of the table names it

_FRONT = frozenset({SERVICE, ENGINEER, MANAGER})  # speak with customers
_QUALITY = frozenset({ENGINEER, MANAGER})
_FROM_FRONT = _FRONT | {SYSTEM}
_FROM_PLANT = _QUALITY | {DEPARTMENT, SYSTEM}
_FROM_ALL = _FRONT | {DEPARTMENT, SYSTEM}
_CHIEF = frozenset({MANAGER})
_HEADS = frozenset({MANAGER, GENERAL})
_PEOPLE = _FRONT | {DEPARTMENT}
_OPERATORS = frozenset({MANAGER, ADMINISTRATOR})
_ADMINISTRATORS = frozenset({ADMINISTRATOR})
_EVERYBODY = frozenset(ROLES) - {SYSTEM}

MAY: Mapping[str, frozenset[str]] = {
    # what can be said about a complaint, by the word of its topic
    "received": _FROM_FRONT,
    "accepted": _FROM_ALL,
    "screened": _FRONT,
    "duplicate_linked": _FRONT,
    "duplicate_unlinked": _FRONT,
    "withdrawn": _FROM_FRONT,
    "item_stated": _FROM_ALL,
    "fact_established": _FROM_ALL,
    "loss_stated": _FROM_ALL,
    "acknowledged": _FROM_FRONT,
    "contacted": _FROM_FRONT,
    "handed_over": _FROM_ALL,
    "replied": _FROM_FRONT,
    "customer_confirmed": _FROM_FRONT,
    "objected": _FROM_FRONT,
    "called_back": _FROM_FRONT,
    "inquiry_started": _FROM_ALL,
    "response_started": _FROM_ALL,
    "promised": _FROM_FRONT,
    "customer_deadline_set": _FROM_FRONT,
    "paused": _QUALITY,
    "resumed": _QUALITY,
    "graded": _QUALITY,
    "contained": _FROM_PLANT,
    "stock_swept": _FROM_PLANT,
    "sampled": _FROM_PLANT,
    "question_raised": _FROM_ALL,
    "question_answered": _FROM_ALL,
    "determined": _QUALITY,
    "root_caused": _FROM_PLANT,
    "liability_assigned": _QUALITY,
    "action_planned": _FROM_PLANT,
    "action_approved": _QUALITY,
    "action_rejected": _QUALITY,
    "action_implemented": _FROM_PLANT,
    "solution_executed": _FROM_ALL,
    "compensated": _FRONT,
    "deployed": _FROM_PLANT,
    "verified": _QUALITY,
    "batch_checked": _FROM_PLANT,
    "goods_arrived": _FROM_ALL,
    "return_requested": _FROM_ALL,
    "return_approved": _HEADS,
    "goods_delivered": _FROM_ALL,
    "recall_requested": _FRONT,
    "recall_approved": _HEADS,
    "recall_executed": _FROM_ALL,
    "inspection_stopped": _FROM_PLANT,
    "plan_decided": _QUALITY,
    "plan_accepted": _HEADS,
    "work_accepted": _QUALITY,
    "disposed": _QUALITY,
    "labour_booked": _FROM_PLANT,
    "recurred": _FROM_ALL,
    "pledged": _QUALITY,
    "pledge_judged": _QUALITY,
    "review_held": _FROM_PLANT,
    "meeting_held": _FROM_PLANT,
    "evidence_accepted": _QUALITY,
    "duty_done": _FROM_ALL,
    "evidence_added": _FROM_ALL,
    "archived": _FROM_ALL,
    "signed": _PEOPLE | {GENERAL},  # never another system
    "escalated": _PEOPLE,
    "assigned": _FRONT,
    "noted": _PEOPLE,
    "corrected": _PEOPLE,
    "closed": _CHIEF,
    "reopened": _CHIEF,
    "rulebook_reassigned": _CHIEF,
    # what can be said about shipments and projects, by the whole topic
    "shipment.sent": _FROM_ALL,
    "shipment.returned": _FROM_ALL,
    "shipment.corrected": _PEOPLE,
    "project.begun": _FROM_ALL,
    "project.hold_point_checked": _FROM_PLANT,
    "project.delivered": _FROM_ALL,
    "project.called_back": _FROM_FRONT,
    "project.report_filed": _FROM_ALL,
    "project.evaluated": _QUALITY,
    "project.corrected": _PEOPLE,
    # what can be said about a penalty notice
    "fined": _CHIEF,  # an act over a complaint, stated and proposed at once
    "offence_stated": _FROM_PLANT - {SYSTEM},
    "special_approval_given": _FROM_PLANT - {SYSTEM},
    "proposed": _CHIEF,
    "approved": _HEADS | _CHIEF,
    "notified": _CHIEF,
    "appealed": _PEOPLE,
    "upheld": _HEADS | _CHIEF,
    "changed": _HEADS | _CHIEF,
    "settled": _CHIEF,
    "reversed": _CHIEF,
    "rewarded": _CHIEF,
    "cost_charged": _CHIEF,
    "points_deducted": _CHIEF,
    "published": _CHIEF,
    # what can be said about a repeat alarm
    "kpi.published": _CHIEF,
    "kpi.restated": _CHIEF,
    "cluster.dismissed": _QUALITY,
    "cluster.meeting_held": _QUALITY,
    "cluster.plan_adopted": _CHIEF,
    # what can be read
    "read": frozenset(ROLES),
    "read_all": frozenset(ROLES),  # what is not of one site: alarms, back-tests, lists
    "read_personal": _FRONT,  # open the seals of names, phone numbers and free text
    "read_penalties": frozenset({MANAGER, GENERAL, AUDITOR}),
    # what can be done to the ledger as a whole
    "publish": _OPERATORS,  # regulations and the policy set; another person approves
    "bring_in": _OPERATORS | {SYSTEM},  # messages of another system
    "import": _OPERATORS,
    "operate": _OPERATORS,
    # what can be said about the person behind a complaint
    "subject.erasure_requested": _FRONT,
    "subject.hold_set": _HEADS,
    "subject.hold_lifted": _HEADS,
    "subject.erasure_approved": _HEADS,
    "read_subjects": _FRONT | _HEADS | {AUDITOR},
    # what can be done about accounts; who gives a role does not confirm it
    "account.created": _ADMINISTRATORS,
    "account.role_granted": _ADMINISTRATORS,
    "account.role_confirmed": _HEADS | _ADMINISTRATORS,
    "account.role_revoked": _ADMINISTRATORS,
    "account.delegated": _EVERYBODY,  # of their own roles
    "account.delegation_ended": _EVERYBODY,  # of those they gave or got
    "account.absent": _EVERYBODY,  # their own
    "account.password_set": _EVERYBODY,  # their own
    "account.locked": _ADMINISTRATORS,
    "account.reinstated": _ADMINISTRATORS,
    "account.signed_out": _EVERYBODY,  # themselves; an administrator anybody
    "account.key_issued": _ADMINISTRATORS,
    "account.key_revoked": _ADMINISTRATORS,
    "read_accounts": _HEADS | _ADMINISTRATORS | {AUDITOR},
    "read_looks": frozenset({AUDITOR, ADMINISTRATOR}),  # who looked at what
}


# What is about one thing at one site. For all else a role has to hold at every site.
SITED = frozenset(
    {
        *(word for word in MAY if "." not in word and word in DEEDS),
        *(word for word in MAY if word.split(".")[0] in {"shipment", "project", "account"}),
        "received",
        "read",
        "read_personal",
    }
)
# The class of fields that a right opens; an account may hold its role without one.
CLASSES: Mapping[str, FieldClass] = {
    "read_personal": "personal",
    "read_penalties": "penalty",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks, in the one role they act in: a person of ours, or a program.

    In the trial it is the operator of the settings.
    """

    id: str  # p-…: a pseudonym, as events carry it
    role: str
    name: str  # only ever shown to this person
    account: UUID | None = None  # none: nobody signed in
    sites: frozenset[str] | None = None  # none: all of them
    without: frozenset[FieldClass] = frozenset()  # classes of fields that stay shut
    scopes: frozenset[str] | None = None  # of a program's key; none: all that the role may
    acts_as: tuple[str, ...] | None = (
        None  # roles of regulations; none: by the plant's table
    )
    in_place_of: str | None = None  # whose role it is that they act in

    def __post_init__(self) -> None:
        """Refuse a role that no row of the table names."""
        if self.role not in (*ROLES, NOBODY):
            raise ValueError(f"no such role as {self.role}: choose of {', '.join(ROLES)}")

    def may(self, do: str) -> bool:
        """Whether their role allows it, with what was taken out of it."""
        if self.scopes is not None and do not in self.scopes:
            return False
        if self.sites is not None and do not in SITED:
            return False
        return self.role in MAY[do] and CLASSES.get(do) not in self.without

    def has_to(self, do: str) -> None:
        """Refuse, naming who may, unless their role allows it."""
        if self.role in MAY[do] and self.sites is not None and do not in SITED:
            fix = f"your role holds at {', '.join(sorted(self.sites))}, and this is of all"
            raise NotPermittedError(Lack("site", fix))
        if not self.may(do):
            raise NotPermittedError(Lack("role", f"ask one of: {', '.join(who_may(do))}"))

    def as_who(self, source: str) -> Who:
        """The same person as an event names them."""
        return Who(
            by=self.id,
            role=self.role,
            source=source,
            acts_as=self.acts_as,
            in_place_of=self.in_place_of,
        )


ANYBODY = Person("p-nobody", NOBODY, "")  # who has not signed in


def who_may(do: str) -> tuple[str, ...]:
    """The roles that may do this, in one order."""
    return tuple(role for role in ROLES if role in MAY[do])
