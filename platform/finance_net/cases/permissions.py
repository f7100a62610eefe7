"""Who reads a case: the province's fund managers and auditors every one, whoever applies their own."""

from sqlalchemy import ColumnElement, Uuid, cast, literal, true
from sqlalchemy.dialects.postgresql import ARRAY

from backbone.actor import Actor, Role
from backbone.errors import Forbidden
from finance_net.cases.models import FundCase
from finance_net.ledger.permissions import CAN_READ as READS_EVERY_CASE

CAN_READ_OWN: tuple[Role, ...] = (Role.ENTERPRISE_MEMBER,)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The cases that the actor may read."""
    if actor.holds_for_province(*READS_EVERY_CASE):
        return true()
    own = sorted(actor.organisations(*CAN_READ_OWN))
    found: ColumnElement[bool] = FundCase.enterprise_ids.overlap(cast(literal(own, ARRAY(Uuid)), ARRAY(Uuid)))
    return found


def require_exporter(actor: Actor) -> None:
    """Raise Forbidden for everybody but those who read every case: an export carries links of others."""
    if not actor.holds_for_province(*READS_EVERY_CASE):
        raise Forbidden()
