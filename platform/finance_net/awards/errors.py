"""What awards refuse."""

from collections.abc import Iterable, Mapping
from typing import Any

from backbone.errors import Bilingual, Conflict, Forbidden, Invalid
from finance_net.ledger.errors import Amounts

MOST_TOLD = 200


class PlanOff(Amounts):
    """The tranches of an award add up to it."""

    code = "plan_off"
    title = Bilingual("分期之和不等于立项金额", "The tranches do not add up to the award")
    detail = Bilingual(
        "立项 {number} 为 {award} 元，各期合计 {planned} 元",
        "The award {number} is {award} yuan, its tranches come to {planned}",
    )
    advice = Bilingual(
        "调整各期金额后重新提交", "Correct the amounts of the tranches and send the plan again"
    )


class PlanSettled(Conflict):
    """A plan is replaced while nobody has claimed, proved or been paid anything of it."""

    code = "plan_settled"
    title = Bilingual("分期已开始执行，不能改计划", "The plan is being carried out and cannot be replaced")
    detail = Bilingual(
        "立项 {number} 的第 {ordinals} 期已申请、已交材料或已结束",
        "Of the award {number} something was claimed, proved or ended: tranches {ordinals}",
    )
    advice = Bilingual(
        "退回申请、由上传者撤回材料（withdrawEvidence）后再改，或按原计划执行",
        "Return the claims and have the documents withdrawn (withdrawEvidence) first, or carry the plan out as it is",
    )


class TrancheConditionsOpen(Conflict):
    """A tranche is claimed and approved once its conditions are met; `open` lists those that are not."""

    code = "tranche_conditions_open"
    title = Bilingual("拨付条件尚未满足", "Conditions of the tranche are open")
    detail = Bilingual(
        "第 {ordinal} 期还有 {count} 项条件未满足：{what}",
        "The tranche {ordinal} has {count} open conditions: {what}",
    )
    advice = Bilingual(
        "上传对应材料（attachEvidence），或完成合同登记、里程碑验收",
        "Attach what proves it (attachEvidence), or have the contract registered or the milestone accepted",
    )


class BeingPaid(Conflict):
    """An award is closed once nothing of it is on its way."""

    code = "award_being_paid"
    title = Bilingual("尚有批次在付款途中", "Something of the award is being paid")
    detail = Bilingual(
        "立项 {number} 的第 {ordinals} 期在付款中",
        "Tranches {ordinals} of the award {number} are being paid",
    )
    advice = Bilingual(
        "撤回尚未送银行的批次（decideBatch），或待银行结果后再结束",
        "Withdraw the batch that did not leave yet (decideBatch), or close it when the bank has answered",
    )


class AwardClosed(Conflict):
    """Nothing more happens to a closed award but what was paid of it."""

    code = "award_closed"
    title = Bilingual("立项已结束", "The award is closed")
    detail = Bilingual("立项 {number} 已于 {closed_at} 结束", "The award {number} was closed at {closed_at}")
    advice = Bilingual(
        "已付与追回见 showAward；其余不再办理",
        "showAward shows what was paid and asked back; nothing else is done with it",
    )


class AccountMissing(Conflict):
    """Nobody is paid without a bank account."""

    code = "bank_account_missing"
    title = Bilingual("缺少收款账户", "A bank account is missing")
    detail = Bilingual("{count} 家单位没有收款账户：{names}", "These {count} have no bank account: {names}")
    advice = Bilingual("请单位成员执行 enterBankAccount", "Have a member enter one (enterBankAccount)")


class AccountCameBack(Conflict):
    """Nobody is paid again to an account from which the money came back, before somebody has looked at it."""

    code = "bank_account_came_back"
    title = Bilingual("收款账户曾被退汇", "Money came back from this account")
    detail = Bilingual(
        "{count} 家单位的收款账户曾被退汇，其后未再登记，或批次提出在先：{names}",
        "Of these {count} the account that would be paid to is one from which a payment came back: {names}",
    )
    advice = Bilingual(
        "请单位成员核对后重新登记（enterBankAccount），账户无误的照原样再登记一次；已提出的批次先撤回（decideBatch），再重新提出",
        "Have a member check it and enter it anew (enterBankAccount), as it was if nothing of it is wrong; a batch that was ordered before"
        " is withdrawn (decideBatch) and ordered again",
    )


class NothingToPay(Conflict):
    """Of these tranches everything is paid or on its way."""

    code = "nothing_to_pay"
    title = Bilingual("没有可付的款项", "There is nothing to pay")
    detail = Bilingual(
        "所选 {count} 期中没有已批准而未付的：{stand}",
        "Of the {count} tranches none is approved and unpaid: {stand}",
    )
    advice = Bilingual(
        "先批准拨付申请（decideTranche）；在途的待银行结果",
        "Approve their claims first (decideTranche); what is on its way waits for the bank",
    )


