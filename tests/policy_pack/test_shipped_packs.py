"""The shipped policies beside each other and beside the dictionary."""

from datetime import date
from decimal import Decimal

import pytest

from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.packs import SHIPPED, load_packs
from policy_pack.engine.policy import Bond, Category
from policy_pack.engine.tree import keys_of

COMPLETE = {f"P{number}" for number in (*range(3, 15), 19, 20, 21, *range(23, 32), 34, 38)}
VALIDITY = {
    "P3": ("2026-03-13", None), "P4": ("2019-01-01", "2019-12-31"), "P5": ("2023-01-01", "2023-12-31"),
    "P8": ("2025-10-05", "2027-12-31"), "P9": ("2025-10-05", None), "P10": ("2025-10-05", None),
    "P11": ("2024-04-01", "2024-04-30"), "P12": ("2025-01-01", "2025-10-30"), "P15": ("2020-01-01", "2020-12-31"),
    "P16": ("2021-01-01", "2021-12-31"), "P21": ("2025-02-21", None), "P27": ("2023-01-01", None),
    "P28": ("2015-10-01", None), "P40": (None, "2027-12-31"),
}  # fmt: skip


@pytest.fixture(scope="module")
def pack():
    return load_packs()


def test_there_are_42_of_which_26_are_complete(pack):
    assert list(pack.policies) == [f"P{number}" for number in range(1, 43)]
    assert {policy.id for policy in pack.policies.values() if policy.complete} == COMPLETE
    assert len(COMPLETE) == 26


def test_only_what_the_issuing_body_says_itself_is_verified(pack):
    assert {policy.id for policy in pack.policies.values() if policy.is_verified} == {
        "P3",
        "P5",
        "P8",
        "P9",
        "P10",
    }


def test_all_five_categories_are_there(pack):
    assert {policy.category for policy in pack.policies.values()} == set(Category)


def test_each_is_in_force_as_its_row_says(pack):
    for policy in pack.policies.values():
        first, last = VALIDITY.get(policy.id, (None, None))
        assert policy.validity.first == (first and date.fromisoformat(first)), policy.id
        assert policy.validity.last == (last and date.fromisoformat(last)), policy.id


def test_three_texts_are_known_to_be_superseded(pack):
    since = {
        policy.id: policy.superseded.since.year for policy in pack.policies.values() if policy.superseded
    }
    assert since == {"P20": 2024, "P25": 2026, "P26": 2026}


def test_a_reference_names_where_the_text_was_read_and_its_grade(pack):
    for policy in pack.policies.values():
        assert f"({policy.source.grade}" in policy.reference, policy.id
        assert policy.source.at in policy.reference, policy.id


def test_where_no_formula_was_published_there_is_no_amount(pack):
    without = {
        "P1",
        "P2",
        "P11",
        "P14",
        "P16",
        "P22",
        "P29",
        *(f"P{number}" for number in (23, 24, 25, 26, *range(32, 43))),
    }
    assert {policy.id for policy in pack.policies.values() if policy.amount is None} == without


def test_every_clause_has_its_words_in_both_languages_and_those_of_the_row(pack):
    for policy in pack.policies.values():
        for at, clause in enumerate(policy.clauses, 1):
            assert clause.id == f"{policy.id}.{at}"
            assert clause.text.zh != str(clause.text)
            assert clause.quote


def test_every_value_that_a_set_or_list_has_is_asked_for_or_can_fail_a_clause(pack):
    read = {
        key
        for policy in pack.policies.values()
        for clause in policy.clauses
        if clause.when
        for key in keys_of(clause.when)
    }
    assert read <= DICTIONARY.keys()


def test_files_are_called_by_the_numbers_of_their_policies(pack):
    assert sorted(path.stem for path in SHIPPED.glob("P*.yaml")) == sorted(
        f"P{int(key[1:]):02}" for key in pack.policies
    )


def test_what_the_rows_say_of_each_other_is_on_record(pack):
    assert [(each.bond, each.between, each.most) for each in pack.relations] == [
        (Bond.ONCE_PER_PROJECT, ("P3",), None),
        (Bond.PRIORITY_OVER, ("P34", "P14"), None),
        (Bond.JOINT_CAP, ("P14", "P34"), Decimal(1000)),
    ]
