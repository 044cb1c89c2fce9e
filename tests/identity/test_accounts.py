"""Accounts: who gives a role does not confirm it, and nobody gives one to themselves."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from domain import account_access as access
from domain import account_roles as roles
from domain.account import Account, Kind
from domain.errors import RefusedError
from domain.event import Who
from domain.rulebooks.rulebook import Rules
from tests.builders import TUESDAY, WEDNESDAY

ADA = Who(by="p-ada", role="administrator", source="web")
BEN = Who(by="p-ben", role="quality_manager", source="web")
CLEO = Who(by="p-cleo", role="customer_service", source="web")
DAYS = timedelta(days=1)

Step = Callable[[Account, Rules], None]
NONE = Rules({})


def account(person: str = "p-cleo", kind: Kind = "person") -> Account:
    return roles.open_account(
        who=ADA,
        at=TUESDAY,
        person=person,
        kind=kind,
        party_id=UUID(int=9),
        name="Cleo",
        login="cleo",
    )


def given(who: Who = ADA, role: str = "customer_service") -> Step:
    return lambda one, rules: roles.grant_role(one, rules, who=who, at=TUESDAY, role=role)


def confirmed(who: Who = BEN, *, grant: int = 2, first: bool = False) -> Step:
    return partial(roles.confirm_role, who=who, at=TUESDAY, grant=grant, first=first)


def key(name: str = "a" * 12, days: int = 90) -> Step:
    return lambda one, rules: access.issue_key(
        one,
        rules,
        who=ADA,
        at=TUESDAY,
        new_key=name,
        scopes=("read",),
        expires_at=TUESDAY + days * DAYS,
    )


def in_force(one: Account) -> list[str]:
    return [grant.role for grant in one.held(WEDNESDAY.date())]


@pytest.mark.parametrize(
    ("steps", "role_in_force"),
    [
        ([given()], False),
        ([given(), confirmed()], True),
        ([given(), confirmed(), confirmed()], True),
        ([given(), confirmed(CLEO, first=True)], True),
        (
            [
                given(),
                confirmed(),
                partial(roles.revoke_role, who=ADA, at=TUESDAY, grant=2, reason="moved"),
            ],
            False,
        ),
    ],
)
def test_a_role_is_in_force_once_two_persons_said_so(
    steps: list[Step], role_in_force: bool
) -> None:
    one = account()
    for step in steps:
        step(one, NONE)

    assert in_force(one) == ["customer_service"] * role_in_force


@pytest.mark.parametrize(
    ("steps", "refused", "field"),
    [
        ([], given(CLEO), "person"),
        ([given()], given(), "role"),
        ([], given(role="service"), "role"),
        ([given()], confirmed(ADA), "by"),
        ([given()], confirmed(CLEO), "by"),
        ([given()], confirmed(grant=7), "grant"),
        ([], partial(access.set_password, who=ADA, at=TUESDAY, by_link=True), "by"),
        ([], partial(access.lock, who=CLEO, at=TUESDAY, reason="x"), "person"),
        ([], key(), "person"),
    ],
)
def test_what_one_person_may_not_do_alone_is_refused(
    steps: list[Step], refused: Step, field: str
) -> None:
    one = account()
    for step in steps:
        step(one, NONE)
    before = one.version

    with pytest.raises(RefusedError) as error:
        refused(one, NONE)

    assert [lack.field for lack in error.value.lacks] == [field]
    assert one.version == before


def test_a_role_ends_after_its_last_day() -> None:
    one = account()
    last = WEDNESDAY.date()
    roles.grant_role(one, NONE, who=ADA, at=TUESDAY, role="auditor", until=last)
    confirmed()(one, NONE)

    assert [one.held(last + n * DAYS) != [] for n in (0, 1)] == [True, False]


def test_who_is_away_lets_another_act_for_a_while_in_a_role_they_hold() -> None:
    giver, other = account("p-cleo"), account("p-dan")
    given()(giver, NONE)
    confirmed()(giver, NONE)
    says = partial(
        roles.delegate,
        at=TUESDAY,
        giver=giver,
        grant=2,
        starts_at=TUESDAY,
        ends_at=WEDNESDAY,
        reason="travels",
    )

    says(other, NONE, who=CLEO)

    [stands_in] = other.stands_in(TUESDAY)
    assert (stands_in.of, stands_in.role) == ("p-cleo", "customer_service")
    assert other.stands_in(WEDNESDAY) == []
    with pytest.raises(RefusedError):  # nobody delegates what another holds
        says(other, NONE, who=ADA)
    with pytest.raises(RefusedError):  # nor to themselves
        says(giver, NONE, who=CLEO)


def test_two_keys_of_a_program_are_live_so_that_one_follows_the_other() -> None:
    crm = account("s-crm", "program")
    key("a" * 12, days=30)(crm, NONE)
    key("b" * 12)(crm, NONE)

    with pytest.raises(RefusedError):
        key("c" * 12)(crm, NONE)

    access.revoke_key(crm, NONE, who=ADA, at=TUESDAY, key_id="a" * 12)
    key("c" * 12)(crm, NONE)
    assert {one.key_id[0] for one in crm.live_keys(TUESDAY)} == {"b", "c"}
    assert crm.live_keys(TUESDAY + 90 * DAYS) == []
    with pytest.raises(RefusedError):
        key("d" * 12, days=400)(account("s-erp", "program"), NONE)


def test_a_locked_account_is_locked_until_somebody_else_says_otherwise() -> None:
    one = account()
    access.lock(one, NONE, who=ADA, at=TUESDAY, reason="left")
    access.lock(one, NONE, who=BEN, at=TUESDAY, reason="left")
    access.reinstate(one, NONE, who=BEN, at=WEDNESDAY)

    assert [type(event).__name__ for event in one.log] == [
        "Created",
        "Locked",
        "Reinstated",
    ]
