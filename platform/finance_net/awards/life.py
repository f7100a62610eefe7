"""The lives of a tranche, a payment, a batch of payments and a clawback, each as one table. Pure."""

from types import MappingProxyType

from backbone.errors import Bilingual
from finance_net.grants.life import Life

TRANCHE = Life(
    "planned",
    MappingProxyType({
        "claim": (("planned",), "claimed"),
        "return": (("claimed",), "planned"),
        "take_back": (("claimed",), "planned"),
        "approve": (("claimed",), "approved"),
        "instruct": (("approved", "paying"), "paying"),
        "fall_back": (("paying", "paid", "cancelled"), "approved"),
        "pay": (("approved", "paying"), "paid"),
        "cancel": (("planned", "claimed", "approved"), "cancelled"),
        "end": (("approved", "paying"), "cancelled"),
    }),
    MappingProxyType({
        "planned": Bilingual("未申请", "planned"),
        "claimed": Bilingual("已申请拨付", "claimed"),
        "approved": Bilingual("已批准拨付", "approved"),
        "paying": Bilingual("付款中", "being paid"),
        "paid": Bilingual("已付清", "paid"),
        "cancelled": Bilingual("已取消", "cancelled"),
    }),
)  # fmt: skip
PAYMENT = Life(
    "instructed",
    MappingProxyType({
        "export": (("instructed",), "exported"),
        "withdraw": (("instructed",), "withdrawn"),
        "settle": (("exported", "unknown", "refused"), "settled"),
        "refuse": (("exported", "unknown"), "refused"),
        "doubt": (("exported", "unknown"), "unknown"),
        "return": (("settled",), "returned"),
    }),
    MappingProxyType({
        "instructed": Bilingual("待复核", "instructed"),
        "exported": Bilingual("已送银行", "sent to the bank"),
        "settled": Bilingual("已入账", "settled"),
        "refused": Bilingual("银行退回", "refused by the bank"),
        "unknown": Bilingual("结果不明", "unknown"),
        "returned": Bilingual("已退汇", "returned"),
        "withdrawn": Bilingual("已撤回", "withdrawn"),
    }),
)  # fmt: skip
SETTLED, RETURNED = PAYMENT.after("settle"), PAYMENT.after("return")
ENDED_UNPAID = (PAYMENT.after("refuse"), RETURNED, PAYMENT.after("withdraw"))
"""Payments after which the money may be paid by another; every other one stands in the way of a second."""
LIVE = tuple(state for state in PAYMENT.states if state not in ENDED_UNPAID)
BATCH = Life(
    "proposed",
    MappingProxyType({
        "export": (("proposed",), "exported"),
        "withdraw": (("proposed",), "withdrawn"),
    }),
    MappingProxyType({
        "proposed": Bilingual("待复核", "waiting for the second person"),
        "exported": Bilingual("已送银行", "sent to the bank"),
        "withdrawn": Bilingual("已撤回", "withdrawn"),
    }),
)  # fmt: skip
CLAWBACK = Life(
    "proposed",
    MappingProxyType({
        "approve": (("proposed",), "expected"),
        "decline": (("proposed",), "declined"),
        "receive_part": (("expected", "partly"), "partly"),
        "receive_all": (("expected", "partly"), "recovered"),
        "take_back_part": (("partly", "recovered"), "partly"),
        "take_back_all": (("partly", "recovered"), "expected"),
        "lapse": (("proposed", "expected"), "lapsed"),
    }),
    MappingProxyType({
        "proposed": Bilingual("待批准", "waiting for the second person"),
        "expected": Bilingual("应追回", "expected"),
        "partly": Bilingual("部分追回", "partly recovered"),
        "recovered": Bilingual("已追回", "recovered"),
        "declined": Bilingual("未批准", "declined"),
        "lapsed": Bilingual("因退汇失效", "lapsed: the payment came back"),
    }),
)  # fmt: skip
