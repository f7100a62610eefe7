"""What delivery refuses."""

from backbone.errors import Bilingual, Conflict


class MilestonesOpen(Conflict):
    """The whole is accepted once its parts are; `open` names them."""

    code = "milestones_open"
    title = Bilingual("尚有未验收的里程碑", "Milestones are not accepted yet")
    detail = Bilingual("还有 {count} 个里程碑未验收", "{count} milestone(s) are not accepted yet")
    advice = Bilingual("先用 acceptMilestone 逐项验收", "Accept each by acceptMilestone first")


class MilestoneAccepted(Conflict):
    """It was accepted before."""

    code = "milestone_accepted"
    title = Bilingual("该里程碑已验收", "The milestone is accepted")
    detail = Bilingual(
        "里程碑“{title_of}”已于 {accepted_on} 验收", "Milestone {title_of} was accepted on {accepted_on}"
    )
    advice = Bilingual("无需再次验收", "Nothing is left to accept")
