from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import Bilingual
from policy_pack.engine.policy import (
    Amount,
    Benefit,
    Cap,
    Category,
    Clause,
    Document,
    Policy,
    Source,
    Superseded,
    Validity,
)
from policy_pack.engine.tree import Compare, Flag, Quantity, Sign
from policy_pack.policies.differences import Difference, Kind, Part, differences


def at_least(number: int) -> Compare:
    return Compare(Quantity("staff_total"), Sign.AT_LEAST, Decimal(number))


def a_clause(n: int, **values) -> Clause:
    defaults = {
        "id": f"P1.{n}",
        "text": Bilingual(f"第{n}条", f"clause {n}"),
        "quote": f"q{n}",
        "when": at_least(n),
    }
    return Clause(**defaults | values)


GRANT = Amount(Benefit.GRANT, Bilingual("最高 50 万元", "at most 500,000"), caps=(Cap(Decimal(50)),))
BASE = Policy(
    id="P1", name=Bilingual("测试", "test"), category=Category.RESEARCH, level="湖北", status="live",
    source=Source("example.test", "B", date(2026, 1, 5)), reference="example.test (B)",
    validity=Validity(date(2026, 1, 1), None, "2026"), clauses=(a_clause(1), a_clause(2), a_clause(3)), amount=GRANT,
)  # fmt: skip


def changed(**values) -> list[Difference]:
    return list(differences(BASE, replace(BASE, **values)))


def test_a_policy_does_not_differ_from_itself():
    assert differences(BASE, replace(BASE)) == ()


def test_a_new_clause_is_told_with_words_and_condition():
    (found,) = changed(clauses=(*BASE.clauses, a_clause(4)))
    assert (found.kind, found.part, found.clause_id, found.before) == (Kind.ADDED, Part.CLAUSE, "P1.4", None)
    assert found.after == "第4条 / clause 4 {fact: staff_total, at_least: 4}"


def test_a_clause_that_is_gone_is_told_as_it_was():
    (found,) = changed(clauses=BASE.clauses[:2])
    assert (found.kind, found.part, found.clause_id, found.after) == (Kind.REMOVED, Part.CLAUSE, "P1.3", None)
    assert found.before.startswith("第3条")


@pytest.mark.parametrize(
    ("part", "values", "before", "after"),
    [
        (Part.WORDS, {"text": Bilingual("改", "clause 2")}, "第2条 / clause 2", "改 / clause 2"),
        (Part.WORDS, {"text": Bilingual("第2条", "other")}, "第2条 / clause 2", "第2条 / other"),
        (Part.QUOTE, {"quote": "new"}, "q2", "new"),
        (Part.CONDITION, {"when": at_least(5)}, "{fact: staff_total, at_least: 2}", "{fact: staff_total, at_least: 5}"),
        (Part.CONDITION, {"when": Flag("x", True)}, "{fact: staff_total, at_least: 2}", "{fact: x, yes: true}"),
        (Part.CONDITION, {"when": None}, "{fact: staff_total, at_least: 2}", "judgement"),
    ],
)  # fmt: skip
def test_a_change_within_a_clause_names_the_part_that_changed(part, values, before, after):
    found = changed(clauses=(BASE.clauses[0], a_clause(2, **values), BASE.clauses[2]))
    assert found == [Difference(Kind.CHANGED, part, "P1.2", before, after)]


def test_several_changes_of_one_clause_are_told_one_by_one():
    found = changed(clauses=(a_clause(1, quote="new", when=None), *BASE.clauses[1:]))
    assert [(each.part, each.clause_id) for each in found] == [(Part.QUOTE, "P1.1"), (Part.CONDITION, "P1.1")]


def test_another_order_is_a_change_of_order_alone():
    (found,) = changed(clauses=(BASE.clauses[1], BASE.clauses[0], BASE.clauses[2]))
    assert (found.part, found.before, found.after) == (Part.ORDER, "P1.1 P1.2 P1.3", "P1.2 P1.1 P1.3")
    (gone,) = changed(clauses=(BASE.clauses[0], BASE.clauses[2]))
    assert gone.part is Part.CLAUSE


def test_another_amount_and_other_words_for_it_are_two_things():
    more = replace(GRANT, caps=(Cap(Decimal(80)),))
    (found,) = changed(amount=more)
    assert (found.part, found.after) == (Part.AMOUNT, "{benefit: grant, caps: [{most: 80}]}")
    (words,) = changed(amount=replace(GRANT, words=Bilingual("至多", "up to")))
    assert words.part is Part.AMOUNT_WORDS


def test_an_amount_that_comes_or_goes_is_added_or_removed():
    assert {(each.kind, each.part) for each in changed(amount=None)} == {
        (Kind.REMOVED, Part.AMOUNT), (Kind.REMOVED, Part.AMOUNT_WORDS),
    }  # fmt: skip
    without = replace(BASE, amount=None)
    assert {each.kind for each in differences(without, BASE)} == {Kind.ADDED}


OTHER = [
    (Part.PUBLISHED_CAP, {"published_cap": Decimal(1000)}),
    (Part.VALIDITY, {"validity": Validity(date(2026, 1, 1), date(2026, 12, 31), "2026")}),
    (Part.SUPERSEDED, {"superseded": Superseded(date(2026, 1, 1), "办法")}),
    (Part.NAME, {"name": Bilingual("改名", "test")}),
    (Part.LEVEL, {"level": "武汉"}),
    (Part.CATEGORY, {"category": Category.FINANCE}),
    (Part.STATUS, {"status": "old"}),
    (Part.SOURCE, {"source": Source("example.test", "A", date(2026, 1, 5))}),
    (Part.SOURCE, {"reference": "example.test (A)"}),
    (Part.DOCUMENTS, {"documents": (Document(Bilingual("申请表", "form")),)}),
    (Part.NOTES, {"notes": (Bilingual("注", "note"),)}),
    (Part.COMPLETE, {"complete": True}),
]


@pytest.mark.parametrize(("part", "values"), OTHER)
def test_every_other_part_is_compared(part, values):
    assert [each.part for each in changed(**values)] == [part]


def test_every_field_of_a_policy_is_compared():
    compared = {name for _, values in OTHER for name in values} | {"amount", "clauses"}
    assert compared == set(Policy.__dataclass_fields__) - {"id"}


def test_parts_that_tell_how_much_are_known_as_such():
    assert {part for part in Part if part.tells_amount} == {
        Part.AMOUNT, Part.AMOUNT_WORDS, Part.PUBLISHED_CAP, Part.NOTES,
    }  # fmt: skip


CLAUSES = st.lists(
    st.builds(lambda n, m: a_clause(n, when=at_least(m)), st.integers(1, 6), st.integers(1, 3)),
    unique_by=lambda clause: clause.id,
)


@given(CLAUSES, CLAUSES)
def test_turned_round_what_was_added_is_removed_and_what_was_before_comes_after(one, other):
    first, second = replace(BASE, clauses=tuple(one)), replace(BASE, clauses=tuple(other))
    turned = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED, Kind.CHANGED: Kind.CHANGED}
    there = {
        (turned[each.kind], each.part, each.clause_id, each.after, each.before)
        for each in differences(first, second)
    }
    back = {
        (each.kind, each.part, each.clause_id, each.before, each.after) for each in differences(second, first)
    }
    assert there == back


@given(CLAUSES, CLAUSES)
def test_nothing_is_told_exactly_when_the_clauses_are_the_same(one, other):
    found = differences(replace(BASE, clauses=tuple(one)), replace(BASE, clauses=tuple(other)))
    assert (found == ()) == (one == other)
