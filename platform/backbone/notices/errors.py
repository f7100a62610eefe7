"""What notices and webhooks refuse."""

from backbone.errors import Bilingual, Conflict


class NotDead(Conflict):
    """Only a delivery that was given up can be tried again by hand; the others are tried by themselves."""

    code = "delivery_not_dead"
    title = Bilingual("该投递未进入死信", "The delivery is not a dead letter")
    detail = Bilingual("该投递会自动重试，或已送达", "It is tried by itself, or has arrived")
    advice = Bilingual(
        "无需处理：可稍后再看投递状态",
        "Nothing is to be done: look at its state again later",
    )
