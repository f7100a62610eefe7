"""Below the pass mark of a round nobody is funded, however much is left, and whoever stays below reads so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backbone.identity.models import Account
from finance_net.grants.errors import NothingSelected
from finance_net.grants.explanations.reading import explain
from finance_net.grants.life import APPLICATION
from finance_net.grants.reviews.scoring import HIGHEST_SCORE, passes
from finance_net.grants.selections.modelling import read
from finance_net.grants.selections.reading import result_of
from finance_net.grants.service import cancel_round
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    AFTER,
    a_season,
    an_application,
    announced,
    computed,
    decided,
    round_entry,
    scored,
    scored_all,
    selected,
    states_of,
)
from tests.factories.identity import headers_of
from tests.factories.ledger import WAN

MARK = 70_00


@given(st.integers(0, HIGHEST_SCORE), st.integers(1, HIGHEST_SCORE))
def test_it_is_reached_by_what_is_no_lower(score, mark):
    assert passes(score, mark) == (score >= mark)
    assert passes(score, None)
    assert not passes(None, mark)


def test_whoever_stays_below_is_not_funded_though_there_is_money(session):
    season = a_season(session, pool_fen=200 * WAN, pass_mark=MARK)
    above, at, below = scored_all(season, 90, 70, 69)
    row = computed(season)
    assert {each.id for each in read(bytes(row.model)).applications} == {above.number, at.number}
    assert result_of(row).amounts.keys() == {above.number, at.number}
    assert explain(session, season.first, row.id, below.id)["state"] == "below_pass_mark"


def test_without_one_nought_points_are_funded_as_before(session):
    season = a_season(session)
    (row,) = scored_all(season, 0)
    assert result_of(computed(season)).amounts.keys() == {row.number}


def test_at_the_end_it_reads_its_score_and_the_mark(session):
    season = a_season(session, pass_mark=MARK)
    above, below = scored_all(season, 80, 60)
    decided(season)
    assert states_of(season) == {above.number: "awarded", below.number: "passed_over"}
    assert (
        below.reason
        == "评审得分 60.00，低于入选线 70.00 / its score of 60.00 is below the pass mark of 70.00"
    )


def test_who_was_good_enough_and_found_no_money_is_given_no_such_reason(session):
    season = a_season(session, pool_fen=40 * WAN, pass_mark=MARK)
    first, second = scored_all(season, 90, 80, least_fen=40 * WAN)
    row = announced(season)
    assert explain(session, season.first, row.selection_id, second.id)["state"] == "queued"
    assert first.state == second.state == APPLICATION.after("admit")
    assert second.reason is None


def test_what_rests_on_one_that_stays_below_is_not_funded_either(session):
    season = a_season(session, pass_mark=MARK)
    applicant = an_enterprise(session)
    needed = an_application(season, state="admitted", applicant=applicant)
    needy = an_application(season, state="admitted", prerequisite_id=needed.id)
    scored(season, needed, 60)
    scored(season, needy, 90)
    assert result_of(computed(season)).amounts == {}


def test_where_everybody_stays_below_there_is_nothing_to_approve(session):
    season = a_season(session, pass_mark=MARK)
    rows = scored_all(season, 60, 50)
    with pytest.raises(NothingSelected):
        selected(season)
    cancel_round(session, season.first, season.round.id, now=AFTER)
    assert [each.state for each in rows] == ["called_off"] * 2
    assert [each.reason.partition("，")[0] for each in rows] == ["评审得分 60.00", "评审得分 50.00"]


@pytest.mark.parametrize("mark", [0, HIGHEST_SCORE + 1])
def test_the_database_knows_its_scale(session, mark):
    season = a_season(session)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            text("UPDATE grant_rounds SET pass_mark = :mark WHERE id = :id"),
            {"mark": mark, "id": season.round.id},
        )


def test_over_http_it_stands_in_the_rules_for_everybody(client, session):
    season = a_season(session)
    manager = headers_of(session, session.get_one(Account, season.first.account_id))
    said = round_entry(season.treasury, season.pools) | {"title": "另一批次"}
    body = {**said, "fund_id": str(said["fund_id"]), "closes_at": said["closes_at"].isoformat()}
    body["categories"] = [{**each, "envelope_id": str(each["envelope_id"])} for each in said["categories"]]
    made = client.post("/api/grant-rounds", json=body | {"pass_mark": MARK}, headers=manager)
    assert (made.status_code, made.json["pass_mark"]) == (201, MARK)
    assert client.post("/api/grant-rounds", json=body, headers=manager).json["pass_mark"] is None
    for wrong in (0, HIGHEST_SCORE + 1, 70.5, "七十"):
        refused = client.post("/api/grant-rounds", json=body | {"pass_mark": wrong}, headers=manager)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "pass_mark")
