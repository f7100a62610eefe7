"""What is held of offers, and that it is never older than the row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from sky_net.matching.features import is_must, shares
from sky_net.matching.indicators import required_by, verdicts
from sky_net.matching.offers import Offer, Offers, read_offers, shares_by_forms
from sky_net.matching.quantity_names import LEAST_LIKENESS, likeness, traces
from tests.factories.achievements import an_achievement

NAMES = [
    "飞溅颗粒", "飞溅颗粒数", "熔深波动", "焊缝熔深波动", "漏检率", "检出率", "告警延时", "告警时间", "单件清理时间", "粒径", "A",
    "头端外径", "外径", "组装良率", "头端组装一次良率", "power", "heater power", "",
]  # fmt: skip


def stating(session: Session, **named: str) -> Any:
    rows = [{"name": name, "value": value, "unit": "mm"} for name, value in named.items()]
    return an_achievement(session, indicators=rows)


def test_rows_are_read_once_and_in_the_order_asked_for(session: Session):
    rows = [an_achievement(session, trl=trl) for trl in (4, 5, 6)]
    offers, ids = Offers(), [row.id for row in rows]
    first = offers.of(session, ids[::-1])
    assert [each.trl for each in first if each] == [6, 5, 4]
    assert [one is other for one, other in zip(offers.of(session, ids), first[::-1], strict=True)] == [
        True
    ] * 3
    gone = session.get_one(type(rows[0]), ids[0]).institute_id
    assert offers.of(session, [gone]) == [None]


def test_a_later_state_keeps_what_has_not_changed(session: Session):
    row, other = an_achievement(session, trl=4), an_achievement(session, trl=4)
    offers = Offers()
    before = offers.of(session, [row.id, other.id])
    row.trl = other.trl = 7
    session.flush()
    now, kept = offers.without({row.id}).of(session, [row.id, other.id])
    assert now is not None
    assert (now.trl, kept is before[1]) == (7, True)


def test_it_begins_anew_when_it_is_full(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sky_net.matching.offers.MOST_KEPT", 2)
    rows = [an_achievement(session) for _ in range(5)]
    offers = Offers()
    for row in rows:
        assert offers.of(session, [row.id])[0] is not None
    assert len(offers._held) <= 2


def test_what_an_offer_says_tells_it_from_another_in_any_process(session: Session):
    row = stating(session, 外径="≤2.0")
    one, again = read_offers(session, [row.id])[row.id], read_offers(session, [row.id])[row.id]
    assert one.said == again.said
    assert "frozenset" not in repr(one.said)
    row.trl = 8
    session.flush()
    assert read_offers(session, [row.id])[row.id].said != one.said


def test_the_shares_are_those_of_the_reasons_for_what_stands_in_forms(session: Session):
    needed = [
        {"name": "头端外径", "target": "≤2.0", "unit": "mm", "weight": "must"},
        {"name": "熔深波动", "target": "±0.1", "unit": "mm", "weight": "must"},
        {"name": "厚度", "target": "≥3", "unit": "mm", "weight": "want"},
    ]  # fmt: skip
    said = [{"头端外径": "≤1.8"}, {"头端外径": "≤2.5", "焊缝熔深波动": "±0.05"}, {"厚度": "≥5"}, {}]
    rows = [stating(session, **named) for named in said]
    musts = [each for each in required_by(needed) if is_must(each.weight)]
    found = shares_by_forms(musts, Offers().of(session, [row.id for row in rows]))
    assert found == [shares(verdicts(needed, row.indicators)) for row in rows]
    assert found == [(0.5, 0.0, 0.5), (0.5, 0.5, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 1.0)]
    assert shares_by_forms([], [None]) == [(None, None, None)]
    assert shares_by_forms(musts, [None]) == [(0.0, 0.0, 1.0)]


@given(st.sampled_from(NAMES) | st.text(max_size=8), st.sampled_from(NAMES) | st.text(max_size=8))
def test_names_without_a_common_trace_are_never_taken_for_one(one: str, other: str):
    if traces(one).isdisjoint(traces(other)):
        assert likeness(one, other) < LEAST_LIKENESS


def test_an_offer_is_what_features_compare(session: Session):
    row = an_achievement(session, price_kind="fixed", price_min_fen=100, price_max_fen=100)
    found = read_offers(session, [row.id])[row.id]
    assert isinstance(found, Offer)
    for name in ("industry", "region_code", "trl", "transfer_modes", "price_min_fen", "last_confirmed_on"):
        assert getattr(found, name) == getattr(row, name)
