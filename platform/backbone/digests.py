"""Keyed digests: what stands for a personal value where it may not be kept, or must be found without being read."""

import hashlib
import hmac

_key: bytes | None = None


def configure_digests(key: str) -> None:
    """Set the key of the digests that stand for personal data; called once per process."""
    global _key
    _key = key.encode()


def digest(value: object) -> str:
    """A keyed digest that stands for a personal value in append-only records; RuntimeError before there is a key."""
    return digest_of(str(value).encode())


def digest_of(content: bytes) -> str:
    """As `digest`, of bytes."""
    if _key is None:
        raise RuntimeError("configure_digests was not called: nothing personal is written without a key")
    return "hmac:" + hmac.new(_key, content, hashlib.sha256).hexdigest()
