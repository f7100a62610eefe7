"""Many subjects are answered as one is, however much is remembered."""

from hypothesis import given, settings
from hypothesis import strategies as some

from backbone.errors import Bilingual
from policy_pack.engine import judging, many
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.facts import Facts
from policy_pack.engine.judging import Judge, judge_with
from policy_pack.engine.many import Many, facts_of
from policy_pack.engine.packs import load_packs
from policy_pack.engine.policy import Amount, Benefit, Cap, Floor, Pack
from policy_pack.engine.tree import Quantity
from tests.factories.policies import DAY, SMALL, a_policy, at, facts_for, known, policies, yes


@given(some.data(), some.lists(policies(), min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
def test_each_gets_what_it_would_get_alone(data, made):
    pack = Pack({f"P{at}": policy for at, policy in enumerate(made)})
    keys = [key for policy in made for key in policy.reads]
    subjects = [data.draw(facts_for(keys)) for _ in range(3)]
    batch = Many(pack, DAY, dictionary=SMALL)
    for facts in [*subjects, *subjects]:
        alone = [evaluate(policy, facts, DAY, dictionary=SMALL) for policy in made]
        assert list(batch.evaluate(facts)) == alone


def test_what_is_remembered_is_bounded_and_forgetting_changes_nothing(monkeypatch):
    monkeypatch.setattr(many, "REMEMBERED", 2)
    monkeypatch.setattr(judging, "REMEMBERED", 2)
    policy = a_policy(at("n0", "at_least", 1), yes("f0"))
    batch = Many(Pack({policy.id: policy}), DAY, dictionary=dict(SMALL))
    for _ in range(2):
        found = [next(batch.evaluate(known(n0=n, f0=True))).outcome for n in range(5)]
        assert found == ["ineligible", *["eligible"] * 4]


def test_everything_that_an_amount_reads_counts():
    amount = Amount(
        Benefit.GRANT, Bilingual("", ""), base=Quantity("base"), caps=(Cap(1, yes("big")), Cap(2)), floor=Floor(1, yes("spared"))
    )  # fmt: skip
    assert facts_of(a_policy(yes("f"), None, amount=amount)) == ("f", "base", "big", "spared")
    assert facts_of(a_policy(yes("f"))) == ("f",)


def test_the_shipped_pack_reads_all_that_its_evaluations_tell_of():
    pack = load_packs()
    batch = Many(pack, DAY)
    for policy, found in zip(pack.policies.values(), batch.evaluate(Facts()), strict=True):
        assert found == evaluate(policy, Facts(), DAY)


def test_a_dictionary_has_its_own_judge():
    one, other = dict(SMALL), dict(SMALL)
    assert judge_with(one) is judge_with(one)
    assert judge_with(one) is not judge_with(other)
    assert isinstance(judge_with(other), Judge)
