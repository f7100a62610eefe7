"""Monitoring over HTTP: who is answered, what is refused with which sentence, what the shapes hold."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone.actor import PROVINCE, Role
from backbone.directory.industries import INDUSTRIES
from tests.conftest import rolling_back, standing_database
from tests.factories.identity import administrator, bearer, operator, zone
from tests.factories.monitoring import a_world

YEAR = "from_on=2026-01-01&to_on=2026-12-31"
NOW = datetime(2026, 5, 6, 4, 0, tzinfo=UTC)
SUMS = ("compliance", "trend", "overrun", "funnel")
LISTS = ("at-risk", "forecast")
STATES = ("pending", "running", "paused", "met", "breached", "cancelled", "waived", "no_solution")


@pytest.fixture(scope="module")
def standing(databases):
    with standing_database(databases) as database:
        with database.transaction() as session:
            a_world(session, 61, needs=50)
        yield database


@pytest.fixture
def rolled_back(request, database):
    is_of_the_world = "world" in request.fixturenames
    with rolling_back(request.getfixturevalue("standing") if is_of_the_world else database) as transactions:
        yield transactions


@pytest.fixture
def world(session, clock):
    """What stands, on the day on which it is looked at."""
    clock.instant = NOW


def get(client, headers, path, **query):
    return client.get(f"/api/reports/{path}", query_string=query or None, headers=headers)


@pytest.mark.parametrize("report", [*SUMS, *LISTS])
def test_operators_and_auditors_of_any_reach_are_answered(client, session, report):
    for role in (Role.OPERATOR, Role.AUDITOR):
        for scope in (PROVINCE, zone("420100")):
            assert get(client, bearer(session, (role, scope)), report).status_code == 200


@pytest.mark.parametrize("report", [*SUMS, *LISTS])
@pytest.mark.parametrize("role", [Role.BROKER, Role.FUND_MANAGER, Role.POLICY_OFFICER])
def test_other_trades_are_not(client, session, report, role):
    answer = get(client, bearer(session, (role, PROVINCE)), report)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_administrators_are_told_sums_and_no_lists_of_needs(client, session):
    headers = administrator(session)
    assert {get(client, headers, report).status_code for report in SUMS} == {200}
    assert {get(client, headers, report).status_code for report in LISTS} == {403}


@pytest.mark.parametrize(
    ("report", "query", "field"),
    [
        ("compliance", {"by": "colour"}, "by.0"),
        ("compliance", {"by": ["stage", "zone", "month", "industry"]}, "by"),
        ("compliance", {"by": ["stage", "stage"]}, "by"),
        ("compliance", {"from_on": "2026-02-30"}, "from_on"),
        ("compliance", {"from_on": "2026-03-02", "to_on": "2026-03-01"}, "to_on"),
        ("compliance", {"as_of": "2026-05-06T05:00:00Z"}, "as_of"),
        ("compliance", {"as_of": "2026-05-06T05:00:00"}, "as_of"),
        ("compliance", {"zone": "nowhere"}, "zone.0"),
        ("compliance", {"industry": "alchemy"}, "industry.0"),
        ("compliance", {"party": "node"}, "party"),
        ("compliance", {"format": "pdf"}, "format"),
        ("trend", {"by": "day"}, "by"),
        ("overrun", {"by": "person"}, "by"),
        ("overrun", {"stage": "institute_reply"}, "stage.0"),
        ("funnel", {"by": "operator"}, "by.0"),
        ("at-risk", {"sort": "owner"}, "sort"),
        ("at-risk", {"owner_id": "me"}, "owner_id"),
        ("at-risk", {"cursor": "nonsense"}, "cursor"),
        ("forecast", {"days": "20"}, "days"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field_in_both_languages(
    client, session, clock, report, query, field
):
    clock.instant = NOW
    headers = operator(session)
    answer = get(client, headers, report, **query)
    assert answer.status_code == 422, answer.json
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert any("一" <= sign <= "鿿" for sign in answer.json["errors"][0]["problem"])
    english = get(client, headers | {"Accept-Language": "en"}, report, **query)
    assert not any("一" <= sign <= "鿿" for sign in english.json["errors"][0]["problem"])


def test_a_compliance_row_has_every_column_and_the_states_part_it(client, session, world):
    answer = get(client, operator(session), f"compliance?{YEAR}&by=stage").json
    assert (answer["from_on"], answer["to_on"], answer["as_of"]) == (
        "2026-01-01",
        "2026-12-31",
        "2026-05-06T04:00:00Z",
    )
    assert [row["group"][0]["key"] for row in answer["rows"]] == ["communicate", "confirm", "propose"]
    for tally in [answer["total"], *(row["tally"] for row in answer["rows"])]:
        assert tuple(tally["states"]) == STATES
        assert sum(tally["states"].values()) == tally["clocks"]
        assert 0 <= tally["compliance"] <= 1
        assert 0 <= tally["paused_share"] < 1
        assert tally["median_hours"] <= tally["p90_hours"]
    assert sum(row["tally"]["clocks"] for row in answer["rows"]) == answer["total"]["clocks"]
    assert answer["rows"][1]["group"][0]["label"] == {"zh": "确认", "en": "confirmation"}


def test_filters_combine(client, session, world):
    headers = operator(session)
    everything = get(client, headers, f"compliance?{YEAR}&by=zone&by=industry&by=stage").json["rows"]

    def keys(row):
        return {part["by"]: part["key"] for part in row["group"]} | {"scope": row["group"][0]["scope"]}

    wanted = {"zone": "420500", "industry": "opto", "stage": "confirm", "scope": "whole"}
    expected = [row["tally"] for row in everything if keys(row) == wanted]
    told = get(client, headers, f"compliance?{YEAR}&zone=420500&industry=opto&stage=confirm").json["total"]
    assert [told] == expected


def test_several_values_of_one_filter_are_alternatives(client, session, world):
    headers = operator(session)

    def clocks(query):
        return get(client, headers, f"compliance?{YEAR}&{query}").json["total"]["clocks"]

    assert clocks("stage=confirm&stage=propose") == clocks("stage=confirm") + clocks("stage=propose")
    assert clocks("zone=420500&zone=420600") == clocks("zone=420500") + clocks("zone=420600")
    assert clocks("industry=opto") + clocks("industry=auto") <= clocks("")
    assert "opto" in INDUSTRIES


def test_a_reader_of_a_zone_who_asks_for_another_is_told_nothing_of_it(client, session, world):
    own = bearer(session, (Role.OPERATOR, zone("420500")))
    for report in ("compliance", "trend", "overrun", "funnel"):
        text = get(client, own, f"{report}?{YEAR}&zone=420100").get_data(as_text=True)
        assert '"clocks": 0' in text or '"needs": 0' in text
    assert get(client, own, "at-risk?zone=420100").json["items"] == []
    assert get(client, own, "forecast?zone=420100").json["clocks"] == []


def test_a_group_of_regions_filters_and_is_no_row(client, session, world):
    headers = operator(session)
    groups = client.get("/api/region-groups", headers=headers).json["items"]
    code = groups[0]["code"]
    rows = get(client, headers, f"compliance?{YEAR}&by=zone&zone={code}").json["rows"]
    assert code not in {row["group"][0]["key"] for row in rows}


def test_the_at_risk_list_is_paged_and_says_what_to_do(client, session, world):
    headers = operator(session)
    page = get(client, headers, "at-risk", limit=2).json
    assert len(page["items"]) == 2
    following = get(client, headers, "at-risk", limit=2, cursor=page["next_cursor"]).json
    assert not {item["need_id"] + item["clock"]["stage"] for item in page["items"]} & {
        item["need_id"] + item["clock"]["stage"] for item in following["items"]
    }
    entry = page["items"][0]
    assert entry["need_number"].startswith("XQ-")
    assert entry["left_minutes"] < 0
    assert entry["clock"]["over_minutes"] == -entry["left_minutes"]
    assert entry["action"]["label"]["zh"]
    assert entry["owner"]["by"] == "operator"


def test_the_forecast_says_what_it_was_made_from(client, session, world):
    told = get(client, operator(session), "forecast").json
    assert told["as_of"] == "2026-05-06T04:00:00Z"
    assert (told["model"], told["enough_history"]) == ("base_rate", False)
    assert str(told["history"]) in told["note"]["en"]
    assert str(told["needed"]) in told["note"]["zh"]
    assert len(told["days"]) == 10
    assert told["days"][0]["on"] == "2026-05-06"


def test_a_report_of_yesterday_is_the_one_that_was_given_yesterday(client, session, world, clock):
    headers = operator(session)
    before = get(client, headers, f"compliance?{YEAR}&by=stage").json
    clock.advance(days=40)
    again = get(client, headers, f"compliance?{YEAR}&by=stage&as_of=2026-05-06T04:00:00Z").json
    later = get(client, headers, f"compliance?{YEAR}&by=stage").json
    assert again["as_of"] == before["as_of"]
    assert later["total"] != before["total"]
    assert again["total"]["clocks"] <= before["total"]["clocks"], (
        "what was recorded after that day is left out"
    )


def test_what_one_reads_changes_nothing(client, session, world):
    """A report is no act: nothing of it is in the audit."""
    from sqlalchemy import func, select

    from backbone.audit import AuditEvent

    headers = operator(session)
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    for report in (*SUMS, *LISTS):
        assert get(client, headers, report).status_code == 200
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_a_funnel_of_no_needs_has_every_step_and_no_conversion(client, session, clock):
    clock.instant = NOW + timedelta(days=1)
    steps = get(client, operator(session), "funnel").json["total"]
    assert [step["state"] for step in steps] == [
        "submitted",
        "confirmed",
        "matched",
        "communicating",
        "proposed",
        "selected",
    ]
    assert {(step["needs"], step["conversion"]) for step in steps} == {(0, None)}
