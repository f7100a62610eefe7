from types import SimpleNamespace

from sky_net.needs.text import need_text


def a_text(**given):
    fields = (
        "title",
        "problem",
        "scene",
        "present_state",
        "tried",
        "tech_field",
        "chain_segment",
        "indicators",
        "deliverables",
    )
    return SimpleNamespace(**dict.fromkeys(fields) | given)


def test_title_and_problem_alone_are_exactly_title_and_body():
    assert need_text(a_text(title="题", problem="问题\n第二行 ")) == ("题", "问题\n第二行 ")


def test_a_need_without_a_problem_has_an_empty_body():
    assert need_text(a_text(title="题")) == ("题", "")


def test_every_other_text_follows_on_its_own_line():
    _, body = need_text(
        a_text(
            title="题", problem="问题", scene="场景", present_state="现状", tried="试过", tech_field="领域",
            chain_segment="环节", deliverables=["样机", "报告"],
            indicators=[{"name": "抖动", "target": "≤50", "unit": "ps", "test_method": "示波器"}, {"name": "成本"}],
        )
    )  # fmt: skip
    assert body.split("\n") == [
        "问题",
        "场景",
        "现状",
        "试过",
        "领域",
        "环节",
        "抖动 ≤50 ps",
        "成本",
        "样机",
        "报告",
    ]


def test_blank_texts_leave_no_line():
    assert need_text(a_text(title="题", problem="问题", scene="  ", indicators=[], deliverables=[])) == (
        "题",
        "问题",
    )
