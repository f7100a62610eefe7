"""Several statements about a fact come to one word: the newest one, a dispute, or what the directory knows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine.facts import Gap
from policy_pack.subjects.snapshot import Known
from policy_pack.subjects.standing import Statement, beside, says_none, stated_on

TODAY = date(2026, 3, 10)
VALUES = st.sampled_from([Decimal(0), Decimal(40), True, False, "开发", frozenset({"瞪羚"}), Gap.ABSENT])


def said(value=Decimal(40), *, key="service_spend", days_ago=0, holds=None, disputed=False, source="合同"):
    as_of = TODAY - timedelta(days=days_ago)
    until = None if holds is None else as_of + timedelta(days=holds)
    return Statement(key, value, as_of, until, source, disputed)


STATEMENTS = st.builds(
    said, VALUES, days_ago=st.integers(-3, 5), holds=st.none() | st.integers(0, 6), disputed=st.booleans(),
    source=st.sampled_from(["甲", "乙"]),
)  # fmt: skip


def test_nothing_said_is_nothing_known():
    assert stated_on([], TODAY) == {}


def test_the_newest_word_counts_and_names_its_source():
    found = stated_on([said(Decimal(10), days_ago=9), said(Decimal(40), source="审计报告")], TODAY)
    assert found["service_spend"] == Known(Decimal(40), "审计报告 (2026-03-10)")


def test_a_word_of_the_future_is_not_heard_yet():
    assert stated_on([said(days_ago=-1)], TODAY) == {}


@pytest.mark.parametrize(("holds", "is_known"), [(None, True), (5, True), (4, False)])
def test_a_certificate_counts_on_its_last_day_and_no_longer(holds, is_known):
    assert ("service_spend" in stated_on([said(days_ago=5, holds=holds)], TODAY)) is is_known


def test_an_expired_word_lets_an_older_one_speak_that_still_holds():
    found = stated_on([said(Decimal(1), days_ago=9), said(Decimal(2), days_ago=5, holds=1)], TODAY)
    assert found["service_spend"].value == Decimal(1)


def test_two_sources_that_contradict_each_other_are_a_dispute_and_both_are_named():
    found = stated_on([said(Decimal(1), source="企业"), said(Decimal(2), source="台账")], TODAY)[
        "service_spend"
    ]
    assert found.value is Gap.DISPUTED
    assert "企业" in found.read
    assert "台账" in found.read


def test_two_sources_that_agree_are_no_dispute():
    assert stated_on([said(source="企业"), said(source="台账")], TODAY)["service_spend"].value == Decimal(40)


def test_a_word_that_somebody_disputes_counts_for_nobody():
    assert stated_on([said(disputed=True)], TODAY)["service_spend"].value is Gap.DISPUTED


@given(st.lists(STATEMENTS, max_size=6), st.randoms())
def test_the_order_of_the_statements_makes_no_difference(statements, random):
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert stated_on(shuffled, TODAY) == stated_on(statements, TODAY)


@given(st.lists(STATEMENTS, max_size=6))
def test_a_value_that_is_known_was_said_and_nothing_newer_says_otherwise(statements):
    heard = [
        each
        for each in statements
        if each.as_of_on <= TODAY and (each.valid_until_on is None or each.valid_until_on >= TODAY)
    ]
    found = stated_on(statements, TODAY)
    assert bool(found) is bool(heard)
    for known in found.values():
        newest = [each for each in heard if each.as_of_on == max(every.as_of_on for every in heard)]
        if known.value is Gap.DISPUTED:
            assert len({each.value for each in newest}) > 1 or any(each.is_disputed for each in newest)
        else:
            assert {each.value for each in newest} == {known.value}


def known(value, read="directory"):
    return Known(value, read)


def test_what_the_directory_says_otherwise_is_a_dispute():
    found = beside({"has_core_ip": known(True)}, {"has_core_ip": known(False, "企业")})
    assert found["has_core_ip"] == Known(Gap.DISPUTED, "directory | 企业")


def test_what_both_say_alike_is_known():
    assert (
        beside({"has_core_ip": known(True)}, {"has_core_ip": known(True, "企业")})["has_core_ip"].value
        is True
    )


@pytest.mark.parametrize("none", [Gap.ABSENT, frozenset()])
def test_that_there_was_none_gives_way_to_what_the_directory_has_since(none):
    held = frozenset({"高新技术企业"})
    assert beside({"labels": known(held)}, {"labels": known(none)})["labels"].value == held
    assert says_none(none)


def test_what_only_one_of_them_knows_is_known():
    found = beside({"revenue": known(Decimal(1))}, {"is_sme": known(True)})
    assert {key: each.value for key, each in found.items()} == {"revenue": Decimal(1), "is_sme": True}
