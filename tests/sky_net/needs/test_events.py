from datetime import UTC, datetime

import pytest

from backbone.actor import SYSTEM
from sky_net.needs import events
from sky_net.needs.models import Need
from sky_net.needs.states import TRANSITIONS

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("step", TRANSITIONS, ids=lambda step: step.action)
def test_every_step_has_its_event(step):
    need = Need()
    event = events.event_of(step, need, SYSTEM, NOW)
    assert type(event).__name__ == step.event
    assert (event.need, event.actor, event.now) == (need, SYSTEM, NOW)


def test_no_event_is_declared_that_no_step_publishes():
    assert {kind.__name__ for kind in events.NeedEvent.__subclasses__()} == {
        step.event for step in TRANSITIONS
    }
