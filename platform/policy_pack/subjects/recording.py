"""Stating facts, and taking them back: by people over the API, and by the parts of the platform that know them by themselves."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.directory.models import Enterprise
from backbone.directory.permissions import entrusted_member
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.reading import read_facts
from policy_pack.subjects.changing import FactsChanged
from policy_pack.subjects.errors import FactsMisplaced, PolicyFactOnRecord
from policy_pack.subjects.kept_elsewhere import OF_THE_ENTERPRISE, PLACES
from policy_pack.subjects.matters import require_matter
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.permissions import CAN_READ, CAN_STATE, allows, enterprise_for
from policy_pack.subjects.snapshot import spelled
from policy_pack.subjects.standing import says_none

ENDS_BEFORE = Bilingual("不能早于 as_of_on", "May not lie before as_of_on")
IN_THE_ROW = Bilingual(
    "由企业档案记录，用 amendEnterprise 修改",
    "It stands in the enterprise's record: amendEnterprise changes it",
)
IN_THE_DIRECTORY = Bilingual(
    "由企业数据记录，用 recordFact 登记（kind {kind}）",
    "It is a figure of the directory: record it by recordFact (kind {kind})",
)
OF_A_MATTER = Bilingual(
    "属于某一合同、产品或项目，须写明 matter_id",
    "It is of one contract, product or project: name its matter_id",
)
OF_NO_MATTER = Bilingual("属于企业本身，不写 matter_id", "It is the enterprise's own: leave matter_id out")

PERSONAL = frozenset({"source"})
"""In words of its own, in which somebody may be named."""


def record_facts(
    session: Session, actor: Actor, enterprise_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> list[PolicyFact]:
    """Put facts of one source on record, all of them or none.

    What the same side said before stands unless it is retracted; to say the very same again changes nothing. Raises
    NotFound, Forbidden, Invalid, FactsRefused, FactsMisplaced, PolicyFactOnRecord.
    """
    enterprise = enterprise_for(session, actor, enterprise_id, CAN_STATE)
    facts = read_facts(said["facts"])
    require_matter(session, enterprise.id, said["matter_id"])
    _require_days(said, local_date(now))
    _require_place(facts, said["matter_id"])
    about = {name: said[name] for name in ("matter_id", "as_of_on", "valid_until_on", "source")}
    about["said_by"] = "enterprise" if entrusted_member(actor, enterprise) else "office"
    standing = _standing(session, enterprise, about)
    found = []
    for key in facts:
        known = standing.get(key)
        if known is not None and known.value != spelled(facts.of(key)):
            raise PolicyFactOnRecord(id=known.id, key=key, as_of_on=about["as_of_on"].isoformat())
        found.append(known or _add(session, actor, enterprise.id, key, facts.of(key), about, now))
    _tell(session, enterprise.id, about["matter_id"], facts, now)
    return found


def state_facts(
    session: Session, actor: Actor, enterprise_id: UUID, facts: Mapping[str, object], source: str, now: datetime,
    *, matter_id: UUID | None = None, as_of_on: date | None = None,
) -> list[PolicyFact]:  # fmt: skip
    """What another part of the platform knows by itself, such as a contract that was registered: its newest word counts.

    What it said before as of that day is superseded; said again, nothing changes. Raises FactsRefused, FactsMisplaced.
    """
    stated = read_facts(facts)
    _require_place(stated, matter_id)
    about: dict[str, Any] = {
        "matter_id": matter_id, "as_of_on": as_of_on or local_date(now), "valid_until_on": None, "source": source,
        "said_by": "platform",
    }  # fmt: skip
    enterprise = session.get_one(Enterprise, enterprise_id)
    standing, changed = _standing(session, enterprise, about), []
    for key in stated:
        known = standing.get(key)
        if known is not None and known.value == spelled(stated.of(key)):
            continue
        if known is not None:
            take_back(session, actor, known, "superseded", now=now)
        changed.append(_add(session, actor, enterprise_id, key, stated.of(key), about, now))
    if changed:
        _tell(session, enterprise_id, matter_id, [fact.key for fact in changed], now)
    return changed


def retract_fact(
    session: Session, actor: Actor, fact_id: UUID, *, reason_code: str, now: datetime
) -> PolicyFact:
    """Take a fact back, saying why; it stays readable. Twice changes nothing. An enterprise takes back its own alone.

    Raises NotFound, Forbidden.
    """
    fact, enterprise = locked_fact(session, actor, fact_id)
    own = fact.said_by == "enterprise" or not entrusted_member(actor, enterprise)
    if not allows(CAN_STATE, actor, enterprise) or not own:
        raise Forbidden()
    if fact.retracted_at is None:
        take_back(session, actor, fact, reason_code, now=now)
        _tell(session, fact.enterprise_id, fact.matter_id, [fact.key], now)
    return fact


def locked_fact(session: Session, actor: Actor, fact_id: UUID) -> tuple[PolicyFact, Enterprise]:
    """The fact as it is now, held until the transaction ends, for whoever may know of it; raises NotFound."""
    query = (
        select(PolicyFact, Enterprise)
        .join(Enterprise, Enterprise.id == PolicyFact.enterprise_id)
        .where(PolicyFact.id == fact_id)
        .with_for_update(of=PolicyFact)
    )
    row = session.execute(query, execution_options={"populate_existing": True}).first()
    if row is None or not allows(CAN_READ, actor, row[1]):
        raise NotFound()
    return row[0], row[1]


def take_back(session: Session, actor: Actor, fact: PolicyFact, reason_code: str, *, now: datetime) -> None:
    """Retract a standing fact, with its event; written out at once, so that its successor finds the place free."""
    fact.retracted_at, fact.retraction, fact.updated_at = now, reason_code, now
    session.flush()
    said = {"retracted_at": now, "retraction": reason_code}
    audit.record(session, actor, "retract_policy_fact", fact, now=now, after=said)


def _add(
    session: Session, actor: Actor, enterprise_id: UUID, key: str, value: Value | Gap, about: Mapping[str, Any],
    now: datetime,
) -> PolicyFact:  # fmt: skip
    fact = PolicyFact(
        enterprise_id=enterprise_id, key=key, value=spelled(value), recorded_by=actor.account_id, created_at=now,
        updated_at=now, **about,
    )  # fmt: skip
    session.add(fact)
    session.flush()
    told = {"enterprise_id": enterprise_id, "key": key, "value": fact.value, **about}
    audit.record(session, actor, "record_policy_fact", fact, now=now, after=told, personal=PERSONAL)
    return fact


def _standing(session: Session, enterprise: Enterprise, about: Mapping[str, Any]) -> dict[str, PolicyFact]:
    """What the same side says as of the same day, by key; writers about one enterprise follow one another."""
    session.execute(
        select(Enterprise.id).where(Enterprise.id == enterprise.id).with_for_update(key_share=True)
    )
    said = select(PolicyFact).where(
        PolicyFact.enterprise_id == enterprise.id, PolicyFact.retracted_at.is_(None),
        PolicyFact.matter_id.is_not_distinct_from(about["matter_id"]), PolicyFact.as_of_on == about["as_of_on"],
        PolicyFact.said_by == about["said_by"],
    )  # fmt: skip
    return {fact.key: fact for fact in session.scalars(said, execution_options={"populate_existing": True})}


def _require_days(said: Mapping[str, Any], today: date) -> None:
    refuse_future("as_of_on", said["as_of_on"], today)
    if said["valid_until_on"] is not None and said["valid_until_on"] < said["as_of_on"]:
        raise Invalid.field("valid_until_on", ENDS_BEFORE)


def _require_place(facts: Facts, matter_id: UUID | None) -> None:
    """Raise FactsMisplaced for what the directory keeps, and for facts of a matter without one, or the other way round."""
    problems = []
    for key in facts:
        if (problem := _misplaced(key, facts.of(key), matter_id)) is not None:
            problems.append({"field": key, "problem": problem})
    if problems:
        raise FactsMisplaced(problems)


def _misplaced(key: str, value: Value | Gap, matter_id: UUID | None) -> Bilingual | None:
    """Why the fact is not recorded here; that there is none can be said here alone."""
    if key in OF_THE_ENTERPRISE and not says_none(value):
        return IN_THE_ROW
    if key in PLACES and not says_none(value):
        return IN_THE_DIRECTORY.format(kind=PLACES[key].kind)
    is_of_matter = DICTIONARY[key].per != "enterprise"
    if is_of_matter is (matter_id is not None):
        return None
    return OF_A_MATTER if is_of_matter else OF_NO_MATTER


def _tell(session: Session, enterprise_id: UUID, matter_id: UUID | None, keys: Any, now: datetime) -> None:
    events.publish(session, FactsChanged(enterprise_id, matter_id, tuple(keys), now))
