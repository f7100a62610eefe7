"""What is held of offers, and that it is never older than the row."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from sky_net.matching.features import is_must, shares
from sky_net.matching.indicators import required_by, verdicts
from sky_net.matching.offers import GONE, Offers, read_offers, shares_by_forms
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
    offers, ids = Offers(), [str(row.id) for row in rows]
    first = offers.of(session, ids[::-1])
    assert [each.numbers[0] for each in first] == [6, 5, 4]
    assert [one is other for one, other in zip(offers.of(session, ids), first[::-1], strict=True)] == [
        True
    ] * 3
    assert offers.of(session, [str(rows[0].institute_id)]) == [GONE]


def test_a_later_state_keeps_what_has_not_changed(session: Session):
    row, other = an_achievement(session, trl=4), an_achievement(session, trl=4)
    offers = Offers()
    before = offers.of(session, [str(row.id), str(other.id)])
    row.trl = other.trl = 7
    session.flush()
    now, kept = offers.without({str(row.id)}).of(session, [str(row.id), str(other.id)])
    assert (now.numbers[0], kept is before[1]) == (7, True)


def test_it_begins_anew_when_it_is_full(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sky_net.matching.offers.MOST_KEPT", 2)
    rows = [an_achievement(session) for _ in range(5)]
    offers = Offers()
    for row in rows:
        assert offers.of(session, [str(row.id)])[0] is not GONE
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
    found = shares_by_forms(musts, Offers().of(session, [str(row.id) for row in rows]))
    assert found.tolist() == [list(shares(verdicts(needed, row.indicators))[:2]) for row in rows]
    assert found.tolist() == [[0.5, 0.0], [0.5, 0.5], [0.0, 0.0], [0.0, 0.0]]
    assert np.isnan(shares_by_forms([], [GONE])).all()
    assert shares_by_forms(musts, [GONE]).tolist() == [[0.0, 0.0]]


@given(st.sampled_from(NAMES) | st.text(max_size=8), st.sampled_from(NAMES) | st.text(max_size=8))
def test_names_without_a_common_trace_are_never_taken_for_one(one: str, other: str):
    if traces(one).isdisjoint(traces(other)):
        assert likeness(one, other) < LEAST_LIKENESS
