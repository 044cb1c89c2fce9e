"""Texts that a regulation cannot be, one for each thing that has to be refused."""

from dataclasses import dataclass

from consumers.opening import RULEBOOKS

FILES = RULEBOOKS / "files"
S46 = (FILES / "S46.yaml").read_text()
S37 = (FILES / "S37.yaml").read_text()
S6 = (FILES / "S6.yaml").read_text()


@dataclass(frozen=True)
class Wrong:
    """A text, a word on the line that is named, and what is said of it."""

    text: str
    stands: str
    en: str
    mends: str
    zh: str

    @property
    def line(self) -> int:
        """Where it stands, counted from one."""
        lines = self.text.splitlines()
        return next(nth for nth, said in enumerate(lines, 1) if self.stands in said)


def without(text: str, *lines: str) -> str:
    """The text without some of its lines."""
    for line in lines:
        assert f"{line}\n" in text, "the file has changed: mend this table"
        text = text.replace(f"{line}\n", "", 1)
    return text


def changed(text: str, old: str, new: str) -> str:
    assert old in text, "the file has changed: mend this table"
    return text.replace(old, new, 1)


def banded(*bands: str) -> str:
    """A scheme with one grade for each condition on the rework loss."""
    grades = "".join(
        f"""
    - code: G{nth}
      name: {{zh: "级", en: "grade"}}
      clause: "{nth}"
      when: {band}"""
        for nth, band in enumerate(bands)
    )
    head = S46[: S46.index("grading:")].replace("urgent_or_special", "unused")
    return f"{head}grading:\n  grades:{grades}\n"


LOSS = "fact: rework_loss, op"
FROM_10_TO_200 = f'{{all: [{{{LOSS}: ">=", yuan: 10}}, {{{LOSS}: "<=", yuan: 200}}]}}'

WRONG = {
    "an unknown fact": Wrong(
        changed(S46, "{fact: injury}", "{fact: injry}"),
        "when:",
        "there is no fact injry",
        "did you mean injury?",
        "没有事实 injry",
    ),
    "a chain in a circle": Wrong(
        changed(
            S37, "      - {roles: [general_manager]}\n", "      - {roles: [cs_manager]}\n"
        ),
        "  close_sheet:",
        "the chain goes in a circle: cs_manager signs twice",
        "mend it so",
        "批准链成了圈：cs_manager 签两次",
    ),
    "ranges that overlap": Wrong(
        banded(f'{{{LOSS}: ">=", yuan: 100}}', FROM_10_TO_200, "{otherwise: true}"),
        "when: {all:",
        "its range of rework_loss overlaps that of G0",
        "end it where the other begins",
        "rework_loss 的区间与 G0 的重叠",
    ),
    "a clock without a stop": Wrong(
        without(S46, "    stop: [{event: replied, where: {part: preventive}}]"),
        "  CLK-preventive-answer:",
        "a clock needs `stop`",
        "the events that end it",
        "时限要有 `stop`",
    ),
    "a negative amount": Wrong(
        changed(S6, "yuan: 20000", "yuan: -1"),
        "yuan: -1",
        "greater than or equal to 0",
        "mend it so",
        "不能小于 0",
    ),
    "a scheme with a hole": Wrong(
        banded(f'{{{LOSS}: ">=", yuan: 100}}'),
        "  grades:",
        "the scheme has a hole: what fits no grade",
        "add a last grade with `otherwise: true`",
        "等级有空档",
    ),
}
