"""What striking a supplement refuses."""

from backbone.errors import Bilingual, Conflict


class SupplementAgreed(Conflict):
    """What is disputed is not this one: it was confirmed by all, or its days were over before the dispute."""

    code = "supplement_agreed"
    title = Bilingual("补充协议已经各方认可", "The supplement is agreed")
    detail = Bilingual(
        "合同 {number} 的这份补充协议在异议提出（{disputed_at}）前已经各方确认，或已过其异议期",
        "This supplement of contract {number} was confirmed, or its time for disputes was over, before the dispute of {disputed_at}",
    )
    advice = Bilingual(
        "可否定其后尚未认可的补充协议，见 listSupplements；异议针对整份合同的，用 settleContract 裁定",
        "Strike one that was recorded after it (see listSupplements), or settle the whole contract by settleContract",
    )


class SupplementRewarded(Conflict):
    """Inventors were paid out of income that the contract would not hold without the supplement: nothing takes that back."""

    code = "supplement_rewarded"
    title = Bilingual(
        "已按补充协议的金额发放奖酬", "Inventors were rewarded out of what the supplement added"
    )
    detail = Bilingual(
        "已分配的收入 {rewarded} 元，高于补充协议之前的技术交易额 {technology} 元",
        "Income of {rewarded} yuan was divided; without the supplement the contract holds {technology} yuan of technology",
    )
    advice = Bilingual(
        "奖酬不能收回：请用 settleContract 裁定合同按现有登记成立或撤销",
        "Rewards are not taken back: let the contract stand as it is, or cancel it, by settleContract",
    )
