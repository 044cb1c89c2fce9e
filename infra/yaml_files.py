"""YAML files as plain data, read so strictly that a file means what it looks like.

YAML 1.1 makes false of `no`, 980 of `16:20`, eight of `010`, and keeps the last of two
equal keys. A regulation must not change its meaning so: whatever is not plainly text, an
integer, `true`, `false`, `null` or an ISO date is refused, with its place in the file.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

BYTES_MAX = 1_000_000
DEPTH_MAX = 30
DIGITS_MAX = 18

_KNOWN = {"true": True, "false": False, "null": None, "~": None, "": None}
_OTHER_TRUTH = {"yes", "no", "on", "off", "true", "false", "null"}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNCLEAR = re.compile(
    r"[-+]?0[xob][0-9a-f_]*"  # another base
    r"|[-+]?[0-9][0-9_,]*"  # 010, +1, 1_000
    r"|[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+|[0-9]+)(e[-+]?[0-9]+)?"  # a float
    r"|[-+]?\.(inf|nan)"
    r"|[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?"  # 16:20, by sixty
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t ].*)?",  # an instant, or no ISO date
    re.IGNORECASE,
)


class YamlFileError(Exception):
    """The file is not what we can read as plain data."""

    def __init__(self, file: str, line: int, column: int, problem: str) -> None:
        """Line and column count from one, as editors do."""
        super().__init__(f"{file}:{line}:{column}: {problem}")
        self.file, self.line, self.column, self.problem = file, line, column, problem


def read(path: Path) -> dict[str, Any]:
    """The mapping a file holds."""
    with path.open("rb") as opened:
        return parse(opened.read(BYTES_MAX + 1), path.name)


def parse(raw: bytes, file: str) -> dict[str, Any]:
    """The mapping these bytes hold; `file` is the name that errors give it."""
    if len(raw) > BYTES_MAX:
        raise YamlFileError(file, 1, 1, f"longer than {BYTES_MAX:,} bytes")
    try:
        node = yaml.compose(raw.decode("utf-8"), Loader=_Loader)
        if not isinstance(node, MappingNode):
            raise YamlFileError(file, 1, 1, "not a mapping: begin with `name: …`")
        return _mapping(node)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise YamlFileError(file, line, 1, "not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlFileError(file, line, column, error.problem or "not YAML") from error
    except yaml.reader.ReaderError as error:
        raise YamlFileError(file, 1, 1, f"{error.reason} at {error.position}") from error


def lines(raw: bytes) -> dict[str, int]:
    """The line of every path in a file that `parse` could read, as `grades.0.when`.

    A part of a list goes by its number, and by its `code` too where it has one.
    """
    found: dict[str, int] = {}
    _find(yaml.compose(raw.decode("utf-8"), Loader=_Loader), "", found)
    return found


def _find(node: Node | None, path: str, found: dict[str, int]) -> None:
    dot = f"{path}." if path else ""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            found[f"{dot}{key.value}"] = key.start_mark.line + 1
            _find(value, f"{dot}{key.value}", found)
    elif isinstance(node, SequenceNode):
        for nth, inner in enumerate(node.value):
            for step in {str(nth), _code(inner) or str(nth)}:
                found[f"{dot}{step}"] = inner.start_mark.line + 1
                _find(inner, f"{dot}{step}", found)


def _code(node: Node) -> str | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((str(v.value) for k, v in pairs if k.value == "code"), None)


class _Loader(yaml.BaseLoader):
    """Composes nodes; refuses what can hide meaning: aliases, tags and great depth."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call] # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _at(event, "an anchor or alias: write it out")
        if event.tag is not None:
            raise _at(event, f"the tag {event.tag}: only plain data is read")
        if self.depth >= DEPTH_MAX:
            raise _at(event, f"nested deeper than {DEPTH_MAX}")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _at(place: Any, problem: str) -> yaml.MarkedYAMLError:  # noqa: ANN401 node or event
    return yaml.MarkedYAMLError(problem=problem, problem_mark=place.start_mark)


def _data(node: Node) -> Any:  # noqa: ANN401 plain data is any of it
    if isinstance(node, MappingNode):
        return _mapping(node)
    if isinstance(node, SequenceNode):
        return [_data(inner) for inner in node.value]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _mapping(node: MappingNode) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = _data(key_node)
        if not isinstance(key, str):
            raise _at(key_node, "a key is a word: quote it")
        if key == "<<":
            raise _at(key_node, "a merge: write it out")
        if key in data:
            raise _at(key_node, f"{key} stands here twice")
        data[key] = _data(value_node)
    return data


def _scalar(node: ScalarNode) -> str | int | bool | date | None:
    text: str = node.value
    if node.style is not None:
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise _at(node, "half a character (a lone surrogate)")
        return text
    if text in _KNOWN:
        return _KNOWN[text]
    if text.lower() in _OTHER_TRUTH:
        raise _at(node, f"{text}: write true, false or null, or quote the word")
    if _INTEGER.fullmatch(text):
        if len(text) > DIGITS_MAX:
            raise _at(node, f"an integer of more than {DIGITS_MAX} digits")
        return int(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise _at(node, f"{text} is no day of the calendar") from error
    if _UNCLEAR.fullmatch(text):
        raise _at(node, f'{text} may be read in two ways: quote it, "{text}"')
    return text
