"""Signed heads: where a chain ended on a day, signed and kept outside the database.

Who rewrites history inside the database, every later hash included, cannot rewrite these. One JSON file per chain and
signing; a file is never overwritten. The signature is Ed25519 over the canonical form of everything else in the file.
"""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from backbone.chain.content import canonical
from backbone.chain.errors import KeyExists, KeyUnreadable
from backbone.chain.links import Tip
from backbone.clock import local_date

FORM = "sanwang head 1"
PRIVATE = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
PUBLIC = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@dataclass(frozen=True)
class Head:
    """Where a chain ended: `count` links, the last at `position` with `link_hash` (hexadecimal)."""

    chain: str
    position: int
    link_hash: str
    count: int
    made_at: str
    key_id: str

    @property
    def tip(self) -> Tip:
        """The same as a tip."""
        return Tip(self.position, bytes.fromhex(self.link_hash))

    def signed_bytes(self) -> bytes:
        """What the signature speaks of."""
        return canonical({"form": FORM, **asdict(self)}).encode()


@dataclass(frozen=True)
class HeadFile:
    """A file of the directory: its head, or why it counts for nothing ("damaged", "foreign_key", "bad_signature")."""

    path: Path
    head: Head | None = None
    fault: str | None = None


def make_key(path: Path) -> Path:
    """A new private key at `path`, readable by its owner alone, and the public one beside it, whose path is returned."""
    key = Ed25519PrivateKey.generate()
    public = path.with_name(path.name + ".pub")
    path.parent.mkdir(parents=True, exist_ok=True)
    for file, mode, content in (
        (path, 0o600, key.private_bytes(*PRIVATE)),
        (public, 0o644, key.public_key().public_bytes(*PUBLIC)),
    ):
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            raise KeyExists(path=str(file)) from None
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
    return public


def private_key(path: Path) -> Ed25519PrivateKey:
    """The signing key of this file; raises KeyUnreadable."""
    with suppress(OSError, ValueError, TypeError):
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise KeyUnreadable(path=str(path))


def public_key(path: Path) -> Ed25519PublicKey:
    """The key of this file, that may be a private one as well; raises KeyUnreadable."""
    with suppress(OSError, ValueError):
        key = serialization.load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            return key
    return private_key(path).public_key()


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 digits of the key's SHA-256."""
    return hashlib.sha256(key.public_bytes(*RAW)).hexdigest()[:16]


def signed_head(key: Ed25519PrivateKey, chain: str, tip: Tip, now: datetime) -> tuple[Head, str]:
    """The head of this tip and its signature."""
    made_at, number = now.isoformat(), tip.position
    head = Head(chain, number, tip.link_hash.hex(), number, made_at, key_id(key.public_key()))
    return head, base64.b64encode(key.sign(head.signed_bytes())).decode()


def write_head(folder: Path, head: Head, signature: str) -> Path:
    """Keep the head as a file of its own; one of the same day and position is left as it is. Either whole or not there."""
    day = local_date(datetime.fromisoformat(head.made_at))
    path = folder / f"{head.chain}-{day}-{head.position:012d}.json"
    folder.mkdir(parents=True, exist_ok=True)
    said = json.dumps({"form": FORM, **asdict(head), "signature": signature}, indent=1)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".head-") as draft:
        draft.write(said + "\n")
        draft.flush()
        os.fchmod(draft.fileno(), 0o644)
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)
    _fsync_folder(folder)
    return path


def read_heads(folder: Path, keys: Iterable[Ed25519PublicKey]) -> Iterator[HeadFile]:
    """Every *.json of the folder, by name, its signature checked with the key that it names."""
    known = {key_id(key): key for key in keys}
    for path in sorted(folder.glob("*.json")):
        yield _read(path, known)


def _read(path: Path, known: Mapping[str, Ed25519PublicKey]) -> HeadFile:
    try:
        head, signature = _parsed(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return HeadFile(path, fault="damaged")
    if head.key_id not in known:
        return HeadFile(path, fault="foreign_key")
    try:
        known[head.key_id].verify(signature, head.signed_bytes())
    except InvalidSignature:
        return HeadFile(path, fault="bad_signature")
    return HeadFile(path, head)


def _parsed(said: Any) -> tuple[Head, bytes]:
    if not isinstance(said, dict) or said.pop("form") != FORM:
        raise ValueError("another form")
    signature = base64.b64decode(said.pop("signature"), validate=True)
    head = Head(**said)
    if type(head.position) is not int or head.position < 1 or len(head.tip.link_hash) != 32:
        raise ValueError("no place in a chain")
    datetime.fromisoformat(head.made_at)
    return head, signature


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
