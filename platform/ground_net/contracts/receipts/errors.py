"""What receipts refuse."""

from backbone.errors import Bilingual, Conflict


class ReceiptAboveContract(Conflict):
    """More would have been received than the contract, or the part of it that this money pays for, holds."""

    code = "receipt_above_contract"
    title = Bilingual("到账超过合同金额", "More would have been received than the contract holds")
    detail = Bilingual(
        "{part} {contract} 元，已到账 {received} 元，本次 {wanted} 元，至多还可登记 {open} 元",
        "{part}: {contract} yuan, {received} were received; of these {wanted} at most {open} can be recorded",
    )
    advice = Bilingual(
        "核对金额；已变更合同的先用 amendContract，登记有误的先用 reverseReceipt 冲正",
        "Check the amount; change the contract by amendContract first, or reverse a wrong receipt by reverseReceipt",
    )


class ReceiptOnRecord(Conflict):
    """The voucher was recorded before; `id` names the receipt."""

    code = "receipt_on_record"
    title = Bilingual("该回单已登记", "This voucher is on record")
    detail = Bilingual("回单 {voucher} 已登记为到账 {id}", "Voucher {voucher} is on record as receipt {id}")
    advice = Bilingual(
        "同一笔款只登记一次；有误的用 reverseReceipt 冲正",
        "A payment is recorded once; reverseReceipt corrects it",
    )


class ReceiptReversed(Conflict):
    """It was reversed before, or is a reversal itself."""

    code = "receipt_reversed"
    title = Bilingual("该到账已冲正", "The receipt is reversed")
    detail = Bilingual("到账 {id} 已冲正，或本身是冲正", "Receipt {id} was reversed before, or is a reversal")
    advice = Bilingual("需要时重新登记到账", "Record the receipt anew if there is one")


class ReceiptRewarded(Conflict):
    """Inventors were given their share of this money."""

    code = "receipt_rewarded"
    title = Bilingual("该到账已用于奖酬", "Inventors were rewarded out of this money")
    detail = Bilingual(
        "已奖酬的收入 {rewarded} 元，冲正后到账技术交易额仅 {received} 元",
        "Income of {rewarded} yuan was rewarded; {received} yuan of technology would be left",
    )
    advice = Bilingual("先登记正确的到账，再冲正", "Record the right receipt first, then reverse this one")
