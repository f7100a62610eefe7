"""Gathering what is known of enterprises, one or many at a time: two queries, however many they are."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise
from backbone.errors import NotFound
from policy_pack.engine.facts import Facts
from policy_pack.subjects.from_directory import Figure, Row, known_of
from policy_pack.subjects.snapshot import Snapshot, facts_of_snapshot, snapshot_of

Gathered = tuple[Facts, Snapshot]


def facts_of(session: Session, enterprise_id: UUID, as_of: date) -> Gathered:
    """What is known of the enterprise on the day, and the snapshot that says where it was read; raises NotFound."""
    found = gather(session, [enterprise_id], as_of)
    if enterprise_id not in found:
        raise NotFound()
    return found[enterprise_id]


def gather(session: Session, enterprise_ids: Collection[UUID], as_of: date) -> Mapping[UUID, Gathered]:
    """As `facts_of`, for many; ids that are no enterprise's are left out."""
    ids = list(enterprise_ids)
    rows = select(
        Enterprise.id, Enterprise.region_code, Enterprise.registered_on, Enterprise.staff_total,
        Enterprise.staff_science, Enterprise.labels,
    ).where(Enterprise.id.in_(ids))  # fmt: skip
    figures: dict[UUID, list[Figure]] = {}
    standing = select(
        EnterpriseFact.enterprise_id, EnterpriseFact.kind, EnterpriseFact.value, EnterpriseFact.as_of_on,
        EnterpriseFact.source,
    ).where(
        EnterpriseFact.enterprise_id.in_(ids), EnterpriseFact.retracted_at.is_(None), EnterpriseFact.as_of_on <= as_of
    )  # fmt: skip
    for enterprise_id, kind, value, as_of_on, source in session.execute(standing):
        figures.setdefault(enterprise_id, []).append(Figure(kind, value, as_of_on, source))
    found = {}
    for enterprise_id, region, registered_on, total, science, labels in session.execute(rows):
        row = Row(region, registered_on, total, science, tuple(labels))
        snapshot = snapshot_of(known_of(row, figures.get(enterprise_id, ()), as_of))
        found[enterprise_id] = (facts_of_snapshot(snapshot), snapshot)
    return found
