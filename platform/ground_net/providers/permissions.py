"""Who may do what with providers: everybody with an account reads them, the operators of their region keep them."""

from backbone.actor import Actor
from backbone.directory.permissions import Rule, administrator, operator_of_region, who_would_ask
from ground_net.providers.models import ServiceProvider

CAN_KEEP: tuple[Rule, ...] = (operator_of_region, administrator)
CAN_READ_CONTACT: tuple[Rule, ...] = (operator_of_region, administrator, who_would_ask)


def allows(rules: tuple[Rule, ...], actor: Actor, provider: ServiceProvider) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, provider) for rule in rules)
