"""Signing the heads of every chain, provided that each continues what was signed before."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.chain.errors import ChainDiverged
from backbone.chain.heads import HeadFile, read_heads, signed_head, write_head
from backbone.chain.models import Chain, ChainLink
from backbone.chain.sealing import tip_of


def sign_heads(
    session: Session, chains: Iterable[Chain], key: Ed25519PrivateKey, folder: Path, *, now: datetime
) -> list[Path]:
    """A head of each chain that has links, written to `folder`; its files. Raises ChainDiverged before anything is written.

    A head may be written and the transaction still fail: it says nothing but what was committed before.
    """
    kept = list(read_heads(folder, [key.public_key()])) if folder.is_dir() else []
    tips = [(chain, tip_of(session, chain)) for chain in chains]
    for chain, _ in tips:
        _require_continuation(session, chain, kept)
    return [
        write_head(folder, *signed_head(key, chain.name, tip, now)) for chain, tip in tips if tip.position
    ]


def _require_continuation(session: Session, chain: Chain, kept: Iterable[HeadFile]) -> None:
    signed = [(each.head, each.path) for each in kept if each.head and each.head.chain == chain.name]
    if not signed:
        return
    head, path = max(signed, key=lambda each: each[0].position)
    here = ChainLink.chain == chain.name, ChainLink.position == head.position
    if session.scalar(select(ChainLink.link_hash).where(*here)) != head.tip.link_hash:
        raise ChainDiverged(chain=chain.name, position=head.position, file=path.name)
