"""What the directory refuses."""

from backbone.errors import Bilingual, Conflict, Forbidden


class CreditCodeTaken(Conflict):
    """Another organisation is registered under this code."""

    code = "credit_code_taken"
    title = Bilingual("统一社会信用代码已登记", "This credit code is registered already")
    detail = Bilingual(
        "credit_code {credit_code} 已属于另一机构",
        "credit_code {credit_code} belongs to another organisation",
    )
    advice = Bilingual(
        "核对代码；如为本单位，请联系管理员加入该机构", "Check it; if it is yours, ask to be made a member"
    )

    def __init__(self, credit_code: str | None) -> None:
        super().__init__(credit_code=credit_code, errors=[{"field": "credit_code", "problem": self.title}])


class BeyondZone(Forbidden):
    """An operator moves an organisation to where it has no say."""

    code = "beyond_zone"
    title = Bilingual("不在您负责的区域内", "This lies beyond your zone")
    detail = Bilingual(
        "您可以修改该机构，但不能把它迁到{region}", "You may amend the organisation, not move it to {region}"
    )
    advice = Bilingual(
        "请由该机构自行修改，或报省级运营办理", "Let the organisation do it itself, or ask the province"
    )
