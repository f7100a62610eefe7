"""A proposal's life as one table; "pass_over" is what acceptance does to the other released proposals of the need,
"strike" what a dispute that was upheld does to this one.
"""

from types import MappingProxyType

from backbone.errors import Bilingual
from sky_net.invitations.life_cycle import LifeCycle, Transition
from sky_net.invitations.parties import own_institute, poster, transfer_office

LIFE = LifeCycle(
    "draft",
    MappingProxyType({
        "draft": Bilingual("草稿", "draft"),
        "released": Bilingual("已提交企业", "released to the enterprise"),
        "accepted": Bilingual("已选定", "accepted"),
        "declined": Bilingual("企业未采纳", "declined"),
        "not_selected": Bilingual("未入选", "not selected"),
        "non_responsive": Bilingual("异议成立，不作为答复", "struck out: a dispute was upheld"),
        "withdrawn": Bilingual("已撤回", "withdrawn"),
    }),
    Transition("release", ("draft",), "released", by=(transfer_office,)),
    Transition("accept", ("released",), "accepted", by=(poster,)),
    Transition("decline", ("released",), "declined", by=(poster,)),
    Transition("pass_over", ("released",), "not_selected"),
    # Declined too: a no to it does not make it an answer.
    Transition("strike", ("released", "declined"), "non_responsive"),
    Transition("withdraw", ("draft",), "withdrawn", by=(own_institute,)),
    Transition("withdraw", ("released",), "withdrawn", by=(transfer_office,)),
)  # fmt: skip
STATES = LIFE.states
LIVE = (LIFE.initial, LIFE.after("release"))
"""States of which an institute has at most one proposal per need: it amends a draft, and withdraws before it offers anew."""
COMPARED = tuple(LIFE.after(action) for action in ("release", "accept", "pass_over"))
"""States that a comparison shows: what is on the table, or was when the choice was made."""
ANSWERING = tuple(LIFE.after(action) for action in ("release", "decline"))
"""States of a proposal that answers a need not yet decided: the enterprise has it in hand, or read it and said no."""
