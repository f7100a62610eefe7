"""GET /metrics: what it says, to whom, and in which format."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse
from sqlalchemy import event

from backbone.actor import SYSTEM
from backbone.settings import Settings, describe_settings
from sky_net.matching.models import SearchBuild
from sky_net.sla import service
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import read_clocks
from sky_net.sla.phases import shown_state
from sky_net.sla.policy import policy_on
from tests.factories.monitoring import LATEST, a_world
from tests.factories.notices import a_delivery
from tests.factories.sla import opened
from tests.sky_net.monitoring.recount import log_of

TOKEN = "a token for the scraper"


@pytest.fixture
def with_token(app, monkeypatch):
    settings = replace(app.extensions["settings"], metrics_token=TOKEN)
    monkeypatch.setitem(app.extensions, "settings", settings)


def scraped(client, **headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {family.name: family for family in parse(answer.text)}


def test_the_clocks_are_counted_by_zone_stage_and_state_as_a_replay_counts_them(client, session, clock):
    world = a_world(session, 51, needs=40)
    clock.instant = LATEST
    families = scraped(client)
    expected: Counter[tuple[str, str, str]] = Counter()
    for need in world.needs:
        log = log_of(world, need, LATEST)
        for reading in read_clocks(
            log, policy_on(log[0].occurred_at.date()), published_calendar(), LATEST
        ).values():
            expected[need.zone_code, reading.stage, shown_state(reading)] += 1
    told = {
        (sample.labels["zone"], sample.labels["stage"], sample.labels["state"]): sample.value
        for sample in families["sanwang_clocks"].samples
    }
    promises = {key: count for key, count in told.items() if key[1] in ("confirm", "communicate", "propose")}
    assert promises == expected
    assert {stage for _, stage, _ in told} >= {"institute_reply", "enterprise_reply"}


def test_the_age_of_the_oldest_that_nobody_answered_is_told_and_forgets_what_is_answered(
    client, session, clock
):
    old = opened(session, now=clock.now() - timedelta(hours=50))
    opened(session, now=clock.now() - timedelta(hours=2))

    def age():
        samples = scraped(client)["sanwang_oldest_unanswered_seconds"].samples
        return {sample.labels["stage"]: sample.value for sample in samples}

    assert age()["confirm"] == 50 * 3600
    service.cancel(session, SYSTEM, old.id, "withdraw", now=clock.now())
    assert age()["confirm"] == 2 * 3600


def test_waiting_jobs_are_told_by_task(client, session):
    from sky_net.sla.jobs import refresh

    depth = {sample.labels["task"]: sample.value for sample in scraped(client)["sanwang_jobs"].samples}
    refresh.configure(connection=session.connection().connection.driver_connection).defer(timestamp=0)
    later = scraped(client)
    samples = {
        (sample.labels["task"], sample.labels["status"]): sample.value
        for sample in later["sanwang_jobs"].samples
    }
    assert samples["sla.refresh", "todo"] == depth.get("sla.refresh", 0) + 1
    assert {sample.labels["task"] for sample in later["sanwang_oldest_job_seconds"].samples} >= {
        "sla.refresh"
    }


def test_a_scrape_is_five_statements(client, session, app):
    ran = []
    connection = session.connection()
    event.listen(
        connection.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: ran.append(statement)
    )
    scraped(client)
    assert len([statement for statement in ran if "SAVEPOINT" not in statement]) == 5


def test_an_index_in_the_making_is_told_with_how_far_it_is(client, session, clock):
    begun = clock.now() - timedelta(minutes=5)
    for source, ended in (("needs", clock.now()), ("achievements", None)):
        session.add(
            SearchBuild(
                source=source, encoder="model", phase="encoding", done=512, total=2_000, started_at=begun,
                phase_at=begun, told_at=clock.now() - timedelta(seconds=7), ended_at=ended, failure=None,
            )
        )  # fmt: skip
    session.flush()
    families = scraped(client)
    documents = families["sanwang_index_build_documents"].samples
    assert {(each.labels["source"], each.labels["of"]): each.value for each in documents} == {
        ("achievements", "done"): 512,
        ("achievements", "total"): 2_000,
    }
    (silent,) = families["sanwang_index_build_silent_seconds"].samples
    assert silent.value == 7


def test_notices_on_their_way_and_those_given_up_are_told_by_channel(client, session, clock):
    a_delivery(session)
    a_delivery(session, dead_at=clock.now())
    a_delivery(session, delivered_at=clock.now())
    samples = scraped(client)["sanwang_deliveries"].samples
    told = {(sample.labels["channel"], sample.labels["state"]): sample.value for sample in samples}
    assert told == {("email", "waiting"): 1, ("email", "dead"): 1}


def test_openmetrics_is_spoken_to_who_asks_for_it(client, session, clock):
    opened(session, now=clock.now())
    answer = client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    )
    assert answer.mimetype == "application/openmetrics-text"
    assert {family.name for family in parse_openmetrics(answer.text)} >= {"sanwang_clocks"}
    assert client.get("/metrics").mimetype == "text/plain"


def test_without_a_token_this_machine_alone_is_answered(client, session):
    assert client.get("/metrics").status_code == 200
    for elsewhere in ("203.0.113.7", "10.0.0.4", "2001:db8::1", ""):
        answer = client.get("/metrics", environ_base={"REMOTE_ADDR": elsewhere})
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::ffff:127.0.0.1"}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_a_proxy_on_this_machine_forwards_is_from_elsewhere(client, session, header):
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.usefixtures("with_token")
def test_with_a_token_whoever_holds_it_is_answered_from_anywhere_and_nobody_else(client, session):
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert (
        client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, environ_base=far).status_code
        == 200
    )
    for wrong in (
        {},
        {"Authorization": "Bearer another"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer é"},
    ):
        answer = client.get("/metrics", headers=wrong)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_the_metrics_name_no_need_and_nobody(client, session, clock):
    subject = opened(session, now=clock.now())
    text = client.get("/metrics").text
    assert subject.number not in text
    assert str(subject.id) not in text


def test_the_setting_is_documented_and_its_value_is_not_shown():
    assert "METRICS_TOKEN" in {name for name, _, _ in describe_settings()}
    assert Settings(metrics_token=TOKEN).shown()["metrics_token"] == "***"
