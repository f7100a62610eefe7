"""What can happen to an application, in the words that people read. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from backbone.errors import Bilingual


class StepKind(StrEnum):
    """The kinds of step of a case."""

    APPLICATION = "application"
    RECEIPT = "receipt"
    REVIEWS = "reviews"
    CERTIFICATE = "certificate"
    ANNOUNCEMENT = "announcement"
    OBJECTION = "objection"
    AWARD = "award"
    PAYMENT = "payment"
    RETURN = "return"
    CLAWBACK = "clawback"
    RECOVERY_WITHDRAWN = "recovery_withdrawn"
    CANCELLED = "cancelled"
    EFFECT = "effect"


TITLES: Mapping[StepKind, Bilingual] = MappingProxyType({
    StepKind.APPLICATION: Bilingual("提交申报", "application submitted"),
    StepKind.RECEIPT: Bilingual("资格凭据", "eligibility receipt"),
    StepKind.REVIEWS: Bilingual("评审得分", "score of the reviews"),
    StepKind.CERTIFICATE: Bilingual("遴选证书", "selection certificate"),
    StepKind.ANNOUNCEMENT: Bilingual("公示", "announced"),
    StepKind.OBJECTION: Bilingual("异议处理", "objection settled"),
    StepKind.AWARD: Bilingual("立项决定", "awarded"),
    StepKind.PAYMENT: Bilingual("付款到账", "paid"),
    StepKind.RETURN: Bilingual("付款退汇", "payment came back"),
    StepKind.CLAWBACK: Bilingual("追回到账", "recovered"),
    StepKind.RECOVERY_WITHDRAWN: Bilingual("追回到账撤销", "a recovery taken back"),
    StepKind.CANCELLED: Bilingual("立项终止，未付部分取消", "award closed, what was not paid cancelled"),
    StepKind.EFFECT: Bilingual("成效", "effect"),
})  # fmt: skip
OF_MONEY: tuple[StepKind, ...] = (
    StepKind.AWARD, StepKind.PAYMENT, StepKind.RETURN, StepKind.CLAWBACK, StepKind.RECOVERY_WITHDRAWN, StepKind.CANCELLED,
)  # fmt: skip
"""The kinds that the public summary adds up; each has an amount."""
