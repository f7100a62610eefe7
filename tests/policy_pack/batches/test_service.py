"""Every enterprise is looked at once, part by part; what is written stands and falls with the progress."""

from datetime import date

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, NotFound
from policy_pack.batches.models import BatchAnswer, PolicyBatch
from policy_pack.batches.service import carry_on, show_batch, start_batch, start_news
from policy_pack.pushes.models import PolicyNews
from policy_pack.receipts.errors import NoSuchPolicy
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, zone
from tests.factories.policy_facts import a_batch, a_lasting_policy, a_matter, a_policy_fact, a_shipped_policy
from tests.made_once import made_once

SME = [{"name": "科技型中小企业"}]
ALL = {"region_code": None, "as_of_on": None, "policy_ids": None}


@pytest.fixture
def officer(session):
    return an_actor(session, (Role.POLICY_OFFICER, PROVINCE))


@made_once
def enterprises(session):
    made = [an_enterprise(session, labels=SME) for _ in range(5)]
    a_policy_fact(session, made[0])
    a_lasting_policy(session)
    return made


def finish(session, clock, batch, at_once=2):
    parts = 0
    while carry_on(session, batch.id, now=clock.now(), at_once=at_once):
        parts += 1
    return parts


def answers(session, batch):
    rows = session.scalars(select(BatchAnswer).where(BatchAnswer.batch_id == batch.id))
    return {row.enterprise_id: row.answers for row in rows}


def test_every_enterprise_is_answered_once_and_progress_is_told(session, clock, officer, enterprises):
    batch = start_batch(session, officer, ALL, now=clock.now())
    assert (batch.state, batch.total, batch.done) == ("queued", 5, 0)
    assert carry_on(session, batch.id, now=clock.now(), at_once=2)
    assert (batch.state, batch.done) == ("running", 2)
    finish(session, clock, batch)
    assert (batch.state, batch.done, batch.total) == ("done", 5, 5)
    found = answers(session, batch)
    assert set(found) == {each.id for each in enterprises}
    [answer] = found[enterprises[0].id]
    assert (answer["key"], answer["outcome"], answer["low_fen"], answer["high_fen"]) == (
        "P801",
        "eligible",
        12_000_000,
        12_000_000,
    )
    [other] = found[enterprises[1].id]
    assert (other["outcome"], other["missing"]) == ("missing_facts", [["service_spend"]])
    assert batch.outcomes == {"eligible": 1, "missing_facts": 4}


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 9])
def test_however_large_the_parts_the_answers_are_the_same(session, clock, officer, enterprises, at_once):
    batch = start_batch(session, officer, ALL, now=clock.now())
    assert finish(session, clock, batch, at_once) == -(-5 // at_once)
    assert batch.outcomes == {"eligible": 1, "missing_facts": 4}


def test_an_ended_batch_is_left_alone(session, clock, officer, enterprises):
    batch = start_batch(session, officer, ALL, now=clock.now())
    finish(session, clock, batch)
    version = batch.version
    assert not carry_on(session, batch.id, now=clock.now())
    assert batch.version == version


def test_an_enterprise_that_is_registered_meanwhile_is_looked_at_too(session, clock, officer, enterprises):
    batch = start_batch(session, officer, ALL, now=clock.now())
    carry_on(session, batch.id, now=clock.now(), at_once=3)
    an_enterprise(session)
    finish(session, clock, batch)
    assert (batch.done, batch.total) == (6, 6)


def test_a_batch_of_a_region_holds_what_lies_in_it(session, clock, enterprises):
    inside = an_enterprise(session, region_code="420100-donghu")
    an_enterprise(session, region_code="420500")
    operator = an_actor(session, (Role.OPERATOR, zone("420100")))
    batch = start_batch(session, operator, ALL | {"region_code": "420100"}, now=clock.now())
    finish(session, clock, batch)
    assert set(answers(session, batch)) == {each.id for each in enterprises} | {inside.id}


def test_of_each_matter_that_a_policy_asks_about_there_is_an_answer(session, clock, officer):
    enterprise = an_enterprise(session, labels=SME)
    matter = a_matter(session, enterprise)
    a_policy_fact(session, enterprise, key="contract_side", value={"text": "buyer"}, matter_id=matter.id)
    a_lasting_policy(session)
    a_shipped_policy(session, "P3")
    batch = start_batch(session, officer, ALL | {"as_of_on": date(2026, 4, 1)}, now=clock.now())
    finish(session, clock, batch)
    found = [
        (each["key"], each["matter_id"], each["outcome"]) for each in answers(session, batch)[enterprise.id]
    ]
    assert sorted(found, key=str) == sorted([
        ("P801", None, "missing_facts"), ("P3", None, "missing_facts"), ("P3", str(matter.id), "ineligible"),
    ], key=str)  # fmt: skip


def test_a_policy_that_is_none_is_refused_and_nothing_is_started(session, clock, officer):
    with pytest.raises(NoSuchPolicy):
        start_batch(session, officer, ALL | {"policy_ids": ["P999"]}, now=clock.now())
    assert session.scalars(select(PolicyBatch)).all() == []


def test_office_over_the_region_is_needed_to_start_and_to_read(session, clock, officer):
    here, elsewhere = (an_actor(session, (Role.OPERATOR, zone(code))) for code in ("420100", "420500"))
    for actor, region in ((here, None), (elsewhere, "420100"), (an_actor(session), "420100")):
        with pytest.raises(Forbidden):
            start_batch(session, actor, ALL | {"region_code": region}, now=clock.now())
    batch = a_batch(session, region_code="420100")
    assert show_batch(session, here, batch.id) is show_batch(session, officer, batch.id)
    with pytest.raises(NotFound):
        show_batch(session, elsewhere, batch.id)
    with pytest.raises(Forbidden):
        show_batch(session, an_actor(session), batch.id)


def test_a_batch_for_news_tells_and_keeps_no_answers(session, clock, enterprises):
    batch = start_news(session, ["P801"], now=clock.now())
    finish(session, clock, batch)
    assert (batch.purpose, batch.done, batch.news) == ("news", 5, 5)
    assert answers(session, batch) == {}
    kinds = session.scalars(select(PolicyNews.kind).order_by(PolicyNews.kind)).all()
    assert kinds == ["nearly"] * 4 + ["open"]
    again = start_news(session, None, now=clock.now())
    finish(session, clock, again)
    assert again.news == 0
