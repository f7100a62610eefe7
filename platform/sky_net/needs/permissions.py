"""Who may do what with a need, and who reads how much of it, as tables.

Reading is decided in SQL, by `READING`: what the caller may not see is filtered before any page is cut, and the
same rows of the table say in which view (full, invited, open, masked) the rest is shown.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, literal, null, or_

from backbone.actor import SYSTEM, Actor, Held, Role
from backbone.directory.permissions import has_zone, zones_of
from sky_net.needs.models import Need, NeedReader
from sky_net.needs.states import CLOSED, Party, Transition

Rule = Callable[[Actor, Need], bool]
Condition = ColumnElement[bool]
OWNING = (Role.OPERATOR, Role.BROKER)
"""Who may answer for a need, over its zone."""
INSTITUTE_ROLES = (Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE)
FULL, INVITED, OPEN, MASKED = "full", "invited", "open", "masked"
ROLES_REMEMBERED = 1024  # sets of roles whose conditions a process keeps


# --- acting: who is which party ---


def is_owner(actor: Actor, need: Need) -> bool:
    """A member of the enterprise that posted it."""
    return need.enterprise_id in actor.organisations(Role.ENTERPRISE_MEMBER)


def is_entrusted(actor: Actor, need: Need) -> bool:
    """A collector of the node to which the enterprise entrusted it, or of the zone around."""
    if need.entrusted_to is None:
        return False
    in_node = need.entrusted_to in actor.nodes(Role.COLLECTOR)
    return in_node or has_zone(actor, need.zone_code, Role.COLLECTOR)


def is_operator_of(actor: Actor, need: Need) -> bool:
    """An operator of its zone, once it was submitted."""
    return need.submitted_at is not None and has_zone(actor, need.zone_code, Role.OPERATOR)


def is_supervisor(actor: Actor, need: Need) -> bool:
    """An operator of the whole province."""
    return actor.holds_for_province(Role.OPERATOR)


def is_auditor_of(actor: Actor, need: Need) -> bool:
    """An auditor over its zone, once it was submitted."""
    return need.submitted_at is not None and has_zone(actor, need.zone_code, Role.AUDITOR)


def is_broker_of(actor: Actor, need: Need) -> bool:
    """A broker of its zone, once it was submitted."""
    return need.submitted_at is not None and has_zone(actor, need.zone_code, Role.BROKER)


def is_of_an_institute(actor: Actor, need: Need) -> bool:
    """Somebody of an institute; whether of the right one is for the package above to know."""
    return bool(actor.organisations(*INSTITUTE_ROLES))


def is_system(actor: Actor, need: Need) -> bool:
    """A job of ours."""
    return actor == SYSTEM


PARTIES: Mapping[Party, Rule] = {
    Party.POSTER: is_owner,
    Party.COLLECTOR: is_entrusted,
    Party.OPERATOR: is_operator_of,
    Party.BROKER: is_broker_of,
    Party.INSTITUTE: is_of_an_institute,
    Party.SYSTEM: is_system,
}
CAN_AMEND: tuple[Rule, ...] = (is_owner, is_entrusted)
CAN_NAME_CONTACT_PERSON = CAN_AMEND
CAN_ASSESS: tuple[Rule, ...] = (is_owner, is_entrusted, is_operator_of, is_auditor_of)
CAN_COMPARE: tuple[Rule, ...] = (is_owner, is_entrusted, is_operator_of, is_auditor_of)
CAN_SEE_READERS: tuple[Rule, ...] = (is_owner,)
CAN_RETURN_AGAIN: tuple[Rule, ...] = (is_supervisor,)
CAN_AMEND_CLOCKS: tuple[Rule, ...] = (is_supervisor,)


def allows(rules: tuple[Rule, ...], actor: Actor, need: Need) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, need) for rule in rules)


def party_for(actor: Actor, need: Need, step: Transition) -> Party | None:
    """In which of the step's capacities the actor takes it; None when in none."""
    return next((party for party in step.by if PARTIES[party](actor, need)), None)


# --- reading: each rule gives its condition in SQL, or None where the actor can never meet it ---


def _of_the_poster(actor: Actor) -> Condition | None:
    return _among(Need.enterprise_id, actor.organisations(Role.ENTERPRISE_MEMBER))


def _of_the_entrusted(actor: Actor) -> Condition | None:
    zones = zones_of(actor, Role.COLLECTOR)
    if zones is None:
        return Need.entrusted_to.is_not(None)
    in_node = _among(Need.entrusted_to, actor.nodes(Role.COLLECTOR))
    in_zone = _and(_among(Need.zone_code, zones), Need.entrusted_to.is_not(None))
    reached = [condition for condition in (in_node, in_zone) if condition is not None]
    return or_(*reached) if reached else None


def _of_its_operators_and_auditors(actor: Actor) -> Condition | None:
    return _submitted_in(zones_of(actor, Role.OPERATOR, Role.AUDITOR))


