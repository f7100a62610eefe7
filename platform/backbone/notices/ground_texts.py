"""What notices of contracts, mandates, hand-overs and chains say: what happened, whose turn it is, and where to go on."""

from collections.abc import Mapping

from backbone.errors import Bilingual
from backbone.notices.wording import Wording

GROUND_WORDINGS: Mapping[str, Wording] = {
    "contract_recorded": Wording(
        Bilingual(
            "请核对：合同 {number} 已登记或变更", "Please check: contract {number} was recorded or changed"
        ),
        Bilingual(
            "请用 showContract 核对。与所签文本不符的，请于 {until} 前提出异议（disputeContract）；逾期视为认可。",
            "See showContract. If it is not what was signed, say so by {until} (disputeContract); else it counts as agreed.",
        ),
    ),
    "contract_delivered": Wording(
        Bilingual("请验收：合同 {number} 已交付", "Please accept: contract {number} was delivered"),
        Bilingual(
            "逐项验收里程碑（acceptMilestone），全部完成后验收（acceptDelivery）；有争议的请联系本区运营。",
            "Accept each milestone (acceptMilestone), then the whole (acceptDelivery); speak to your zone's operator where you do not agree.",
        ),
    ),
    "milestone_accepted": Wording(
        Bilingual("里程碑已验收：合同 {number}", "A milestone was accepted: contract {number}"),
        Bilingual("见 listMilestones。", "See listMilestones."),
    ),
    "contract_accepted": Wording(
        Bilingual("已验收：合同 {number}", "Accepted: contract {number}"),
        Bilingual(
            "付清后办结（closeContract）；到账请登记（recordReceipt）。",
            "Put on record what was paid (recordReceipt), and close it when all is (closeContract).",
        ),
    ),
    "contract_to_settle": Wording(
        Bilingual("请处理异议：合同 {number}", "Please settle: contract {number} is disputed"),
        Bilingual(
            "说明见 showContract；核实后认定其成立或撤销（settleContract）；仅补充协议有误的，见 listSupplements，否定该补充协议"
            "（strikeSupplement）。",
            "See showContract for what is said; find out and let it stand or cancel it (settleContract). Where a supplement alone is wrong, "
            "see listSupplements and strike that (strikeSupplement).",
        ),
    ),
    "contract_disputed": Wording(
        Bilingual("合同 {number} 有异议", "Contract {number} is disputed"),
        Bilingual(
            "说明见 showContract；由本区运营处理，结果另行通知，在此之前不计入政策。",
            "See showContract for what is said; an operator of the zone settles it and you will be told. Until then it counts for no "
            "policy.",
        ),
    ),
    "contract_upheld": Wording(
        Bilingual("异议已处理：合同 {number} 成立", "Settled: contract {number} stands"),
        Bilingual("合同按登记内容有效，继续履行。", "It stands as it is on record and goes on."),
    ),
    "contract_cancelled": Wording(
        Bilingual("异议已处理：合同 {number} 撤销", "Settled: contract {number} is cancelled"),
        Bilingual(
            "登记有误，已撤销；所属需求退回“已选定”，请按所签文本重新登记（signContract）。",
            "It was not signed like this. Its need is back at “selected”: put on record what was signed (signContract).",
        ),
    ),
    "supplement_struck": Wording(
        Bilingual(
            "异议已处理：合同 {number} 的补充协议不成立",
            "Settled: contract {number} stands without its supplement",
        ),
        Bilingual(
            "补充协议视为从未约定，理由见 listSupplements；合同恢复为此前的条款并继续履行，见 showContract。",
            "The supplement was never agreed, see listSupplements for the ground. The contract is back at the terms before it and goes on, "
            "see showContract.",
        ),
    ),
    "contract_terminated": Wording(
        Bilingual("合同 {number} 已解除", "Contract {number} was terminated"),
        Bilingual(
            "所属需求退回“已选定”：双方可就原方案重新签约（signContract），企业也可撤回需求（withdrawNeed）后另行发布。原因见 showContract。",
            "Its need is back at “selected”: the two may sign anew for the same proposal (signContract), or the enterprise "
            "withdraws the need (withdrawNeed) and posts another. See showContract for the reason.",
        ),
    ),
    "mandate_proposed": Wording(
        Bilingual("请答复：“{number}”的经纪委托", "Please answer: a broker's mandate for “{number}”"),
        Bilingual(
            "范围与期限见 listMandates；同意的请确认（confirmMandate），不同意的请终止（endMandate）；确认之前不生效。",
            "See listMandates for its scope and days; confirm it (confirmMandate) or end it (endMandate). Until then it does not count.",
        ),
    ),
    "mandate_confirmed": Wording(
        Bilingual("经纪委托已生效：“{number}”", "Your mandate counts: “{number}”"),
        Bilingual("范围与期限见 listMandates。", "See listMandates for its scope and days."),
    ),
    "mandate_ended": Wording(
        Bilingual("经纪委托已终止：“{number}”", "A mandate has ended: “{number}”"),
        Bilingual("见 listMandates。", "See listMandates."),
    ),
    "handover_offered": Wording(
        Bilingual("请接收：需求 {number}，期限 {due}", "Please take need {number} by {due}"),
        Bilingual(
            "请在 {due} 前接收（acceptHandover）或谢绝（declineHandover）；接收之前由原负责人负责。",
            "Accept (acceptHandover) or decline (declineHandover) by {due}; until then the giver answers for it.",
        ),
    ),
    "handover_accepted": Wording(
        Bilingual("已接收：需求 {number}", "Taken over: need {number}"),
        Bilingual(
            "对方已接收，需求由其负责。", "It was accepted; the other side answers for the need from now on."
        ),
    ),
    "handover_declined": Wording(
        Bilingual("被谢绝：需求 {number} 仍由您负责", "Declined: you still answer for need {number}"),
        Bilingual(
            "原因见 listHandovers，请另行移交或自行办理。",
            "See listHandovers for the reason; hand it to another or see to it.",
        ),
    ),
    "handover_lapsed": Wording(
        Bilingual("逾期未接收：需求 {number} 仍由您负责", "Unanswered: you still answer for need {number}"),
        Bilingual(
            "对方未在 {due} 前答复。请另行移交（handNeed）或自行办理。",
            "Nobody answered by {due}. Hand it to another (handNeed) or see to it yourself.",
        ),
    ),
    "backing_asked": Wording(
        Bilingual("请答复：产业链需求 {number}", "Please answer: the chain's need {number}"),
        Bilingual(
            "链主企业邀请贵企业作为该需求的联合提出方。内容见 listBackingRequests，用 consentToBack 同意或 declineToBack 谢绝。",
            "A master of the chain asks your enterprise to stand behind it. See listBackingRequests; answer by consentToBack or "
            "declineToBack.",
        ),
    ),
    "registration_answered": Wording(
        Bilingual("认定登记有结果：合同 {number}", "The station has answered: contract {number}"),
        Bilingual(
            "结果、原因或须补正的内容见 listRegistrations；退回补正的，补齐后再次申报（fileRegistration）。",
            "See listRegistrations for what it said, the reason or what is missing; what was returned is filed again "
            "(fileRegistration).",
        ),
    ),
}
