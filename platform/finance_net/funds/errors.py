"""What funds refuse."""

from backbone.errors import Bilingual, Conflict
from finance_net.funds.published import MEASURES
from finance_net.ledger.errors import Amounts


class NoCapital(Conflict):
    """Grants are given away: there is no capital to subscribe or to invest."""

    code = "no_capital"
    title = Bilingual("该资金没有资本", "It has no capital")
    detail = Bilingual(
        "“{fund}”不是股权基金，没有认缴、实缴与投资之分",
        "“{fund}” is no equity fund: nothing of it is subscribed, called or invested",
    )
    advice = Bilingual("选择股权基金（listFunds）", "Choose an equity fund (listFunds)")


class CapitalOutOfOrder(Amounts):
    """No more is called than was subscribed, and no more invested than was called."""

    code = "capital_out_of_order"
    title = Bilingual("资本数额矛盾", "The figures contradict each other")
    detail = Bilingual(
        "截至 {as_of_on}，{smaller} {smaller_amount} 元将大于{larger} {larger_amount} 元",
        "As of {as_of_on} what is {smaller} ({smaller_amount} yuan) would be more than what is {larger} ({larger_amount})",
    )
    advice = Bilingual("先登记较大的一项", "Record the larger one first")

    def _told(self) -> dict[str, object]:
        return super()._told() | {name: MEASURES[str(self.data[name])] for name in ("smaller", "larger")}


class NoGrants(Conflict):
    """Pools by category and year are for policy grants."""

    code = "no_grants"
    title = Bilingual("该基金不设政策资金池", "It has no pools of policy grants")
    detail = Bilingual("“{fund}”不是政策资助资金", "“{fund}” is no fund of policy grants")
    advice = Bilingual(
        "选择政策资助资金（listFunds）",
        "Choose a fund of policy grants (listFunds)",
    )
