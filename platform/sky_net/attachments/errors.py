"""What attachments refuse."""

from backbone.errors import Bilingual, Conflict, StandsOtherwise


class TooManyAttachments(Conflict):
    """The need holds as many as it may."""

    code = "too_many_attachments"
    title = Bilingual("附件数量已达上限", "The need has as many attachments as it may")
    detail = Bilingual("每项需求最多 {most} 个附件", "A need takes at most {most} attachments")
    advice = Bilingual(
        "先移除不需要的附件，或合并为一个文件", "Remove one that is not needed, or merge several"
    )


class AttachmentsSettled(StandsOtherwise):
    """Once the need is confirmed, institutes rely on its attachments: the poster no longer changes them."""

    code = "attachments_settled"
    title = Bilingual("附件已不能由企业增减", "The poster can no longer change the attachments")
    detail = Bilingual(
        "需求当前状态为“{state}”，只有草稿、退回补充、已提交时可以增减附件",
        "The need is “{state}”: its poster changes attachments until it is confirmed",
    )
    advice = Bilingual("请联系运营人员代为增减", "Ask the operator of your zone to do it")
