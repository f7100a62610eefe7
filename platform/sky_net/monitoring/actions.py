"""What the owner of a need does next about a clock, by the need's state and the promise: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual


@dataclass(frozen=True)
class NextAction:
    """A step with a stable code and its words."""

    code: str
    label: Bilingual


DECIDE = NextAction("decide", Bilingual("确认、退回或不予受理", "confirm, return or reject the need"))
CHASE_ENTERPRISE = NextAction(
    "chase_enterprise", Bilingual("催企业补充材料", "have the enterprise complete the need")
)
INVITE = NextAction("invite", Bilingual("邀请院所并安排对接", "invite institutes and arrange a talk"))
ARRANGE_TALK = NextAction("arrange_talk", Bilingual("安排对接", "arrange the talk"))
HAVE_TALK_AGREED = NextAction(
    "have_talk_agreed", Bilingual("请企业认可对接记录", "have the enterprise agree to the record of the talk")
)
CHASE_PROPOSAL = NextAction(
    "chase_proposal", Bilingual("催院所提交方案", "have the institutes hand in a proposal")
)
REVIEW = NextAction("review", Bilingual("核对需求状态", "look at the need"))

_BY_STATE_AND_STAGE: Mapping[tuple[str, str], NextAction] = MappingProxyType({
    ("submitted", "confirm"): DECIDE,
    ("submitted", "communicate"): DECIDE,
    ("submitted", "propose"): DECIDE,
    ("returned", "confirm"): CHASE_ENTERPRISE,
    ("returned", "communicate"): CHASE_ENTERPRISE,
    ("returned", "propose"): CHASE_ENTERPRISE,
    ("confirmed", "communicate"): INVITE,
    ("confirmed", "propose"): INVITE,
    ("matched", "communicate"): ARRANGE_TALK,
    ("matched", "propose"): ARRANGE_TALK,
    ("communicating", "communicate"): ARRANGE_TALK,
    ("communicating", "propose"): CHASE_PROPOSAL,
    ("silent", "confirm"): CHASE_ENTERPRISE,
    ("suspended", "communicate"): CHASE_ENTERPRISE,
    ("suspended", "propose"): CHASE_ENTERPRISE,
    ("parked", "communicate"): INVITE,
    ("parked", "propose"): INVITE,
})  # fmt: skip


def next_action(need_state: str, stage: str, *, awaits_agreement: bool = False) -> NextAction:
    """The step that would bring this clock to its stop; looking at the need where the table knows none."""
    if awaits_agreement:
        return HAVE_TALK_AGREED
    return _BY_STATE_AND_STAGE.get((need_state, stage), REVIEW)