UNMASKED: Condition = or_(Need.nda_required.is_(False), NeedReader.bound_at.is_not(None))
"""Whether a reader is shown more than the masked view: the one place that says when confidentiality terms are asked for."""
OFFERED: Condition = and_(Need.confirmed_at.is_not(None), Need.visibility != "operators")
"""Which needs an invitation opens."""


def _of_the_invited(actor: Actor) -> Condition | None:
    return _opened_to(actor, UNMASKED)


def _of_the_broker_in_charge(actor: Actor) -> Condition | None:
    """Whoever answers for a need has to know what it says and whom to ring; where terms are asked for, only who is bound by them."""
    in_charge = and_(
        Need.owner_id == actor.account_id, Need.visibility != "operators", Need.nda_required.is_(False)
    )
    return _and(_submitted_in(zones_of(actor, Role.BROKER)), in_charge) if actor.account_id else None


def _masked_to_the_unbound(actor: Actor) -> Condition | None:
    return _opened_to(actor)


def _opened_to(actor: Actor, *further: Condition) -> Condition | None:
    institutes = actor.organisations(*INSTITUTE_ROLES)
    if not institutes:
        return None
    opened = (NeedReader.need_id == Need.id, NeedReader.organisation_id.in_(institutes))
    return and_(OFFERED, exists().where(*opened, *further))


def _public_to_brokers(actor: Actor) -> Condition | None:
    return _and(_submitted_in(zones_of(actor, Role.BROKER)), Need.visibility == "public")


def _public_to_institutes(actor: Actor) -> Condition | None:
    return _and(_offered_to(actor), Need.visibility == "public")


def _masked_to_brokers(actor: Actor) -> Condition | None:
    return _and(_submitted_in(zones_of(actor, Role.BROKER)), Need.visibility.in_(("masked", "invited")))


def _masked_to_institutes(actor: Actor) -> Condition | None:
    return _and(_offered_to(actor), Need.visibility == "masked")


READING: tuple[tuple[str, Callable[[Actor], Condition | None]], ...] = (
    (FULL, _of_the_poster),
    (FULL, _of_the_entrusted),
    (FULL, _of_its_operators_and_auditors),
    (INVITED, _of_the_invited),
    (INVITED, _of_the_broker_in_charge),
    (OPEN, _public_to_brokers),
    (OPEN, _public_to_institutes),
    (MASKED, _masked_to_brokers),
    (MASKED, _masked_to_institutes),
    (MASKED, _masked_to_the_unbound),
)
"""The first rule that holds decides the view; where none holds, the need does not exist for the actor."""


def view_of(actor: Actor) -> ColumnElement[Any]:
    """The view in which a row of `needs` is shown to the actor: "full", "invited", "open", "masked", or null."""
    return _view_of(actor.held, _in_person(actor))


def readable(actor: Actor, *views: str) -> Condition:
    """Which needs the actor may see; with `views`, only those shown in one of them."""
    return _readable(actor.held, _in_person(actor), views)


# Nothing but the roles decides, and of a broker the account, and nearly every request asks: putting the conditions together
# costs as much as running them, and they are immutable.


def _in_person(actor: Actor) -> UUID | None:
    """The account where it decides; None for all others, who share the conditions of their roles."""
    return actor.account_id if actor.holds(Role.BROKER) else None


@lru_cache(maxsize=ROLES_REMEMBERED)
def _view_of(held: frozenset[Held], account_id: UUID | None) -> ColumnElement[Any]:
    rules = [(condition, literal(view)) for view, condition in _conditions(held, account_id)]
    return case(*rules, else_=null()) if rules else null()


@lru_cache(maxsize=ROLES_REMEMBERED)
def _readable(held: frozenset[Held], account_id: UUID | None, views: tuple[str, ...]) -> Condition:
    met = (condition for view, condition in _conditions(held, account_id) if not views or view in views)
    return or_(false(), *met)


@lru_cache(maxsize=ROLES_REMEMBERED)
def _conditions(held: frozenset[Held], account_id: UUID | None) -> tuple[tuple[str, Condition], ...]:
    somebody = Actor(account_id=account_id, name="", held=held)
    met = ((view, rule(somebody)) for view, rule in READING)
    return tuple((view, condition) for view, condition in met if condition is not None)


def _among(column: Any, values: frozenset[Any]) -> Condition | None:
    condition: Condition | None = column.in_(values) if values else None
    return condition


def _submitted_in(zones: frozenset[str] | None) -> Condition | None:
    submitted = Need.submitted_at.is_not(None)
    return submitted if zones is None else _and(_among(Need.zone_code, zones), submitted)


def _offered_to(actor: Actor) -> Condition | None:
    if not actor.organisations(*INSTITUTE_ROLES):
        return None
    return and_(Need.confirmed_at.is_not(None), Need.state.not_in(CLOSED))


def _and(condition: Condition | None, further: Condition) -> Condition | None:
    return None if condition is None else and_(condition, further)
