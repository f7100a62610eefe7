"""Who may administer accounts, as a table."""

from collections.abc import Callable, Mapping

from backbone.actor import Actor, Role, Scope, ScopeKind
from backbone.directory.models import Enterprise, Institute
from backbone.directory.permissions import has_zone

Rule = Callable[[Actor, Scope], bool]

# The kind of organisation in which a member's role is held: an institute's role in an enterprise would grant nothing, or
# the wrong thing.
MEMBER_OF: Mapping[Role, type[Enterprise] | type[Institute]] = {
    Role.ENTERPRISE_MEMBER: Enterprise,
    Role.INSTITUTE_MEMBER: Institute,
    Role.TRANSFER_OFFICE: Institute,
}
BY_OPERATORS: Mapping[Role, ScopeKind] = {
    **dict.fromkeys(MEMBER_OF, ScopeKind.ORGANISATION), Role.COLLECTOR: ScopeKind.NODE,
}  # fmt: skip
"""Roles that a zone's operator may grant, and within what. All others are the administrator's to grant."""


def administrator(actor: Actor, scope: Scope) -> bool:
    """An administrator of the platform."""
    return actor.holds_for_province(Role.ADMINISTRATOR)


def may_open_accounts(actor: Actor) -> bool:
    """Administrators, and operators for the members of their zone."""
    return actor.holds_for_province(Role.ADMINISTRATOR) or actor.holds(Role.OPERATOR)


def may_grant(actor: Actor, role: Role, scope: Scope, region_code: str | None) -> bool:
    """Administrators grant everything; an operator what `BY_OPERATORS` names, in organisations and nodes of the own zone."""
    if administrator(actor, scope):
        return True
    if BY_OPERATORS.get(role) is not scope.kind or region_code is None:
        return False
    return has_zone(actor, region_code, Role.OPERATOR)
