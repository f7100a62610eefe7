"""Examples show what is true, and most of it."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as some

from policy_pack.engine.deciding import settle
from policy_pack.engine.definition import ANYTHING, Domain
from policy_pack.engine.guessing import show
from policy_pack.engine.reducing import open_keys, reduced
from policy_pack.engine.tree import keys_of
from tests.factories.policies import DAY, SMALL, at, conditions, facts_for, known, mean, share, total, yes

ORDINARY = Domain(least=Decimal(0), most=Decimal(10**9))


def shown(condition, domain=ORDINARY, **stated):
    rest = reduced(condition, known(**stated), DAY)
    return show([rest], dict.fromkeys(open_keys(rest), domain), DAY)


@given(some.data(), conditions())
@settings(deadline=None, max_examples=80)
def test_an_example_is_a_proof(data, condition):
    rest = reduced(condition, data.draw(facts_for(keys_of(condition))), DAY)
    if isinstance(rest, bool):
        return
    examples = show([rest], {key: SMALL[key].domain for key in open_keys(rest)}, DAY)
    proven = settle([rest], SMALL, DAY)
    assert examples.can_hold <= proven.can_hold
    assert examples.can_fail <= proven.can_fail
    assert examples.turns_on <= set(proven.turns_on)


def test_of_what_is_common_everything_is_shown():
    for condition in (
        at("a", "at_least", 100),
        at(share("a", "b"), "at_least", "0.03"),
        at(share(total("a", "b", "c"), total("d", "e")), "at_least", "0.05"),
        at(mean("a", "b"), "at_least", 1000),
        yes("f"),
    ):
        found = shown(condition)
        assert (found.can_hold, found.can_fail) == (True, True)
        assert found.turns_on == set(keys_of(condition))


def test_no_answer_lies_outside_the_domain():
    assert not shown(at("a", "above", 1), Domain(least=Decimal(0), most=Decimal(1))).can_hold
    assert not shown(at("a", "equals", "0.5"), Domain(is_whole=True)).can_hold
    assert shown(at("a", "equals", "0.5"), ANYTHING).can_hold


def test_the_same_is_guessed_every_time():
    rest = reduced(at(share("a", "b"), "at_least", "0.03"), known(), DAY)
    domains = {"a": ORDINARY, "b": ORDINARY}
    assert show([rest], domains, DAY) == show([rest], domains, DAY)
