"""Who starts batches and reads what they answered, as a table: whoever is in office, within its zone."""

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone

CAN_BATCH: tuple[Role, ...] = (Role.POLICY_OFFICER, Role.OPERATOR)


def may_batch(actor: Actor, region_code: str | None) -> bool:
    """Whether the actor holds office over the region, over the whole province where it is None."""
    if region_code is None:
        return actor.holds_for_province(*CAN_BATCH)
    return has_zone(actor, region_code, *CAN_BATCH)
