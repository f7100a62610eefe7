"""What notices of awards say: whose turn it is, with the amount in yuan and where to go on."""

from collections.abc import Mapping

from backbone.errors import Bilingual
from backbone.notices.wording import Wording

AWARD_WORDINGS: Mapping[str, Wording] = {
    "tranche_due": Wording(
        Bilingual(
            "到拨付日：{number} 第 {ordinal} 期 {amount} 元",
            "Due: {number}, tranche {ordinal} of {amount} yuan",
        ),
        Bilingual(
            "拨付日 {on}，目前“{stands}”。未申请的请受益单位申请（claimTranche）；已申请的请审核（decideTranche），已批准的请付款"
            "（instructPayments）。",
            "It is due {on} and stands at “{stands}”. A beneficiary claims what is planned (claimTranche); a manager decides a claim "
            "(decideTranche) and orders what is approved (instructPayments).",
        ),
    ),
    "claim_made": Wording(
        Bilingual(
            "请审核拨付申请：{number} 第 {ordinal} 期 {amount} 元",
            "Please decide: {number}, tranche {ordinal} of {amount} yuan was claimed",
        ),
        Bilingual(
            "材料见 showAward；批准或退回用 decideTranche。",
            "See showAward for what proves it; approve or return it (decideTranche).",
        ),
    ),
    "claim_approved": Wording(
        Bilingual(
            "拨付申请获批：{number} 第 {ordinal} 期 {amount} 元",
            "Approved: {number}, tranche {ordinal} of {amount} yuan",
        ),
        Bilingual(
            "付款结果另行通知。尚未登记收款账户的请登记（enterBankAccount）。",
            "You will be told what the bank says. Whoever has given no account yet does so now (enterBankAccount).",
        ),
    ),
    "claim_returned": Wording(
        Bilingual(
            "拨付申请被退回：{number} 第 {ordinal} 期 {amount} 元",
            "Returned: {number}, tranche {ordinal} of {amount} yuan",
        ),
        Bilingual(
            "原因见该期的 note（showAward）；补正后重新申请（claimTranche）。",
            "The reason is the note of the tranche (showAward); put it right and claim it again (claimTranche).",
        ),
    ),
    "payment_settled": Wording(
        Bilingual("已到账：{number} {amount} 元", "Paid: {number}, {amount} yuan"),
        Bilingual(
            "付款 {reference}，到账日期 {on}。见 listPayments。",
            "Payment {reference}, settled on {on}. See listPayments.",
        ),
    ),
    "payment_refused": Wording(
        Bilingual(
            "银行退回：{number} {amount} 元未付成",
            "Refused by the bank: {number}, {amount} yuan were not paid",
        ),
        Bilingual(
            "付款 {reference} 被退回。请受益单位核对收款账户（showBankAccount、enterBankAccount），再由基金经理另行付款"
            "（instructPayments）。",
            "Payment {reference} was refused. The beneficiary checks its account (showBankAccount, enterBankAccount), then a manager "
            "orders another payment (instructPayments).",
        ),
    ),
    "payment_unknown": Wording(
        Bilingual("结果不明：{number} {amount} 元", "Nobody knows yet: {number}, {amount} yuan"),
        Bilingual(
            "银行对付款 {reference} 尚无结论，在此之前不会重付；有结果后另行通知。",
            "The bank cannot say what became of payment {reference}; it is not paid again before, and you will be told.",
        ),
    ),
    "payment_returned": Wording(
        Bilingual("已退汇：{number} {amount} 元", "Sent back by the bank: {number}, {amount} yuan"),
        Bilingual(
            "付款 {reference} 入账后被银行退回，退汇日期 {on}。款项仍为该期预留：请收款单位重新登记收款账户（enterBankAccount），再由基金经理另行付款"
            "（instructPayments）。对该笔提出而未到账的追回随之失效；立项已结束的，重新打开。",
            "Payment {reference} was settled and came back on {on}. Its money stays set aside: whoever was to be paid enters an account "
            "anew (enterBankAccount), then a manager orders another payment (instructPayments). What was asked back of it and did not come "
            "has lapsed, and an award that was closed is open again.",
        ),
    ),
    "account_entered": Wording(
        Bilingual(
            "收款账户已登记：{number} 未付成的 {amount} 元可再付",
            "Account entered: {number}, {amount} yuan that failed can be paid again",
        ),
        Bilingual(
            "收款单位登记了新的收款账户（showBankAccount）；此前被退回或退汇的款项可另行付款（instructPayments）。",
            "Whoever is paid has entered an account (showBankAccount): what was refused or came back can be ordered again (instructPayments).",
        ),
    ),
    "clawback_asked": Wording(
        Bilingual(
            "追回：{number} 应退回 {amount} 元，期限 {on}", "To be paid back: {number}, {amount} yuan by {on}"
        ),
        Bilingual(
            "付款 {reference}，追回 {clawback}，原因：{why}。详情见 listClawbacks。",
            "Payment {reference}, clawback {clawback}, because: {why}. See listClawbacks.",
        ),
    ),
    "effect_due": Wording(
        Bilingual("请报告成效：{number}，期限 {on}", "Please report the effect of {number} by {on}"),
        Bilingual(
            "首笔到账后满 {months} 个月。用 listEffects 查看，用 reportEffect 报告收入、合同额或就业。",
            "{months} months after its first payment. See listEffects; report revenue, contracts or jobs (reportEffect).",
        ),
    ),
    "effect_late": Wording(
        Bilingual(
            "成效报告逾期：{number}，应于 {on} 前报告",
            "Overdue: the effect of {number} was to be reported by {on}",
        ),
        Bilingual(
            "首笔到账后满 {months} 个月的成效尚未报告。请受益单位尽快报告（reportEffect）。",
            "What it led to {months} months after its first payment was not reported. The beneficiary does so now (reportEffect).",
        ),
    ),
}
FACTS = ("amount", "ordinal", "reference", "clawback", "months", "on")
"""Of a payload: said as they are; amounts come in yuan, as people read them."""
WORDS = ("stands", "why")
"""Of a payload: {zh, en}."""
