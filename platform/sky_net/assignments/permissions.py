"""Who reads the batches and who sets quotas, as tables. An institute reads its own suggestions by `needs.permissions`."""

from uuid import UUID

from backbone.actor import Actor, Role
from sky_net.needs.permissions import INSTITUTE_ROLES

CAN_READ_RUNS: tuple[Role, ...] = (Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR)
"""The numbers of a run: sums over the province that name nobody."""
CAN_READ_ASSIGNMENTS: tuple[Role, ...] = (Role.OPERATOR, Role.AUDITOR)
"""Each for the needs that it reads in full."""
CAN_SET_QUOTAS: tuple[Role, ...] = (Role.OPERATOR, Role.ADMINISTRATOR)
"""Held over the whole province: a quota holds for needs of every zone."""


def may_set_quotas(actor: Actor) -> bool:
    """An operator or administrator of the province."""
    return actor.holds_for_province(*CAN_SET_QUOTAS)


def may_read_quota(actor: Actor, institute_id: UUID) -> bool:
    """The institute's own people, and whoever is in office."""
    return actor.holds(*CAN_READ_RUNS) or institute_id in actor.organisations(*INSTITUTE_ROLES)
