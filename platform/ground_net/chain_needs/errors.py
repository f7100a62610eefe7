"""What a chain's needs refuse."""

from backbone.errors import Bilingual, Conflict, StandsOtherwise


class NotOfAChain(Conflict):
    """Nobody stands behind a need that no chain raised."""

    code = "not_of_a_chain"
    title = Bilingual("不是产业链提出的需求", "No chain raised this need")
    detail = Bilingual("需求 {number} 不是由产业链提出的", "The need {number} was not raised by a chain")
    advice = Bilingual(
        "由链主或运营用 raiseChainNeed 提出", "Its master or an operator raises one with raiseChainNeed"
    )


class NeedOver(StandsOtherwise):
    """The need is closed: nobody is asked about it any more, and nobody answers."""

    code = "chain_need_over"
    title = Bilingual("需求已办结", "The need is over")
    detail = Bilingual("需求 {number} 当前状态为“{state}”", "The need {number} is “{state}”")
    advice = Bilingual("请查看该产业链的其他需求", "Look at the chain's other needs")
