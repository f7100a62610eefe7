"""A case as one file that proves itself: its rows as they were hashed, the links of the chain around them, a signed head.

`check_case.py` beside this module verifies it with Python alone. Links of other cases are in it as hashes, which tell nothing.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.chain.content import canonical
from backbone.chain.links import beginning
from backbone.chain.models import ChainLink, content_of
from backbone.http_binary import Download
from finance_net.cases.models import CHAIN, CaseStep, FundCase
from finance_net.cases.permissions import require_exporter
from finance_net.cases.reading import case_of, steps_of

FORM = "sanwang case 1"
JSON = "application/json"


def export_case(session: Session, actor: Actor, case_id: UUID, heads: Path | None) -> Download:
    """The file; raises NotFound, Forbidden. `heads` is the folder of signed heads, if there is one."""
    case = case_of(session, actor, case_id)
    require_exporter(actor)
    content = json.dumps(sealed(session, case, heads), ensure_ascii=False, indent=1).encode()
    return Download(f"{case.number}.json", JSON, hashlib.sha256(content).hexdigest(), lambda: content)


def sealed(session: Session, case: FundCase, heads: Path | None) -> dict[str, Any]:
    """What the file says. Steps that are not in the chain yet are only counted: sealing is a moment behind."""
    steps = [(step, position) for step, position in steps_of(session, case) if position is not None]
    first, last = (ends(position for _, position in steps) if steps else 1 for ends in (min, max))
    head = _head_after(heads, last)
    until = head["position"] if head else last
    return {
        "form": FORM,
        "case": {
            "number": case.number,
            "title": case.title,
            "category": case.category,
            "year": case.year,
            "steps": case.steps,
        },
        "chain": {"name": CHAIN.name, "from": first} | _links(session, first, until),
        "steps": [{"position": position, "row": _row(step)} for step, position in steps],
        "head": head,
    }


def _row(step: CaseStep) -> str:
    """The row as it was hashed: its columns in canonical JSON, those that are null left out."""
    _, columns = content_of(step)
    return canonical({name: value for name, value in columns.items() if value is not None})


def _links(session: Session, first: int, last: int) -> dict[str, Any]:
    """The link hash before the first, then (row, content hash) of each link up to the last."""
    link = ChainLink
    query = select(link.position, link.row_id, link.content_hash, link.link_hash).where(
        link.chain == CHAIN.name, link.position.between(first - 1, last)
    )
    rows = list(session.execute(query.order_by(link.position)))
    before = beginning(CHAIN.name).link_hash if first == 1 else bytes(rows.pop(0).link_hash)
    return {
        "before": before.hex(),
        "links": [[str(row.row_id), bytes(row.content_hash).hex()] for row in rows],
    }


def _head_after(folder: Path | None, position: int) -> dict[str, Any] | None:
    """The first head of the chain that speaks for this position, as its file says; whoever verifies checks it."""
    for path in sorted(folder.glob(f"{CHAIN.name}-*.json")) if folder is not None and folder.is_dir() else ():
        try:
            said: dict[str, Any] = json.loads(path.read_bytes())
            if said["chain"] == CHAIN.name and said["position"] >= position:
                return said
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
