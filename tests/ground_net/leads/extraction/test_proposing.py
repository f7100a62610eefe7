"""The extractor as a whole: fields of one note, and what must hold of any text."""

import unicodedata
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backbone.directory.industries import INDUSTRIES
from ground_net.leads.extraction.fields import ProposedFields
from ground_net.leads.extraction.proposing import proposed_fields

DAY = date(2026, 5, 12)
NOTE = (
    "做光模块的，耦合良率现在92%，要做到98%以上。小试做完了，试过两家国产胶都不行。"
    "预算三五十万，总经理拍板，年底前要出样机。"
)
PIECES = st.lists(
    st.sampled_from(
        ["良率", "现在", "要", "92", "三百五", "%", "微米", "，", "。", "\n", "半年内", "预算", "30万", "以内", "到", "±", "十", "一个", "千", "℃", "/", "每", "→", "年底前"]
    )
)  # fmt: skip


def test_a_note_says_all_of_it():
    found = proposed_fields(NOTE, DAY)
    assert found.industry == "opto"
    assert [each.words for each in found.industry_evidence] == ["光模块", "耦合", "良率"]
    now, target = found.indicators
    assert (now.kind, now.value, now.unit, now.relation) == ("now", 92, "%", "=")
    assert (target.kind, target.value, target.unit, target.relation) == ("target", 98, "%", ">=")
    assert found.trl == (3, 4)
    assert found.budget_fen == (30_000_000, 50_000_000)
    assert found.deadline == date(2026, 12, 31)
    assert found.decision_owner_said
    assert found.tried == "试过两家国产胶都不行"


@pytest.mark.parametrize(
    "text", ["", " \n", "今天下雨，没见到人。", "😀😀", "\x01\x02\x1f", "\ud800", "１２３"]
)
def test_what_says_nothing_is_left_open(text: str):
    assert proposed_fields(text, DAY) == ProposedFields()


@given(st.one_of(st.text(max_size=120), PIECES.map("".join)))
@example("十堰" + "半" * 50)
@example("0" * 400)
@example("五个9" * 40)
def test_any_text_can_be_read_and_every_evidence_stands_in_it(text: str):
    found = proposed_fields(text, DAY)
    said = [
        found.trl_evidence, found.budget_evidence, found.deadline_evidence, found.decision_owner_evidence,
        found.tried_evidence, *found.industry_evidence, *(each.evidence for each in found.indicators),
    ]  # fmt: skip
    for each in said:
        if each is not None:
            assert 0 <= each.start <= each.end <= len(text)
            assert text[each.start : each.end] == each.words
    assert found.industry in {*INDUSTRIES, None}
    for each in found.indicators:
        assert each.name
        assert (each.value is None) == (each.relation == "range") == (each.low is not None)


@pytest.mark.parametrize(
    "piece", ["良率现在92%要做到98%，", "三", "预算", "1,000", "(", "每", "半年内", "①", "a", "0.5~"]
)
def test_a_hundred_kilobytes_are_read_in_part(piece: str):
    proposed_fields(piece * (100_000 // len(piece)), DAY)


def values(found: ProposedFields) -> object:
    indicators = [
        (each.kind, unicodedata.normalize("NFKC", each.name), each.value, each.low, each.high, each.unit) for each in found.indicators
    ]  # fmt: skip
    return found.industry, indicators, found.trl, found.budget_fen, found.deadline, found.decision_owner_said


@given(
    st.lists(
        st.sampled_from(
            ["抗弯强度≥４５０ＭＰａ", "良率９２％", "；", "。", "要５微米以内", "预算：５０万", "厚度Ａ"]
        )
    ).map("".join)
)
def test_full_width_letters_read_as_others(text: str):
    assert values(proposed_fields(text, DAY)) == values(
        proposed_fields(unicodedata.normalize("NFKC", text), DAY)
    )


@given(st.sampled_from(["\n又聊了会儿家常。", "\n下回再来看看", "\n天气不错 😀", "\n\n"]))
def test_chatter_behind_the_note_changes_nothing(chatter: str):
    assert proposed_fields(NOTE + chatter, DAY) == proposed_fields(NOTE, DAY)


def test_numbers_are_exact():
    (found,) = proposed_fields("偏移要控制在0.1微米以内", DAY).indicators
    assert found.value == Fraction(1, 10)
    assert found.evidence.words == "0.1微米以内"


def test_the_deadline_is_no_indicator():
    found = proposed_fields("毛刺现在0.2mm，要降到0.05mm以下，预算40万，三个月内要。", date(2026, 11, 27))
    assert found.deadline == date(2027, 2, 27)
    assert {each.unit for each in found.indicators} == {"mm"}
