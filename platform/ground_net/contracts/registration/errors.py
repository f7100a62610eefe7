"""What registration refuses."""

from backbone.errors import Bilingual, Conflict, StandsOtherwise


class NotInForce(StandsOtherwise):
    """A contract is registered while it is in force."""

    code = "contract_not_in_force"
    title = Bilingual("合同不在有效期内", "The contract is not in force")
    detail = Bilingual(
        "合同 {number} 有效期 {valid_from} 至 {valid_to}，{day} 不在其内（{state}）",
        "Contract {number} is in force from {valid_from} to {valid_to}: not on {day} ({state})",
    )
    advice = Bilingual(
        "认定登记须在有效期内申报；已续签的先用 amendContract 更新有效期",
        "File it while it is in force; if it was prolonged, put that on record by amendContract first",
    )


class RegistrationOnFile(StandsOtherwise):
    """It was filed before: a contract is registered once."""

    code = "registration_on_file"
    title = Bilingual("合同已申报登记", "The contract was filed before")
    detail = Bilingual(
        "合同 {number} 登记状态为“{state}”", "The registration of contract {number} is “{state}”"
    )
    advice = Bilingual("申报进展见 listRegistrations", "See listRegistrations for where it stands")


class NotFiled(Conflict):
    """There is no filing to decide."""

    code = "registration_not_filed"
    title = Bilingual("没有待办的登记申报", "There is no filing to decide")
    detail = Bilingual(
        "合同 {number} 没有待办的登记申报", "Contract {number} has no filing that waits for a decision"
    )
    advice = Bilingual("由卖方用 fileRegistration 申报", "The seller files it by fileRegistration")


class RegisterNumberTaken(Conflict):
    """Another contract has this number."""

    code = "register_number_taken"
    title = Bilingual("登记号已被使用", "The register number is taken")
    detail = Bilingual(
        "登记号 {register_number} 已属于另一合同", "Register number {register_number} is another contract's"
    )
    advice = Bilingual("核对登记证明上的编号", "Check the number on the certificate")
