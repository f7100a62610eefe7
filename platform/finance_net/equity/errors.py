"""What deals refuse. Every sentence names the numbers."""

from backbone.errors import Bilingual, Conflict
from finance_net.ledger.errors import Amounts, in_words


class NoEquityFund(Conflict):
    """Deals and committees are of equity funds."""

    code = "no_equity_fund"
    title = Bilingual("不是股权基金", "It is no equity fund")
    detail = Bilingual("“{fund}”是资助资金，不作股权投资", "“{fund}” gives grants and invests in nobody")
    advice = Bilingual("选择股权基金（listFunds）", "Choose an equity fund (listFunds)")


class DiligenceOpen(Conflict):
    """A committee decides on what was looked into."""

    code = "diligence_open"
    title = Bilingual("尽职调查未完成", "The due diligence is not finished")
    detail = Bilingual("{number} 还有 {open} 项未办结：{items}", "{number} has {open} item(s) open: {items}")
    advice = Bilingual("逐项办结，或注明理由豁免", "Settle each, or waive it with a reason")


class ItemSettled(Conflict):
    """An item of the list is settled once."""

    code = "item_settled"
    title = Bilingual("该项已办结", "The item is settled")
    advice = Bilingual("办理结果见 showDeal", "showDeal shows how it was settled")


class MeetingOpen(Conflict):
    """One meeting at a time."""

    code = "meeting_open"
    title = Bilingual("有未结束的会议", "A meeting is still open")
    detail = Bilingual("{number} 第 {ordinal} 次会议尚未结束", "Meeting {ordinal} of {number} is not closed")
    advice = Bilingual("先结束该会议（closeMeeting）", "Close it first (closeMeeting)")


class NotApproved(Conflict):
    """Nothing is agreed without the committee."""

    code = "not_approved"
    title = Bilingual("投委会尚未同意", "The committee has not approved it")
    detail = Bilingual("{number} 没有已通过的投委会决议", "No committee has approved {number}")
    advice = Bilingual(
        "先提请投委会审议（conveneCommittee）",
        "Put it before the committee first (conveneCommittee)",
    )


class ConditionsOpen(Conflict):
    """What the committee asked for comes first."""

    code = "conditions_open"
    title = Bilingual("投委会所附条件未满足", "Conditions of the committee are open")
    detail = Bilingual(
        "{number} 还有 {open} 项条件未满足：{titles}", "{number} has {open} condition(s) open: {titles}"
    )
    advice = Bilingual(
        "逐项登记满足情况（fulfilCondition）", "Record how each is fulfilled (fulfilCondition)"
    )


class ConditionFulfilled(Conflict):
    """A condition is fulfilled once."""

    code = "condition_fulfilled"
    title = Bilingual("该条件已满足", "The condition is fulfilled")
    advice = Bilingual(
        "无需再次登记，见 showDeal",
        "Nothing is left to record, see showDeal",
    )


class AboveApproved(Amounts):
    """No more than the committee approved."""

    code = "above_approved"
    title = Bilingual("超过投委会批准金额", "More than the committee approved")
    detail = Bilingual(
        "投委会批准 {approved} 元，本次 {asked} 元",
        "The committee approved {approved} yuan; {asked} are asked",
    )
    advice = Bilingual(
        "按批准金额或更少签订，或重新提请投委会（conveneCommittee）",
        "Agree on what was approved or less, or put it before the committee anew (conveneCommittee)",
    )


class AgreementPending(Conflict):
    """One agreement waits for its second person."""

    code = "agreement_pending"
    title = Bilingual("协议待批准", "An agreement waits for approval")
    detail = Bilingual(
        "{number} 的协议待另一位基金经理批准（指令 {order_id}）",
        "The agreement of {number} waits for another manager (order {order_id})",
    )
    advice = Bilingual(
        "批准（approveOrder）或不予批准（declineOrder）",
        "Approve it (approveOrder), or decline it (declineOrder)",
    )


class AgreementRefused(Conflict):
    """What was reserved for an agreement that nobody approved is let go first."""

    code = "agreement_refused"
    title = Bilingual("协议未获批准", "The agreement was not approved")
    detail = Bilingual(
        "{number} 的协议未获批准或已撤回，其资金仍在预留（{reservation_id}）",
        "The agreement of {number} was declined or withdrawn; its money is still reserved ({reservation_id})",
    )
    advice = Bilingual(
        "作废该预留（voidHold）后重新签约（agreeDeal）", "Void it (voidHold), then agree anew (agreeDeal)"
    )


class OtherTerms(Amounts):
    """What is committed is what was agreed, not a part of it."""

    code = "other_terms"
    title = Bilingual("与协议金额不符", "Not what was agreed")
    detail = Bilingual(
        "协议金额 {agreed} 元，承付 {asked} 元",
        "The agreement is of {agreed} yuan; {asked} would be committed",
    )
    advice = Bilingual("按协议金额承付", "Commit the very sum of the agreement")


