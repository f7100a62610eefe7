"""What leads refuse, and what to do about it."""

from collections.abc import Sequence

from backbone.errors import Bilingual, Conflict, Invalid, StateConflict

LACKING = Bilingual("转为需求前必填：{label}", "Needed before it becomes a need: {label}")
PHONE_WITHOUT_CONSENT = Bilingual(
    "没有“保存联系方式”的同意，不能保存个人信息（{what}）：请先记录同意，或删去",
    "Without consent to keeping the contact nothing personal ({what}) is stored: record the consent first, or leave it out",
)


class LeadAlreadyClaimed(Conflict):
    """Somebody else was quicker; the lead is theirs from `since` on."""

    code = "lead_already_claimed"
    title = Bilingual("线索已被他人认领", "Somebody else has claimed this lead")
    detail = Bilingual("{number} 已于 {since} 由 {owner} 认领", "{number} was claimed by {owner} at {since}")
    advice = Bilingual(
        "请与认领人联系；需要改派时由该区域的运营人员用 claimLead（for_id）办理",
        "Speak to whoever claimed it; an operator of the zone gives it to another (claimLead with for_id)",
    )


class ClientIdTaken(Conflict):
    """The form's own id came back with other content: the lead recorded first stands."""

    code = "client_id_taken"
    title = Bilingual(
        "这条离线记录已登记过，内容不同", "This offline record was recorded before with other content"
    )
    detail = Bilingual(
        "客户端编号 {client_id} 已登记为 {number}，先登记的内容保留",
        "The client id {client_id} was recorded as {number}; what was recorded first stands",
    )
    advice = Bilingual(
        "修改请用 amendLead；确为另一条记录时换一个新的客户端编号",
        "Change it with amendLead; for another record take a fresh client id",
    )


class LeadIncomplete(Invalid):
    """Something is missing that a need must have when it is submitted; `missing` names the fields."""

    code = "lead_incomplete"
    title = Bilingual("线索还不能转为需求", "The lead cannot become a need yet")
    detail = Bilingual("还缺 {count} 项，见 errors", "{count} thing(s) are missing, see errors")
    advice = Bilingual(
        "用 nextQuestions 看该问什么，用 answerInterview 或 amendLead 补齐后再转",
        "nextQuestions says what to ask; answer with answerInterview or amendLead, then promote it",
    )

    def __init__(self, missing: Sequence[tuple[str, Bilingual]]) -> None:
        problems = [{"field": field, "problem": LACKING.format(label=label)} for field, label in missing]
        super().__init__(problems, missing=[field for field, _ in missing])


class NoConsent(Conflict):
    """Nobody of the enterprise agreed that its need is passed on."""

    code = "no_consent"
    title = Bilingual("企业没有同意提交平台", "The enterprise has not agreed to be passed on")
    detail = Bilingual(
        "{number} 没有记录“提交平台”的同意，不能转为需求",
        "{number} has no consent to passing it on, so it cannot become a need",
    )
    advice = Bilingual(
        "取得同意后用 amendLead 记录；企业不同意时用 closeLead 关闭（no_consent）",
        "Record the consent with amendLead; where they refuse, close it with closeLead (no_consent)",
    )


class EnterpriseNotRegistered(Conflict):
    """A need belongs to an enterprise of the directory, and this one is not there yet."""

    code = "enterprise_not_registered"
    title = Bilingual("企业尚未登记", "The enterprise is not registered yet")
    detail = Bilingual(
        "“{enterprise}”不在企业名录中，线索已保存，不受影响",
        "“{enterprise}” is not in the directory; the lead is kept and loses nothing",
    )
    advice = Bilingual(
        "请该区域运营人员用 registerEnterprise 登记，再用 amendLead 填写统一社会信用代码（credit_code）或 enterprise_id，然后转为需求",
        "Have an operator of its region register it (registerEnterprise), then give its credit_code or enterprise_id with "
        "amendLead, and promote the lead",
    )


class LeadSettled(StateConflict):
    """The lead has been promoted or closed: its note stays as it was."""

    code = "lead_settled"
    title = Bilingual("线索已办结", "The lead is settled")
    advice = Bilingual(
        "已转为需求的请修改需求（amendNeed）；又有新情况时另行登记（recordVisit）",
        "Amend the need it became (amendNeed); record anew what is new (recordVisit)",
    )


class EventKnown(Conflict):
    """The node has this event already; `id` names it."""

    code = "event_known"
    title = Bilingual("这场活动已登记", "This event is recorded already")
    detail = Bilingual(
        "{number} 同日同名，未重复登记",
        "{number} has the same title on the same day: it is not recorded twice",
    )
    advice = Bilingual("请直接使用该活动的编号", "Use that one's id")
