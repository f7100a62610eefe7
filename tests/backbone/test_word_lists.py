"""A closed list of words explains its codes in the API document; a bare list of codes says nothing by itself."""

from types import MappingProxyType

from backbone.errors import Bilingual
from backbone.fields import Choice
from backbone.word_lists import description_of, enumerated, listed

WORDS = MappingProxyType({"open": Bilingual("开启", "open"), "shut": Bilingual("关闭", "closed for good")})
SAID = "open: 开启 / open; shut: 关闭 / closed for good"


def test_every_code_is_listed_with_its_words_in_the_order_of_the_list():
    assert listed(WORDS) == SAID


def test_only_a_list_of_words_describes_its_choices():
    assert description_of(WORDS) == {"description": SAID}
    assert description_of(("open", "shut")) == {}
    assert description_of({"open": 1}) == {}


def test_a_choice_takes_its_description_from_its_words():
    assert Choice(WORDS).metadata == {"enum": ["open", "shut"], "description": SAID}
    assert Choice(list(WORDS)).metadata == {"enum": ["open", "shut"]}


def test_what_a_choice_says_of_itself_stands():
    assert Choice(WORDS, metadata={"description": "x"}).metadata["description"] == "x"


def test_words_are_enumerated_in_each_language():
    words = (Bilingual("指标", "indicators"), Bilingual("题目", "title"))
    both = enumerated(word for word in words)
    assert (both.zh, str(both)) == ("指标、题目", "indicators, title")
    assert enumerated(words, zh="；", en="; ").zh == "指标；题目"
    assert enumerated(()).zh == ""
