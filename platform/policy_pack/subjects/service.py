"""Gathering what is known of enterprises, one or many at a time: three queries, however many they are."""

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
from policy_pack.subjects.matters import require_matter
from policy_pack.subjects.reading import statements_about
from policy_pack.subjects.snapshot import Known, Snapshot, facts_of_snapshot, snapshot_of
from policy_pack.subjects.standing import beside, stated_on

Gathered = tuple[Facts, Snapshot]
Subject = tuple[UUID, UUID | None]
"""An enterprise, alone or with one matter of it."""


def facts_of(session: Session, enterprise_id: UUID, as_of: date, matter_id: UUID | None = None) -> Gathered:
    """What is known of the enterprise on the day, with what is known of one matter of it, and the snapshot that says
    where it was read; raises NotFound, and Invalid for a matter that is none of its.
    """
    require_matter(session, enterprise_id, matter_id)
    found = gather_subjects(session, [enterprise_id], as_of)
    if (enterprise_id, None) not in found:
        raise NotFound()
    return found.get((enterprise_id, matter_id)) or found[enterprise_id, None]


def gather_subjects(
    session: Session, enterprise_ids: Collection[UUID], as_of: date
) -> Mapping[Subject, Gathered]:
    """Each of the enterprises alone, and beside each matter of which anything is known; ids that are none's are left out."""
    stated: dict[UUID, dict[UUID | None, dict[str, Known]]] = {}
    for (enterprise_id, matter_id), statements in statements_about(session, enterprise_ids, as_of).items():
        stated.setdefault(enterprise_id, {})[matter_id] = stated_on(statements, as_of)
    found: dict[Subject, Gathered] = {}
    for enterprise_id, kept in _kept_by_directory(session, enterprise_ids, as_of).items():
        matters = stated.get(enterprise_id, {})
        own = beside(kept, matters.pop(None, {}))
        found[enterprise_id, None] = _gathered(own)
        found |= {
            (enterprise_id, matter_id): _gathered({**own, **each}) for matter_id, each in matters.items()
        }
    return found


def _gathered(known: Mapping[str, Known]) -> Gathered:
    snapshot = snapshot_of(known)
    return facts_of_snapshot(snapshot), snapshot


def _kept_by_directory(
    session: Session, enterprise_ids: Collection[UUID], as_of: date
) -> dict[UUID, dict[str, Known]]:
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
    return {
        enterprise_id: known_of(
            Row(region, registered_on, total, science, tuple(labels)), figures.get(enterprise_id, ()), as_of
        )
        for enterprise_id, region, registered_on, total, science, labels in session.execute(rows)
    }
