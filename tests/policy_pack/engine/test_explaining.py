"""Both languages, every clause, and no fact that the clause did not read."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as some

from backbone.errors import Bilingual
from policy_pack.engine.definition import Definition, Kind
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import OUTCOME_WORDS
from policy_pack.engine.explaining import EXCLUDED, explain
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.tree import AnyOf, Between
from tests.factories.policies import (
    DAY,
    SMALL,
    a_policy,
    at,
    facts_for,
    has,
    known,
    no,
    one_of,
    policies,
    yes,
)

MONEY = {
    "n": Definition("n", Kind.MONEY, Bilingual("营业收入", "revenue"), Bilingual("？", "?"), unit="万元", least=Decimal(0)),
    "f": Definition("f", Kind.FLAG, Bilingual("已登记", "registered"), Bilingual("？", "?")),
}  # fmt: skip


def explained(policy, facts, dictionary=MONEY):
    return explain(policy, evaluate(policy, facts, DAY, dictionary=dictionary), facts, dictionary=dictionary)


def test_a_clause_says_what_is_asked_what_is_known_what_follows_and_what_is_missing():
    found = explained(a_policy(at("n", "at_least", 5), yes("f"), None), known(n=8000.50))
    assert [line.zh for line in found.lines] == [
        "P99（中）：缺少信息",
        "P99.1 clause 1（中）；营业收入：8,000.5 万元；满足",
        "P99.2 clause 2（中）；已登记：未知；待定；还需：已登记",
        "P99.3 clause 3（中）；由人工评审",
        "补充以下资料即可判定：已登记",
    ]
    assert [str(line) for line in found.lines] == [
        "P99: facts missing",
        "P99.1 clause 1; revenue: 8,000.5 万元; met",
        "P99.2 clause 2; registered: unknown; open; still needed: registered",
        "P99.3 clause 3; for a person to judge",
        "These facts would decide it: registered",
    ]


def test_every_sort_of_value_has_its_words():
    policy = a_policy(
        AnyOf(
            (
                yes("a"),
                no("b"),
                has("c", "x"),
                has("d", "x"),
                one_of("e", "x"),
                Between("g", None, None),
                yes("h"),
            )
        )
    )
    facts = known(a=True, b=None, c=["y", "x"], d=[], e="z", g=date(2025, 1, 2))
    [clause] = explained(policy, facts.with_answers({"h": Gap.DISPUTED})).clauses
    assert [each.zh for each in clause.found] == [
        "a：是", "b：确认没有", "c：x、y", "d：无", "e：z", "g：2025-01-02", "h：来源互相矛盾",
    ]  # fmt: skip
    assert [str(each) for each in clause.found] == [
        "a: yes", "b: known to be none", "c: x, y", "d: none", "e: z", "g: 2025-01-02", "h: sources contradict each other",
    ]  # fmt: skip


def test_what_no_answer_can_change_is_said_to_be_so():
    found = explained(a_policy(at("n", "below", 0)), known())
    assert str(found.lines[1]).endswith("not met (whatever the open facts turn out to be)")
    excluded = explained(a_policy(at("n", "above", 5), at("n", "below", 5)), known())
    assert (excluded.clauses[0].follows.zh, excluded.closing) == ("待定", (EXCLUDED,))


def test_what_is_disputed_is_named():
    found = explained(a_policy(yes("f")), Facts({"f": Gap.DISPUTED, "n": Gap.DISPUTED}))
    assert [line.zh for line in found.closing] == [
        "补充以下资料即可判定：已登记",
        "来源互相矛盾、按未知处理：已登记",
    ]


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_it_names_only_facts_that_were_read_and_every_clause_once(data, policy):
    facts = data.draw(facts_for([*policy.reads, "f0", "choice"]))
    evaluation = evaluate(policy, facts, DAY, dictionary=SMALL)
    found = explain(policy, evaluation, facts, dictionary=SMALL)
    assert [clause.clause_id for clause in found.clauses] == [clause.id for clause in policy.clauses]
    for clause, said in zip(policy.clauses, found.clauses, strict=True):
        names = {SMALL[key].label for key in clause.reads}
        assert {str(line).split(":")[0] for line in said.found} == set(map(str, names))
        assert set(said.missing) <= names
    assert str(found.outcome).endswith(str(OUTCOME_WORDS[evaluation.outcome]))
    for line in found.lines:
        assert line.zh
        assert "{" not in line
