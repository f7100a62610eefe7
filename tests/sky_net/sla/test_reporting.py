"""The relation that reports read is the projection of what was known at the instant asked for."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from backbone.errors import Invalid
from sky_net.sla import projection, reporting
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.reporting import clocks_of, logs_until
from tests.factories.monitoring import LATEST, a_world
from tests.factories.sla import a_log, a_subject, opened, stored


def known(session, party, as_of, now=LATEST):
    clocks = clocks_of(session, party, as_of, now)
    return {(row.subject_id, row.stage): row._mapping for row in session.execute(select(clocks.rows))}


@pytest.mark.parametrize("seed", range(3))
def test_as_of_an_instant_every_row_is_what_was_projected_from_the_events_recorded_by_then(session, seed):
    random, logs = Random(seed), {}
    for _ in range(25):
        subject = a_subject()
        logs[subject.id] = a_log(random)
        stored(session, logs[subject.id], subject)
    projection.rebuild(session)
    for as_of in random.sample([event.recorded_at for log in logs.values() for event in log], 4):
        found, expected = known(session, "platform", as_of), {}
        for events in logs_until(session, logs, as_of):
            expected |= {(row["subject_id"], row["stage"]): row for row in projection.project(events)}
        assert found.keys() == expected.keys()
        for key, row in found.items():
            for name in (
                "started_at",
                "due_at",
                "stopped_at",
                "stop_holds_from",
                "cancelled_at",
                "paused_minutes",
                "phase_states",
            ):
                assert row[name] == expected[key][name], name


def test_now_it_is_the_rows_themselves_and_no_log_is_read(session):
    a_world(session, 1, needs=10)
    assert len(known(session, "platform", None)) == 30
    everything = known(session, None, None)
    assert len(everything) > 30
    assert len(everything) == len(session.scalars(select(SlaClock.id)).all())


def test_before_everything_there_was_nothing(session, clock):
    opened(session, now=clock.now())
    assert known(session, "platform", clock.now() - timedelta(days=1)) == {}


def test_an_instant_too_far_back_is_refused_rather_than_waited_for(session, clock, monkeypatch):
    for _ in range(3):
        opened(session, now=clock.now())
    monkeypatch.setattr(reporting, "MOST_REPLAYED", 2)
    with pytest.raises(Invalid) as refused:
        clocks_of(session, "platform", clock.now() - timedelta(days=1), clock.now())
    assert refused.value.data["errors"][0]["field"] == "as_of"


def test_the_logs_of_several_subjects_come_apart_and_in_order(session, clock):
    subjects = [opened(session, now=clock.now()) for _ in range(3)]
    later = clock.now() + timedelta(hours=1)
    logs = logs_until(session, [subject.id for subject in subjects], later)
    assert sorted(log[0].subject_id for log in logs) == sorted(subject.id for subject in subjects)
    assert all(isinstance(event, SlaEvent) for log in logs for event in log)


def test_a_pause_after_the_answer_neither_moves_the_deadline_nor_counts_as_paused(session):
    """The row says the same as a reading of the log."""
    from sky_net.sla.service import readings

    world = a_world(session, 31, needs=60)
    read = readings(session, [need.id for need in world.needs], now=LATEST)
    rows = known(session, "platform", None)
    compared = 0
    for subject, found in read.items():
        for reading in found:
            if reading.due_at is not None:
                assert rows[subject, reading.stage]["due_at"] == reading.due_at
                compared += 1
    assert compared > 100