class OutsideDeal(Conflict):
    """Money of an equity fund leaves by a deal that its committee approved, and comes back by its exit."""

    code = "outside_deal"
    title = Bilingual("不属于任何已决策的投资项目", "It belongs to no deal that was decided")
    detail = Bilingual(
        "股权基金的 {kind} 须经投资项目办理", "In an equity fund {kind} is done by a deal alone"
    )
    advice = Bilingual(
        "用 agreeDeal、callCapital、enterDealEntry 办理", "Use agreeDeal, callCapital, enterDealEntry"
    )

    def _told(self) -> dict[str, object]:
        return super()._told() | in_words(self.data)


class OtherFund(Conflict):
    """A deal is paid from its own fund."""

    code = "other_fund"
    title = Bilingual("不是该项目的基金", "It is another fund's envelope")
    advice = Bilingual(
        "填写该项目所属基金的额度（showFund）",
        "Name an envelope of the deal's own fund (showFund)",
    )


class NotSubscribed(Amounts):
    """Nobody has promised the money that would be called."""

    code = "not_subscribed"
    title = Bilingual("认缴资本不足", "Not enough is subscribed")
    detail = Bilingual(
        "认缴 {subscribed} 元，出资请求将达 {called} 元",
        "{subscribed} yuan are subscribed; {called} would be called",
    )
    advice = Bilingual(
        "先登记认缴资本（recordCapital）", "Record the subscribed capital first (recordCapital)"
    )


class WriteDownExceeded(Amounts):
    """Nothing is written down below nothing."""

    code = "write_down_exceeded"
    title = Bilingual("减值超过账面价值", "More than it is carried at")
    detail = Bilingual(
        "账面价值 {carrying} 元，减值 {asked} 元",
        "It is carried at {carrying} yuan; {asked} would be written down",
    )
    advice = Bilingual(
        "减值额不超过账面价值（showDeal）",
        "Write down no more than it is carried at (showDeal)",
    )


class CostExceeded(Amounts):
    """No more is sold than is held."""

    code = "cost_exceeded"
    title = Bilingual("超过持有成本", "More than is held")
    detail = Bilingual(
        "持有成本 {cost} 元，退出部分成本 {asked} 元",
        "What is held cost {cost} yuan; a part of {asked} would be sold",
    )
    advice = Bilingual(
        "退出部分的成本不超过持有成本（showDeal）",
        "Give a cost of no more than what is held cost (showDeal)",
    )


class EntryDecided(Conflict):
    """It was booked or declined."""

    code = "entry_decided"
    title = Bilingual("该记录已处理", "It is decided")
    advice = Bilingual(
        "处理结果见 showDeal；有误的，另行登记（enterDealEntry）",
        "showDeal shows what came of it; where it is wrong, enter another (enterDealEntry)",
    )


class NothingTaken(Conflict):
    """A write-down takes something off, an exit sells something."""

    code = "nothing_taken"
    title = Bilingual("金额须大于零", "It has to be more than nothing")
    detail = Bilingual(
        "减值额与退出部分的成本须大于 0 元", "A write-down, and the cost of what is sold, are above 0 yuan"
    )
    advice = Bilingual("填写大于 0 的金额", "Give a sum above 0")


class ProceedsTooLarge(Amounts):
    """No sum of money is as large."""

    code = "proceeds_too_large"
    title = Bilingual("所得金额过大", "The proceeds are too large")
    detail = Bilingual(
        "已得 {so_far} 元，加上本次 {asked} 元，超出可记录的 {most} 元",
        "{so_far} yuan came so far; with {asked} more it is over the {most} that can be kept",
    )
    advice = Bilingual("核对金额，单位为分", "Check the sum: it is in fen")


class SoldAlready(Amounts):
    """A payment is not taken back when what it bought was sold or written down."""

    code = "sold_already"
    title = Bilingual("已退出或减值，不能冲回付款", "What it bought was sold or written down")
    detail = Bilingual(
        "冲回后实付 {paid} 元，已退出及减值 {gone} 元",
        "{paid} yuan would stay paid, {gone} are sold or written down",
    )
    advice = Bilingual(
        "只能冲回尚未退出、减值的付款",
        "Reverse only a payment of which nothing was sold or written down",
    )


class CapitalCalled(Conflict):
    """What was called is settled first."""

    code = "capital_called"
    title = Bilingual("有未了结的出资请求", "Capital has been called for it")
    detail = Bilingual(
        "{number} 的第 {calls} 次出资请求尚未了结", "Call(s) {calls} of {number} are not settled"
    )
    advice = Bilingual("先作废该拨付批次（voidHold）", "Void its tranche first (voidHold)")
