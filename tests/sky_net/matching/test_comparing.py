"""A need beside the offers of its list: the same numbers as one by one, and only what its readers may know."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy.orm import Session

from sky_net.matching.comparing import Asked, Comparison, asked_of, owners_of, shown_of
from sky_net.matching.features import Record, features_of, shares
from sky_net.matching.indicators import verdicts
from sky_net.matching.offers import GONE, Offer, read_offers
from sky_net.matching.scales import OF_RECORDS, SCALES, weighed
from tests.factories.achievements import an_achievement
from tests.factories.needs import a_need

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
FORM = {"name": "飞溅颗粒数", "value": "≤6", "unit": "粒/m"}


def offers(session: Session, *rows: Any) -> list[Offer]:
    read = read_offers(session, [row.id for row in rows])
    return [read[row.id] for row in rows]


def test_the_columns_are_those_of_each_pair(session: Session):
    need = a_need(session)
    rows = [
        an_achievement(session, trl=8, indicators=[FORM], transfer_modes=["development", "equity"]),
        an_achievement(session, trl=None, industry="ai", region_code="outside-gba", last_confirmed_on=date(2025, 6, 1)),
    ]  # fmt: skip
    known = {rows[0].institute_id: Record(3, 4, 5, 10)}
    told = [
        weighed([
            features_of(
                need, row, shares(verdicts(need.indicators, row.indicators)), today=date(2026, 3, 10),
                record=known.get(row.institute_id),
            )
        ])[0]
        for row in rows
    ]  # fmt: skip
    columns = Comparison(asked_of(need), NOW).columns(offers(session, *rows), known)
    assert columns == pytest.approx(np.array(told))
    assert np.count_nonzero(columns[0]) > 5


def test_an_offer_that_is_gone_adds_nothing(session: Session):
    columns = Comparison(asked_of(a_need(session)), NOW).columns([GONE], {})
    assert columns.tolist() == [[0.0] * len(SCALES)]
    assert Comparison(asked_of(a_need(session)), NOW).columns([], {}).shape == (0, len(SCALES))


def test_records_count_where_they_are_given(session: Session):
    row = an_achievement(session)
    beside = Comparison(asked_of(a_need(session)), NOW)
    places = [list(SCALES).index(name) for name in OF_RECORDS]
    assert owners_of([*offers(session, row), GONE]) == {row.institute_id}
    told = beside.columns(offers(session, row), {row.institute_id: Record(9, 9, 1, 10)})
    assert (told[0, places] > 0).all()
    assert (beside.columns(offers(session, row), {})[0, places] == 0).all()


def test_of_a_masked_need_only_what_its_view_shows_is_compared(session: Session):
    hidden: dict[str, Any] = {
        "zone_code": "420500", "trl_required": 3, "budget_max_fen": 90_000_000, "indicators": [],
    }  # fmt: skip
    one, other = a_need(session), a_need(session, **hidden)
    assert asked_of(one).said != asked_of(other).said
    assert (
        shown_of(one)
        == shown_of(other)
        == Asked("opto", None, None, frozenset(one.cooperation_modes), None, ())
    )


def test_a_hidden_budget_decides_no_order(session: Session):
    need = a_need(session, budget_kind="hidden")
    row = an_achievement(session, price_kind="fixed", price_min_fen=100, price_max_fen=100)
    columns = Comparison(asked_of(need), NOW).columns(offers(session, row), {})
    assert columns[0, list(SCALES).index("price")] == 0


def test_the_day_counts(session: Session):
    row = an_achievement(session, last_confirmed_on=date(2026, 3, 10))
    asked = asked_of(a_need(session))
    today, later = (
        Comparison(asked, at).columns(offers(session, row), {})[0] for at in (NOW, NOW + timedelta(days=200))
    )
    places = [list(SCALES).index(name) for name in ("age", "left")]
    assert (today[places] > later[places]).all()
    assert np.array_equal(np.delete(today, places), np.delete(later, places))
