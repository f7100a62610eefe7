from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.chain.content import canonical
from policy_pack.engine.facts import Gap
from policy_pack.subjects.snapshot import Known, facts_of_snapshot, snapshot_of

WRITING = 'a1高新/" \n{}'
VALUES = st.one_of(
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.dates(),
    st.frozensets(st.text(WRITING, max_size=8), max_size=4),
    st.text(WRITING, max_size=20),
    st.sampled_from([Gap.ABSENT, Gap.DISPUTED]),
)
FACTS = st.dictionaries(st.text("abcdef_", min_size=1, max_size=6), VALUES, max_size=8)


def known(values):
    return {key: Known(value, "here") for key, value in values.items()}


@given(FACTS)
def test_facts_come_back_as_they_were(values):
    assert dict(facts_of_snapshot(snapshot_of(known(values))).stated) == values


@given(FACTS)
def test_the_same_facts_are_spelled_alike_in_whatever_order_they_were_found(values):
    turned = dict(reversed(list(values.items())))
    assert canonical(snapshot_of(known(values))) == canonical(snapshot_of(known(turned)))


@given(FACTS)
def test_what_comes_back_is_spelled_as_it_was(values):
    snapshot = snapshot_of(known(values))
    again = facts_of_snapshot(snapshot).stated
    assert snapshot_of(known(again)) == snapshot


@pytest.mark.parametrize("spelling", ["5", "5.0", "5.00", "0.5E+1"])
def test_a_number_has_one_spelling(spelling):
    assert snapshot_of(known({"x": Decimal(spelling)}))["x"]["number"] == "5"


def test_every_fact_says_where_it_was_read():
    known = {"founded_on": Known(date(2020, 1, 5), "directory: registered_on")}
    assert snapshot_of(known) == {"founded_on": {"day": "2020-01-05", "read": "directory: registered_on"}}


@pytest.mark.parametrize("spelled", [{}, {"number": 5}, {"flag": "yes"}, {"set": "a"}, {"colour": "red"}])
def test_what_is_no_fact_is_refused(spelled):
    with pytest.raises(ValueError, match="spelled"):
        facts_of_snapshot({"x": spelled})
