from pathlib import Path

import pytest

from backbone.db import Database
from demo import serving
from tests.factories.identity import an_account


@pytest.fixture
def with_accounts(committed_database: Database) -> Database:
    with committed_database.transaction() as session:
        an_account(session).is_demo = True
    return committed_database


def test_accounts_alone_are_what_a_killed_load_left(with_accounts: Database, tmp_path: Path):
    assert not serving._is_loaded(with_accounts.url, tmp_path)


def test_a_load_that_went_through_is_not_repeated(with_accounts: Database, tmp_path: Path):
    (tmp_path / serving.LOADED).touch()
    assert serving._is_loaded(with_accounts.url, tmp_path)


def test_a_mark_without_its_database_counts_for_nothing(committed_database: Database, tmp_path: Path):
    (tmp_path / serving.LOADED).touch()
    assert not serving._is_loaded(committed_database.url, tmp_path)
