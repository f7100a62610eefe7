"""Cards count by their days, scores say where every value came from, and loans fit by the policies behind them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.identity.models import Account
from finance_net.credit.errors import NoScorecard, ScorecardKnown, SourceNotYet
from finance_net.credit.matching import list_products, match_enterprise
from finance_net.credit.scorecard_file import ScorecardRefused
from finance_net.credit.service import list_scores, load_scorecard, score_enterprise
from finance_net.ledger.errors import NotYet
from policy_pack.policies.shipping import load_shipped
from tests.factories.credit import CARD, a_manager, a_score, a_scorecard, given
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, headers_of
from tests.factories.invitations import an_exchange
from tests.factories.ledger import AT
from tests.factories.policy_facts import a_policy_fact

PAGE: dict[str, Any] = {"sort": "-scored_at", "limit": 20}


def scored(
    session: Session, enterprise: Any, on: date | None = None, values: Any = None, key: str = "test-card"
) -> Any:
    day = on or AT.date()
    known = [each | {"as_of_on": day.isoformat()} for each in given()] if values is None else values
    said = {"key": key, "as_of_on": day, "values": known}
    return score_enterprise(session, a_manager(session), enterprise.id, now=AT, **said)


def test_the_card_that_counts_on_the_day_is_used_and_an_older_score_stays(session: Session):
    enterprise, card = an_enterprise(session), a_scorecard(session)
    first = a_score(session, enterprise, card)
    later = (
        CARD.replace("since: 2026-01-01", "since: 2026-03-01")
        .replace("start_up: 60", "start_up: 50")
        .replace("start_up: 40", "start_up: 50")
    )
    newer = a_scorecard(session, later)
    assert scored(session, enterprise, date(2026, 2, 28)).scorecard_id == card.id
    now = scored(session, enterprise)
    assert (now.scorecard_id, now.hundredths, first.hundredths) == (newer.id, 5_500, 5_400)
    # One that begins earlier and is loaded later fills its own days alone.
    between = a_scorecard(session, CARD.replace("since: 2026-01-01", "since: 2026-02-01"))
    assert scored(session, enterprise).scorecard_id == newer.id
    assert scored(session, enterprise, date(2026, 2, 28)).scorecard_id == between.id
    with pytest.raises(NoScorecard):
        scored(session, enterprise, date(2025, 12, 31))
    with pytest.raises(NotYet):
        scored(session, enterprise, local_date(AT) + timedelta(days=1))
    assert len(list_scores(session, a_manager(session), enterprise.id, PAGE).items) == 5
    for change in ("UPDATE credit_scores SET hundredths = 1", "DELETE FROM credit_scorecards"):
        with pytest.raises(ProgrammingError), session.begin_nested():
            session.execute(text(change))


def test_facts_on_record_are_read_and_what_is_given_beside_them_is_kept_with_its_source(session: Session):
    enterprise = an_enterprise(session, registered_on=date(2024, 3, 9))
    a_scorecard(session, CARD.replace("reads: debt_ratio", "reads: innovation_score"))
    a_policy_fact(session, enterprise, key="innovation_score", value={"number": "0.6"})
    row = scored(session, enterprise, values=given(years="3", revenue="500"))
    assert row.missing == ["patents"]
    assert [line["why"] for line in row.lines] == ["unknown", "known"]
    assert (row.lines[1]["value"], row.hundredths, row.least_hundredths) == ("0.6", None, 2_400)
    assert row.given[0] == {"reads": "years", "value": "3", "as_of_on": "2026-03-09", "source": "企业申报表"}
    # What is on record is not passed over in silence.
    with pytest.raises(Invalid) as refusal:
        scored(session, enterprise, values=given(years="3", innovation_score="0.1"))
    assert refusal.value.data["errors"][0]["problem"].zh.startswith("innovation_score 在册为 0.6，以在册为准")
    nothing = scored(session, enterprise, values=[])
    assert (nothing.group_key, nothing.missing, nothing.lines) == (None, ["years", "revenue"], [])


def test_values_that_the_card_does_not_read_are_refused(session: Session):
    enterprise = an_enterprise(session)
    a_scorecard(session)
    with pytest.raises(Invalid) as refusal:
        scored(session, enterprise, values=[*given(), *given(patents="1", turnover="2")])
    assert [each["field"] for each in refusal.value.data["errors"]] == ["values.4.reads", "values.5.reads"]
    later = [given(years="3")[0] | {"as_of_on": "2026-03-10"}]
    with pytest.raises(Invalid) as refusal:
        scored(session, enterprise, values=later)
    assert refusal.value.data["errors"][0]["problem"].zh == "不能晚于评分日 2026-03-09"


def test_a_card_is_loaded_once_by_who_may_and_whole_or_not_at_all(session: Session):
    stored = a_scorecard(session)
    assert (stored.title_zh, stored.since_on) == ("测试评分卡（虚构权重）", date(2026, 1, 1))
    with pytest.raises(ScorecardKnown):
        a_scorecard(session)
    with pytest.raises(ScorecardRefused):
        a_scorecard(session, CARD.replace("mature: 30", "mature: 29"))
    with pytest.raises(SourceNotYet):
        a_scorecard(session, CARD.replace("source_as_of: 2026-01-01", "source_as_of: 2199-01-01"))
    with pytest.raises(Forbidden):
        load_scorecard(session, an_actor(session), CARD, file="card.yaml", now=AT)
    with pytest.raises(IntegrityError, match="ck_credit_scorecards_sha256"):
        session.execute(text(
            "INSERT INTO credit_scorecards SELECT key, title_zh, title_en, since_on, until_on, shape, source, source_as_of_on,"
            " 'other', sha256, loaded_at, loaded_by, gen_random_uuid() FROM credit_scorecards"
        ))  # fmt: skip


def test_loans_fit_by_the_clauses_of_their_policies_and_no_amount_is_computed(session: Session):
    load_shipped(session, now=AT)
    exchange = an_exchange(session, funding_wish="拟申请流动资金贷款")
    enterprise = exchange.enterprise
    a_policy_fact(session, enterprise, key="innovation_score", value={"number": "71.5"})
    shown = match_enterprise(session, exchange.poster, enterprise.id, {"need_id": exchange.need.id}, now=AT)
    fits = {each["product"].key: each["match"] for each in shown["items"]}
    points = fits["innovation-points-loan"]
    assert [(each["clause"], each["result"]) for each in points["reasons"]] == [("P37.1", "true")]
    assert fits["knowledge-value-loan"]["missing"] == ["in_wisdom_brain"]
    assert shown["need_says"] == "The need says that it wants funding"
    assert {each["product"].most_fen for each in shown["items"]} == {None, 1_000_000_000}
    with pytest.raises(NotFound):
        match_enterprise(session, exchange.stranger, enterprise.id, {}, now=AT)
    office = match_enterprise(session, a_manager(session), enterprise.id, {}, now=AT)
    assert (office["need_says"], len(office["items"])) == (None, 2)
    assert len(list_products({}, AT.date())["items"]) == 2
    assert len(list_products({"as_of_on": date(2024, 1, 1)}, AT.date())["items"]) == 1


def test_over_http_a_card_is_loaded_and_an_enterprise_reads_its_own_score(client: Any, session: Session):
    exchange = an_exchange(session)
    manager = a_manager(session)
    office = headers_of(session, session.get_one(Account, manager.account_id))
    bad = client.post(
        "/api/credit-scorecards", json={"text": CARD.replace("better: more", "better: mor")}, headers=office
    )
    assert (bad.status_code, bad.json["code"]) == (422, "scorecard_invalid")
    assert bad.json["errors"][0]["line"] == 20
    assert client.post("/api/credit-scorecards", json={"text": CARD}, headers=office).status_code == 201
    assert len(client.get("/api/credit-scorecards?key=test-card", headers=office).json["items"]) == 1
    path = f"/api/enterprises/{exchange.enterprise.id}/credit-scores"
    values = given()
    made = client.post(
        path, json={"key": "test-card", "as_of_on": "2026-03-09", "values": values}, headers=office
    )
    assert (made.status_code, made.json["hundredths"]) == (201, 5_400)
    wrong = [values[0] | {"value": "many"}]
    assert client.post(path, json={"key": "test-card", "values": wrong}, headers=office).status_code == 422
    assert (
        client.get(path, headers=exchange.headers(exchange.poster)).json["items"][0]["lines"][0]["points"]
        == 50
    )
    assert client.get(path, headers=exchange.headers(exchange.stranger)).status_code == 404
