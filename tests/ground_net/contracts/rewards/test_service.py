import pytest
from sqlalchemy import select

from backbone.errors import Forbidden, Invalid
from backbone.people.models import Person
from ground_net.contracts.rewards.errors import RewardAboveIncome, RewardBelowRule
from ground_net.contracts.rewards.models import Reward
from ground_net.contracts.rewards.service import list_rewards, record_rewards
from tests.factories.contracts import SIGNED_AT, a_cash_receipt, a_contract
from tests.factories.invitations import an_exchange
from tests.made_once import made_once


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(exchange):
    made = a_contract(exchange)
    a_cash_receipt(exchange, made, amount_fen=10_000_000)
    return made


def reward(exchange, contract, by=None, **values):
    said = {
        "income_fen": 1_000_001, "costs_fen": 1, "inventors_fen": 700_000,
        "inventors": [{"inventor": "测试甲", "weight": 2}, {"inventor": "测试乙", "weight": 1}],
    } | values  # fmt: skip
    return record_rewards(exchange.session, by or exchange.office, contract.id, said, now=SIGNED_AT)


def test_seventy_percent_of_the_net_income_is_enough_and_is_divided_to_the_fen(exchange, contract):
    made = reward(exchange, contract)
    assert (made.net_fen, made.least_percent) == (1_000_000, 70)
    assert [row.amount_fen for row in made.shares] == [466_667, 233_333]
    assert "hbfibre" in made.rule_source
    assert contract.rewarded_fen == 1_000_001


def test_one_fen_less_is_refused_with_the_numbers(session, exchange, contract):
    with pytest.raises(RewardBelowRule) as refused:
        reward(exchange, contract, inventors_fen=699_999)
    data = refused.value.data
    assert (data["net_fen"], data["least_percent"], data["least_fen"]) == (1_000_000, 70, 700_000)
    assert (session.scalar(select(Reward)), contract.rewarded_fen) == (None, 0)


def test_an_institute_that_gives_more_is_held_to_its_own_rule(exchange, contract):
    exchange.institute.income_share_percent = 85
    with pytest.raises(RewardBelowRule) as refused:
        reward(exchange, contract)
    assert refused.value.data["least_fen"] == 850_000
    assert reward(exchange, contract, inventors_fen=850_000).least_percent == 85


def test_an_institute_that_gives_less_is_held_to_the_provinces(exchange, contract):
    exchange.institute.income_share_percent = 50
    assert reward(exchange, contract).least_percent == 70


@pytest.mark.parametrize(
    ("values", "field"),
    [({"costs_fen": 1_000_001}, "costs_fen"), ({"inventors_fen": 1_000_001}, "inventors_fen")],
)
def test_neither_nothing_nor_more_than_all_is_divided(exchange, contract, values, field):
    with pytest.raises(Invalid) as refused:
        reward(exchange, contract, **values)
    assert refused.value.data["errors"][0]["field"] == field


def test_money_is_divided_once_and_only_when_it_came_in(exchange, contract):
    reward(exchange, contract, income_fen=9_000_000, costs_fen=0, inventors_fen=9_000_000)
    with pytest.raises(RewardAboveIncome) as refused:
        reward(exchange, contract)
    assert refused.value.data["open_fen"] == 1_000_000


def test_inventors_are_people_and_no_columns(session, exchange, contract):
    made = reward(exchange, contract)
    people = session.scalars(select(Person).where(Person.holder == "contract_reward_shares")).all()
    assert {person.name for person in people} == {"测试甲", "测试乙"}
    assert [row.inventor for row in made.shares] == ["测试甲", "测试乙"]


def test_the_buyer_is_not_told_what_inventors_are_paid(session, exchange, contract):
    reward(exchange, contract)
    for who in (exchange.researcher, exchange.operator, exchange.auditor):
        assert len(list_rewards(session, who, contract.id)) == 1
    with pytest.raises(Forbidden):
        list_rewards(session, exchange.poster, contract.id)
    for who in (exchange.poster, exchange.researcher, exchange.operator):
        with pytest.raises(Forbidden):
            reward(exchange, contract, by=who)
