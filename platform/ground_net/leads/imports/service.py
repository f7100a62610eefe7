"""Importing a file: taken in by its headings at once, then row by row in parts, each a transaction of its own.

A part looks first how far the import is, so that a job that runs twice, or after its worker died, takes no row twice. A row
that cannot be taken is written down with its column and harms no other.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from backbone import audit, encryption
from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import Bilingual, DomainError, Forbidden, Invalid, NotFound
from backbone.identity.service import actor_of
from backbone.table_files.reading import read_table
from backbone.table_files.rows import Row, TableRefused
from ground_net.leads.imports.errors import MAY_NO_LONGER, NO_ROWS, TOO_MANY_ROWS
from ground_net.leads.imports.filling_in import Fault, Filled, Headings, fault_of, fill_in
from ground_net.leads.imports.models import FILE, LeadImport, LeadImportFault
from ground_net.leads.models import Lead
from ground_net.leads.outreach.models import Outreach
from ground_net.leads.permissions import CAN_RECORD, allows
from ground_net.leads.recording import node_to_record_at, take_lead
from ground_net.network.errors import NodeIsClosed
from ground_net.network.models import NetworkNode

MOST_BYTES = 24 * 1024 * 1024
MOST_ROWS = 60_000
AT_ONCE = 200
KEPT = timedelta(days=14)
"""How long a file, which holds people, is kept so that its refused rows can be had back."""
TAKEN, KNOWN, REFUSED = "taken", "known", "refused"
NOBODY = Actor(None, "")
"""Whose account is gone may record nothing any more."""


class ImportEnded(Exception):
    """There is nothing left to do: the import is gone, or another worker was quicker."""


@dataclass(frozen=True)
class Table:
    """A file as it was read: its headings and its rows."""

    headings: Headings
    rows: Sequence[Row]


def read_file(content: bytes, name: str) -> Table:
    """All rows under their headings; raises TableRefused, also for more rows than are taken at once."""
    rows = read_table(content, name)
    first = next(rows, None)
    if first is None:
        raise TableRefused(NO_ROWS)
    table = Table(Headings.of(first), list(rows))
    if len(table.rows) > MOST_ROWS:
        raise TableRefused(TOO_MANY_ROWS.format(rows=len(table.rows), most=MOST_ROWS))
    return table


def start_import(
    session: Session,
    actor: Actor,
    content: bytes,
    *,
    node_key: str,
    name: str,
    only_check: bool,
    now: datetime,
) -> LeadImport:
    """Take a file in for an open node, once its headings are those of the form; its rows are for `take_part`.

    Raises Invalid, Forbidden, NodeIsClosed, TableRefused.
    """
    node = node_to_record_at(session, actor, node_key)
    rows = read_table(content, name)
    first = next(rows, None)
    if first is None:
        raise TableRefused(NO_ROWS)
    Headings.of(first)
    if next(rows, None) is None:
        raise TableRefused(NO_ROWS)
    started = LeadImport(
        id=new_id(), node_key=node.key, zone_code=node.region_code, name=name,
        sha256=hashlib.sha256(content).hexdigest(), size=len(content), only_check=only_check,
        requested_by=actor.account_id, kept_until=now + KEPT, created_at=now, updated_at=now,
    )  # fmt: skip
    started.content_sealed = encryption.keyring().seal(content, FILE.place_of(started.id))
    session.add(started)
    session.flush()
    after = {"node_key": node.key, "sha256": started.sha256, "size": started.size, "only_check": only_check}
    audit.record(session, actor, "start_lead_import", started, now=now, after=after)
    return started


def show_import(session: Session, actor: Actor, import_id: UUID) -> LeadImport:
    """How far it is, for those who may record at its node; raises NotFound."""
    found = session.get(LeadImport, import_id)
    if found is None or not allows(CAN_RECORD, actor, found):
        raise NotFound()
    return found


def importer_of(session: Session, started: LeadImport) -> Actor | None:
    """Whoever asked for it, with the roles held now; None where nobody did, or the account is gone."""
    return None if started.requested_by is None else actor_of(session, started.requested_by)


def content_of(session: Session, import_id: UUID) -> tuple[LeadImport, bytes | None]:
    """The import with its file, None once it is forgotten; raises NotFound."""
    query = select(LeadImport).where(LeadImport.id == import_id).options(undefer(LeadImport.content_sealed))
    started = session.scalar(query)
    if started is None:
        raise NotFound()
    return started, started.content


def parts_of(table: Table) -> Iterable[Sequence[Row]]:
    """The rows in parts of one transaction each."""
    return (table.rows[at : at + AT_ONCE] for at in range(0, len(table.rows), AT_ONCE))


def take_part(
    session: Session,
    actor: Actor | None,
    import_id: UUID,
    table: Table,
    rows: Sequence[Row],
    *,
    now: datetime,
) -> LeadImport:
    """Take the rows that were not looked at before; the import ends with the last one, or where its node was closed."""
    started = session.get(LeadImport, import_id, with_for_update=True, populate_existing=True)
    if started is None or started.ended_at is not None:
        raise ImportEnded(import_id)
    recorder = actor or NOBODY
    started.total = len(table.rows)
    ahead = [row for row in rows if row.number > started.last_row]
    try:
        node = node_to_record_at(session, recorder, started.node_key)
    except Forbidden:
        return end_import(session, actor, started, MAY_NO_LONGER, now=now)
    except NodeIsClosed as refusal:
        return end_import(session, actor, started, refusal.sentence(), now=now)
    events = _events_of(session, started.node_key)
    filled = [fill_in(row, table.headings, started.node_key, events) for row in ahead]
    counts = Counter(_take(session, recorder, node, started, table.headings, each, now) for each in filled)
    for outcome in (TAKEN, KNOWN, REFUSED):
        setattr(started, outcome, getattr(started, outcome) + counts[outcome])
    started.done, started.updated_at = started.done + len(ahead), now
    started.last_row = max([started.last_row, *(row.number for row in ahead)])
    session.flush()
    if started.done >= started.total:
        return end_import(session, actor, started, None, now=now)
    return started


def end_import(
    session: Session, actor: Actor | None, started: LeadImport, failure: Bilingual | None, *, now: datetime
) -> LeadImport:
    """Close it, with one event for all its leads that names them by a hash."""
    started.ended_at = started.updated_at = now
    started.failure = {"zh": failure.zh, "en": str(failure)} if failure else None
    session.flush()
    taken = session.execute(
        select(Lead.number, Lead.content_digest).where(Lead.import_id == started.id).order_by(Lead.number)
    )
    manifest = hashlib.sha256(
        "\n".join(f"{number} {digest}" for number, digest in taken).encode()
    ).hexdigest()
    after = {name: getattr(started, name) for name in (TAKEN, KNOWN, REFUSED)} | {"manifest": manifest}
    audit.record(session, actor or NOBODY, "end_lead_import", started, now=now, after=after)
    return started


class _OnlyChecked(Exception):
    """Takes back what a row would have left."""


def _take(
    session: Session, actor: Actor, node: NetworkNode, started: LeadImport, headings: Headings, filled: Filled, now: datetime
) -> str:  # fmt: skip
    if filled.said is None:
        return _refused(session, started, filled.number, filled.faults)
    try:
        return _tried(session, actor, node, started, {"channel": "import", **filled.said}, now)
    except Invalid as refusal:
        faults = [fault_of(headings, each) for each in refusal.data["errors"]]
    except DomainError as refusal:
        faults = [Fault("(row)", None, refusal.sentence())]
    return _refused(session, started, filled.number, faults)


def _tried(
    session: Session, actor: Actor, node: NetworkNode, started: LeadImport, said: Mapping[str, Any], now: datetime
) -> str:  # fmt: skip
    """One row in a savepoint, which is all that it costs where it is refused or the file is only checked."""
    is_new = False
    with suppress(_OnlyChecked), session.begin_nested():
        _, is_new = take_lead(session, actor, node, said, import_id=started.id, now=now)
        if started.only_check:
            raise _OnlyChecked
    return TAKEN if is_new else KNOWN


def _refused(session: Session, started: LeadImport, number: int, faults: Sequence[Fault]) -> str:
    session.add_all(
        LeadImportFault(
            import_id=started.id, row_number=number, place=place, field=fault.field, column=fault.heading,
            problem_zh=fault.problem.zh, problem_en=str(fault.problem),
        )
        for place, fault in enumerate(faults)
    )  # fmt: skip
    return REFUSED


def _events_of(session: Session, node_key: str) -> dict[str, UUID]:
    held = select(Outreach.number, Outreach.id).where(Outreach.node_key == node_key)
    return {number: event_id for number, event_id in session.execute(held)}
