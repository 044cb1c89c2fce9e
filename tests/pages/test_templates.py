"""Templates say nothing of their own, and bring no style or script of their own."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

TEMPLATES = Path(__file__).parents[2] / "api" / "templates"
MARKS = re.compile(r"[\s·→←×–…#+?|;:,.()&/%-]*")
TAG = re.compile(r"<[^>]*>")
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
SPOKEN = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*[^\W\d_][^"]*)"')
OF_ITS_OWN = re.compile(r"\sstyle=|\son\w+=|<style|<script(?! type=\"module\" src)")

each_template = pytest.mark.parametrize(
    "path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name
)


def literal(path: Path) -> str:
    """What a template says outside its braces."""
    kept, depth = [], 0
    for _, kind, text in Environment(autoescape=True).lex(path.read_text(encoding="utf-8")):
        depth += kind.endswith("_begin") - kind.endswith("_end")
        if kind == "data" and depth == 0:
            kept.append(text)
    return "".join(kept)


@each_template
def test_a_template_says_nothing_that_is_not_on_the_word_list(path: Path) -> None:
    said = ATTRIBUTE.sub("", TAG.sub("", literal(path)))

    assert MARKS.fullmatch(said), re.findall(r"[^\W\d_]+", said)
    assert SPOKEN.findall(literal(path)) == []


@each_template
def test_a_template_brings_no_style_and_no_script(path: Path) -> None:
    assert OF_ITS_OWN.findall(path.read_text(encoding="utf-8")) == []


def test_a_word_in_a_template_is_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text('<p title="{{ w("a") }}">{{ w("b") }} Save</p>', encoding="utf-8")

    assert not MARKS.fullmatch(TAG.sub("", literal(wrong)))
