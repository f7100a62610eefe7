"""What applications are refused for."""

from backbone.errors import Bilingual, Conflict
from finance_net.ledger.errors import Amounts


class NotEligible(Conflict):
    """An application rests on a receipt that says yes, of a policy of its category, for its own enterprise."""

    code = "not_eligible"
    title = Bilingual("凭据不支持该申报", "The receipt does not carry the application")
    detail = Bilingual("{why}", "{why}")
    advice = Bilingual(
        "先用 checkPolicies 取得该类别政策的“符合”凭据",
        "Obtain an eligible receipt of a policy of this category with checkPolicies",
    )


class NotYours(Conflict):
    """The need or contract of an application is that of one of its beneficiaries."""

    code = "matter_of_others"
    title = Bilingual("需求或合同与申报单位无关", "The need or contract is none of the beneficiaries'")
    advice = Bilingual(
        "填写由申报单位或用户发布、签订的需求或合同",
        "Name a need or a contract of the maker or the user",
    )


class OverTheCap(Amounts):
    """Nobody applies for more than an enterprise may get of a round."""

    code = "over_the_cap"
    title = Bilingual("超出单个企业上限", "More than an enterprise may get")
    detail = Bilingual("申请 {asked} 元，上限 {cap} 元", "{asked} yuan were asked for, the cap is {cap}")
    advice = Bilingual("将申请额（asked_fen）减至上限以内", "Ask for no more than the cap (asked_fen)")


class OverThePolicy(Amounts):
    """Nobody applies for more than the policy pays, where its figures were verified with its original."""

    code = "over_the_policy"
    title = Bilingual("超出政策金额", "More than the policy pays")
    detail = Bilingual(
        "申请 {asked} 元，凭据所依据的政策 {policy} 最多 {most} 元",
        "{asked} yuan were asked for; the policy {policy} of the receipt pays {most} at most",
    )
    advice = Bilingual(
        "将申请额（asked_fen）减至其内；凭据之后数据有变的，先用 checkPolicies 取得新凭据",
        "Ask for no more than that (asked_fen); where facts changed since, obtain a new receipt with checkPolicies first",
    )


class NotVerified(Conflict):
    """What was read in a newspaper or in a copy carries no award until somebody signed that the original says it."""

    code = "policy_unverified"
    title = Bilingual("政策待核实，不能立项", "The policy is not verified and carries no award")
    detail = Bilingual(
        "申报 {number} 所依据的政策 {policy}（第 {version} 版）尚未按原文核实",
        "Nobody has verified version {version} of the policy {policy}, on which the application {number} rests, with its original",
    )
    advice = Bilingual(
        "请政策专员附上原文（attachOriginal），再由另一人签署核实（verifyPolicy）",
        "Have a policy officer attach the original (attachOriginal) and another sign it (verifyPolicy)",
    )


class NotConfirmed(Conflict):
    """Both beneficiaries of a first use stand behind it."""

    code = "not_confirmed"
    title = Bilingual("用户单位尚未确认", "The user has not confirmed it yet")
    advice = Bilingual(
        "请用户单位成员执行 confirmApplication", "Have a member of the user confirm it (confirmApplication)"
    )


class ReceiptUsed(Conflict):
    """One receipt carries one application of a round."""

    code = "receipt_used"
    title = Bilingual("该凭据在本批次已用于另一申报", "The receipt carries another application of this round")
    advice = Bilingual(
        "修改该申报（amendApplication），或将其撤回（withdrawApplication）后重新起草",
        "Amend that application (amendApplication), or withdraw it (withdrawApplication) and draft anew",
    )


class AskedBefore(Amounts):
    """One spend is granted once: all that is asked for an item, or by an applicant, stays within what the policy pays for it."""

    code = "asked_before"
    title = Bilingual(
        "与其他申报合计超出政策金额", "Together with other applications more than the policy pays"
    )
    detail = Bilingual(
        "申请 {asked} 元，申报 {numbers} 已占 {before} 元，政策 {policy} 合计最多 {most} 元",
        "{asked} yuan were asked for and {numbers} take {before}; the policy {policy} pays {most} at most for all together",
    )
    advice = Bilingual(
        "将申请额（asked_fen）减至余额以内，或撤回其他申报（withdrawApplication）；另一事项的支出，先取得该事项的凭据（checkPolicies 的 matter_id）",
        "Ask for no more than is left (asked_fen), or withdraw the other (withdrawApplication); for another matter obtain its receipt first (matter_id of checkPolicies)",
    )


class KeptApart(Conflict):
    """The policies of two applications for one item are not granted together."""

    code = "kept_apart"
    title = Bilingual("与另一申报不能同享", "It cannot be granted beside another application")
    detail = Bilingual(
        "{rule}；申报 {number}（政策 {policy}）为同一事项",
        "{rule}; the application {number} (policy {policy}) is for the same matter",
    )
    advice = Bilingual(
        "二者择一：撤回其中一项（withdrawApplication）；另一事项的，先取得该事项的凭据（checkPolicies 的 matter_id）",
        "Choose one and withdraw the other (withdrawApplication); for another matter obtain its receipt first (matter_id of checkPolicies)",
    )
