"""What routing refuses."""

from backbone.errors import Bilingual, Conflict


class HandoverOpen(Conflict):
    """The need is offered to somebody who can still answer."""

    code = "handover_open"
    title = Bilingual("该需求正在移交", "The need is being handed over already")
    detail = Bilingual(
        "移交 {id} 待接收，期限 {due_at}；接收之前原负责人不变",
        "Hand-over {id} waits for an answer until {due_at}; until it is accepted the giver answers for the need",
    )
    advice = Bilingual(
        "等对方答复，或期限过后再移交", "Wait for the answer, or hand it over again after the deadline"
    )


class HandoverLapsed(Conflict):
    """Nobody answered in time: the giver has kept the need."""

    code = "handover_lapsed"
    title = Bilingual("移交已逾期", "The hand-over has lapsed")
    detail = Bilingual(
        "期限为 {due_at}，需求仍由原负责人负责", "It was due {due_at}; the giver still answers for the need"
    )
    advice = Bilingual("请原负责人用 handNeed 重新移交", "Ask the giver to hand it over again (handNeed)")


class OwnerChanged(Conflict):
    """Somebody else answers for the need since the hand-over was offered."""

    code = "owner_changed"
    title = Bilingual("需求已换负责人", "The need has another owner by now")
    detail = Bilingual("需求 {number} 的负责人已变更", "Need {number} is no longer the giver's to hand over")
    advice = Bilingual("请现负责人用 handNeed 移交", "Ask the present owner to hand it over (handNeed)")


class BrokerFull(Conflict):
    """One more need would be more than the broker's capacity."""

    code = "broker_full"
    title = Bilingual("该经纪人在办已满", "The broker has no room left")
    detail = Bilingual("在办 {load}，最多 {capacity}", "{load} open needs in hand, {capacity} at most")
    advice = Bilingual(
        "另选经纪人（suggestRoute），或用 amendBroker 调整上限",
        "Choose another (suggestRoute), or change the capacity with amendBroker",
    )


class ReceiverAway(Conflict):
    """Whoever is to take it is on leave today; `deputy_id` names who stands in, if anybody does."""

    code = "receiver_away"
    title = Bilingual("接收人今日请假", "Whoever is to take it is on leave")
    detail = Bilingual("请假至 {to_on}", "On leave until {to_on}")
    advice = Bilingual("移交给代理人，或另选他人", "Hand it to the deputy, or to somebody else")


class NobodyFits(Conflict):
    """Of a portfolio these needs would find no new owner, so none is handed over; `numbers` names them."""

    code = "nobody_fits"
    title = Bilingual("部分需求无人可接", "Nobody can take some of the needs")
    detail = Bilingual(
        "{count} 项需求没有合适的接收人，全部未移交",
        "Nobody can take {count} of the needs; none was handed over",
    )
    advice = Bilingual(
        "先调整上限或请假安排，或用 handNeed 逐项移交",
        "Change capacities or leaves first, or hand them over one by one (handNeed)",
    )


class NobodyToTakeIt(Conflict):
    """A hard need, or one that no institute answers, and no broker of its zone who could take it now."""

    code = "nobody_to_take_it"
    title = Bilingual("暂无可接手的经纪人", "No broker can take it now")
    detail = Bilingual(
        "需求 {number} 应转经纪人，本区域没有可接手的：{refused} 位不能接手（满额、请假或企业已独家委托他人）",
        "{number} should go to a broker, and the zone has none: {refused} cannot take it (full, away, or another one is mandated)",
    )
    advice = Bilingual(
        "看 suggestRoute 的 refused，或用 handNeed 指定接手人",
        "See refused in suggestRoute, or name somebody with handNeed",
    )
