"""What the ledger refuses. Every sentence names the numbers, in yuan; the data carries them in fen."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual, Conflict, Forbidden, IdempotencyConflict, Invalid
from finance_net.ledger.levels import WORDS as LEVEL_WORDS

DOINGS: Mapping[str, Bilingual] = MappingProxyType({
    "reserve": Bilingual("预留", "reservation"),
    "commit": Bilingual("承付", "commitment"),
    "approve_tranche": Bilingual("核准拨付批次", "approval of a tranche"),
    "pay": Bilingual("付款", "payment"),
    "void": Bilingual("作废", "voiding"),
    "expire": Bilingual("到期释放", "expiry"),
    "recover": Bilingual("收回", "recovery"),
    "reverse": Bilingual("冲正", "reversal"),
    "reverse_payment": Bilingual("冲回付款", "reversal of a payment"),
    "reverse_recovery": Bilingual("冲回收回", "reversal of a recovery"),
    "change_limit": Bilingual("调整限额", "change of a limit"),
    "raise_limit": Bilingual("提高限额", "rise of a limit"),
    "lower_limit": Bilingual("降低限额", "cut of a limit"),
    "adjust": Bilingual("调剂额度", "adjustment"),
    "write_down": Bilingual("减值", "write-down"),
    "exit": Bilingual("退出", "exit"),
    "committee": Bilingual("投委会名单", "list of a committee"),
})  # fmt: skip
"""What is done to money, as a sentence says it."""


def in_words(data: Mapping[str, object]) -> dict[str, object]:
    """What is done, of a refusal's data (`kind` or `action`), as a sentence says it."""
    return {name: DOINGS.get(str(data[name]), data[name]) for name in ("kind", "action") if name in data}


class Amounts(Conflict):
    """A conflict about money."""

    code = "amounts"
    title = Bilingual("与账面数额不符", "The amounts do not allow it")


class BadAmount(Invalid):
    """An amount that is no whole, positive number of fen within 64 bits."""

    code = "bad_amount"
    title = Bilingual("金额不合规", "The amount is not one")
    detail = Bilingual(
        "金额 {amount} 应为 1 至 {most} 之间的整数（分）",
        "The amount {amount} must be a whole number of fen from 1 to {most}",
    )


class EnvelopeExceeded(Amounts):
    """An envelope on the way up has less left than is asked; `envelope_id` names the one that has least."""

    code = "envelope_exceeded"
    title = Bilingual("超出额度", "The envelope does not hold as much")
    detail = Bilingual(
        "“{envelope}”限额 {limit} 元，可用 {available} 元，本次需要 {asked} 元，差 {short} 元",
        "“{envelope}” has {available} yuan left of its limit of {limit}; {asked} are asked, {short} too many",
    )
    advice = Bilingual(
        "减少金额，或先调整该额度（changeLimit、adjustEnvelope）",
        "Ask for less, or have the limit changed first (changeLimit, adjustEnvelope)",
    )


class LimitBelowUse(EnvelopeExceeded):
    """A limit cannot be lowered below what is used already."""

    code = "limit_below_use"
    title = Bilingual("限额低于已占用", "The limit would be below what is used")
    detail = Bilingual(
        "“{envelope}”已占用 {used} 元，限额不能低于此数（拟定 {wanted} 元）",
        "“{envelope}” has {used} yuan in use; its limit cannot become {wanted}",
    )
    advice = Bilingual(
        "先作废或收回占用，或提高拟定限额", "Void or recover what is used first, or ask for a higher limit"
    )


class PartsExceedWhole(Amounts):
    """The limits of the parts of a partitioned envelope stay within its own, together."""

    code = "parts_exceed_whole"
    title = Bilingual("分项之和超过总额", "The parts would exceed the whole")
    detail = Bilingual(
        "“{envelope}”限额 {limit} 元，各分项限额之和将达 {parts} 元",
        "“{envelope}” has a limit of {limit} yuan; its parts would come to {parts}",
    )
    advice = Bilingual("先提高总额，或降低其他分项", "Raise the whole first, or lower other parts")


class BookedToParts(Conflict):
    """A partitioned envelope holds what its parts hold, and nothing of its own."""

    code = "booked_to_parts"
    title = Bilingual("须记入分项", "Money is booked to the parts")
    detail = Bilingual(
        "“{envelope}”按分项管理，不能直接记账",
        "“{envelope}” is partitioned: nothing is booked to it directly",
    )
    advice = Bilingual("选择其下的分项", "Choose one of its parts")


class NothingToChange(Amounts):
    """The limit is what it shall become."""

    code = "nothing_to_change"
    title = Bilingual("限额没有变化", "The limit stays the same")
    detail = Bilingual(
        "“{envelope}”的限额已是 {limit} 元", "The limit of “{envelope}” is {limit} yuan already"
    )
    advice = Bilingual("无需变更", "Nothing is to be done")


class HoldExceeded(Amounts):
    """More is asked of a hold than is left of it."""

    code = "hold_exceeded"
    title = Bilingual("超出可动用余额", "More than is left of it")
    detail = Bilingual(
        "该{what}余 {open} 元，本次 {asked} 元", "The {what} has {open} yuan left; {asked} are asked"
    )
    advice = Bilingual("金额不超过余额", "Ask for no more than is left")


class HoldClosed(Amounts):
    """Nothing is left of the hold: it was used, voided, expired or recovered."""

    code = "hold_closed"
    title = Bilingual("已无余额", "Nothing is left of it")
    detail = Bilingual(
        "该{what}（{amount} 元）已全部使用、作废、到期或收回",
        "The {what} of {amount} yuan was used, voided, released or recovered",
    )
    advice = Bilingual(
        "尚有余额的款项见 listHolds",
        "listHolds shows of which something is left",
    )


