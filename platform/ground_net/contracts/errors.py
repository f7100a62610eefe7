"""What contracts refuse."""

from backbone.errors import Bilingual, Conflict, StandsOtherwise


class ContractExists(Conflict):
    """The proposal has its contract; `id` and `number` name it."""

    code = "contract_exists"
    title = Bilingual("该方案已签订合同", "The proposal has its contract")
    detail = Bilingual("该方案已签订合同 {number}", "Contract {number} was signed for this proposal")
    advice = Bilingual(
        "变更用 amendContract；登记有误用 disputeContract；已解除的先用 terminateContract 登记，再重新签约",
        "amendContract changes it; disputeContract says that it is wrong; one that has ended is put on record as ended "
        "(terminateContract) before the next is signed",
    )


class ContractDisputed(Conflict):
    """A party says that it was not signed like this: until that is settled nothing is added to it."""

    code = "contract_disputed"
    title = Bilingual("合同存在异议", "The contract is in dispute")
    detail = Bilingual(
        "合同 {number} 自 {disputed_at} 起存在异议",
        "Contract {number} has been in dispute since {disputed_at}",
    )
    advice = Bilingual(
        "请运营人员用 settleContract 裁定后重试", "The operator settles it by settleContract; then try again"
    )


class ContractUndisputed(Conflict):
    """Nobody disputes it."""

    code = "contract_undisputed"
    title = Bilingual("合同没有异议", "The contract is not in dispute")
    detail = Bilingual("合同 {number} 没有待裁定的异议", "Nobody disputes contract {number}")
    advice = Bilingual("无需裁定", "Nothing is left to settle")


class ContractAgreed(Conflict):
    """The party has confirmed it, or all have, or let the days for saying otherwise pass, or it was registered."""

    code = "contract_agreed"
    title = Bilingual("合同已经各方认可", "The contract is agreed")
    detail = Bilingual(
        "合同 {number} 已经确认、登记，或已过异议期（{until}）",
        "Contract {number} was confirmed or registered, or the time for disputes is over ({until})",
    )
    advice = Bilingual(
        "变更用 amendContract，解除用 terminateContract",
        "amendContract changes it, terminateContract ends it",
    )


class SameSide(Conflict):
    """Who put it on record cannot confirm it: that takes another party."""

    code = "contract_same_side"
    title = Bilingual("须由另一方确认", "The other side has to confirm it")
    detail = Bilingual(
        "合同由{recorded_by}登记，须由另一方确认",
        "The contract was recorded by the {recorded_by}: another side confirms it",
    )
    advice = Bilingual(
        "请另一方确认；异议期满无异议即视为认可",
        "Ask the other side; without a dispute in time it counts as agreed",
    )


class ContractFiled(StandsOtherwise):
    """What was filed or registered is not changed below the registrar's hands."""

    code = "contract_filed"
    title = Bilingual("合同已申报登记，不能变更", "The contract was filed: it is not changed")
    detail = Bilingual(
        "合同登记状态为“{state}”，不能变更 {fields}",
        "Its registration is “{state}”: {fields} cannot be changed",
    )
    advice = Bilingual(
        "请登记机构退回补正（returnRegistration）后重试",
        "Have the registrar return it for correction (returnRegistration), then try again",
    )


class AmountBelowReceipts(Conflict):
    """More was received than the changed contract would hold."""

    code = "amount_below_receipts"
    title = Bilingual("变更后的金额低于已到账金额", "More was received than the changed contract holds")
    detail = Bilingual(
        "已到账 {received} 元（其中技术交易额 {received_technology} 元），变更后合同 {amount} 元（技术交易额 {technology} 元）",
        "Received: {received} yuan ({received_technology} of technology); the contract would hold {amount} yuan "
        "({technology} of technology)",
    )
    advice = Bilingual("到账有误的先用 reverseReceipt 冲正", "Reverse wrong receipts first by reverseReceipt")


class ContractUnpaid(Conflict):
    """It is closed although money is outstanding: that takes a word."""

    code = "contract_unpaid"
    title = Bilingual("合同款尚未付清", "The contract is not paid in full")
    detail = Bilingual(
        "合同成交额 {amount} 元，已到账 {received} 元，尚欠 {open} 元",
        "Of {amount} yuan {received} were received: {open} are outstanding",
    )
    advice = Bilingual(
        "登记到账，或在 message 中说明为何办结",
        "Record the receipts, or say in message why it is closed all the same",
    )
