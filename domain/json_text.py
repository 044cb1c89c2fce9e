"""JSON from outside: bounded, and nothing that two readers would read in two ways."""

import json
import math
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from domain.errors import InvalidError, Lack, TooLargeError, UnreadableError

BYTES_MAX = 256 * 1024
DEPTH_MAX = 32
KEYS_MAX = 1_000
DIGITS_MAX = 19
LACKS_MAX = 20
FIELD = re.compile(r"[a-z_][a-z0-9_]{0,39}|[0-9]{1,4}")
UNNAMED = "?"

M = TypeVar("M", bound=BaseModel)


def parsed(data: bytes, *, bytes_max: int = BYTES_MAX) -> Any:  # noqa: ANN401  # any JSON
    """What these bytes say: UTF-8, no key twice, no NaN, bounded in size, depth, keys."""
    if len(data) > bytes_max:
        raise TooLargeError(Lack("", f"send at most {bytes_max} bytes"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(Lack("", "send UTF-8")) from error
    if text.startswith("\ufeff"):
        raise UnreadableError(Lack("", "send UTF-8 without a byte order mark"))
    _check_depth(text)
    counted = _Counted()
    try:
        return json.loads(
            text,
            object_pairs_hook=counted.once,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        fix = f"this is no JSON: {error.msg} at line {error.lineno} column {error.colno}"
        raise UnreadableError(Lack("", fix)) from error


def validated(shape: type[M], data: bytes, *, bytes_max: int = BYTES_MAX) -> M:
    """The same, as a thing of this shape; a refusal names each field and what is wrong."""
    parsed(data, bytes_max=bytes_max)
    try:
        return shape.model_validate_json(data)
    except ValidationError as error:
        raise InvalidError(*lacks(error)) from error


def lacks(error: ValidationError) -> list[Lack]:
    """What is wrong where; never what was sent, since that may name a person."""
    said = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        Lack(".".join(_named(step) for step in wrong["loc"]), wrong["msg"])
        for wrong in said[:LACKS_MAX]
    ]


def _named(step: int | str) -> str:
    """A step to a field; what is no field may be a name, and is not repeated."""
    return str(step) if FIELD.fullmatch(str(step)) else UNNAMED


class _Counted:
    """Counts the keys of a document, and refuses one that comes twice in an object."""

    def __init__(self) -> None:
        self._keys = 0

    def once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._keys += len(pairs)
        if self._keys > KEYS_MAX:
            raise TooLargeError(Lack("", f"send at most {KEYS_MAX} keys"))
        made = dict(pairs)
        if len(made) < len(pairs):
            raise InvalidError(Lack("", "a key comes twice in one object"))
        return made


def _check_depth(text: str) -> None:
    """Count brackets outside strings, before a recursive reader meets them."""
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    depth, inside, escaped = 0, False, False
    for character in text:
        if inside:
            inside = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH_MAX:
                raise UnreadableError(Lack("", f"nest at most {DEPTH_MAX} deep"))
        elif character in "]}":
            depth -= 1


def _no_constant(name: str) -> float:
    raise InvalidError(Lack("", f"{name} is not a number"))


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidError(Lack("", "a number is finite"))
    return number


def _whole(digits: str) -> int:
    if len(digits) > DIGITS_MAX:
        raise UnreadableError(Lack("", f"a number has at most {DIGITS_MAX} digits"))
    return int(digits)
