"""`ledger backup` and `ledger restore`: copies of a ledger, and the way back from one."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from api.identity.permissions import Person
from api.terminal import fail, out
from consumers import backup as copies
from consumers import restoring
from consumers.home import Home
from domain.event import ActorId
from infra import settings, wall_clock
from infra.settings import Settings

SOURCE = "terminal"
PERSON: TypeAdapter[str] = TypeAdapter(ActorId)


def _person(said: str) -> str:
    try:
        return PERSON.validate_python(said)
    except ValidationError as error:
        raise typer.BadParameter("a person is named like p-wang") from error


def backup(
    to: Annotated[Path, typer.Argument(help="where the set of the ledger is put")],
    keys_to: Annotated[
        Path, typer.Option(help="where the keys are put: another disk, other hands")
    ],
) -> None:
    """Copy the ledger with its anchors, and apart from it the keys; it goes on."""
    chosen = settings.load()
    _operator(chosen)
    home = Home(chosen)
    at = wall_clock.now().replace(microsecond=0)
    with home.reached() as dsn:
        made = copies.make(home, dsn, to=to, keys_to=keys_to, at=at)
    for one in made:
        out.print(f"{one.kind}: {one.folder}", soft_wrap=True, markup=False)
    out.print(f"{made[0].size:,} events. Without the keys no name or text in it opens.")


def restore(
    ledger: Annotated[Path, typer.Argument(help="a set of the ledger")],
    keys: Annotated[Path, typer.Option(help="a set of keys, as old or newer")],
    reason: Annotated[str, typer.Option(help="why; it is recorded")],
    approved_by: Annotated[
        str, typer.Option(help="the other person who agrees, p-…", parser=_person)
    ],
) -> None:
    """Put a copy back where no ledger is. The ledger records it, and begins a new life.

    What was recorded after the copy is gone from here; checkpoints outside prove that it
    was. Messages from other systems are read again from where the copy had come to.
    """
    chosen = settings.load()
    person = _operator(chosen)
    at = wall_clock.now().replace(microsecond=0)
    copy = restoring.Copy(ledger, keys, reason, approved_by)
    said = restoring.put_back(Home(chosen), copy, who=person.as_who(SOURCE), at=at)
    out.print(
        f"Put back: {said.size:,} events; {said.lost:,} that were sealed after it are gone."
        f" The ledger is in life {said.life} from now on."
    )


def _operator(chosen: Settings) -> Person:
    person = Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    if not person.may("operate"):
        fail(f"the role {person.role} operates nothing: LEDGER_OPERATOR_ROLE names another")
    return person
