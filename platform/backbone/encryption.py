"""Encryption of what is personal: AES-256-GCM, bound to the place where the value stands, with keys that can be changed.

A sealed value is one byte for the version of its key, a random nonce of 12 bytes, and the ciphertext with its tag. The
context (table, row id, column) is authenticated with it: a value moved to another row or column does not open.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG = 12, 16
_ENTRY = re.compile(r"(?:(?P<version>\d{1,3}):)?(?P<key>.*)", re.DOTALL)


class Unopened(Exception):
    """A sealed value does not open: another key, another place, or somebody changed it."""


class UnusableKeys(ValueError):
    """The setting does not name its keys as `Keyring.parse` reads them."""


@dataclass(frozen=True)
class Keyring:
    """The keys by version; new values are sealed with `current`, the others only open older ones."""

    current: int
    ciphers: Mapping[int, AESGCM]

    @classmethod
    def parse(cls, setting: str, shortest: int = 0) -> "Keyring":
        """The keys of `2:newer,1:older`, the one to seal with first; a bare key is version 1. Raises UnusableKeys."""
        ciphers: dict[int, AESGCM] = {}
        for entry in setting.split(","):
            found = _ENTRY.fullmatch(entry.strip())
            version, key = int(found["version"] or 1) if found else 0, found["key"] if found else ""
            if not 1 <= version <= 255 or version in ciphers:
                raise UnusableKeys("a version is a number from 1 to 255, each given once")
            if len(key) < shortest:
                raise UnusableKeys(f"the key of version {version} has less than {shortest} characters")
            ciphers[version] = AESGCM(_derived(key))
        return cls(next(iter(ciphers)), ciphers)

    def seal(self, value: bytes, context: str) -> bytes:
        """The value, readable only with this key and in this place."""
        version, nonce = bytes([self.current]), os.urandom(NONCE)
        return version + nonce + self.ciphers[self.current].encrypt(nonce, value, version + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """What `seal` was given; raises Unopened."""
        version, nonce, content = sealed[:1], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        cipher = self.ciphers.get(version[0]) if version else None
        if cipher is None or len(content) < TAG:
            raise Unopened(context)
        try:
            return cipher.decrypt(nonce, content, version + context.encode())
        except InvalidTag:
            raise Unopened(context) from None


def _derived(key: str) -> bytes:
    """32 bytes out of a text of any length."""
    return HKDF(SHA256(), length=32, salt=None, info=b"sanwang personal data").derive(key.encode())


_keyring: list[Keyring] = []


def configure(keyring: Keyring) -> None:
    """Make these the process's keys; called once per process."""
    _keyring[:] = [keyring]


def keyring() -> Keyring:
    """The process's keys; RuntimeError before there are any."""
    if not _keyring:
        raise RuntimeError("encryption.configure was not called: nothing personal is written without a key")
    return _keyring[0]
