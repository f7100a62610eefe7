"""What notices of grants say: what became of an application, whose turn it is, and where to go on."""

from collections.abc import Mapping

from backbone.errors import Bilingual
from backbone.notices.wording import Wording

GRANT_WORDINGS: Mapping[str, Wording] = {
    "application_submitted": Wording(
        Bilingual("请审查：申报 {number} 已提交", "Please check: application {number} was submitted"),
        Bilingual(
            "材料见 showApplication；形式审查通过用 admitApplication，不通过用 rejectApplication。",
            "See showApplication; admit it (admitApplication) or reject it with its reason (rejectApplication).",
        ),
    ),
    "application_to_confirm": Wording(
        Bilingual(
            "请确认：贵单位是申报 {number} 的用户单位",
            "Please confirm: you are the user in application {number}",
        ),
        Bilingual(
            "内容与份额见 showApplication；同意的请确认（confirmApplication），确认之前不予受理。",
            "See showApplication for what is asked and your share; confirm it (confirmApplication), or it is not admitted.",
        ),
    ),
    "application_confirmed": Wording(
        Bilingual("用户单位已确认：申报 {number}", "The user has confirmed: application {number}"),
        Bilingual("可以进行形式审查，见 showApplication。", "It can be checked now; see showApplication."),
    ),
    "application_admitted": Wording(
        Bilingual("形式审查通过：申报 {number}", "Admitted: application {number}"),
        Bilingual("进入评审，结果另行通知。", "It goes to review and you will be told what comes of it."),
    ),
    "application_rejected": Wording(
        Bilingual("形式审查未通过：申报 {number}", "Not admitted: application {number}"),
        Bilingual(
            "原因见 showApplication；申报截止前可另行申报（draftApplication）。",
            "See showApplication for the reason; until the round closes you may apply anew (draftApplication).",
        ),
    ),
    "application_excluded": Wording(
        Bilingual("受理后排除：申报 {number}", "Excluded after it was admitted: application {number}"),
        Bilingual(
            "原因见 showApplication；有异议的，请联系基金管理机构。",
            "See showApplication for the reason; if you disagree, turn to the fund's managers.",
        ),
    ),
    "review_assigned": Wording(
        Bilingual("请评审：批次 {number} 的一项申报", "Please review: an application of round {number}"),
        Bilingual(
            "任务见 listReviews。请评分（submitReview）；有利益冲突的请回避（declareConflict）。",
            "See listReviews. Give your points (submitReview), or step back where you have a conflict (declareConflict).",
        ),
    ),
    "review_conflicted": Wording(
        Bilingual("评审人已回避：申报 {number}", "A reviewer stepped back: application {number}"),
        Bilingual("请另请一位（assignReviewer）。", "Ask another (assignReviewer)."),
    ),
    "grant_announced": Wording(
        Bilingual("公示中：申报 {number} 拟立项", "Announced: application {number} is to be funded"),
        Bilingual(
            "公示至 {due}（showAnnouncement），其间任何人可提出异议；期满无异议的另行决定。",
            "Until {due} (showAnnouncement) anybody may object; it is decided when that is over and nothing stands against it.",
        ),
    ),
    "grant_objected": Wording(
        Bilingual("请处理异议：申报 {number}", "Please rule: somebody objects to application {number}"),
        Bilingual(
            "见 listObjections；异议处理完毕（ruleOnObjection）之前不能决定。",
            "See listObjections; nothing is decided before every objection is ruled on (ruleOnObjection).",
        ),
    ),
    "grant_excluded": Wording(
        Bilingual("异议成立：申报 {number} 不予立项", "Upheld: application {number} is not funded"),
        Bilingual("见 showApplication。", "See showApplication."),
    ),
    "objection_upheld": Wording(
        Bilingual("您对申报 {number} 的异议成立", "Your objection to application {number} was upheld"),
        Bilingual("答复见 showObjection。", "See showObjection for the ruling."),
    ),
    "objection_rejected": Wording(
        Bilingual("您对申报 {number} 的异议不成立", "Your objection to application {number} was rejected"),
        Bilingual("理由见 showObjection。", "See showObjection for the reasons."),
    ),
    "grant_awarded": Wording(
        Bilingual("已立项：申报 {number}", "Funded: application {number}"),
        Bilingual(
            "金额与拨付计划见 showApplication、listAwards；请登记收款账户（enterBankAccount）。",
            "See showApplication and listAwards for the amount and its tranches; say where to pay it (enterBankAccount).",
        ),
    ),
    "grant_passed_over": Wording(
        Bilingual("未入选：申报 {number}", "Not funded: application {number}"),
        Bilingual("原因见 explainSelection。", "See explainSelection for why."),
    ),
    "grant_round_cancelled": Wording(
        Bilingual("批次已取消：申报 {number}", "The round was called off: application {number}"),
        Bilingual(
            "申报不再办理；另有批次时可再申报。", "Nothing more comes of it; apply again in another round."
        ),
    ),
}
