"""What brokers and mandates refuse."""

from backbone.errors import Bilingual, Conflict


class BrokerEntered(Conflict):
    """The account has a profile already."""

    code = "broker_entered"
    title = Bilingual("该账号已有经纪人档案", "There is a profile already")
    detail = Bilingual("经纪人档案 {broker_id} 属于该账号", "The profile {broker_id} is this account's")
    advice = Bilingual("用 amendBroker 修改", "Amend it with amendBroker")


class MandateExcluded(Conflict):
    """An exclusive mandate of the organisation stands in the way, on days that both include."""

    code = "mandate_excluded"
    title = Bilingual("与独家委托冲突", "An exclusive mandate stands in the way")
    detail = Bilingual(
        "{from_on} 至 {until_on} 已有另一经纪人的委托，两者之一为独家",
        "Another broker is mandated from {from_on} to {until_on}, and one of the two is exclusive",
    )
    advice = Bilingual(
        "先用 endMandate 结束原委托，或改为非独家、错开时间",
        "End that mandate first (endMandate), or make this one not exclusive, or on other days",
    )


class MandateOver(Conflict):
    """The mandate was ended, and is history."""

    code = "mandate_over"
    title = Bilingual("委托已结束", "The mandate is over")
    detail = Bilingual("委托已于 {ended_at} 结束", "The mandate was ended at {ended_at}")
    advice = Bilingual("如需继续，请重新委托", "Give a new one")
