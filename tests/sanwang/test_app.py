"""The assembly: which clock, which database, and that demo accounts stay in demo mode."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone import audit, encryption
from backbone.clock import FrozenClock, ShiftedClock, SystemClock
from backbone.db import Database
from backbone.encryption import Keyring
from backbone.settings import Settings
from sanwang.app import create_app
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.identity import an_account


def test_it_refuses_to_start_with_demo_accounts_outside_demo_mode(
    committed_database: Database, settings: Settings
):
    with committed_database.transaction() as session:
        an_account(session, is_demo=True)
    ours = replace(settings, database_url=committed_database.url)
    with pytest.raises(RuntimeError, match="DEMO_MODE"):
        create_app(ours, transactions=committed_database)
    create_app(replace(ours, demo_mode=True), transactions=committed_database)


def test_it_refuses_to_start_without_a_database():
    with pytest.raises(RuntimeError, match="DATABASE_URL"):
        create_app(Settings(database_url=None, digest_key=DIGEST_KEY, personal_data_key=PERSONAL_DATA_KEY))


def test_it_refuses_to_start_without_a_key_for_digests_outside_demo_mode(
    database: Database, settings: Settings
):
    with pytest.raises(RuntimeError, match="DIGEST_KEY"):
        create_app(replace(settings, digest_key="short"), transactions=database)
    create_app(replace(settings, digest_key="", demo_mode=True), transactions=database)
    audit.configure_digests(DIGEST_KEY)


@pytest.mark.parametrize(
    "setting", ["", "short", "2:long enough to be a key,1:short", "0:no such version at all"]
)
def test_it_refuses_to_start_without_keys_for_personal_data_outside_demo_mode(
    database: Database, settings: Settings, setting: str
):
    with pytest.raises(RuntimeError, match="PERSONAL_DATA_KEY"):
        create_app(replace(settings, personal_data_key=setting), transactions=database)
    encryption.configure(Keyring.parse(PERSONAL_DATA_KEY))


def test_in_demo_mode_an_empty_key_will_do(committed_database: Database, settings: Settings):
    create_app(replace(settings, personal_data_key="", demo_mode=True), transactions=committed_database)
    encryption.configure(Keyring.parse(PERSONAL_DATA_KEY))


def test_it_refuses_to_start_with_another_key_than_the_data_was_sealed_with(
    committed_database: Database, settings: Settings
):
    ours = replace(settings, database_url=committed_database.url)
    with committed_database.transaction() as session:
        an_account(session)
    create_app(ours, transactions=committed_database)
    with pytest.raises(RuntimeError, match="sealed with"):
        create_app(replace(ours, personal_data_key="somebody else's key"), transactions=committed_database)
    rotating = f"2:the key that comes after,1:{PERSONAL_DATA_KEY}"
    create_app(replace(ours, personal_data_key=rotating), transactions=committed_database)
    encryption.configure(Keyring.parse(PERSONAL_DATA_KEY))


def test_the_shifted_clock_runs_in_demo_mode_alone(database: Database, settings: Settings, tmp_path: Path):
    shifted = replace(settings, demo_clock=tmp_path / "clock")
    assert isinstance(create_app(shifted, transactions=database).extensions["clock"], SystemClock)
    in_demo = create_app(replace(shifted, demo_mode=True), transactions=database)
    assert isinstance(in_demo.extensions["clock"], ShiftedClock)


def test_a_given_clock_is_used(database: Database, settings: Settings):
    clock = FrozenClock(datetime(2026, 3, 10, tzinfo=UTC))
    assert create_app(settings, transactions=database, clock=clock).extensions["clock"] is clock


def test_health_asks_the_database(client):
    assert client.get("/api/health").json == {"status": "ok"}


def test_proxies_that_are_no_networks_are_refused_at_the_start(settings, database):
    with pytest.raises(RuntimeError, match="TRUSTED_PROXIES"):
        create_app(replace(settings, trusted_proxies="10.0.0.0/8, the proxy"), transactions=database)