class SecondPerson(Conflict):
    """Who did the first half does not do the second."""

    code = "another_manager_needed"
    title = Bilingual("须由另一位基金经理办理", "Another fund manager has to do this")
    detail = Bilingual(
        "第一步由您本人办理，第二步不能再由您办理",
        "You did the first half of it: somebody else does the second",
    )
    advice = Bilingual("请另一位基金经理登录后办理", "Have another fund manager log in and do it")


class PeopleGone(Forbidden):
    """Two present fund managers stand behind every booking."""

    code = "people_gone"
    title = Bilingual("经办人已不是基金经理", "Those who ordered it are no fund managers any more")
    detail = Bilingual(
        "入账须有两位现任基金经理：原经办的两位中现任的加上您，不足两位",
        "A booking takes two present fund managers: there are fewer among the two who ordered it and you",
    )
    advice = Bilingual(
        "由另一位现任基金经理办理此步；付款或追回的两位经办人都已离任的，由一位经理导入对账单，另一位指明该付款或追回（resolveDifference）",
        "Have another present fund manager do this step; of a payment or clawback whose two have both left, one manager imports the"
        " statement and another places it (resolveDifference)",
    )


class LinesRefused(Invalid):
    """A bank's file is taken as a whole or not at all: `errors` says line by line what is wrong."""

    code = "lines_refused"
    title = Bilingual(
        "文件中有不能接受的行，整份文件未导入", "Lines of the file are refused: nothing of it was taken"
    )
    detail = Bilingual(
        "共 {count} 处问题，见 errors；没有写入任何内容", "{count} problems, see errors; nothing was written"
    )
    advice = Bilingual(
        "与银行核对这些行，改正后重新导入整份文件",
        "Check these lines with the bank and import the whole file again",
    )

    def __init__(self, problems: Iterable[Mapping[str, Any]]) -> None:
        found = list(problems)
        super().__init__([dict(each) for each in found[:MOST_TOLD]])
        self.data["count"] = len(found)


class PeriodCovered(Conflict):
    """Each day of a fund's account is reconciled once."""

    code = "period_covered"
    title = Bilingual("该期间已对账", "This period was reconciled already")
    detail = Bilingual(
        "{since} 至 {until} 与已导入的对账单（{known_since} 至 {known_until}）重叠",
        "{since} to {until} overlaps with a statement that was taken ({known_since} to {known_until})",
    )
    advice = Bilingual(
        "导入尚未对账的日期；误导入的（statement_id），先由另一位基金经理撤回（withdrawStatement）",
        "Import days that were not reconciled yet; one that was imported by mistake (statement_id) is withdrawn by another manager first"
        " (withdrawStatement)",
    )


class NotPaid(Conflict):
    """What is asked back was paid, and did not come back by itself."""

    code = "not_paid"
    title = Bilingual("该笔款项未付出，或已退汇", "This payment was not made, or it came back")
    detail = Bilingual("付款 {reference} 当前为“{stands}”", "The payment {reference} is {stands}")
    advice = Bilingual(
        "待银行回盘“已入账”后再提出；已退汇的，款项已全额退回，无须追回",
        "Propose it once the bank's answer says that it was settled; of a payment that came back nothing is left to ask for",
    )


class MoreThanPaid(Amounts):
    """Of a payment no more is asked back, in all, than was paid."""

    code = "more_than_paid"
    title = Bilingual("追回金额超过已付", "More would be asked back than was paid")
    detail = Bilingual(
        "付款 {reference} 已付 {paid} 元，已列追回 {claimed} 元，本次 {asked} 元",
        "Of the payment {reference} {paid} yuan were paid, {claimed} are asked back already; {asked} are asked now",
    )
    advice = Bilingual(
        "减少金额，或先不批准待决的追回（decideClawback）",
        "Ask for less, or first decline a clawback that waits for its decision (decideClawback)",
    )


class MoreThanExpected(Amounts):
    """No more is booked of a clawback than is still expected."""

    code = "more_than_expected"
    title = Bilingual("到账超过应追回余额", "More than is expected")
    detail = Bilingual(
        "追回 {number} 尚余 {left} 元，本次 {asked} 元",
        "Of {number} {left} yuan are expected; {asked} are booked",
    )
    advice = Bilingual("多出的部分另行退回或另立追回", "Return what is too much, or propose another clawback")


class BankRefKnown(Conflict):
    """A bank's reference is that of one movement."""

    code = "bank_ref_known"
    title = Bilingual("银行流水号已登记", "This bank reference is known already")
    detail = Bilingual(
        "流水号 {bank_ref} 已用于另一笔", "The reference {bank_ref} is that of another movement"
    )
    advice = Bilingual("核对回单上的流水号", "Check the reference on the bank's slip")


class ReportedAlready(Conflict):
    """An effect is reported once for each date; a mistake is corrected by the next."""

    code = "effect_reported"
    title = Bilingual("该期成效已报告", "This effect was reported")
    detail = Bilingual("已于 {reported_at} 报告", "It was reported at {reported_at}")
    advice = Bilingual(
        "有误的，在下一期报告中更正；没有下一期的，请告知基金经理",
        "Correct a mistake in the next report; where there is none, tell the fund's managers",
    )
