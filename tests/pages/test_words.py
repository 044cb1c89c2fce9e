"""The word lists: the same keys in both, and a word for everything the ledger can say."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from api.complaints.difference import OF_ROW
from api.identity.permissions import ROLES
from api.pages.fields import every, fields_of
from api.pages.telling import LEFT_OUT
from api.pages.words import LANGS, Lang, word_list
from api.problems import AT_THE_DOOR
from domain.complaint.reception import Reception
from domain.deeds import DEEDS
from domain.errors import refusals
from domain.event import Consequence
from domain.registry import REGISTRY
from projections import PROJECTIONS
from projections.clusters import STATES as ALARMS
from projections.tracking_filter import SORTS, UNKNOWABLE
from projections.tracking_row import STAGES

PAGES = Path(__file__).parents[2] / "api"
SHAPES: tuple[type[BaseModel], ...] = (Reception, *(deed.shape for deed in DEEDS.values()))
HEAD = {"originator_id", "originator_version", "follows_at"}

each_language = pytest.mark.parametrize("lang", LANGS)


def test_both_lists_have_the_same_keys_and_braces() -> None:
    zh, en = word_list("zh"), word_list("en")
    keys = zh.keys()

    assert keys ^ en.keys() == set()
    differ = [key for key in keys if braces(zh.said(key)) != braces(en.said(key))]
    assert [key for key in differ if not key.startswith(("sentence.", "fault."))] == []


def braces(said: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", said))


@each_language
def test_everything_the_ledger_says_has_a_word(lang: Lang) -> None:
    wanted = {f"event.{topic}" for topic in REGISTRY}
    wanted |= {f"deed.{name}" for name in DEEDS}
    wanted |= {f"stage.{stage}" for stage in STAGES}
    wanted |= {f"alarm.{state}" for state in ALARMS}
    wanted |= {f"sort.{name}" for name in (*SORTS, *UNKNOWABLE)}
    wanted |= {f"refusal.{code}" for code in refusals()}
    wanted |= {f"problem_title.{code}" for code in AT_THE_DOOR}
    wanted |= {f"role.{role}" for role in ROLES}
    wanted |= {f"column.{name}" for name in OF_ROW}
    wanted |= {f"projection.{one.name}" for one in PROJECTIONS}
    wanted |= {f"field.{name}" for kind in REGISTRY.values() for name in named(kind)}
    wanted |= {f"field.{name}" for shape in SHAPES for name in named(shape)}

    assert wanted - word_list(lang).keys() == set()


def named(kind: type[BaseModel]) -> set[str]:
    """Every field of a shape, and of what is inside it; a sum has words of its own."""
    if issubclass(kind, Consequence):
        return {*kind.model_fields} - HEAD - LEFT_OUT
    schema = kind.model_json_schema()
    inside = [schema, *schema.get("$defs", {}).values()]
    return {name for part in inside for name in part.get("properties", {})} - HEAD


@each_language
def test_every_choice_a_form_offers_has_a_word(lang: Lang) -> None:
    offered = {
        f"value.{field.name}.{code}"
        for shape in SHAPES
        for field in every(fields_of(shape.model_json_schema()))
        for code in field.values
    }

    assert len(offered) > 10
    assert offered - word_list(lang).keys() == set()


# What is looked up by a code; the tests above hold that nothing of it is missing.
BY_CODE = re.compile(
    r"(kpi_group|kpi_because|kpi_part|kpi_reason|kpi_change"
    r"|penalties|penalty_state|penalty_kind|event|deed|stage|sort|refusal|problem_title|role|projection|field|hint"
    r"|value|sentence|channel|column|language|code|origin|kind|group|view|letter|table"
    r"|operations|fresh|alarm|work|section|effect|because|then|fault|thing|people|looks)\.|rulebook\.each_"
)


def test_no_word_is_kept_that_nobody_says() -> None:
    sources = [*PAGES.glob("templates/*.html"), *PAGES.glob("pages/*.py")]
    everything = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unsaid = [
        key
        for key in sorted(word_list("zh").keys())
        if not BY_CODE.match(key) and re.sub(r"\.(one|many)$", "", key) not in everything
    ]

    assert unsaid == []


def test_what_stands_in_braces_is_escaped() -> None:
    said = word_list("en")("ledger.none_filters", filters="<b>A</b>")

    assert str(said) == "No complaint matches: &lt;b&gt;A&lt;/b&gt;."


def test_a_key_nobody_wrote_down_is_a_defect() -> None:
    with pytest.raises(KeyError):
        word_list("en")("no.such.key")
