"""The industry of a note, and when none is proposed."""

from datetime import date

import pytest

from backbone.directory.industries import INDUSTRIES
from ground_net.leads.extraction.proposing import proposed_fields
from ground_net.leads.extraction.tables import table


def industry(text: str) -> str | None:
    return proposed_fields(text, date(2026, 5, 12)).industry


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("做北斗终端的", "beidou"), ("灵巧手，腱绳老断", "humanoid"), ("脉冲神经网络芯片", "brain-inspired"), ("酵母发酵，产量低", "synbio"), ("连铸结晶器铜板", "metallurgy"),
        ("太赫兹器件", "6g"), ("脑电帽，干电极的", "bci"), ("刹车盘铸造", "auto"), ("电池包壳体", "nev"), ("水性防锈漆", "chemicals"),
    ],
)  # fmt: skip
def test_the_words_of_a_trade_tell_it(text: str, code: str):
    assert industry(text) == code


@pytest.mark.parametrize(
    "text", ["食品厂，做莲藕粉的", "老板姓吴，不愿多说", "做校服的，想自动裁片", "想找做人工智能的老师", ""]
)
def test_none_is_proposed_where_the_words_do_not_tell_or_tell_of_another(text: str):
    assert industry(text) is None


def test_a_word_inside_a_longer_one_says_nothing():
    assert industry("做脉冲神经网络的") == "brain-inspired"
    assert industry("做神经网络模型训练的") == "ai"


def test_every_industry_has_its_words_and_none_is_unknown():
    words = table("industries")["industries"]
    assert set(words) == {*INDUSTRIES, "none"}
    assert all(
        row["names"] and row["hints"] and not set(row["names"]) & set(row["hints"]) for row in words.values()
    )
