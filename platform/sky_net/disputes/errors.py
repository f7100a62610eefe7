"""What disputes refuse."""

from backbone.errors import Bilingual, Conflict, Forbidden


class TooLateToDispute(Conflict):
    """The days in which a proposal can be disputed are over; `until` says since when."""

    code = "too_late_to_dispute"
    title = Bilingual("已过异议期限", "The time to object is over")
    detail = Bilingual("该方案可提出异议至 {until}", "This proposal could be disputed until {until}")
    advice = Bilingual(
        "可用 declineProposal 谢绝，或联系运营人员",
        "Decline it instead (declineProposal), or ask the operator of your zone",
    )


class DisputedAlready(Conflict):
    """One dispute for one proposal; `id` names it."""

    code = "disputed_already"
    title = Bilingual("已提出异议", "There is a dispute already")
    detail = Bilingual("对该方案的异议 {id} 已登记", "This proposal is disputed by {id}")
    advice = Bilingual(
        "无需重复提出，进展见 listDisputes",
        "Nothing is to be done: listDisputes shows how it stands",
    )


class RuledAlready(Conflict):
    """A ruling is not made twice."""

    code = "ruled_already"
    title = Bilingual("异议已裁定", "The dispute is decided")
    advice = Bilingual("裁定结果见 listDisputes", "listDisputes shows the ruling")


class NeedsSecondPerson(Forbidden):
    """The owner of the need has an interest in its clock, and does not decide about it."""

    code = "needs_second_person"
    title = Bilingual("须由第二人裁定", "A second person decides")
    detail = Bilingual("需求责任人不能裁定本需求的异议", "The owner of the need does not decide its disputes")
    advice = Bilingual(
        "请本区其他运营人员或其他省级督办裁定", "Ask another operator of the zone, or another supervisor"
    )
