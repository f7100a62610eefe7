import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbone.chain.errors import KeyExists, KeyUnreadable
from backbone.chain.heads import (
    key_id,
    make_key,
    private_key,
    public_key,
    read_heads,
    signed_head,
    write_head,
)
from backbone.chain.links import Tip

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
TIP = Tip(12, bytes(range(32)))


@pytest.fixture
def key(tmp_path):
    make_key(tmp_path / "audit.key")
    return private_key(tmp_path / "audit.key")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "heads"


@pytest.fixture
def written(key, folder):
    return write_head(folder, *signed_head(key, "audit", TIP, NOW))


def read(folder, *keys):
    return [(file.head, file.fault) for file in read_heads(folder, [each.public_key() for each in keys])]


def test_a_head_is_read_back_as_it_was_signed(key, folder, written):
    ((head, fault),) = read(folder, key)
    assert fault is None
    assert (head.chain, head.tip, head.count, head.made_at) == ("audit", TIP, 12, NOW.isoformat())
    assert head.key_id == key_id(key.public_key())


def test_the_file_says_its_chain_day_and_place(written):
    assert written.name == "audit-2026-03-10-000000000012.json"
    assert set(json.loads(written.read_text())) == {
        "form", "chain", "position", "link_hash", "count", "made_at", "key_id", "signature",
    }  # fmt: skip


def test_the_day_is_the_one_in_wuhan(key, folder):
    late = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    assert write_head(folder, *signed_head(key, "audit", TIP, late)).name.startswith("audit-2026-03-11-")


def test_a_head_is_never_overwritten(key, folder, written):
    before = written.read_bytes()
    again = write_head(folder, *signed_head(key, "audit", TIP, NOW + timedelta(hours=1)))
    assert again == written
    assert written.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [written.name]


def test_a_head_that_was_half_written_counts_for_nothing(key, folder, written):
    (folder / ".head-abc").write_text("{")
    assert len(read(folder, key)) == 1


@pytest.mark.parametrize(
    "change",
    [{"position": 13}, {"link_hash": "00" * 32}, {"count": 13}, {"chain": "ledger"}, {"made_at": "2026-03-09T01:30:00+00:00"}],
)  # fmt: skip
def test_a_changed_head_no_longer_fits_its_signature(key, folder, written, change):
    written.write_text(json.dumps(json.loads(written.read_text()) | change))
    assert read(folder, key) == [(None, "bad_signature")]


@pytest.mark.parametrize(
    "change",
    [
        {"position": 0}, {"position": "12"}, {"position": True}, {"link_hash": "zz"}, {"link_hash": "00"}, {"signature": "%"},
        {"form": "sanwang head 2"}, {"made_at": "yesterday"}, {"more": 1}, {"signature": None}, {"made_at": 5},
    ],
)  # fmt: skip
def test_a_head_that_says_nothing_sensible_is_damaged(key, folder, written, change):
    written.write_text(json.dumps(json.loads(written.read_text()) | change))
    assert read(folder, key) == [(None, "damaged")]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_head_is_damaged(key, folder, written, content):
    written.write_bytes(content)
    assert read(folder, key) == [(None, "damaged")]


def test_a_head_signed_by_another_key_is_told(key, folder, written, tmp_path):
    make_key(tmp_path / "other.key")
    other = private_key(tmp_path / "other.key")
    assert read(folder, other) == [(None, "foreign_key")]
    assert read(folder, other, key)[0][1] is None  # an old key and a new one are both given


def test_a_head_that_claims_the_right_key_must_be_signed_by_it(key, folder, tmp_path):
    make_key(tmp_path / "other.key")
    head, signature = signed_head(private_key(tmp_path / "other.key"), "audit", TIP, NOW)
    write_head(folder, type(head)(**{**vars(head), "key_id": key_id(key.public_key())}), signature)
    assert read(folder, key) == [(None, "bad_signature")]


def test_any_single_byte_changed_is_noticed_or_means_the_same(key, folder, written):
    original = written.read_bytes()
    (honest, _), = read(folder, key)  # fmt: skip

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(original) - 1), st.integers(1, 255))
    def flip(at, by):
        changed = bytearray(original)
        changed[at] ^= by
        written.write_bytes(bytes(changed))
        ((head, fault),) = read(folder, key)
        assert fault or head == honest

    flip()


def test_the_private_key_is_for_its_owner_alone(tmp_path):
    public = make_key(tmp_path / "new" / "audit.key")
    assert stat.S_IMODE((tmp_path / "new" / "audit.key").stat().st_mode) == 0o600
    assert public == tmp_path / "new" / "audit.key.pub"
    assert key_id(public_key(public)) == key_id(public_key(tmp_path / "new" / "audit.key"))


def test_a_key_is_never_overwritten(tmp_path):
    make_key(tmp_path / "audit.key")
    before = (tmp_path / "audit.key").read_bytes()
    with pytest.raises(KeyExists):
        make_key(tmp_path / "audit.key")
    assert (tmp_path / "audit.key").read_bytes() == before


@pytest.mark.parametrize(
    "content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_refused(tmp_path: Path, content):
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    for read_key in (private_key, public_key):
        with pytest.raises(KeyUnreadable) as refused:
            read_key(tmp_path / "key")
        assert str(tmp_path / "key") in refused.value.sentence().zh
