"""To whom a call goes: the one whose clock it is, then up the chain of the zone.

The owner of a need is called, before there is one the operators of its zone; an escalation goes to whoever is on duty
at that level in the zone or the nearest region around it, and where a level is vacant to the next one up, at last to the
operators of the province. Whoever has lost the role by which it was theirs is nobody here. An institute and an enterprise are called by their members, a node by whoever holds the
matter there (`answering`), or the operators of its zone where nobody does. Whoever is on leave is replaced
by the deputy when the notice is written.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Held, Role, Scope, ScopeKind
from backbone.directory.regions import regions_around
from backbone.identity.reaching import has_left, holders_nearest, holders_of
from sky_net.needs.models import Need
from sky_net.needs.permissions import OWNING
from sky_net.reminders.answering import staff_of
from sky_net.reminders.models import Duty
from sky_net.sla.calls import Standing
from sky_net.sla.parties import ENTERPRISE, INSTITUTE, NODE, PLATFORM
from sky_net.sla.policy import ESCALATION_LEVELS
from sky_net.sla.schedule import Call, CallKind

Place = TypeVar("Place")
MEMBERS: Mapping[str, tuple[Role, ...]] = {
    INSTITUTE: (Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE),
    ENTERPRISE: (Role.ENTERPRISE_MEMBER,),
}
"""Who speaks for the organisation that a party's clock binds."""


@dataclass(frozen=True)
class Roster:
    """Everybody who may be called about the clocks of one round, read once for all of them."""

    owners: Mapping[UUID, UUID]
    """Need -> its owner, for the needs that have one."""
    operators: Mapping[Scope, Collection[UUID]]
    duties: Mapping[tuple[str, str], Collection[UUID]]
    """(zone, level) -> who is on duty there."""
    members: Mapping[tuple[str, Scope], Collection[UUID]]
    """(party, organisation) -> who speaks for it."""
    staff: Mapping[UUID, Collection[UUID]]
    """Subject of a node's clock -> who holds it there."""

    def called(self, standing: Standing, call: Call) -> list[UUID]:
        """The accounts to call, each once, in a stable order; empty where nobody at all is appointed."""
        if call.kind is CallKind.ESCALATION:
            return sorted(self._on_duty(standing.zone_code, call.level))
        own = self._own(standing)
        if standing.party != PLATFORM and call.kind is CallKind.BREACH:
            # Whoever answers for the need must know that somebody else lets it down.
            own |= self._owner(standing.about_id, standing.zone_code)
        return sorted(own)

    def responsible(self, standing: Standing) -> list[UUID]:
        """Whose clock it is: those whom a reminder calls."""
        return sorted(self._own(standing))

    def _own(self, standing: Standing) -> set[UUID]:
        if standing.party == PLATFORM:
            return self._owner(standing.subject_id, standing.zone_code)
        if standing.party == NODE:
            return set(self.staff.get(standing.subject_id, ())) or self._operators(standing.zone_code)
        organisation = Scope(ScopeKind.ORGANISATION, str(standing.organisation_id))
        return set(self.members.get((standing.party, organisation), ()))

    def _owner(self, need_id: UUID | None, zone_code: str) -> set[UUID]:
        owner = None if need_id is None else self.owners.get(need_id)
        return self._operators(zone_code) if owner is None else {owner}

    def _operators(self, zone_code: str) -> set[UUID]:
        around = (Scope(ScopeKind.ZONE, code) for code in regions_around(zone_code))
        return self._first((*around, Scope(ScopeKind.PROVINCE)), lambda scope: self.operators.get(scope, ()))

    def _on_duty(self, zone_code: str, level: int) -> set[UUID]:
        places = [
            (code, name) for name in ESCALATION_LEVELS[level - 1 :] for code in regions_around(zone_code)
        ]
        found = self._first(places, lambda place: self.duties.get(place, ()))
        return found or set(self.operators.get(Scope(ScopeKind.PROVINCE), ()))

    @staticmethod
    def _first(places: Iterable[Place], who: Callable[[Place], Collection[UUID]]) -> set[UUID]:
        return next((set(who(place)) for place in places if who(place)), set())


def brokers_or_operators(session: Session, zone_code: str, *, for_brokers: bool) -> list[UUID]:
    """Who looks beyond the catalogue: the brokers of the zone or the nearest region around it, where there are none or they
    may not know of it the operators.
    """
    roles = (Role.BROKER, Role.OPERATOR) if for_brokers else (Role.OPERATOR,)
    found = (holders_nearest(session, zone_code, role) for role in roles)
    return sorted(next((accounts for accounts in found if accounts), ()))


def roster_for(session: Session, clocks: Collection[Standing]) -> Roster:
    """The roster that these clocks need, by four queries at most, and what those above ask to know the staff of nodes."""
    needs = {standing.about_id or standing.subject_id for standing in clocks}
    owned = select(Need.id, Need.owner_id).where(
        Need.id.in_(needs), Need.owner_id.is_not(None), ~has_left(Need.owner_id.expression, *OWNING)
    )
    duties: dict[tuple[str, str], list[UUID]] = {}
    standing = select(Duty).where(
        Duty.relieved_at.is_(None), ~has_left(Duty.account_id.expression, Role.OPERATOR)
    )
    for duty in session.scalars(standing):
        duties.setdefault((duty.zone_code, duty.level), []).append(duty.account_id)
    return Roster(
        owners={need_id: owner_id for need_id, owner_id in session.execute(owned) if owner_id is not None},
        operators=_by_scope(holders_of(session, Role.OPERATOR)),
        duties=duties,
        members={
            (party, scope): accounts
            for party, roles in MEMBERS.items()
            if any(standing.party == party for standing in clocks)
            for scope, accounts in _by_scope(holders_of(session, *roles)).items()
        },
        staff=staff_of(session, {standing.subject_id for standing in clocks if standing.party == NODE}),
    )


def _by_scope(held: Iterable[tuple[UUID, Held]]) -> dict[Scope, set[UUID]]:
    found: dict[Scope, set[UUID]] = {}
    for account_id, one in held:
        found.setdefault(one.scope, set()).add(account_id)
    return found
