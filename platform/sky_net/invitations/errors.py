"""What invitations refuse."""

from backbone.errors import Bilingual, Conflict, Forbidden, StandsOtherwise


class AlreadyInvited(Conflict):
    """The institute was invited to the need before; `id` names that invitation."""

    code = "already_invited"
    title = Bilingual("该院所已被邀请", "This institute has been invited already")
    detail = Bilingual(
        "此需求已邀请该院所，邀请编号 {id}", "The institute has been invited to this need: invitation {id}"
    )
    advice = Bilingual("查看该邀请的答复", "See the answer to that invitation")


class NeedNotOpen(StandsOtherwise):
    """The need is not confirmed yet, set aside, decided or gone: institutes are not asked, heard or answered now."""

    code = "need_not_open"
    title = Bilingual("此需求当前不对院所开放", "This need is not open to institutes now")
    detail = Bilingual(
        "需求当前状态为“{state}”，此时不能邀请、对接和提交方案",
        "The need is “{state}”: nobody invites, talks or offers now",
    )
    advice = Bilingual(
        "尚未确认的先由运营人员确认，暂缓、搁置或中止的先恢复；已选定或已了结的不再开放",
        "One that is not confirmed is confirmed first, one that rests is resumed first; one that is decided or closed opens no more",
    )


class TermsNotAccepted(Forbidden):
    """The need asks for confidentiality terms, and not both sides have accepted them for this institute."""

    code = "terms_not_accepted"
    title = Bilingual("保密条款尚未由双方接受", "The confidentiality terms are not accepted by both sides")
    detail = Bilingual(
        "此需求须由企业和院所都接受保密条款，之后院所才能查看脱敏之外的内容",
        "Both the enterprise and the institute accept the terms before anything unmasked of this need is shown",
    )
    advice = Bilingual(
        "先用 showTerms 阅读条款，再用 acceptTerms 接受", "Read them with showTerms, then acceptTerms"
    )


class InvitationNotAccepted(StandsOtherwise):
    """The institute has not said yes: it neither talks on record nor offers before it does."""

    code = "invitation_not_accepted"
    title = Bilingual("尚未接受邀请", "The invitation is not accepted")
    detail = Bilingual("邀请 {id} 当前状态为“{state}”", "Invitation {id} is “{state}”")
    advice = Bilingual("先用 acceptInvitation 接受邀请", "Accept it first with acceptInvitation")
