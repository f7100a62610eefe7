"""What finding and erasing people refuses."""

from backbone.errors import Bilingual, Conflict, Invalid, NotFound


class NobodyFound(NotFound):
    """No row holds that phone, address, login or id."""

    code = "nobody_found"
    title = Bilingual("没有找到此人", "Nobody was found")
    detail = Bilingual("平台没有与所给{by}相符的记录", "The platform holds no record with this {by}")
    advice = Bilingual(
        "核对写法；电话与邮箱的空格、区号、大小写不影响查找",
        "Check it; spaces, country codes and case of phones and addresses do not matter",
    )


class SharedByNames(Conflict):
    """A switchboard, an office's mailbox: whoever is meant must be named."""

    code = "shared_by_names"
    title = Bilingual("多人共用", "Several people share it")
    detail = Bilingual(
        "该{by}由 {count} 个姓名共用：{names}", "This {by} is shared by {count} names: {names}"
    )
    advice = Bilingual("加上 --name 指明其中一人", "Name one of them with --name")


class LastAdministrator(Conflict):
    """Without this account nobody could administer the platform."""

    code = "last_administrator"
    title = Bilingual("最后一位管理员", "The last administrator")
    detail = Bilingual(
        "这是最后一位全省管理员：既不能删除其账号，也不能撤销其角色",
        "This is the last administrator of the province: neither the account nor the role can go",
    )
    advice = Bilingual("先授予另一账号管理员角色", "Make another account administrator first")


class ReasonNamesSomebody(Invalid):
    """The reason goes into the audit, which nobody can erase."""

    code = "reason_names_somebody"
    title = Bilingual("理由含有个人信息", "The reason holds personal data")
    detail = Bilingual(
        "理由会永久留在审计中，不能写入当事人的姓名、电话或邮箱",
        "The reason stays in the audit for good: it may not name the person, a phone or an address",
    )
    advice = Bilingual("改写为依据或文号，如“本人申请 2026-17”", "Write the ground or a file number instead")

    def __init__(self) -> None:
        super().__init__([])
