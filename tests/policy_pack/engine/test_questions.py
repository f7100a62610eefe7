"""The next question decides most, and never asks for what changes nothing."""

from hypothesis import given, settings
from hypothesis import strategies as some

from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Outcome
from policy_pack.engine.policy import Pack
from policy_pack.engine.questions import next_question, questions
from policy_pack.engine.tree import AnyOf
from tests.factories.policies import DAY, SMALL, a_policy, at, facts_for, known, no, policies, values_of, yes


def a_pack(*policies):
    return Pack({policy.id: policy for policy in policies})


def asked(pack, **stated):
    return questions(pack, known(**stated), DAY, dictionary=SMALL)


def test_the_fact_that_decides_most_policies_comes_first():
    pack = a_pack(
        a_policy(yes("f"), key="P1"), a_policy(yes("g"), key="P2"), a_policy(no("g"), None, key="P3"), a_policy(yes("f"), yes("g"), key="P4")
    )  # fmt: skip
    first, second = asked(pack)
    assert (first.key, first.decides, first.may_decide, first.expected) == ("g", ("P2", "P3"), ("P4",), 2.5)
    assert (second.key, second.decides, second.may_decide, second.waiting) == ("f", ("P1",), ("P4",), 2)
    assert next_question(pack, known(), DAY, dictionary=SMALL) == first


def test_a_fact_that_cannot_decide_alone_brings_forward():
    either = a_pack(a_policy(AnyOf((yes("f"), yes("g"))), key="P1"))
    assert [(each.key, each.brings_forward, each.expected) for each in asked(either)] == [
        ("f", ("P1",), 0.0),
        ("g", ("P1",), 0.0),
    ]


def test_nothing_is_asked_that_changes_nothing():
    pack = a_pack(
        a_policy(yes("f"), at("n0", "above", 5), key="P1"),
        a_policy(None, key="P2"),
        a_policy(yes("g"), key="P3", superseded=DAY),
        a_policy(yes("h"), key="P4", last=DAY.replace(year=2020)),
        a_policy(AnyOf((yes("i"), yes("j"))), key="P5"),
    )
    assert asked(pack, i=True) == ()  # n0 is 2 at most
    assert next_question(pack, known(i=True), DAY, dictionary=SMALL) is None


def test_ties_come_in_the_order_of_the_dictionary_and_then_of_the_names():
    pack = a_pack(a_policy(yes("zz"), key="P1"), a_policy(yes("aa"), key="P2"), a_policy(yes("f1"), key="P3"), a_policy(yes("f0"), key="P4"))  # fmt: skip
    assert [each.key for each in asked(pack)] == ["f0", "f1", "aa", "zz"]


@given(some.data(), some.lists(policies(), min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
def test_answering_one_question_after_the_other_decides_everything(data, made):
    pack = Pack({f"P{at}": policy for at, policy in enumerate(made)})
    keys = [key for policy in made for key in policy.reads]
    facts = data.draw(facts_for(keys, open_at_most=6))
    while question := next_question(pack, facts, DAY, dictionary=SMALL):
        assert facts.is_open(question.key)
        facts = facts.with_answers({question.key: data.draw(some.sampled_from(values_of(question.key)))})
    said = {evaluate(policy, facts, DAY, dictionary=SMALL).outcome for policy in made}
    assert Outcome.MISSING_FACTS not in said
