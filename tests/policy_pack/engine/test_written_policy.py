"""A policy file as a whole."""

from datetime import date

import pytest

from policy_pack.engine.packs import read_policy
from policy_pack.engine.policy import Category, Superseded
from tests.policy_pack.policy_text import PARTS, policy_text, problems_of, said_of

CLAUSE = (
    "\n  - {id: P1.1, text: {zh: 收入, en: revenue}, quote: revenue, when: {fact: revenue, at_least: 100}}"
)


def test_a_file_is_read_whole():
    policy = read_policy(
        policy_text(
            superseded='{since: 2026-06-01, by: "新办法"}',
            documents="[{zh: 合同, en: contract}]",
            notes="[{zh: 注, en: note}]",
        ),
        "P01.yaml",
    )
    assert (policy.id, policy.name.zh, str(policy.name), policy.category) == (
        "P1",
        "甲",
        "A",
        Category.RESEARCH,
    )
    assert (policy.level, policy.status, policy.reference, policy.complete) == (
        "湖北", "live", "example.org (A)", True,
    )  # fmt: skip
    assert (policy.source.at, policy.source.grade, policy.source.read_on) == (
        "example.org", "A", date(2026, 1, 2),
    )  # fmt: skip
    assert policy.is_verified
    (clause,) = policy.clauses
    assert (clause.id, clause.text.zh, clause.quote, clause.reads) == (
        "P1.1",
        "收入",
        "revenue",
        ("revenue",),
    )
    assert (policy.validity.first, policy.validity.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert policy.superseded == Superseded(date(2026, 6, 1), "新办法")
    assert [document.name.zh for document in policy.documents] == ["合同"]
    assert [note.zh for note in policy.notes] == ["注"]


def test_a_source_may_bear_no_date():
    policy = read_policy(
        policy_text(source="{at: example.org, grade: B}", valid="{words: undated}"), "P01.yaml"
    )
    assert policy.source.read_on is None
    assert not policy.is_verified
    assert (policy.validity.first, policy.validity.last) == (None, None)


@pytest.mark.parametrize("part", [name for name in PARTS if name != "amount"])
def test_every_part_but_the_amount_is_needed(part):
    assert f"policy lacks {part}" in " | ".join(
        str(each.text) for each in problems_of(policy_text(**{part: None}))
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"category": "X"}, "category must be one of R, T, F, Q, M, not X"),
        ({"complete": "yes"}, "complete must be true or false"),
        ({"name": "甲"}, "name must be a mapping"),
        ({"name": "{zh: 甲}"}, "name lacks en"),
        ({"name": "{zh: 甲, en: ''}"}, "en must be a text that is not empty"),
        ({"level": "[a]"}, "level must be a text"),
        ({"source": "{at: x, grade: D}"}, "grade must be one of A, B, C"),
        ({"source": "{at: x, grade: A, read_on: 去年}"}, "read_on must be a date"),
        ({"valid": "{from: 2026-02-01, to: 2026-01-31, words: x}"}, "to 2026-01-31 is before from 2026-02-01"),
        ({"valid": "{from: 2026-02-30, words: x}"}, "from must be a date"),
        ({"superseded": "{since: 2027-01-01, by: x}"}, "since 2027-01-01 is outside of its validity"),
        ({"superseded": "{since: 2026-01-01, by: x}"}, "since 2026-01-01 is outside of its validity"),
        ({"id": "政策1", "clauses": CLAUSE.replace("P1.1", "政策1.1")}, "must be letters and digits such as P3"),
        ({"clauses": CLAUSE.replace("P1.1", "P2.1")}, "P2.1 must begin with P1."),
        ({"clauses": CLAUSE + CLAUSE}, "P1.1 is used twice"),
        ({"clauses": "[]"}, "clauses must be a list"),
        ({"clauses": "\n  - P1.1"}, "clause must be a mapping"),
        ({"clauses": CLAUSE.replace("quote", "qoute")}, "did you mean quote"),
        ({"claus": "x"}, "policy has no field claus; did you mean clauses"),
        ({"documents": "[合同]"}, "documents must be a mapping"),
    ],
)  # fmt: skip
def test_a_part_that_is_wrong_is_named(changed, said):
    assert said in said_of(policy_text(**changed))


def test_every_problem_is_said_in_the_order_of_the_lines_and_nothing_is_loaded():
    text = policy_text(
        category="X", valid="{from: x, words: y}", clauses=CLAUSE.replace("revenue, at", "revenu, at")
    )
    problems = problems_of(text)
    assert [(problem.line, problem.clause) for problem in problems] == [(3, None), (8, None), (11, "P1.1")]
    assert all(problem.file == "P01.yaml" for problem in problems)


@pytest.mark.parametrize("text", ["", "[1]", "a: &x 1", "a: *x", "id: P1\n\tname: x", "[" * 1000])
def test_what_is_no_mapping_at_all_is_one_problem(text):
    assert len(problems_of(text)) == 1
