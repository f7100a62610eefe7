"""The place where the reader of records is registered, and for how long what it said is held."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from sky_net.matching import records
from sky_net.matching.features import Record
from sky_net.matching.records import FRESH, FreshRecords, reader, records_of

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
ONE, OTHER = uuid4(), uuid4()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[UUID]]:
    """What a reader was asked for, who knows that each institute works on as much as it was asked for times."""
    monkeypatch.setattr(records, "_readers", [])
    found: list[set[UUID]] = []

    @reader
    def read(
        session: Session, institutes: Collection[UUID], at: datetime, *, is_past: bool = False
    ) -> dict[UUID, Record]:
        found.append(set(institutes))
        return {each: Record(taken=len(found), quota=10) for each in institutes}

    return found


def test_what_was_read_is_held_for_a_minute(session: Session, asked: list[set[UUID]]):
    held = FreshRecords()
    assert held.of(session, {ONE}, NOW)[ONE].taken == 1
    assert held.of(session, {ONE, OTHER}, NOW + FRESH / 2)[ONE].taken == 1
    assert asked == [{ONE}, {OTHER}]
    assert held.of(session, {ONE}, NOW + FRESH)[ONE].taken == 3


def test_a_clock_that_is_set_back_makes_nothing_last(session: Session, asked: list[set[UUID]]):
    held = FreshRecords()
    held.of(session, {ONE}, NOW)
    assert held.of(session, {ONE}, NOW - timedelta(hours=1))[ONE].taken == 2


def test_of_nobody_nothing_is_asked(session: Session, asked: list[set[UUID]]):
    assert FreshRecords().of(session, set(), NOW) == {}
    assert records_of(session, set(), NOW) == {}
    assert asked == []


def test_where_nobody_knows_records_there_are_none(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "_readers", [])
    assert records_of(session, {ONE}, NOW) == {}
    assert FreshRecords().of(session, {ONE}, NOW) == {}
