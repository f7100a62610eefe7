"""What advice speaks of. It has no rows of its own: it reads facts and policies, and keeps what is answered as facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Evaluation
from policy_pack.engine.facts import Facts
from policy_pack.engine.packs import shipped_pack
from policy_pack.engine.policy import Pack
from policy_pack.engine.reading import read_facts
from policy_pack.policies.reading import InForce, in_force_on
from policy_pack.receipts.permissions import CAN_READ_UNVERIFIED
from policy_pack.receipts.service import require_known
from policy_pack.subjects.permissions import CAN_READ, allows, enterprise_for
from policy_pack.subjects.service import facts_of


@dataclass(frozen=True)
class Case:
    """One enterprise, perhaps with one matter, on a day, before some policies; `facts` are those on record and those that
    were given for the sake of argument. Who asks may or may not be told amounts that nobody verified.
    """

    session: Session
    enterprise: Enterprise
    matter_id: UUID | None
    as_of: date
    today: date
    facts: Facts
    policies: Sequence[InForce]
    tells_unverified: bool

    def shows_amount(self, counting: InForce) -> bool:
        """Whether who asks may be told how much the policy pays."""
        return counting.version.is_verified or self.tells_unverified

    def evaluated(self, counting: InForce) -> Evaluation:
        """The policy under the facts of the case."""
        return evaluate(counting.policy, self.facts, self.as_of)

    @property
    def pack(self) -> Pack:
        """The policies of the case with the relations between them."""
        return Pack({each.policy.id: each.policy for each in self.policies}, shipped_pack().relations)


def case_of(session: Session, actor: Actor, enterprise_id: UUID, said: dict[str, Any], now: datetime) -> Case:
    """The case that is asked about; raises NotFound, Invalid, FactsRefused, NoSuchPolicy."""
    enterprise = enterprise_for(session, actor, enterprise_id, CAN_READ)
    as_of = said.get("as_of_on") or local_date(now)
    given = read_facts(said.get("facts") or {})
    facts, _ = facts_of(session, enterprise.id, as_of, said.get("matter_id"))
    policies = in_force_on(session, as_of, said.get("policy_ids"))
    require_known(said.get("policy_ids"), policies)
    return Case(
        session, enterprise, said.get("matter_id"), as_of, local_date(now), facts.with_answers(given.stated), policies,
        allows(CAN_READ_UNVERIFIED, actor, enterprise),
    )  # fmt: skip
