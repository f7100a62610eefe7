"""What findings refuse."""

from backbone.errors import Bilingual, Conflict


class FindingExists(Conflict):
    """A need has one finding; `id` names it."""

    code = "finding_exists"
    title = Bilingual("已有无解结论", "There is a finding already")
    detail = Bilingual("本需求已有结论 {id}", "This need has finding {id}")
    advice = Bilingual("用 amendFinding 修改", "Amend it by amendFinding")


class FindingSigned(Conflict):
    """A signed finding is what the enterprise relies on: it is not changed."""

    code = "finding_signed"
    title = Bilingual("结论已签署，不能修改", "The finding is signed and past amending")
    advice = Bilingual(
        "有新情况的，另写一份结论（draftFinding）",
        "Where something is new, draft another finding (draftFinding)",
    )
