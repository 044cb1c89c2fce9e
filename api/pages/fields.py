"""Fields: what a form asks for, read off the shape of what can be said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal[
    "line",
    "text",
    "number",
    "flag",
    "choice",
    "day",
    "instant",
    "amount",
    "group",
    "rows",
]
LINE_MAX = 200  # longer texts get room for several lines
Schema = Mapping[str, Any]
LEFT_OUT = {"precision"}  # a date without a time of day says it


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for, and what an answer looks like."""

    name: str
    kind: Kind
    required: bool = False
    default: str = ""
    values: tuple[str, ...] = ()  # what may be chosen
    most: int | None = None  # characters of a text, size of a number, rows
    least: int | None = None
    parts: tuple["Field", ...] = ()  # of a group; of each row

    def named(self, name: str) -> "Field":
        """The same, elsewhere."""
        return replace(self, name=name)


def fields_of(schema: Schema, *, without: Sequence[str] = ()) -> tuple[Field, ...]:
    """What a form for this JSON schema of an object asks, in the order of the shape."""
    defs = schema.get("$defs", {})
    return tuple(
        _field(name, part, defs, required=name in schema.get("required", ()))
        for name, part in schema.get("properties", {}).items()
        if name not in LEFT_OUT and name not in without
    )


def field_at(schema: Schema, path: str) -> Field | None:
    """The field at a place inside an object, as in `items.1.quantity`, if it is one."""
    here, defs = schema, schema.get("$defs", {})
    for step in path.split("."):
        here, _ = _one(here, defs)
        inner = here["items"] if step.isdecimal() and "items" in here else None
        inner = inner or here.get("properties", {}).get(step)
        if inner is None:
            return None
        here = inner
    found = _field(path, here, defs, required=False)
    return found if found.kind not in {"group", "rows", "amount"} else None


def _field(name: str, schema: Schema, defs: Schema, *, required: bool) -> Field:
    inner, nullable = _one(schema, defs)
    default = schema.get("default")
    field = Field(
        name,
        _kind(inner),
        required=required,
        default=_said(default),
        values=tuple(inner.get("enum", filter(None, [inner.get("const")]))),
        most=inner.get("maxLength", inner.get("maximum", inner.get("maxItems"))),
        least=inner.get("minLength", inner.get("minimum", inner.get("minItems"))),
    )
    if field.kind == "group":
        return replace(field, parts=fields_of({**inner, "$defs": defs}))
    if field.kind == "rows":
        of = _field("", inner["items"], defs, required=False)
        return replace(field, parts=of.parts if of.kind == "group" else (of,))
    if field.kind == "flag" and not required and not nullable and default is None:
        raise TypeError(f"{name}: a flag that may be left out has a default, or is unknown")
    return field


def _one(schema: Schema, defs: Schema) -> tuple[Schema, bool]:
    """What is meant when it is said at all, and whether it may be left unknown."""
    if "$ref" in schema:
        return _one(defs[schema["$ref"].rsplit("/", 1)[1]], defs)
    if "anyOf" not in schema:
        return schema, False
    said = [part for part in schema["anyOf"] if part.get("type") != "null"]
    inner, _ = _one(said[-1], defs)  # of bool, int or text: the text
    return inner, len(said) < len(schema["anyOf"])


_KINDS: Mapping[tuple[str, str | None], Kind] = {
    ("object", None): "group",
    ("array", None): "rows",
    ("boolean", None): "flag",
    ("integer", None): "number",
    ("string", None): "line",
    ("string", "date"): "day",
    ("string", "date-time"): "instant",
}


def _kind(schema: Schema) -> Kind:
    if set(schema.get("properties", ())) == {"minor", "currency"}:
        return "amount"
    if "enum" in schema or "const" in schema:
        return "choice"
    if schema.get("maxLength", 0) > LINE_MAX:
        return "text"
    return _KINDS[schema["type"], schema.get("format")]


def _said(default: Any) -> str:  # noqa: ANN401  # any JSON
    """A default as a form would say it."""
    if isinstance(default, bool):
        return "yes" if default else "no"
    return "" if default is None else str(default)


def every(fields: Sequence[Field]) -> Iterator[Field]:
    """Each field, also those inside groups and rows."""
    for field in fields:
        yield field
        yield from every(field.parts)
