"""The interview: what is missing is asked first, vague words are asked for their numbers, nothing is asked twice."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.leads.interview.answers import ANSWERED, PEOPLE, Known, as_columns, as_json
from ground_net.leads.interview.asking import Progress, progress
from ground_net.leads.interview.vague import has_number, is_measured, vague_in
from sky_net.needs.completeness import CRITERIA, assess

FULL = {
    "title": "薄壁铝件焊接飞溅过多", "need_type": "quality", "industry": "equipment", "tech_field": "焊接",
    "problem": "电池托盘薄壁铝件焊接时飞溅过多，喷涂前需人工打磨，每班多用两个人，节拍也受影响，年产二十万件。",
    "scene": "产线", "present_state": "单脉冲", "tried": "换过焊丝", "trl_now": 3, "trl_required": 7, "acceptance_method": "三天",
    "budget_kind": "negotiable", "ip_ownership": "shared", "deliverables": ["参数包"], "cooperation_modes": ["development"],
    "wanted_on": "2026-12-31", "respond_by_on": "2026-05-31",
    "indicators": [{"name": "飞溅", "now": "22", "target": "≤5", "unit": "个/米", "test_method": "高速摄像"}],
}  # fmt: skip
PEOPLE_KNOWN = {"contact_name": "王测试", "contact_phone": "027-88880001", "decision_owner": "李总"}
ALL = 100


def ask(answers=None, words="", people=None, has_consent=True) -> Progress:
    known = Known(
        FULL if answers is None else answers, PEOPLE_KNOWN if people is None else people, words, has_consent
    )
    return progress(known, ALL)


def fields(found):
    return [question.field for question in found.questions]


def test_a_complete_need_is_asked_nothing_more():
    found = ask()
    assert (found.score, found.lacking, found.questions) == (100, (), ())


def test_consent_is_asked_before_all_else_and_what_is_compulsory_before_the_rest():
    found = ask({}, people={}, has_consent=False)
    compulsory = [question.compulsory for question in found.questions]
    assert fields(found)[0] == "consent"
    assert compulsory == sorted(compulsory, reverse=True)
    assert {question.field for question in found.questions if question.compulsory} == set(found.lacking)


@pytest.mark.parametrize(
    "field", [criterion.field for criterion in CRITERIA if not criterion.field.startswith("masked")]
)
def test_each_thing_that_the_quality_gate_misses_is_asked_for_and_nothing_else(field):
    answers, people = dict(FULL), dict(PEOPLE_KNOWN)
    gone = {
        "budget": ("budget_kind",), "contact": ("contact_phone",), "test_method": (), "decision_owner": ("decision_owner",),
    }.get(field, (field,))  # fmt: skip
    for name in gone:
        answers.pop(name, None)
        people.pop(name, None)
    if field == "test_method":
        answers["indicators"] = [{**FULL["indicators"][0], "test_method": None}]
    found = ask(answers, people=people)
    assert fields(found) == ["indicators" if field == "test_method" else field]


@pytest.mark.parametrize(
    ("indicator", "part"),
    [
        ({"name": "节拍"}, "target"), ({"name": "节拍", "target": "更快"}, "target"), ({"name": "节拍", "target": "18"}, "unit"),
        ({"name": "节拍", "target": "≤18", "unit": "s"}, "now"), ({"name": "节拍", "target": "18 s", "now": "42"}, "test_method"),
        ({"name": "节拍", "target": "十八秒", "now": "42", "test_method": "秒表"}, None),
    ],
)  # fmt: skip
def test_an_indicator_is_asked_for_its_number_its_unit_its_today_and_its_test_in_turn(indicator, part):
    found = ask(FULL | {"indicators": [FULL["indicators"][0], indicator]})
    assert [question.parts for question in found.questions if question.about == "节拍"] == (
        [(part,)] if part else []
    )


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("希望快一点", "speed"), ("能不能再快", "speed"), ("效率太低", "speed"), ("精度不够", "precision"), ("误差太大", "precision"),
        ("成本高", "cost"), ("便宜一些就好", "cost"), ("太费电", "energy"), ("要耐用一点", "life"), ("老是坏", "life"),
        ("太脆", "strength"), ("时好时坏", "stability"), ("轻一点", "weight"), ("不耐热", "temperature"), ("太吵", "noise"),
        ("排放超标", "emission"), ("产能不够", "capacity"), ("良率上不去", "yield"), ("make it faster", "speed"),
    ],
)  # fmt: skip
def test_words_that_sound_like_a_target_are_heard(words, kind):
    assert [vague.kind.key for vague in vague_in(words)] == [kind]


@pytest.mark.parametrize(
    "words",
    ["从42秒快到18秒，快一点", "每件 18 秒以内", "这个月人太忙", "产线很快就要投产了", "", "成本按年核算"],
)
def test_a_number_in_its_clause_or_no_target_at_all_is_no_vague_word(words):
    assert [vague.phrase for vague in vague_in(words) if vague.phrase != "快一点"] == []


def test_a_vague_word_is_answered_by_an_indicator_of_its_kind_with_a_number():
    said = "希望快一点，成本低一些"
    measured = {"name": "单件节拍", "target": "≤18", "unit": "s"}
    assert [vague.kind.key for vague in vague_in(said, [measured])] == ["cost"]
    assert [vague.kind.key for vague in vague_in(said, [{"name": "单件节拍", "target": "更快"}])] == [
        "speed",
        "cost",
    ]


def test_days_and_money_that_are_said_loosely_are_asked_back():
    found = ask({**FULL, "wanted_on": None, "budget_kind": None}, words="最好年底前搞定，大概几十万")
    assert {question.field: question.about for question in found.questions} == {
        "wanted_on": "年底前",
        "budget": "几十万",
    }


def test_every_question_says_in_both_languages_what_why_and_how():
    for question in ask({"indicators": [{"name": "节拍"}]}, "希望快一点", {}, has_consent=False).questions:
        for said in (question.label, question.ask, question.example, question.why):
            assert str(said)
            assert said.zh


def test_the_view_of_a_lead_is_judged_like_the_need_that_it_becomes():
    known = Known(FULL, PEOPLE_KNOWN, "", has_consent=True)
    assert assess(known).score == 100
    assert as_json(as_columns(known)) == FULL
    with pytest.raises(AttributeError):
        _ = known.masked_title


ANSWERS = st.fixed_dictionaries({}, optional={name: st.just(FULL[name]) for name in FULL})
SAID = st.lists(st.sampled_from(["快一点", "成本高", "18 s", "，", "年底前", "几十万", "x"]), max_size=6).map(
    "".join
)


@given(ANSWERS, SAID, st.booleans())
def test_answering_whatever_is_asked_ends_the_interview(answers, words, has_consent):
    people = {}
    for _ in range(60):
        known = Known(answers, people, words, has_consent)
        found = progress(known, 1)
        if not found.questions:
            break
        [question] = found.questions
        assert question.field == "consent" or question.field in (*ANSWERED, *PEOPLE, "contact", "budget")
        answers, people, has_consent = answered(question, answers, people, has_consent)
    assert progress(Known(answers, people, words, has_consent), 1).questions == ()
    assert has_consent


def answered(question, answers, people, has_consent):
    if question.field == "consent":
        return answers, people, True
    if question.field in ("contact", "decision_owner"):
        return answers, people | PEOPLE_KNOWN, has_consent
    if question.field == "budget":
        return answers | {"budget_kind": "negotiable"}, people, has_consent
    if question.field != "indicators":
        return answers | {question.field: FULL[question.field]}, people, has_consent
    name = {"快一点": "节拍", "成本高": "成本"}.get(question.about, question.about or "飞溅")
    whole = {"name": name, "target": "≤18", "unit": "s", "now": "42", "test_method": "秒表"}
    others = [each for each in answers.get("indicators", []) if each["name"] != name]
    return answers | {"indicators": [*others, whole]}, people, has_consent


@given(st.text(max_size=200))
def test_no_words_make_the_interview_fail(words):
    vague_in(words)
    has_number(words)
    is_measured({"name": words, "target": words, "unit": words})
    assert len(list(itertools.islice(ask({}, words, {}).questions, 3))) == 3
