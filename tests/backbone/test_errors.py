import pytest

from backbone import errors
from backbone.errors import Bilingual, Conflict, DomainError, Invalid, StateConflict, say


class TwoThingsMissing(DomainError):
    code = "two_things_missing"
    detail = Bilingual("还缺 {what}，共 {count} 项", "{count} missing: {what}")


def test_a_bilingual_sentence_is_its_english_and_carries_its_chinese():
    sentence = Bilingual("没有找到", "Not found")
    assert sentence == "Not found"
    assert sentence.zh == "没有找到"
    assert isinstance(sentence, str)


def test_filling_a_sentence_fills_both_languages():
    filled = Bilingual("最多 {most} 项", "at most {most}").format(most=3)
    assert (filled.zh, str(filled)) == ("最多 3 项", "at most 3")
    assert isinstance(filled, Bilingual)


def test_a_bilingual_placeholder_speaks_each_language_in_its_turn():
    filled = Bilingual("状态：{state}", "state: {state}").format(state=Bilingual("草稿", "draft"))
    assert (filled.zh, str(filled)) == ("状态：草稿", "state: draft")


def test_braces_in_the_data_are_left_alone():
    filled = Bilingual("名称 {name}", "name {name}").format(name="{count} %s {0}")
    assert (filled.zh, str(filled)) == ("名称 {count} %s {0}", "name {count} %s {0}")


@pytest.mark.parametrize(("language", "wording"), [("zh", "是"), ("en", "yes"), ("fr", "yes")])
def test_say_chooses_the_wording(language, wording):
    assert say(Bilingual("是", "yes"), language) == wording


@pytest.mark.parametrize("value", ["plain", 7, None, ["x"]])
def test_say_leaves_what_is_not_bilingual(value):
    assert say(value, "zh") == value


def test_an_error_says_its_sentence_with_its_data():
    error = TwoThingsMissing(what=Bilingual("指标", "indicators"), count=2)
    assert error.sentence().zh == "还缺 指标，共 2 项"
    assert str(error) == "two_things_missing: 2 missing: indicators"
    assert error.data["count"] == 2


def test_an_error_without_detail_says_its_title():
    assert errors.Conflict().sentence().zh == "与现有数据冲突"


def test_invalid_counts_what_needs_correcting():
    error = Invalid([{"field": "trl", "problem": "x"}, {"field": "title", "problem": "y"}])
    assert error.sentence().zh.startswith("有 2 处")
    assert error.data["errors"][1]["field"] == "title"


def test_one_wrong_field_is_an_invalid_with_one_entry():
    error = Invalid.field("trl", Bilingual("必填", "required"))
    assert error.data == {"errors": [{"field": "trl", "problem": "required"}], "count": 1}


def test_an_amount_is_said_in_yuan_and_kept_in_fen():
    class TooMuch(Conflict):
        detail = Bilingual("{asked} 元（{asked_fen} 分）", "{asked} yuan of {asked_fen} fen, not {left_fen}")

    refused = TooMuch(asked_fen=-123_456_789, left_fen=None)
    assert refused.sentence().zh == "-1,234,567.89 元（-123456789 分）"
    assert str(refused.sentence()) == "-1,234,567.89 yuan of -123456789 fen, not None"
    assert refused.data == {"asked_fen": -123_456_789, "left_fen": None}


def test_an_instant_is_said_as_people_write_it_and_kept_as_programs_do():
    class Late(Conflict):
        detail = Bilingual("自 {since} 起", "since {since}")

    late = Late(since="2026-11-27T19:18:30.231723+00:00")
    assert late.sentence().zh == "自 2026-11-28 03:18（北京时间） 起"
    assert str(late.sentence()) == "since 2026-11-28 03:18 (Asia/Shanghai)"
    assert late.data == {"since": "2026-11-27T19:18:30.231723+00:00"}
    for words in ("2026-99-27T19:18Z", "0001-01-01T00:00:00+14:00", "2026-11-27"):
        assert Late(since=words).sentence() == f"since {words}"


def test_a_state_is_said_in_words_and_kept_as_a_code():
    stands = Bilingual("已申请", "waiting")
    refused = StateConflict(stands=stands, state="claimed", action="claim", allowed=["take_back"])
    assert refused.sentence().zh == "当前状态为“已申请”，不能执行此操作"
    assert str(refused.sentence()) == "It is “waiting”: this is not possible"
    assert refused.data == {"state": "claimed", "action": "claim", "allowed": ["take_back"]}
    doing = Bilingual("申请拨付", "claiming")
    named = StateConflict(stands=stands, doing=doing, state="claimed", action="claim", allowed=[])
    assert named.sentence().zh == "当前状态为“已申请”，不能申请拨付"
    assert str(named.sentence()) == "It is “waiting”: claiming is not possible"
