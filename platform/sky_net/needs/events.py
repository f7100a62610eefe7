"""What the needs tell the packages above them; published in the same transaction, after the write."""

from dataclasses import dataclass
from datetime import datetime

from backbone.actor import Actor
from sky_net.needs.models import Need
from sky_net.needs.states import Transition


@dataclass(frozen=True)
class NeedEvent:
    """A need has taken a step of its life."""

    need: Need
    actor: Actor
    now: datetime


class NeedSubmitted(NeedEvent):
    """Submitted for the first time, or again after a return: its text may have changed."""


class NeedReturned(NeedEvent):
    """Sent back for clarification."""


class NeedConfirmed(NeedEvent):
    """Confirmed: institutes may see it now."""


class NeedRejected(NeedEvent):
    """Refused with a code."""


class NeedMatched(NeedEvent):
    """The first institute was invited."""


class NeedCommunicating(NeedEvent):
    """The first contact is on record."""


class NeedProposed(NeedEvent):
    """The first proposal was released."""


class NeedFellBack(NeedEvent):
    """Its only proposal was withdrawn before it counted: a solution is sought again."""


class NeedSelected(NeedEvent):
    """The enterprise accepted a proposal."""


class NeedContracted(NeedEvent):
    """The contract is signed."""


class NeedContractAnnulled(NeedEvent):
    """The contract was never signed as it was recorded, or ended before it was accepted: the need waits for one again."""


class NeedDelivered(NeedEvent):
    """The institute has delivered."""


class NeedAccepted(NeedEvent):
    """The enterprise has accepted the delivery."""


class NeedWithdrawn(NeedEvent):
    """Taken back by the enterprise."""


class NeedExpired(NeedEvent):
    """Past its own validity."""


class NeedParked(NeedEvent):
    """Set aside as a long-term problem."""


class NeedResumed(NeedEvent):
    """Taken up again after it was parked or suspended."""


class NeedConcluded(NeedEvent):
    """Closed by a signed finding that there is no solution."""


class NeedSetAside(NeedEvent):
    """The enterprise answered nothing for so long that nobody works on it any more."""


_KINDS = {kind.__name__: kind for kind in NeedEvent.__subclasses__()}


def event_of(step: Transition, need: Need, actor: Actor, now: datetime) -> NeedEvent:
    """The event that the transition table names."""
    return _KINDS[step.event](need, actor, now)
