"""Telling supervisors that a finding waits for a second person's signature; once signed, the need's own step is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Role
from backbone.identity.reaching import holders_of
from sky_net.findings.models import Finding
from sky_net.needs import telling
from sky_net.needs.models import Need


def tell_who_signs(session: Session, actor: Actor, need: Need, finding: Finding, *, now: datetime) -> None:
    """The operators of the province, but who wrote it."""
    signing = {account for account, held in holders_of(session, Role.OPERATOR) if held.scope == PROVINCE}
    telling.tell(session, actor, need, "finding_drafted", f"finding:{finding.id}", signing, now=now)
