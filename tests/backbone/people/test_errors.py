"""Every refusal says in both languages what is wrong and what to do."""

import pytest

from backbone.errors import Bilingual, DomainError
from backbone.people import errors
from backbone.people.finding import WAYS

REFUSALS: list[DomainError] = [
    *(errors.NobodyFound(by=way) for way in WAYS.values()),
    errors.SharedByNames(by=WAYS["phone"], count=2, names="钱**、孙**"),
    errors.LastAdministrator(),
    errors.ReasonNamesSomebody(),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_it_speaks_both_languages_and_leaves_no_placeholder(refusal: DomainError):
    for sentence in (refusal.title, refusal.sentence(), refusal.advice):
        assert isinstance(sentence, Bilingual)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in sentence.zh)
        assert "{" not in sentence.zh + str(sentence)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in str(sentence).replace("钱**、孙**", ""))


def test_the_way_of_asking_is_said_in_the_language_of_the_sentence():
    said = errors.NobodyFound(by=WAYS["email"]).sentence()
    assert "邮箱" in said.zh
    assert "address" in str(said)
