"""What orders refuse."""

from backbone.errors import Bilingual, Forbidden, IdempotencyConflict
from finance_net.ledger.errors import in_words


class OrderIdReused(IdempotencyConflict):
    """The id came with another order before."""

    code = "order_id_reused"
    title = Bilingual("该编号已用于另一指令", "This id belongs to another order")
    detail = Bilingual(
        "编号 {id} 已用于另一指令（{action}）", "The id {id} is that of another order ({action})"
    )
    advice = Bilingual("新的请求请换一个编号", "Give a new request an id of its own")

    def _told(self) -> dict[str, object]:
        return super()._told() | in_words(self.data)


class ProposerGone(Forbidden):
    """Who asked for it is no fund manager any more: there are no two people behind it."""

    code = "proposer_gone"
    detail = title = Bilingual("提出人已不是基金经理", "Who asked for it is no fund manager any more")
    advice = Bilingual(
        "不予批准，由现任基金经理重新提出", "Decline it, and have a present fund manager ask anew"
    )
