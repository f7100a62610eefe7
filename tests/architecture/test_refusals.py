"""Every refusal says in Chinese and in English what is wrong and what to do, and names only operations that there are."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sanwang.features  # noqa: F401  # whatever the platform can refuse is defined by then
from backbone.errors import Conflict, DomainError, Forbidden, StandsOtherwise
from finance_net.ledger.errors import Amounts
from policy_pack.subjects.errors import AboutFact

OPERATIONS = frozenset(
    line.split()[0] for line in Path(__file__).with_name("operations.txt").read_text("utf-8").splitlines()
)
KINDS_OF_REFUSALS = {DomainError, Conflict, StandsOtherwise, Amounts, AboutFact}
"""Never raised by themselves: they say what their subclasses have in common."""
OPERATION = re.compile(r"\b[a-z]+(?:[A-Z][a-z]+)+\b")
CHINESE = re.compile("[\u4e00-\u9fff]")


def refusals(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for each in kind.__subclasses__():
        yield each
        yield from refusals(each)


REFUSALS = sorted(
    {
        each
        for each in refusals()
        if not each.__module__.startswith("tests.") and each not in KINDS_OF_REFUSALS
    },
    key=lambda each: (each.__module__, each.__name__),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.__name__)
def test_a_refusal_says_what_is_wrong_and_what_to_do(refusal: type[DomainError]) -> None:
    assert refusal.advice, "it says nobody what to do"
    assert named_in(refusal.advice.zh) == named_in(str(refusal.advice)), refusal.advice
    for sentence in filter(None, (refusal.title, refusal.detail, refusal.advice)):
        if not re.fullmatch(r"\{\w+\}", str(sentence)):  # what it says it gets from whoever raises it
            assert CHINESE.search(sentence.zh), sentence
            assert not CHINESE.search(str(sentence)), sentence
        assert named_in(f"{sentence.zh} {sentence}") <= OPERATIONS, sentence


@pytest.mark.parametrize(
    "refusal", [each for each in REFUSALS if issubclass(each, Forbidden)], ids=lambda each: each.__name__
)
def test_whoever_is_refused_for_another_reason_is_not_told_that_the_role_is_missing(
    refusal: type[DomainError],
) -> None:
    assert refusal is Forbidden or refusal.detail is not Forbidden.detail


def named_in(words: str) -> set[str]:
    """The operations."""
    return set(OPERATION.findall(words))


def test_a_state_is_named_in_words() -> None:
    """A code in the middle of a Chinese sentence is no Chinese: whoever names the state gives its words, `stands`."""
    naming = {each for each in REFUSALS if each.detail and "{state}" in f"{each.detail.zh}{each.detail}"}
    assert [each for each in naming if not issubclass(each, StandsOtherwise)] == []


def test_no_two_refusals_share_a_code_and_mean_different_things() -> None:
    titles: dict[str, set[str]] = {}
    for each in REFUSALS:
        titles.setdefault(each.code, set()).add(str(each.title))
    shared = {code: found for code, found in titles.items() if len(found) > 1}
    assert shared == {}
