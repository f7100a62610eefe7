"""What notices of a need's life say: what happened, whose turn it is, until when, and where to go on."""

from collections.abc import Mapping

from backbone.errors import Bilingual
from backbone.notices.wording import Wording

NEED_WORDINGS: Mapping[str, Wording] = {
    "need_submitted": Wording(
        Bilingual("请确认：需求 {number} 已提交", "Please confirm: need {number} was submitted"),
        Bilingual(
            "请在确认时限内（showClocks）予以确认（confirmNeed）、退回补充（returnNeed）或不予受理（rejectNeed）。",
            "Confirm it (confirmNeed), return it for what is missing (returnNeed) or reject it (rejectNeed) before its first deadline "
            "(showClocks).",
        ),
    ),
    "need_returned": Wording(
        Bilingual("请补充：需求 {number} 被退回", "Please complete: need {number} was returned"),
        Bilingual(
            "缺项与说明见 showNeed；修改（amendNeed）后重新提交（submitNeed）。三段时限暂停至重新提交。",
            "See showNeed for what is missing; amend it (amendNeed) and submit it again (submitNeed). Its three clocks wait for that.",
        ),
    ),
    "need_confirmed": Wording(
        Bilingual("已确认：需求 {number}", "Confirmed: need {number}"),
        Bilingual(
            "平台已受理，正在匹配并邀请院所；负责人与三段时限见 showNeed、showClocks。",
            "The platform has taken it on and looks for institutes. See showNeed and showClocks for who answers for it and by when.",
        ),
    ),
    "need_rejected": Wording(
        Bilingual("不予受理：需求 {number}", "Rejected: need {number}"),
        Bilingual(
            "原因与说明见 showNeed；改正后可另行发布（draftNeed）。",
            "See showNeed for the reason; put it right and post another (draftNeed).",
        ),
    ),
    "need_selected": Wording(
        Bilingual("已选定方案：需求 {number}", "A proposal was chosen: need {number}"),
        Bilingual(
            "请协助双方签约；合同由任一方登记（signContract）。",
            "Help the two to sign; either side puts the contract on record (signContract).",
        ),
    ),
    "need_withdrawn": Wording(
        Bilingual("已撤回：需求 {number}", "Withdrawn: need {number}"),
        Bilingual("无需再办理，各方时限已终止。", "Nothing is left to do; everybody's clocks have ended."),
    ),
    "need_expired": Wording(
        Bilingual("已过有效期：需求 {number}", "Past its validity: need {number}"),
        Bilingual(
            "需求已关闭，各方时限已终止；仍有需要的，由企业另行发布（draftNeed）。",
            "It is closed and everybody's clocks have ended; the enterprise posts another where it is still wanted (draftNeed).",
        ),
    ),
    "contact_person_named": Wording(
        Bilingual("联系人已更换：需求 {number}", "Another contact person: need {number}"),
        Bilingual(
            "请按 showNeed 所示与新的联系人联系；办理状态与时限不变。",
            "See showNeed for whom to ask from now on; its state and its clocks are as they were.",
        ),
    ),
    "need_parked": Wording(
        Bilingual("列为长期难题：需求 {number}", "Parked as a long-term problem: need {number}"),
        Bilingual(
            "目前不再办理，时限暂停；恢复时另行通知。",
            "Nobody works on it for now and its clocks wait; you will be told when it goes on.",
        ),
    ),
    "need_resumed": Wording(
        Bilingual("恢复办理：需求 {number}", "Taken up again: need {number}"),
        Bilingual("按剩余时限继续（showClocks）。", "It goes on at its remaining time (showClocks)."),
    ),
    "need_concluded": Wording(
        Bilingual("无解结论：需求 {number}", "Concluded without a solution: need {number}"),
        Bilingual(
            "原因与建议见 listFindings；条件变化后可另行发布（draftNeed）。",
            "See listFindings for why and for what would help; post it again once that has changed (draftNeed).",
        ),
    ),
    "finding_drafted": Wording(
        Bilingual(
            "请审签无解结论：需求 {number}",
            "Please sign: need {number} is to be concluded without a solution",
        ),
        Bilingual(
            "见 showFinding；属实的请签署（signFinding），起草人不能签署。",
            "See showFinding and sign it where it is true (signFinding); who wrote it does not.",
        ),
    ),
    "need_set_aside": Wording(
        Bilingual(
            "已搁置：{number} 长时间未获企业答复", "Set aside: {number}, the enterprise did not answer"
        ),
        Bilingual(
            "企业答复后按剩余时限继续办理。",
            "It goes on at its remaining time as soon as the enterprise answers.",
        ),
    ),
    "nothing_suits": Wording(
        Bilingual(
            "请经纪人接手：目录中没有适合 {number} 的成果",
            "For a broker: the catalogue has no answer to {number}",
        ),
        Bilingual(
            "请在目录之外寻找；三段响应时限照常计算。",
            "Please look beyond the catalogue; the three response deadlines stand.",
        ),
    ),
    "invitation_made": Wording(
        Bilingual("请答复：贵单位获邀对接需求 {number}", "Please answer: you are invited to need {number}"),
        Bilingual(
            "内容见 showNeed，答复时限见 listOwnInvitations；请接受（acceptInvitation）或谢绝（declineInvitation）。",
            "See showNeed, and listOwnInvitations for your deadline; accept it (acceptInvitation) or decline it (declineInvitation).",
        ),
    ),
    "invitation_accepted": Wording(
        Bilingual("院所已接受邀请：需求 {number}", "An institute accepted: need {number}"),
        Bilingual(
            "见 listInvitations。请安排对接，并登记（recordContact）。",
            "See listInvitations. Bring the two together and put the talk on record (recordContact).",
        ),
    ),
    "invitation_declined": Wording(
        Bilingual("院所已谢绝邀请：需求 {number}", "An institute declined: need {number}"),
        Bilingual(
            "原因见 listInvitations；可另邀其他院所（browseMatches、inviteInstitute）。",
            "See listInvitations for its reason, and invite another (browseMatches, inviteInstitute).",
        ),
    ),
    "terms_accepted": Wording(
        Bilingual("对方已接受保密条款：需求 {number}", "The other side accepted the terms: need {number}"),
        Bilingual(
            "双方均接受（acceptTerms）后，院所方可查看全部内容；见 listTermsAcceptances。",
            "The institute reads all of it once both have accepted (acceptTerms); see listTermsAcceptances.",
        ),
    ),
    "contact_recorded": Wording(
        Bilingual(
            "请核对：需求 {number} 登记了一次对接", "Please check: a talk about need {number} is on record"
        ),
        Bilingual(
            "见 listContacts。属实的请确认（agreeContact）；没有这次对接的，请于 {due} 前提出异议（disputeContact），逾期视为认可。",
            "See listContacts. Agree to it (agreeContact), or say by {due} that it did not take place (disputeContact); silence agrees.",
        ),
    ),
    "contact_disputed": Wording(
        Bilingual("企业否认对接：需求 {number}", "The enterprise disputes a talk: need {number}"),
        Bilingual(
            "说明见 listContacts；该次对接兑现的时限已重新起算。",
            "See listContacts for what it says; the clock that the talk had answered runs again.",
        ),
    ),
    "question_asked": Wording(
        Bilingual("请答复：需求 {number} 有新的提问", "Please answer: a question about need {number}"),
        Bilingual(
            "见 listQuestions，用 answerQuestion 答复。", "See listQuestions; answer it by answerQuestion."
        ),
    ),
    "question_answered": Wording(
        Bilingual("提问已答复：需求 {number}", "Answered: your question about need {number}"),
        Bilingual("见 listQuestions。", "See listQuestions."),
    ),
    "question_shared": Wording(
        Bilingual("新的公开答疑：需求 {number}", "Shared with all who were invited: need {number}"),
        Bilingual("问答全文见 listQuestions。", "See listQuestions for the question and its answer."),
    ),
    "message_sent": Wording(
        Bilingual("新留言：需求 {number}", "New message: need {number}"),
        Bilingual(
            "见 listMessages；同一对话每天只通知一次。",
            "See listMessages; of one thread you are told once a day.",
        ),
    ),
    "proposal_released": Wording(
        Bilingual("收到方案：需求 {number}", "A proposal is there: need {number}"),
        Bilingual(
            "见 listProposals、compareProposals。请选定（acceptProposal）或谢绝（declineProposal）；不构成答复的，请于 {due} 前提出异议"
            "（disputeProposal）。",
            "See listProposals and compareProposals. Choose it (acceptProposal) or decline it (declineProposal); if it is no answer at "
            "all, say so by {due} (disputeProposal).",
        ),
    ),
    "proposal_withdrawn": Wording(
        Bilingual("院所已撤回方案：需求 {number}", "A proposal was withdrawn: need {number}"),
        Bilingual("其余方案见 listProposals。", "See listProposals for what is left."),
    ),
    "proposal_accepted": Wording(
        Bilingual("方案获选：需求 {number}", "Your proposal was chosen: need {number}"),
        Bilingual(
            "请与企业签约；合同由任一方登记（signContract）。",
            "Sign with the enterprise; either side puts the contract on record (signContract).",
        ),
    ),
    "proposal_declined": Wording(
        Bilingual("方案未被采纳：需求 {number}", "Your proposal was declined: need {number}"),
        Bilingual(
            "原因见 showProposal；需求仍在征集的，可修改后另行提交（draftProposal）。",
            "See showProposal for the reason; while the need is open you may offer another (draftProposal).",
        ),
    ),
    "proposal_passed_over": Wording(
        Bilingual("企业已选定其他方案：需求 {number}", "Another proposal was chosen: need {number}"),
        Bilingual("见 showProposal。感谢参与。", "See showProposal. Thank you for offering."),
    ),
    "proposal_disputed": Wording(
        Bilingual(
            "请裁定：需求 {number} 的方案有异议", "Please rule: a proposal for need {number} is disputed"
        ),
        Bilingual(
            "见 listDisputes；由本区运营（需求责任人除外）裁定（ruleOnDispute）。",
            "See listDisputes; an operator of the zone other than the need's owner rules on it (ruleOnDispute).",
        ),
    ),
    "dispute_opened": Wording(
        Bilingual("企业对方案提出异议：需求 {number}", "The enterprise disputes a proposal: need {number}"),
        Bilingual(
            "由本区运营裁定，结果另行通知；说明见 listDisputes。",
            "An operator of the zone rules on it and you will be told; see listDisputes for what it says.",
        ),
    ),
    "dispute_upheld": Wording(
        Bilingual(
            "异议成立：需求 {number} 的方案不作为答复", "Upheld: a proposal for need {number} is no answer"
        ),
        Bilingual(
            "裁定见 listDisputes；该方案兑现的时限已重新起算。",
            "See listDisputes for the ruling; the clock that the proposal had answered runs again.",
        ),
    ),
    "dispute_dismissed": Wording(
        Bilingual("异议不成立：需求 {number} 的方案有效", "Dismissed: the proposal for need {number} stands"),
        Bilingual("裁定见 listDisputes。", "See listDisputes for the ruling."),
    ),
}
