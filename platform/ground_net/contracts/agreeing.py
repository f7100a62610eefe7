"""Who stands behind a contract as it is on record: each of its parties for itself. Nobody confirms another's days to dispute it away."""

from collections.abc import Iterable

from backbone.actor import Actor
from ground_net.contracts.models import Contract
from ground_net.contracts.parties import buyer, institute_office, seller_member

_RULES = (("buyer", buyer), ("institute", institute_office), ("seller_enterprise", seller_member))


def parties_of(contract: Contract) -> list[str]:
    """Whose word it takes: an institute that is the enterprise through which it sells is one party."""
    seller = contract.seller_enterprise
    is_another = seller is not None and seller.credit_code != contract.institute.credit_code
    return ["buyer", "institute", *(["seller_enterprise"] if is_another else [])]


def spoken_for(actor: Actor, contract: Contract) -> list[str]:
    """The parties for which the actor speaks."""
    named = parties_of(contract)
    spoken = [party for party, rule in _RULES if rule(actor, contract)]
    # The member of an enterprise that is the institute itself speaks for the institute.
    return list(dict.fromkeys(party if party in named else "institute" for party in spoken))


def is_agreed(contract: Contract) -> bool:
    """Whether nobody can dispute it any more, whatever days are left: by all parties, by a ruling, or by the register."""
    return contract.confirmed_at is not None or contract.registration_state == "registered"


def is_by_all(contract: Contract, confirmed: Iterable[str]) -> bool:
    """Whether every party recorded it or is among those that confirm it."""
    return set(parties_of(contract)) <= {*contract.recorded_parties, *confirmed}
