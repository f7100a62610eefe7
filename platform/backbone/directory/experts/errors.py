"""What experts refuse."""

from backbone.errors import Bilingual, Conflict


class ConsentStands(Conflict):
    """The expert consents already."""

    code = "consent_stands"
    title = Bilingual("已有有效的公开同意", "A consent stands already")
    detail = Bilingual("该专家自 {given_on} 起同意公开", "The expert consents since {given_on}")
    advice = Bilingual(
        "如需更正，先用 revokeConsent 撤回", "To correct it, revoke that one first with revokeConsent"
    )


class AccountTaken(Conflict):
    """Another expert is entered with this account."""

    code = "expert_account_taken"
    title = Bilingual("该账号已对应另一位专家", "The account belongs to another expert")
    detail = Bilingual("account_id {account_id} 已被使用", "account_id {account_id} is taken")
    advice = Bilingual("核对账号，或不填此项", "Check it, or leave it out")
