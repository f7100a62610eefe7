"""Seeing facts: the statements on record, and what they and the directory come to on a day."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.pages import Page, read_page
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.facts import Gap
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.permissions import CAN_READ, enterprise_for
from policy_pack.subjects.snapshot import Snapshot, value_of
from policy_pack.subjects.standing import Statement

KNOWN = "known"
STATES = (KNOWN, str(Gap.ABSENT.value), str(Gap.DISPUTED.value))


def list_facts(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any]
) -> Page[PolicyFact]:
    """A page of the statements about the enterprise, the retracted too when asked for; raises NotFound."""
    enterprise_for(session, actor, enterprise_id, CAN_READ)
    query = select(PolicyFact).where(PolicyFact.enterprise_id == enterprise_id)
    if not asked.get("retracted"):
        query = query.where(PolicyFact.retracted_at.is_(None))
    if asked.get("disputed"):
        query = query.where(PolicyFact.disputed_at.is_not(None))
    if asked.get("matter_id"):
        query = query.where(PolicyFact.matter_id == asked["matter_id"])
    if asked.get("key"):
        query = query.where(PolicyFact.key.in_(asked["key"]))
    return read_page(session, query, asked, {"as_of_on": PolicyFact.as_of_on}, PolicyFact.id)


def statements_about(
    session: Session, enterprise_ids: Collection[UUID], day: date
) -> dict[tuple[UUID, UUID | None], list[Statement]]:
    """The standing statements as of the day, by enterprise and matter, in one query."""
    query = select(
        PolicyFact.enterprise_id, PolicyFact.matter_id, PolicyFact.key, PolicyFact.value, PolicyFact.as_of_on,
        PolicyFact.valid_until_on, PolicyFact.source, PolicyFact.disputed_at,
    ).where(
        PolicyFact.enterprise_id.in_(enterprise_ids), PolicyFact.retracted_at.is_(None), PolicyFact.as_of_on <= day
    )  # fmt: skip
    found: dict[tuple[UUID, UUID | None], list[Statement]] = {}
    for enterprise_id, matter_id, key, value, as_of_on, until, source, disputed_at in session.execute(query):
        statement = Statement(key, value_of(value), as_of_on, until, source, disputed_at is not None)
        found.setdefault((enterprise_id, matter_id), []).append(statement)
    return found


def shown(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The facts of a snapshot as HTTP says them, in the order of the dictionary."""
    return [
        {
            "key": key, "label": DICTIONARY[key].label, "unit": DICTIONARY[key].unit,
            "state": snapshot[key].get("gap", KNOWN), "value": snapshot[key], "read": snapshot[key]["read"],
        }
        for key in DICTIONARY if key in snapshot
    ]  # fmt: skip
