"""A list is full although some of its best hits may no longer be shown."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backbone.db import Database
from sky_net.matching import search
from sky_net.matching.documents import Hit, Query
from sky_net.matching.engine import Engine
from sky_net.matching.errors import SearchNotReady
from sky_net.matching.port import Inquiry
from sky_net.matching.search import find, find_each, open_source, readable_now
from sky_net.matching.sources import ACHIEVEMENTS
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.matching import TODAY

pytestmark = pytest.mark.postgres

LASER = Query("紫铜激光焊接飞溅抑制")


@pytest.fixture
def ids(session: Session, engine: Engine) -> list[str]:
    """Twelve achievements that all answer alike: they rank in the order of their ids."""
    institute = an_institute(session)
    return sorted(
        str(an_achievement(session, institute=institute, title=LASER.title, summary="").id) for _ in range(12)
    )


def test_hits_that_may_not_be_shown_are_replaced_by_the_next_ones(
    session: Session, ids: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "DEPTH", 3)
    allowed = set(ids[8:])
    asked: list[int] = []

    def readable(wanted: list[UUID]) -> list[UUID]:
        asked.append(len(wanted))
        return [each for each in wanted if str(each) in allowed]

    hits = find(open_source(session, ACHIEVEMENTS, TODAY), LASER, readable, 3)
    assert [hit.document_id for hit in hits][:3] == ids[8:11]
    assert asked == [3, 12], "it looks deeper only when the first look was not enough"


def test_each_of_many_needs_finds_what_it_would_alone(
    session: Session, ids: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "DEPTH", 3)
    searched = open_source(session, ACHIEVEMENTS, TODAY)
    asked = [Inquiry(LASER), Inquiry(Query("光纤传感")), Inquiry(LASER)]
    for first in (0, 2, 8):

        def readable(wanted: list[UUID], first: int = first) -> list[UUID]:
            return [each for each in wanted if str(each) in ids[first:]]

        alone = [find(searched, each.query, readable, 3) for each in asked]
        assert list(find_each(searched, asked, readable, 3)) == alone
        assert [hit.document_id for hit in alone[0]][:3] == ids[first : first + 3]


def test_the_search_ends_when_nothing_is_left(session: Session, ids: list[str]):
    assert find(open_source(session, ACHIEVEMENTS, TODAY), LASER, lambda wanted: [], 5) == []


def test_hits_keep_their_order(ids: list[str]):
    hits = [Hit(each, 1.0) for each in reversed(ids)]
    assert [hit.document_id for hit in readable_now(hits, lambda wanted: sorted(wanted)[:5])] == ids[4::-1]


def test_no_hits_ask_nothing_of_the_database():
    def never(wanted: list[UUID]) -> list[UUID]:
        raise AssertionError("nothing to ask")

    assert readable_now([], never) == []


def test_a_catalogue_that_is_too_far_behind_orders_its_index_although_the_request_fails(
    committed_database: Database, engine: Engine
):
    with committed_database.transaction() as session:
        for _ in range(3):
            an_achievement(session)
    with pytest.raises(SearchNotReady), committed_database.transaction() as session:
        open_source(session, ACHIEVEMENTS, TODAY, patience=2)
    with committed_database.transaction() as session:
        assert session.scalar(text("select task_name from procrastinate_jobs")) == "matching.build_generation"


def test_a_large_catalogue_without_an_index_orders_one(
    session: Session, ids: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sky_net.matching.projection.ENOUGH_FOR_A_GENERATION", 10)
    open_source(session, ACHIEVEMENTS, TODAY)
    assert session.scalars(text("select args->>'today' from procrastinate_jobs")).all() == [TODAY.isoformat()]
