"""What notices of equity deals and of hand-overs to banks say: whose turn it is, with the amount in yuan and where to go on."""

from collections.abc import Mapping

from backbone.errors import Bilingual
from backbone.notices.wording import Wording

EQUITY_WORDINGS: Mapping[str, Wording] = {
    "committee_set": Wording(
        Bilingual("请确认：“{number}”的投委会", "Please confirm: the committee of “{number}”"),
        Bilingual(
            "另一位基金经理登记了成员与规则。请用 showCommittee 核对 waiting，无误后确认（confirmCommittee）；确认之前不生效。",
            "Another manager has entered its members and rules. See waiting in showCommittee and confirm it (confirmCommittee); until "
            "then it does not count.",
        ),
    ),
    "committee_joined": Wording(
        Bilingual("您是“{number}”投委会成员", "You sit in the committee of “{number}”"),
        Bilingual(
            "可查看该基金的投资项目（listDeals）；提请审议时另行通知。与企业有关联的须回避。",
            "You read the fund's deals (listDeals) and are told when one is put before you. Recuse yourself where you have a conflict.",
        ),
    ),
    "committee_convened": Wording(
        Bilingual(
            "请表决：{number} 第 {ordinal} 次会议",
            "Please vote: {number}, meeting {ordinal}",
        ),
        Bilingual(
            "会议日期 {on}。请表决（castVote，会议编号为本通知的 subject_id）；有利益冲突的以 recused 登记回避。",
            "It is held on {on}. Vote (castVote; the meeting is this notice's subject_id), or recuse yourself (recused) where you have a "
            "conflict.",
        ),
    ),
    "committee_closed": Wording(
        Bilingual(
            "投委会决议：{number} 第 {ordinal} 次会议{stands}", "Decided: {number}, meeting {ordinal}: {stands}"
        ),
        Bilingual("纪要见 showMinutes，所附条件见 showDeal。", "See showMinutes, and showDeal for its conditions."),
    ),
    "deal_order_waits": Wording(
        Bilingual("请复核：{number} {amount} 元", "For a second person: {number}, {amount} yuan"),
        Bilingual(
            "{why}待另一位基金经理批准（approveOrder）或不予批准（declineOrder）；指令编号为本通知的 subject_id。",
            "Approve {why} (approveOrder) or decline it (declineOrder); the order is this notice's subject_id.",
        ),
    ),
    "deal_entry_waits": Wording(
        Bilingual("请复核：{number} {why} {amount} 元", "For a second person: {number}, {why} of {amount} yuan"),
        Bilingual(
            "请批准或不予批准（decideDealEntry）；记录编号为本通知的 subject_id。",
            "Book or decline it (decideDealEntry); the entry is this notice's subject_id.",
        ),
    ),
    "deal_entry_decided": Wording(
        Bilingual("{number} {why} {amount} 元：{stands}", "{number}, {why} of {amount} yuan: {stands}"),
        Bilingual("结果与说明见 showDeal。", "See showDeal for what it came to."),
    ),
    "call_due": Wording(
        Bilingual(
            "出资将到期：{number} 第 {ordinal} 次 {amount} 元", "Due soon: {number}, call {ordinal} of {amount} yuan"
        ),
        Bilingual(
            "期限 {on}。请批准付款（approveOrder），或作废该批次（voidHold）。",
            "It is due {on}. Approve its payment (approveOrder), or void its tranche (voidHold).",
        ),
    ),
    "call_late": Wording(
        Bilingual(
            "出资逾期：{number} 第 {ordinal} 次 {amount} 元", "Overdue: {number}, call {ordinal} of {amount} yuan"
        ),
        Bilingual(
            "期限 {on} 已过，尚未付款。请批准付款（approveOrder），或作废该批次（voidHold）。",
            "It was due {on} and is not paid. Approve its payment (approveOrder), or void its tranche (voidHold).",
        ),
    ),
}  # fmt: skip
CREDIT_WORDINGS: Mapping[str, Wording] = {
    "credit_asked": Wording(
        Bilingual("请办理银行对接：{number} {why}", "For a bank: {number}, {why}"),
        Bilingual(
            "企业已同意将其情况交给银行。请交一家银行并定答复期限（handOverCredit）。",
            "The enterprise consents. Hand it to a bank with a time for its answer (handOverCredit).",
        ),
    ),
    "credit_handed": Wording(
        Bilingual("已交银行：{number} {why}", "With a bank: {number}, {why}"),
        Bilingual(
            "银行应在 {due} 前答复；哪家银行见 listCreditHandovers。答复之前可撤回同意（withdrawCredit）。",
            "It answers by {due}; listCreditHandovers says which one. Until it does you may withdraw your consent (withdrawCredit).",
        ),
    ),
    "credit_answered": Wording(
        Bilingual("{number} {why}：{stands}", "{number}, {why}: {stands}"),
        Bilingual("银行的说明见 listCreditHandovers。", "See listCreditHandovers for what the bank said."),
    ),
    "credit_withdrawn": Wording(
        Bilingual("企业撤回同意：{number} {why}", "Consent withdrawn: {number}, {why}"),
        Bilingual(
            "已交银行的，请通知该银行停止办理。", "Where a bank has it already, please tell the bank to stop."
        ),
    ),
    "credit_due": Wording(
        Bilingual("银行答复将到期：{number} {why}", "A bank's answer is due: {number}, {why}"),
        Bilingual(
            "期限 {due}。请催办，并及时登记答复（answerCredit）。",
            "Due {due}. Please remind the bank, and record its answer in time (answerCredit).",
        ),
    ),
    "credit_lapsed": Wording(
        Bilingual("银行逾期未答复：{number} {why}", "No answer in time: {number}, {why}"),
        Bilingual(
            "期限 {due} 已过。基金经理可再交同一家或另一家银行（handOverCredit），企业可撤回（withdrawCredit）。",
            "It was due {due}. A manager hands it to the same bank or another (handOverCredit); the enterprise may withdraw it "
            "(withdrawCredit).",
        ),
    ),
}
