"""The policies that the package carries: the first versions of a register that has none, by nobody's hand, with their source.

A text that the register has not seen, of a policy that it knows, becomes a draft: only officers replace what is in force.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from importlib.resources.abc import Traversable

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import SYSTEM
from policy_pack.engine.packs import read_policy
from policy_pack.policies.errors import TextOnRecord
from policy_pack.policies.models import RegisteredPolicy, days
from policy_pack.policies.service import REGISTERING, add_version

_FILE = re.compile(r"P\d+\.yaml")


@dataclass(frozen=True)
class Shipped:
    """How many texts became first versions, drafts, or were on record."""

    published: int = 0
    drafts: int = 0
    known: int = 0


def load_shipped(session: Session, *, now: datetime, folder: Traversable | None = None) -> Shipped:
    """Bring every policy file of the package (or of a folder) on record; may be repeated. Raises PackRefused."""
    read = [
        (file.name, file.read_text("utf-8"))
        for file in _files(folder or resources.files("policy_pack") / "packs")
    ]
    policies = [(read_policy(content, name), name, content) for name, content in read]
    session.execute(REGISTERING)  # two processes that start at once load them once
    registered = set(session.scalars(select(RegisteredPolicy.key)))
    counts = {"published": 0, "drafts": 0, "known": 0}
    for policy, name, content in policies:
        is_first = policy.id not in registered
        span = days(policy.validity.first, policy.validity.last) if is_first else None
        try:
            version = add_version(
                session,
                SYSTEM,
                policy,
                content,
                name,
                now=now,
                action="ship" if is_first else "upload",
                span=span,
            )
        except TextOnRecord:
            counts["known"] += 1
            continue
        counts["published" if is_first else "drafts"] += 1
        said = {
            "key": policy.id,
            "number": version.number,
            "sha256": version.wording.sha256,
            "file_name": name,
        }
        audit.record(session, SYSTEM, "ship_policy", version, now=now, after=said)
    return Shipped(**counts)


def _files(folder: Traversable) -> Iterable[Traversable]:
    """The policy files in the order of their numbers."""
    found = [file for file in folder.iterdir() if _FILE.fullmatch(file.name)]
    return sorted(found, key=lambda file: int(file.name[1:-5]))
