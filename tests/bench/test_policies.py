"""What the benchmark of the policy pack compares is the same on both sides, and its enterprises are the same every time."""

import pytest

from bench import policies as bench
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.packs import load_packs
from policy_pack.engine.tree import AnyOf, Within
from tests.factories.policies import a_policy, at, has, mean, share, total, yes


def test_the_enterprises_are_the_same_every_time_and_of_every_sort():
    subjects = list(bench._subjects(range(60)))
    assert subjects == list(bench._subjects(range(60)))
    assert subjects[40:] == list(bench._subjects(range(40, 60)))
    stated = {key for facts in subjects for key in facts}
    assert stated == set(DICTIONARY)
    assert any("contract_type" not in facts for facts in subjects)


def test_every_policy_is_evaluated_for_every_enterprise():
    assert bench._evaluate_part(range(3)) == 3 * len(load_packs().policies)


def test_rules_are_put_into_the_words_of_the_peer():
    policy = a_policy(
        AnyOf((yes("f"), has("s", "甲", "乙"))),
        at(share("a", total("b", "c")), "at_least", "0.1"),
        at(mean("a", "b"), "below", 5),
    )
    assert bench.is_expressible(policy)
    said = [each["value"] for each in bench.decision(policy)["nodes"][1]["content"]["expressions"]]
    assert said == [
        "(f == true or some(['乙', '甲'], # in s))",
        "((b + c) > 0 and (a / (b + c)) >= 0.1)",
        "((a + b) / 2) < 5",
    ]


def test_what_the_peer_cannot_say_is_left_out():
    assert not bench.is_expressible(a_policy(yes("f"), None))
    assert not bench.is_expressible(a_policy(Within("place", "武汉市")))
    assert not bench.is_expressible(a_policy())


def test_both_say_the_same_of_the_shipped_pack(monkeypatch):
    pytest.importorskip("zen")
    monkeypatch.setattr(bench, "COMPARED", 5)
    row = bench.beside_zen()  # refuses to measure what differs
    assert row["ours"] > 0
    assert row["anchor"] > 0
