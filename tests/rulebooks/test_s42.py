"""S42 and its fragment S27, clause by clause: the check list of an internal audit."""

from tests.rulebooks.clause import Row, table

QUESTIONS = (  # what is asked, in the order of the source
    ("declares.criteria.inputs", "过程的输入: 客户质量信息、投诉"),
    ("declares.criteria.inputs_controlled", "输入是否受控"),
    ("declares.criteria.key_inputs_recorded", "关键输入要求是否记录"),
    ("declares.criteria.activities", "主要活动: 识别、保护、投诉或沟通"),
    ("declares.criteria.how", "如何做: 程序 COP5-01"),
    ("declares.criteria.with_what", "使用什么: 设备、材料"),
    ("declares.criteria.who", "谁来做: 品质部, 上岗证"),
    ("declares.criteria.competence", "能力与培训"),
    (
        "declares.criteria.outputs",
        "输出: 客户质量信息回复、5原则分析报告、纠正措施处理单",
    ),
    ("declares.criteria.outputs_traceable", "输出去向: 客户、供方, 可追溯"),
    ("declares.criteria.measures_improved", "影响措施的因素是否改进"),
    ("declares.criteria.executor_clear", "执行者是否明确"),
    ("declares.criteria.defined", "过程是否定义"),
    ("declares.criteria.documented", "过程是否形成文件"),
    ("declares.criteria.interfaces", "接口是否明确"),
    ("declares.criteria.monitored", "过程是否监控"),
    ("declares.criteria.records", "记录是否保持"),
)


def shown(path: str) -> str:
    """Somebody accepts the evidence for a question."""
    criterion = path.removeprefix("declares.criteria.")
    return f"2025-03-14 10:00 evidence_accepted criterion={criterion}"


ASKED: tuple[Row, ...] = tuple((path, "asked", "", words) for path, words in QUESTIONS)
SHOWN: tuple[Row, ...] = tuple(
    (path, "its evidence stands alone, in any order", shown(path), "recorded")
    for path, _ in QUESTIONS
)
FORM: tuple[Row, ...] = (
    (
        "declares.criteria.records",
        "what the list does not ask needs no evidence",
        shown("declares.criteria.colour"),
        "refused: criterion",
    ),
    (
        "forms.checklist",
        "number, question, record, evaluation",
        "fields",
        "number question audit_record evaluation",
    ),
    ("scope", "it is about a period, not a complaint", "subjects", "period"),
)
ROWS: tuple[Row, ...] = (*ASKED, *SHOWN, *FORM)

test_clauses = table("S42", ROWS)


def test_no_question_is_left_out_or_comes_twice() -> None:
    assert len({path for path, _ in QUESTIONS}) == len(QUESTIONS) == 17
