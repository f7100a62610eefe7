from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.contracts.known import cash_by_day, cash_fact, kind_fact, seller_kind, terms_of, wan
from ground_net.contracts.vocabulary import KINDS
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.reading import read_facts

DAYS = st.dates(date(2025, 11, 1), date(2026, 2, 28))
RECEIPTS = st.lists(st.tuples(DAYS, st.integers(1, 10**12)), max_size=12)


def agreed(**values):
    return SimpleNamespace(
        **{
            "counted_kind": "transfer", "signed_on": date(2026, 3, 10), "technology_fen": 123, "buyer_region_code": "420100",
            "seller_region_code": "420100-donghu", "seller_kind": "institute", "related_to_transfer": None,
            "technology_kind": None, "ownership_transferred": None, "licence_years": None,
        }
        | values
    )  # fmt: skip


def test_policies_know_each_of_the_five_kinds_by_its_own_name():
    assert [kind_fact(kind)["contract_type"] for kind in KINDS] == list(DICTIONARY["contract_type"].values)


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_what_was_agreed_is_what_policies_can_read(side):
    said = terms_of(agreed(ownership_transferred=True, licence_years=6, technology_kind="专利"), side)
    facts = read_facts(said)
    assert facts.of("contract_side") == side
    assert facts.of("technology_transaction_amount") == Decimal("0.000123")
    assert facts.of("buyer_region") == "湖北省/武汉市"
    assert facts.of("seller_region").startswith("湖北省/武汉市/")
    assert all(DICTIONARY[key].per == "contract" for key in said)


def test_what_the_contract_does_not_say_stays_unknown():
    said = terms_of(agreed(buyer_region_code="nowhere"), "buyer")
    assert not said.keys() & {"buyer_region", "licence_years", "cash_received", "contract_registered"}


def test_the_seller_is_called_what_policies_call_it():
    assert seller_kind("university", through_enterprise=False) == "university"
    assert seller_kind("new_rd_institution", through_enterprise=False) == "institute"
    assert seller_kind("university", through_enterprise=True) == "enterprise"


@given(st.integers(0, 10**15))
def test_fen_become_wan_exactly(fen):
    assert wan(fen) * 1_000_000 == fen
    assert read_facts(cash_fact(fen)).of("cash_received") == wan(fen)


@given(RECEIPTS)
def test_the_last_day_of_a_year_says_what_came_in_that_year(receipts):
    found = cash_by_day(receipts)
    assert set(found) == {day for day, _ in receipts}
    for day, total in found.items():
        assert total == sum(fen for other, fen in receipts if other.year == day.year and other <= day)


@given(RECEIPTS, st.data())
def test_a_reversal_leaves_the_days_and_takes_the_money(receipts, data):
    if not receipts:
        return
    day, fen = data.draw(st.sampled_from(receipts))
    left = list(receipts)
    left.remove((day, fen))
    reversed_, without = cash_by_day([*receipts, (day, -fen)]), cash_by_day(left)
    assert set(reversed_) == set(cash_by_day(receipts))
    assert all(reversed_[each] == total for each, total in without.items())
