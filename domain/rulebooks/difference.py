"""What differs between two versions of a regulation, clause by clause, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.rulebooks.rulebook import Rulebook

ABSENT = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: its clause, its place, before and now; `None`: not there."""

    clause: str
    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        """On one line, as a terminal shows it."""
        if self.old is None:
            return f"{self.clause}: {self.path} is new: {self.new}"
        if self.new is None:
            return f"{self.clause}: {self.path} is gone; it was {self.old}"
        return f"{self.clause}: {self.path} was {self.old}, now {self.new}"


def changes(old: Rulebook, new: Rulebook) -> list[Change]:
    """Each value that differs."""
    return list(_compared(_plain(old), _plain(new), "", "head"))


def difference(old: Rulebook, new: Rulebook) -> list[str]:
    """One line for each value that differs: its clause, where it stands, before and now."""
    return [str(change) for change in changes(old, new)]


def _plain(book: Rulebook) -> dict[str, Any]:
    """As the file says it: only what it states, its clauses without our name for it."""
    stated = book.model_dump(mode="json", by_alias=True, exclude_unset=True)
    stated.pop("sha256", None)
    plain: dict[str, Any] = _uncited(stated, f"{book.name}#")
    return plain


def _uncited(part: Any, name: str) -> Any:  # noqa: ANN401
    """Clauses as the source prints them: ours name the version too."""
    if isinstance(part, Mapping):
        return {key: _uncited(value, name) for key, value in part.items()}
    if isinstance(part, list):
        return [_uncited(value, name) for value in part]
    return part.removeprefix(name) if isinstance(part, str) else part


def _compared(old: Any, new: Any, path: str, clause: str) -> Iterator[Change]:  # noqa: ANN401
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        clause = _clause(new) or _clause(old) or clause
        for key in dict.fromkeys((*old, *new)):
            here = f"{path}.{key}" if path else key
            yield from _compared(
                old.get(key, ABSENT),
                new.get(key, ABSENT),
                here,
                _within(clause, old, new, key),
            )
    elif isinstance(old, list) and isinstance(new, list) and _coded(old) and _coded(new):
        yield from _compared(_by_code(old), _by_code(new), path, clause)
    else:
        before = None if old is ABSENT else _said(old)
        now = None if new is ABSENT else _said(new)
        yield Change(clause, path, before, now)


def _within(clause: str, old: Any, new: Any, key: str) -> str:  # noqa: ANN401
    """The clause of a part, where it has one of its own."""
    return _clause(new.get(key)) or _clause(old.get(key)) or clause


def _clause(part: object) -> str | None:
    if isinstance(part, Mapping) and isinstance(part.get("clause"), str):
        return str(part["clause"])
    return None


def _coded(parts: list[Any]) -> bool:
    return all(isinstance(part, Mapping) and "code" in part for part in parts)


def _by_code(parts: list[Any]) -> dict[str, Any]:
    return {str(part["code"]): part for part in parts}


def _said(value: Any) -> str:  # noqa: ANN401
    """A value on one line, as a person writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_said(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_said(one) for one in value) + "]"
    if value is None:
        return "not stated"
    return str(value).lower() if isinstance(value, bool) else str(value)
