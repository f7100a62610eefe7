from dataclasses import dataclass

import pytest

from backbone import events


@dataclass(frozen=True)
class LanternLit:
    place: str


@dataclass(frozen=True)
class BrightLanternLit(LanternLit):
    pass


@pytest.fixture(autouse=True)
def _handlers_of_this_test_only(monkeypatch):
    from collections import defaultdict

    monkeypatch.setattr(events, "_handlers", defaultdict(list))


def test_handlers_run_in_the_order_of_their_registration_with_the_publishers_session():
    heard = []

    @events.on(LanternLit)
    def first(session, event):
        heard.append(("first", session, event.place))

    @events.on(LanternLit)
    def second(session, event):
        heard.append(("second", session, event.place))

    events.publish("session", LanternLit("武汉"))
    assert heard == [("first", "session", "武汉"), ("second", "session", "武汉")]


def test_registering_the_same_handler_twice_runs_it_once():
    heard = []

    def handler(session, event):
        heard.append(event)

    events.on(LanternLit)(handler)
    events.on(LanternLit)(handler)
    events.publish(None, LanternLit("宜昌"))
    assert heard == [LanternLit("宜昌")]


def test_handlers_of_a_class_do_not_hear_its_subclasses():
    heard = []
    events.on(LanternLit)(lambda session, event: heard.append(event))
    events.publish(None, BrightLanternLit("襄阳"))
    assert heard == []


def test_an_event_nobody_listens_to_is_fine():
    events.publish(None, LanternLit("黄石"))


def test_a_handler_that_fails_stops_the_publisher():
    def refuse(session, event):
        raise ValueError("no oil")

    heard = []
    events.on(LanternLit)(refuse)
    events.on(LanternLit)(lambda session, event: heard.append(event))
    with pytest.raises(ValueError, match="no oil"):
        events.publish(None, LanternLit("鄂州"))
    assert heard == []
