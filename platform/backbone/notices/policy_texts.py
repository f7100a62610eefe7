"""What notices of policies and of the facts that they rest on say: what one may apply for, what waits for whom."""

from collections.abc import Mapping

from backbone.errors import Bilingual
from backbone.notices.wording import Wording

POLICY_WORDINGS: Mapping[str, Wording] = {
    "policy_open": Wording(
        Bilingual("可申请：{number} {policy}", "You may apply: {number} {policy}"),
        Bilingual(
            "按平台所掌握的信息，贵企业符合条件。申请截止：{until}。材料与依据见“可享政策”（checkPolicies）。",
            "By what the platform knows the enterprise qualifies. Apply by: {until}. Documents and grounds: checkPolicies.",
        ),
    ),
    "policy_nearly": Wording(
        Bilingual("还缺信息：{number} {policy}", "Nearly there: {number} {policy}"),
        Bilingual(
            "补充以下信息即可判断：{missing}。申请截止：{until}。",
            "These facts would decide it: {missing}. Apply by: {until}.",
        ),
    ),
    "policy_closing": Wording(
        Bilingual("即将截止：{number} {policy}", "Closing soon: {number} {policy}"),
        Bilingual("贵企业符合条件。申请截止：{until}。", "The enterprise qualifies. Apply by: {until}."),
    ),
    "policy_lost": Wording(
        Bilingual("不再符合：{number} {policy}", "No longer: {number} {policy}"),
        Bilingual(
            "按平台现在掌握的信息，贵企业不再符合条件。依据见“可享政策”（checkPolicies）；信息有误请更正。",
            "By what the platform knows now the enterprise qualifies no more. Grounds: checkPolicies; correct what is wrong.",
        ),
    ),
    "policy_to_review": Wording(
        Bilingual("请复核：{number} 第 {ordinal} 版", "Please review: {number}, version {ordinal}"),
        Bilingual(
            "见 showPolicyVersion；由上传人以外的政策专员复核（reviewPolicy）。",
            "See showPolicyVersion; an officer other than who uploaded it reviews it (reviewPolicy).",
        ),
    ),
    "policy_returned": Wording(
        Bilingual("复核未通过：{number} 第 {ordinal} 版", "Returned: {number}, version {ordinal}"),
        Bilingual(
            "意见见 showPolicyVersion；修改后重新上传（uploadPolicy）。",
            "See showPolicyVersion for the note; upload it anew once it is right (uploadPolicy).",
        ),
    ),
    "policy_to_publish": Wording(
        Bilingual(
            "复核通过：{number} 第 {ordinal} 版可以发布", "Fit to be published: {number}, version {ordinal}"
        ),
        Bilingual("发布用 publishPolicy。", "Publish it by publishPolicy."),
    ),
    "original_to_sign": Wording(
        Bilingual(
            "请核实签署：{number} 第 {ordinal} 版的原文",
            "Please sign: the original of {number}, version {ordinal}",
        ),
        Bilingual(
            "对照原文（listOriginals、downloadOriginal），一致的请签署（verifyPolicy）；附件人不能签署。",
            "Compare it with the text (listOriginals, downloadOriginal) and sign that it says the same (verifyPolicy); who attached it "
            "does not.",
        ),
    ),
    "fact_to_settle": Wording(
        Bilingual("请裁定：{number}的“{why}”有异议", "Please settle: “{why}” of {number} is disputed"),
        Bilingual(
            "说明见 listPolicyFacts；核实后裁定（settlePolicyFact）。",
            "See listPolicyFacts for what is said; find out and settle it (settlePolicyFact).",
        ),
    ),
    "fact_disputed": Wording(
        Bilingual("{number}的“{why}”有异议", "“{why}” of {number} is disputed"),
        Bilingual(
            "裁定之前不计入政策判断。说明见 listPolicyFacts；可附证明（attachPolicyEvidence）。",
            "Until it is settled it counts for no policy. See listPolicyFacts for what is said, and prove it (attachPolicyEvidence).",
        ),
    ),
    "fact_settled": Wording(
        Bilingual("异议已裁定：{number}的“{why}”", "Settled: “{why}” of {number}"),
        Bilingual("现值见 listPolicyFacts。", "See listPolicyFacts for what stands."),
    ),
}
