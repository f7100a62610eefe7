"""What rewards refuse."""

from backbone.errors import Bilingual, Conflict


class RewardBelowRule(Conflict):
    """The inventors would be given less of the net income than the rule demands."""

    code = "reward_below_rule"
    title = Bilingual("奖酬低于规定比例", "The inventors' share is below the rule")
    detail = Bilingual(
        "净收入 {net} 元，按不低于 {least_percent}% 至少 {least} 元，现为 {inventors} 元（依据：{source}）",
        "Of {net} yuan net at least {least_percent} % are the inventors': {least} yuan, not {inventors} (by {source})",
    )
    advice = Bilingual("提高 inventors_fen 后重试", "Raise inventors_fen")


class RewardAboveIncome(Conflict):
    """More would be divided than came in."""

    code = "reward_above_income"
    title = Bilingual("奖酬所依据的收入超过到账", "More would be divided than came in")
    detail = Bilingual(
        "到账技术交易额 {received} 元，已分配 {rewarded} 元，本次 {income} 元，至多还可分配 {open} 元",
        "Received of technology: {received} yuan, divided before: {rewarded}; of {income} at most {open} can be",
    )
    advice = Bilingual("先用 recordReceipt 登记到账", "Record the receipt first, by recordReceipt")
