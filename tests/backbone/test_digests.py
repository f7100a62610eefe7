import pytest

from backbone import audit, digests
from backbone.digests import configure_digests, digest, digest_of
from tests.conftest import DIGEST_KEY


def test_a_digest_is_stable_and_tells_values_apart():
    assert digest("张测试") == digest("张测试") != digest("李测试")
    assert digest("张测试") == digest_of("张测试".encode())
    assert "张" not in digest("张测试")


def test_another_key_gives_another_digest():
    before = digest("张测试")
    configure_digests("another key for tests")
    assert digest("张测试") != before
    configure_digests(DIGEST_KEY)
    assert digest("张测试") == before


def test_without_a_key_nothing_personal_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(digests, "_key", None)
    with pytest.raises(RuntimeError, match="without a key"):
        digest("张测试")


def test_the_audit_digests_by_the_same_key():
    assert audit.digest is digest
