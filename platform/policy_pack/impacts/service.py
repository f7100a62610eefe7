"""Asking for an estimate, and making it: a batch of enterprises per transaction, so that everybody sees how far it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from backbone.directory.service import names_of_enterprises
from backbone.errors import NotFound
from policy_pack.engine.amounts import most_of_applicant
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.many import facts_of
from policy_pack.engine.policy import Policy, Validity
from policy_pack.impacts.models import ImpactEstimate
from policy_pack.impacts.permissions import may_read
from policy_pack.impacts.tally import Pair, Tally, decides_alike
from policy_pack.policies.reading import InForce, in_force_on
from policy_pack.policies.service import version_to_move
from policy_pack.policies.states import OPEN, refusal
from policy_pack.policies.texts import policy_of
from policy_pack.subjects.service import Gathered, Subject, gather_subjects

AT_ONCE = 500
LONGEST_FAILURE = 500


@dataclass
class Course:
    """An estimate on its way: both texts, the day, where it has come, and what was added up.

    `asked` are the facts of a contract, product or project that either text reads.
    """

    impact_id: UUID
    before: Policy | None
    after: Policy
    as_of: date
    tally: Tally
    asked: Collection[str] = ()
    last: UUID | None = None
    done: int = field(default=0)


def ask_for_impact(
    session: Session, actor: Actor, version_id: UUID, *, as_of: date | None, now: datetime
) -> ImpactEstimate:
    """Put an estimate of a draft on record, to be made by a job; raises NotFound, Forbidden, StateConflict.

    Without a day it is the first one, from today on, on which the draft would be in force.
    """
    version = version_to_move(session, actor, version_id)
    if version.state not in OPEN:
        raise refusal(version.state, "estimate")
    day = as_of or _first_day(policy_of(version.wording).validity, local_date(now))
    impact = ImpactEstimate(
        version_id=version.id, as_of=day, requested_by=actor.account_id, total=0, done=0, created_at=now,
        updated_at=now,
    )  # fmt: skip
    session.add(impact)
    session.flush()
    audit.record(
        session, actor, "estimate_impact", impact, now=now, after={"version_id": version.id, "as_of": day}
    )
    return impact


def show_impact(session: Session, actor: Actor, impact_id: UUID) -> ImpactEstimate:
    """The estimate with its progress or result; raises NotFound."""
    impact = session.get(ImpactEstimate, impact_id)
    if impact is None or not may_read(actor):
        raise NotFound()
    return impact


def start(session: Session, impact_id: UUID, *, now: datetime) -> Course | None:
    """Start the estimate, or start it anew where a worker died over it; None when it has ended."""
    impact = session.get(ImpactEstimate, impact_id, with_for_update=True)
    if impact is None or impact.ended_at is not None:
        return None
    former = _former(session, impact)
    impact.former_id = former.version.id if former else None
    impact.total = session.scalar(select(func.count()).select_from(Enterprise)) or 0
    impact.done, impact.started_at, impact.updated_at = 0, now, now
    before, after = former.policy if former else None, policy_of(impact.draft.wording)
    asked = _asked_of_matters(before, after)
    tally = Tally(decides_alike(before, after), most_of_applicant(before), most_of_applicant(after))
    return Course(impact.id, before, after, impact.as_of, tally, asked)


def advance(session: Session, course: Course, *, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Look at the next enterprises; False when there was none left."""
    ids = select(Enterprise.id).order_by(Enterprise.id).limit(at_once)
    if course.last is not None:
        ids = ids.where(Enterprise.id > course.last)
    batch = session.scalars(ids).all()
    found = _looked_at(gather_subjects(session, batch, course.as_of), course.asked)
    for enterprise_id in batch:
        course.tally.add(enterprise_id, [_under_both(course, facts) for facts in found[enterprise_id]])
        course.last = enterprise_id
    course.done += len(batch)
    impact = session.get_one(ImpactEstimate, course.impact_id, with_for_update=True, populate_existing=True)
    impact.done, impact.total = course.done, max(impact.total, course.done)  # some were registered meanwhile
    impact.updated_at = now
    return bool(batch)


def finish(session: Session, course: Course, *, now: datetime) -> None:
    """Keep what the estimate came to."""
    impact = session.get_one(ImpactEstimate, course.impact_id, with_for_update=True, populate_existing=True)
    has_formula = course.after.amount is not None
    benefit = str(course.after.amount.benefit) if course.after.amount else None
    impact.result = course.tally.result() | {"benefit": benefit, "has_formula": has_formula}
    impact.total, impact.ended_at, impact.updated_at = course.done, now, now


def fail(session: Session, impact_id: UUID, error: Exception, *, now: datetime) -> None:
    """Say why it came to nothing; whoever asked may ask again."""
    impact = session.get_one(ImpactEstimate, impact_id, with_for_update=True, populate_existing=True)
    impact.failure = f"{type(error).__name__}: {error}"[:LONGEST_FAILURE]
    impact.ended_at, impact.updated_at = now, now


def impact_view(session: Session, impact: ImpactEstimate) -> dict[str, Any]:
    """The estimate as HTTP says it, the enterprises with their names."""
    said = {name: getattr(impact, name) for name in SHOWN} | {"as_of_on": impact.as_of}
    return said | {"result": impact.result and _with_names(session, impact.result)}


SHOWN = (
    "id", "version", "version_id", "former_id", "state", "done", "total", "created_at", "started_at", "ended_at", "failure",
)  # fmt: skip


def _with_names(session: Session, result: Mapping[str, Any]) -> dict[str, Any]:
    named = names_of_enterprises(
        session, {UUID(each) for part in ("newly", "no_longer") for each in result[part]}
    )
    shown = {
        part: [named[UUID(each)] for each in result[part] if UUID(each) in named]
        for part in ("newly", "no_longer")
    }
    costs = {
        name: dict(zip(("low_fen", "high_fen"), result[name], strict=True))
        for name in ("cost_before", "cost_after", "cost_change")
    }
    return {**result, **shown, **costs}


def _asked_of_matters(*policies: Policy | None) -> frozenset[str]:
    read = {key for policy in policies if policy for key in facts_of(policy)}
    return frozenset(key for key in read if key in DICTIONARY and DICTIONARY[key].per != "enterprise")


def _looked_at(found: Mapping[Subject, Gathered], asked: Collection[str]) -> dict[UUID, list[Facts]]:
    """Each enterprise beside those of its matters of which something is known that is asked; without one, alone."""
    alone: dict[UUID, list[Facts]] = {}
    beside: dict[UUID, list[Facts]] = {}
    for (enterprise_id, matter_id), (facts, _) in found.items():
        if matter_id is None:
            alone[enterprise_id] = [facts]
        elif any(facts.of(key) is not Gap.UNKNOWN for key in asked):
            beside.setdefault(enterprise_id, []).append(facts)
    return alone | beside


def _under_both(course: Course, facts: Facts) -> Pair:
    before = evaluate(course.before, facts, course.as_of) if course.before else None
    return before, evaluate(course.after, facts, course.as_of)


def _former(session: Session, impact: ImpactEstimate) -> InForce | None:
    return next(iter(in_force_on(session, impact.as_of, [impact.draft.policy.key])), None)


def _first_day(validity: Validity, today: date) -> date:
    """Today where the text is valid, else the nearest day on which it is."""
    day = max(today, validity.first or today)
    return min(day, validity.last or day)