class HoldExpired(Amounts):
    """A reservation counts as released from the moment it expires, whether or not anybody has written it yet."""

    code = "hold_expired"
    title = Bilingual("预留已到期", "The reservation has expired")
    detail = Bilingual(
        "该预留（{open} 元）已于 {expires_at} 到期，视为已释放",
        "The reservation of {open} yuan expired at {expires_at} and counts as released",
    )
    advice = Bilingual("重新预留", "Reserve anew")


class WrongHold(Conflict):
    """The action does not apply to a hold of this bucket."""

    code = "wrong_hold"
    title = Bilingual("该笔款项不能这样处理", "That cannot be done with it")
    detail = Bilingual("该{what}不能{action}", "No {action} of this {what}")
    advice = Bilingual(
        "按 listHolds 所示的阶段办理：预留可承付，承付可核准为拨付批次，拨付批次可付款",
        "listHolds shows how far each is: a reservation is committed, a commitment approved in tranches, a tranche paid",
    )

    def _told(self) -> dict[str, object]:
        return super()._told() | in_words(self.data)


class CrossLedger(Conflict):
    """Funds are ledgers of their own."""

    code = "cross_ledger"
    title = Bilingual("不能跨账本划转", "No transfer leads from one ledger to another")
    detail = Bilingual(
        "“{giver}”属于基金 {giving_fund}，“{receiver}”属于基金 {receiving_fund}，不能划转",
        "“{giver}” belongs to fund {giving_fund}, “{receiver}” to {receiving_fund}",
    )
    advice = Bilingual("各基金分别调整限额", "Change the limits of each fund by itself")


class SameEnvelope(Conflict):
    """Moving a limit to where it is changes nothing."""

    code = "same_envelope"
    title = Bilingual("调出与调入相同", "Both are the same envelope")
    advice = Bilingual("填写两个不同的额度", "Name two envelopes")


class ReversedAlready(Conflict):
    """A transfer is reversed once; `transfer_id` names the reversal."""

    code = "reversed_already"
    title = Bilingual("已冲正", "It was reversed already")
    detail = Bilingual("凭证 {number} 已冲正", "Transfer {number} was reversed already")
    advice = Bilingual(
        "无需再次冲正，见 transfer_id",
        "Nothing is left to reverse: transfer_id is the reversal",
    )


class NotReversible(Conflict):
    """Payments and recoveries are reversed; everything else has a contrary of its own."""

    code = "not_reversible"
    title = Bilingual("该凭证不能冲正", "This transfer is not reversed")
    detail = Bilingual("{kind}不能冲正", "What is not reversed: {kind}")
    advice = Bilingual(
        "预留、承付与拨付批次用 voidHold，限额用 changeLimit", "Use voidHold, or changeLimit for limits"
    )

    def _told(self) -> dict[str, object]:
        return super()._told() | in_words(self.data)


class RecoveredFrom(Amounts):
    """A payment of which something was recovered is not reversed before that is."""

    code = "recovered_from"
    title = Bilingual("该付款已有收回", "Something of the payment was recovered")
    detail = Bilingual(
        "付款 {amount} 元中余 {open} 元未收回，不能整笔冲正",
        "Of the payment of {amount} yuan only {open} are not recovered: it is not reversed as a whole",
    )
    advice = Bilingual("先冲正收回", "Reverse the recovery first")


class TransferIdReused(IdempotencyConflict):
    """The id came with another request before."""

    code = "transfer_id_reused"
    title = Bilingual("该编号已用于另一笔", "This id belongs to another transfer")
    detail = Bilingual(
        "编号 {id} 已用于凭证 {number}（{kind}，{amount} 元）",
        "The id {id} is that of transfer {number} ({kind}, {amount} yuan)",
    )
    advice = Bilingual("新的请求请换一个编号", "Give a new request an id of its own")

    def _told(self) -> dict[str, object]:
        return super()._told() | in_words(self.data)


class SecondPersonNeeded(Forbidden):
    """Who asks for it does not approve it."""

    code = "second_person_needed"
    title = Bilingual("须由第二人批准", "A second person approves")
    detail = Bilingual(
        "{kind}须由提出人以外的基金经理批准",
        "Another fund manager than who asked for it approves this: {kind}",
    )
    advice = Bilingual("请另一位基金经理批准", "Ask another fund manager")

    def _told(self) -> dict[str, object]:
        return super()._told() | in_words(self.data)


class NotYet(Invalid):
    """Money does not move tomorrow."""

    code = "not_yet"


class KeyTaken(Conflict):
    """Keys name funds, and envelopes within one, once."""

    code = "key_taken"
    title = Bilingual("标识已被使用", "The key is taken")
    detail = Bilingual("标识 {key} 已被使用", "The key {key} is taken")
    advice = Bilingual("换一个标识", "Choose another key")


class WrongLevel(Conflict):
    """An envelope lies in one of a level further up."""

    code = "wrong_level"
    title = Bilingual("层级不符", "The level does not fit")
    detail = Bilingual(
        "“{inner}”级不能设在“{outer}”级之下",
        "An envelope of the level “{inner}” does not lie in one of the level “{outer}”",
    )
    advice = Bilingual(
        "层级自上而下：总额 fund、年度 year、类别 category、区域 zone、项目 project",
        "From the top: fund, year, category, zone, project",
    )

    def _told(self) -> dict[str, object]:
        return super()._told() | {name: LEVEL_WORDS[str(self.data[name])] for name in ("inner", "outer")}
