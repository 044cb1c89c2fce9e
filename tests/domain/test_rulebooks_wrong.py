"""A wrong rulebook file is told what is wrong with it, where, and what mends it."""

import pytest

from consumers.opening import RULEBOOKS
from domain.rulebooks.reading import WrongRulebookError, published
from infra import yaml_files
from tests.domain.wrong_rulebooks import LOSS, S6, S37, S46, banded

S10 = (RULEBOOKS / "files" / "S10.yaml").read_text()


def told(text: str) -> list[str]:
    raw = text.encode()
    data = yaml_files.parse(raw, "X.yaml")
    with pytest.raises(WrongRulebookError) as refused:
        published(raw, data, "X.yaml", lambda: yaml_files.lines(raw))
    return [said for _, said in refused.value.said]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        # Words and shapes.
        (S46, "schema: 1", "schema: 2", "schema: Input should be 1"),
        (S46, "version: 1", "version: 0", "version: "),
        (S46, "version: 1", "version: true", "version: "),
        (S46, "source: S46", "source: S46\nsauce: S46", "sauce: an unknown word"),
        (S46, "source: S46", f'source: S46\nsha256: "{"0" * 64}"', "its own hash"),
        (S46, 'zh: "重大", en: "major"', 'zh: "重大"', "name.en: this is missing"),
        (S46, "code: B", "code: A", "the code A stands here twice"),
        (S46, "when: {otherwise: true}", "when: {any: []}", "when.any"),
        (S46, "when: {otherwise: true}", "when: {all: []}", "when.all"),
        (S46, "need: {event: {event: verified", "need: {evnt: {event: verified", "evnt"),
        (S46, "clean_run: 3", "clean_run: 0", "clean_run"),
        # Clocks.
        (
            S46,
            "    stop: [{event: replied, where: {part: preventive}}]\n",
            "",
            "clocks.CLK-preventive-answer: a clock needs `stop`",
        ),
        (S46, "limit: {amount: 3,", "limit: {amount: -3,", "CLK-preventive-answer.limit"),
        # Money.
        (S6, "yuan: 20000", "yuan: -1", "yuan"),
        (S6, "yuan: 20000", "value: 20000", "money is compared with `yuan`"),
        # Circles.
        (
            S37,
            "      - {roles: [general_manager]}\n",
            "      - {roles: [cs_manager]}\n",
            "the chain goes in a circle: cs_manager signs twice",
        ),
        # Closing by grade leaves no grade out.
        (
            S10,
            "    minor: [contained]       # temporary action only\n",
            "",
            "closure.by_grade: grade minor has no gates; say which gates it has to pass",
        ),
        # Names that nothing bears.
        (S46, "{fact: injury}", "{fact: injry}", "no fact injry; did you mean injury?"),
        (S46, "value: reduced", "value: halved", "there is no value of function_effect"),
        (S46, "{fact: injury}", "{fact: injury, value: maybe}", "injury is a flag"),
        (S46, "{fact: injury}", '{fact: injury, op: ">="}', "injury has no order"),
        (
            S46,
            "decided_by: [technical_quality, market]\n  boundary",
            "decided_by: [qa]\n  boundary",
            "no role qa",
        ),
        (
            S46,
            "{event: action_implemented}",
            "{event: action_done}",
            "no event action_done",
        ),
        (
            S46,
            "where: {part: corrective}",
            "where: {prt: corrective}",
            "no field of replied prt",
        ),
        (S46, "where: {part: corrective}", "where: {part: all}", "there is no value all"),
        (S46, "path: closure.mode", "path: closure.modus", "no path closure.modus"),
        (S46, "{where: closure,", "{where: closing,", "no section closing"),
        (S46, "urgent_or_special:\n", "injury:\n", "injury is a core fact"),
        (
            S37,
            "{signatures: close_sheet}",
            "{signatures: sheet}",
            "there is no decision sheet",
        ),
        (S37, "tally: same_customer_same_problem, op", "tally: same, op", "no tally same"),
        (S37, "duty: pdca_file_changed", "duty: pdca", "there is no value pdca"),
        (S37, "holder_field: to_unit", "holder_field: to", "no field of handed_over to"),
        (S6, "measure: pieces_returned", "measure: injury", "there is no number injury"),
        (S6, "authority: notice\n", "authority: nobody\n", "there is no decision nobody"),
        (S6, "clock_missed: CLK-technical-answer", "clock_missed: CLK-x", "no clock CLK-x"),
        (S6, "value: [batch, major]", "value: [batch, A]", "there is no value of grade A"),
    ],
)
def test_it_is_told_where_and_how_to_mend_it(
    file: str, old: str, new: str, says: str
) -> None:
    assert old in file, "the file has changed: mend this test"
    said = told(file.replace(old, new, 1))

    assert any(says in each for each in said), said
    assert all(each.startswith("X.yaml") for each in said)


def test_all_names_that_dangle_are_listed_at_once_each_with_its_line() -> None:
    text = S46.replace("{fact: injury}", "{fact: injry}").replace(
        "roles: [market, technical_quality] ", "roles: [market, tq] "
    )
    said = told(text)

    assert len(said) == 2
    for each, word in zip(sorted(said), ("intake.roles", "grades.A.when"), strict=True):
        line = int(each.split(":")[1])
        wanted = {"intake.roles": "tq", "grades.A.when": "when:"}[word]
        assert wanted in text.splitlines()[line - 1]


def test_a_file_with_other_line_ends_is_refused() -> None:
    assert "LF" in told(S46.replace("\n", "\r\n"))[0]


BELOW = f'{{{LOSS}: "<", yuan: 100}}'


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        (
            (
                f'{{{LOSS}: ">=", yuan: 100}}',
                f'{{all: [{{{LOSS}: ">=", yuan: 10}}, {{{LOSS}: "<=", yuan: 200}}]}}',
                "{otherwise: true}",
            ),
            "overlaps that of G0",
        ),
        (
            (
                f'{{all: [{{{LOSS}: ">=", yuan: 200}}, {{{LOSS}: "<=", yuan: 100}}]}}',
                "{otherwise: true}",
            ),
            "nothing lies in this range",
        ),
        ((f'{{{LOSS}: ">=", yuan: 100}}',), "the scheme has a hole"),
        (("{otherwise: true}", BELOW), "no grade can stand after it"),
    ],
)
def test_a_scheme_of_grades_has_no_holes_and_no_overlaps(
    bands: tuple[str, ...], says: str
) -> None:
    assert any(says in each for each in told(banded(*bands)))


def test_ranges_may_meet_where_the_boundary_rule_decides() -> None:
    text = banded(
        f'{{{LOSS}: ">=", yuan: 100}}',
        f'{{all: [{{{LOSS}: ">=", yuan: 10}}, {{{LOSS}: "<=", yuan: 100}}]}}',
        "{otherwise: true}",
    )
    published(text.encode(), yaml_files.parse(text.encode(), "X.yaml"), "X.yaml")
