from datetime import timedelta

import pytest
from sqlalchemy import text

from backbone.chain.errors import ChainDiverged
from backbone.chain.heads import make_key
from tests.factories.chain import NOW, as_owner, seal_now, sign_now, write


@pytest.fixture
def key(tmp_path):
    make_key(tmp_path / "audit.key")
    return tmp_path / "audit.key"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "heads"


def test_an_empty_chain_has_no_head(committed_database, folder, key):
    assert sign_now(committed_database, folder, key) == []


def test_signing_twice_at_one_place_is_one_head(committed_database, folder, key):
    write(committed_database, 2)
    seal_now(committed_database)
    assert sign_now(committed_database, folder, key) == sign_now(committed_database, folder, key)
    assert len(list(folder.iterdir())) == 1


def test_every_day_has_a_head_of_its_own_also_when_nothing_was_written(committed_database, folder, key):
    write(committed_database, 2)
    seal_now(committed_database)
    for day in range(3):
        sign_now(committed_database, folder, key, NOW + timedelta(days=day))
    assert [path.name for path in sorted(folder.iterdir())] == [
        f"audit-2026-03-1{day}-000000000002.json" for day in range(3)
    ]


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE chain_links SET link_hash = sha256(link_hash) WHERE position = 3", "DELETE FROM chain_links"],
)
def test_a_chain_that_does_not_continue_the_last_head_is_not_signed(
    committed_database, owner, folder, key, tampering
):
    write(committed_database, 3)
    seal_now(committed_database)
    sign_now(committed_database, folder, key)
    with as_owner(owner) as connection:
        connection.execute(text(tampering))
    with pytest.raises(ChainDiverged) as refused:
        sign_now(committed_database, folder, key, NOW + timedelta(days=1))
    assert refused.value.data["position"] == 3
    assert len(list(folder.iterdir())) == 1


def test_heads_of_another_key_do_not_bind(committed_database, folder, key, tmp_path):
    write(committed_database, 1)
    seal_now(committed_database)
    sign_now(committed_database, folder, key)
    make_key(tmp_path / "new.key")
    assert sign_now(committed_database, folder, tmp_path / "new.key", NOW + timedelta(days=1))
