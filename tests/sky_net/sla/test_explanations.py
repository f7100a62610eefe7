"""Cards and what-ifs of stored logs."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from backbone.actor import SYSTEM
from backbone.errors import Bilingual, NotFound
from sky_net.sla import service, stops
from sky_net.sla.errors import PauseEndsBeforeItStarts
from sky_net.sla.explanations import BEGAN, explain, foretell
from sky_net.sla.parties import PARTIES
from sky_net.sla.reading import readings
from tests.factories.sla import a_confirmation, a_log, a_subject, an_instant_after, opened, stored


def words(name):
    return Bilingual(f"因{name}", f"by {name}"), Bilingual("某方", "a party")


def test_each_party_has_its_word_for_what_opened_its_clock():
    assert set(BEGAN) == set(PARTIES)


def test_the_card_of_a_stored_clock_is_that_of_its_reading(session, clock):
    subject = opened(session, now=clock.now())
    service.pause(session, SYSTEM, subject.id, "return", now=clock.now())
    clock.advance(days=2)
    service.resume(session, SYSTEM, subject.id, now=clock.now())
    for reading in readings(session, [subject.id], now=clock.now())[subject.id]:
        card = explain(session, subject.id, reading.stage, words, now=clock.now())
        assert (card.due_at, card.budget) == (reading.due_at, reading.budget)
        assert [line.zh.split("）")[0] for line in card.lines() if line.code == "pause"] == [
            "暂停（因return；某方"
        ]


def test_any_stored_log_is_explained_as_it_is_read(session):
    random = Random(20260214)
    for _ in range(25):
        log, subject = a_log(random), a_subject()
        stored(session, log, subject)
        now = an_instant_after(random, log)
        for reading in readings(session, [subject.id], now=now)[subject.id]:
            assert explain(session, subject.id, reading.stage, words, now=now).due_at == reading.due_at


def test_what_was_never_opened_or_is_no_stage_of_its_party_is_not_found(session, clock):
    subject = opened(session, now=clock.now())
    for subject_id, stage in ((uuid4(), "confirm"), (subject.id, "lead"), (subject.id, "")):
        with pytest.raises(NotFound):
            explain(session, subject_id, stage, words, now=clock.now())
    with pytest.raises(NotFound):
        explain(session, subject.id, "confirm", words, now=clock.now() - timedelta(days=1))


def test_a_partys_clock_says_what_opened_it(session, clock):
    about = opened(session, now=clock.now())
    asked = a_subject(party="institute", about_id=about.id, organisation_id=uuid4())
    service.open_party_clock(session, SYSTEM, asked, now=clock.now())
    card = explain(session, asked.id, "institute_reply", words, now=clock.now())
    assert card.lines()[0].zh.startswith("发出邀请：")


def test_what_if_speaks_of_every_stage_in_order(session, clock):
    subject = opened(session, now=clock.now())
    stops.stop(session, SYSTEM, subject.id, a_confirmation(clock.now()), now=clock.now())
    service.pause(session, SYSTEM, subject.id, "park", now=clock.now())
    found = foretell(
        session, subject.id, clock.now() + timedelta(days=1), is_set_aside=False, now=clock.now()
    )
    assert [each.now.stage for each in found] == ["confirm", "communicate", "propose"]
    assert [each.then.due_at == each.now.due_at for each in found] == [True, False, False]


def test_what_if_of_nothing_is_nothing_and_of_an_answer_too_early_a_refusal(session, clock):
    assert foretell(session, uuid4(), clock.now(), is_set_aside=False, now=clock.now()) == []
    subject = opened(session, now=clock.now())
    service.pause(session, SYSTEM, subject.id, "return", now=clock.now())
    with pytest.raises(PauseEndsBeforeItStarts):
        foretell(session, subject.id, clock.now() - timedelta(1), is_set_aside=False, now=clock.now())
