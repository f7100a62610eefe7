"""A hand-over's life as one table. `lapse` is nobody's step: it happens when the due instant passes unanswered."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.actor import Actor, Role
from backbone.errors import Bilingual
from sky_net.invitations.life_cycle import LifeCycle, Transition


def receiver(actor: Actor, handover: object, institute_id: object = None) -> bool:
    """Whoever is to take it, by a role with which one owns needs: a token narrowed to another one speaks for nobody."""
    is_theirs = actor.account_id is not None and actor.account_id == getattr(handover, "to_id", None)
    return is_theirs and actor.holds(Role.OPERATOR, Role.BROKER)


LIFE = LifeCycle(
    "offered",
    MappingProxyType({
        "offered": Bilingual("待接收", "offered"),
        "accepted": Bilingual("已接收", "accepted"),
        "declined": Bilingual("已谢绝", "declined"),
        "lapsed": Bilingual("逾期未答", "lapsed unanswered"),
    }),
    Transition("accept", ("offered",), "accepted", by=(receiver,)),
    Transition("decline", ("offered",), "declined", by=(receiver,)),
    Transition("lapse", ("offered",), "lapsed"),
)  # fmt: skip
OFFERED, LAPSED = LIFE.initial, LIFE.after("lapse")
STATES = LIFE.words
GIVE_REASONS: Mapping[str, Bilingual] = MappingProxyType({
    "complex": Bilingual("需求复杂", "a complex need"),
    "speciality": Bilingual("专业更对口", "the other's speciality"),
    "load": Bilingual("在办过多", "too many in hand"),
    "leave": Bilingual("请假或离岗", "on leave or leaving"),
    "mandate": Bilingual("企业委托", "the enterprise's mandate"),
    "zone": Bilingual("区域调整", "a change of zones"),
})  # fmt: skip
DECLINE_REASONS: Mapping[str, Bilingual] = MappingProxyType({
    "load": Bilingual("在办过多", "too many in hand"),
    "speciality": Bilingual("专业不对口", "not my speciality"),
    "conflict": Bilingual("利益冲突", "a conflict of interest"),
    "leave": Bilingual("请假或离岗", "on leave or leaving"),
})  # fmt: skip
"""Codes alone: what people would write of each other stays out of the record."""
