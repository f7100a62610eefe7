"""The published funds, their capital beside their envelopes, and a year's pools."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.db import new_id
from backbone.errors import NotFound
from finance_net.funds.errors import CapitalOutOfOrder, NoCapital, NoGrants
from finance_net.funds.service import capital_of, open_grant_pools, open_published_funds, record_capital
from finance_net.ledger.errors import KeyTaken, NotYet
from finance_net.ledger.opening import root_of
from tests.factories.identity import bearer
from tests.factories.ledger import AT, a_treasury

YI = 10_000_000_000


def test_the_published_funds_are_opened_once_and_a_target_is_no_money(session: Session):
    treasury = a_treasury(session)
    opened = open_published_funds(session, treasury.first, now=AT)
    assert [fund.key for fund in opened] == ["onshore", "offshore"]
    onshore = capital_of(session, opened[0].id, AT.date())
    assert {name: row.amount_fen for name, row in onshore.items()} == {
        "target": 20 * YI,
        "subscribed": 5 * YI,
    }
    assert "subscribed" not in capital_of(session, opened[0].id, date(2025, 11, 3))
    assert [root_of(session, fund.id).limit_fen for fund in opened] == [0, 0]
    assert open_published_funds(session, treasury.first, now=AT) == []


def test_called_is_of_what_was_subscribed_and_invested_of_what_was_called(session: Session):
    treasury = a_treasury(session, kind="equity")

    def say(measure: str, yi: int, on: date = date(2026, 1, 1)) -> Any:
        said = {"measure": measure, "amount_fen": yi * YI, "as_of_on": on, "source": "测试"}
        return record_capital(session, treasury.first, treasury.fund.id, **said, now=AT)

    say("invested", 3)
    with pytest.raises(CapitalOutOfOrder) as refusal:
        say("called", 2)
    assert "200,000,000.00" in refusal.value.sentence()
    say("called", 4)
    say("subscribed", 4)
    with pytest.raises(CapitalOutOfOrder):
        say("called", 5)
    say("target", 1)  # a target may be exceeded
    say("subscribed", 9, date(2026, 2, 1))
    known = capital_of(session, treasury.fund.id, date(2026, 1, 31))
    assert {name: row.amount_fen // YI for name, row in known.items()} == {
        "invested": 3,
        "called": 4,
        "subscribed": 4,
        "target": 1,
    }
    with pytest.raises(NotYet):
        say("called", 4, date(2027, 1, 1))


def test_capital_is_of_equity_funds_and_pools_are_of_grants(session: Session):
    grants, equity = a_treasury(session), a_treasury(session, kind="equity")
    said = {"measure": "target", "amount_fen": 1, "as_of_on": AT.date(), "source": "测试", "now": AT}
    with pytest.raises(NoCapital):
        record_capital(session, grants.first, grants.fund.id, **said)
    with pytest.raises(NotFound):
        record_capital(session, grants.first, new_id(), **said)
    with pytest.raises(NoGrants):
        open_grant_pools(session, equity.first, equity.fund.id, 2026, now=AT)
    with pytest.raises(NotFound):
        open_grant_pools(session, equity.first, new_id(), 2026, now=AT)


def test_a_year_has_a_pool_for_each_category_of_policies(session: Session):
    treasury = a_treasury(session)
    year, *pools = open_grant_pools(session, treasury.first, treasury.fund.id, 2026, now=AT)
    assert (year.key, year.level, year.is_partitioned) == ("2026", "year", True)
    assert [(pool.key, pool.level, pool.parent_id) for pool in pools] == [
        (key, "category", year.id) for key in ("R", "T", "F", "Q", "M")
    ]
    with pytest.raises(KeyTaken):
        open_grant_pools(session, treasury.first, treasury.fund.id, 2026, now=AT)


def test_over_http_the_meaning_of_offshore_is_said_with_its_fund(client: Any, session: Session):
    treasury = a_treasury(session)
    headers = bearer(session, *[(held.role, held.scope) for held in treasury.first.held])
    opened = client.post("/api/funds/published", headers=headers).json["items"]
    shown = {
        fund["key"]: client.get(f"/api/funds/{fund['id']}/capital", headers=headers).json for fund in opened
    }
    assert shown["offshore"]["offshore"]["code"] == "another_city"
    assert shown["onshore"]["offshore"] is None
    assert [row["measure"] for row in shown["onshore"]["measures"]] == ["target", "subscribed"]
    pools = client.post(
        f"/api/funds/{treasury.fund.id}/grant-pools", json={"year": 2027}, headers=headers
    ).json["items"]
    assert len(pools) == 6
    listed = client.get("/api/funding-directory?as_of_on=2024-06-30&kind=outside_fund", headers=headers).json
    assert {line["key"] for line in listed["items"]} == {
        "optics-valley-angel-funds",
        "chutian-fengming-angel-fund",
    }
    assert len(client.get("/api/funding-directory", headers=headers).json["items"]) == 7
