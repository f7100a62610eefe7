"""What leads tell the packages above them; published in the same transaction, after the write."""

from dataclasses import dataclass
from datetime import datetime

from backbone.actor import Actor
from ground_net.leads.models import Lead


@dataclass(frozen=True)
class LeadEvent:
    """A lead has taken a step of its life."""

    lead: Lead
    actor: Actor
    now: datetime


class LeadRecorded(LeadEvent):
    """Recorded by hand or from a file; its clock runs."""


class LeadClaimed(LeadEvent):
    """Somebody works on it from now on."""


class LeadPromoted(LeadEvent):
    """It became a need (`lead.need_id`)."""


class LeadClosed(LeadEvent):
    """Closed with a reason (`lead.reason_code`)."""
