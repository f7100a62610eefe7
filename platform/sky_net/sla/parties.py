"""Whom a clock binds: the platform by its three promises, everybody else by what they owe it meanwhile.

A clock belongs to a subject and a responsible party. The promise clocks of a need bind the platform. An invitation is a
subject of its own whose clock binds the institute, a question (a return for clarification is one) a subject whose clock
binds the enterprise, a lead mined offline one that binds its node. Such a subject is *about* the need, so that an
over-run of a promise can be laid at the door of whoever's own clock was open.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sky_net.sla.policy import STAGES, ResponsePolicy, StagePolicy
from sky_net.sla.working_time import DayEnds

PLATFORM, INSTITUTE, ENTERPRISE, NODE = "platform", "institute", "enterprise", "node"

INSTITUTE_REPLY = "institute_reply"
"""An invited institute says yes or no."""
ENTERPRISE_REPLY = "enterprise_reply"
"""The enterprise answers a question, or completes a need that was returned to it."""
LEAD = "lead"
"""A lead mined offline is promoted to a need, or closed with a reason."""

STAGES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({
    PLATFORM: STAGES, INSTITUTE: (INSTITUTE_REPLY,), ENTERPRISE: (ENTERPRISE_REPLY,), NODE: (LEAD,),
})  # fmt: skip
PARTIES = tuple(STAGES_OF)
EVERY_STAGE = tuple(stage for stages in STAGES_OF.values() for stage in stages)


def stages_of(policy: ResponsePolicy, party: str) -> Mapping[str, StagePolicy]:
    """The clocks that a party has under this policy, by stage."""
    if party == PLATFORM:
        return policy.stages
    owed = policy.parties
    days = {
        INSTITUTE_REPLY: owed.institute_reply_days,
        ENTERPRISE_REPLY: owed.enterprise_reply_days,
        LEAD: owed.lead_days,
    }
    return {
        stage: StagePolicy(stage, days[stage], DayEnds.CLOSE, False, owed.at_risk_share)
        for stage in STAGES_OF[party]
    }
