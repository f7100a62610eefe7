"""What centres refuse."""

from backbone.errors import Bilingual, Conflict


class CentreNameTaken(Conflict):
    """Another open centre has this name, in whatever spelling."""

    code = "centre_name_taken"
    title = Bilingual("已有同名创新中心", "There is an open centre of this name")
    detail = Bilingual("创新中心“{name}”已存在", "The centre “{name}” exists already")
    advice = Bilingual(
        "用 amendCentre 修改它，或换一个名称", "Amend that one (amendCentre), or choose another name"
    )


class CentreClosed(Conflict):
    """A closed centre is history."""

    code = "centre_closed"
    title = Bilingual("创新中心已关闭", "The centre is closed")
    detail = Bilingual(
        "创新中心“{name}”已于 {closed_at} 关闭", "The centre “{name}” was closed at {closed_at}"
    )
    advice = Bilingual("如需恢复，请新设一个", "Open a new one instead")


class InstituteLinked(Conflict):
    """The centre links this institute already."""

    code = "institute_linked"
    title = Bilingual("已链接该院所", "This institute is linked already")
    detail = Bilingual("该创新中心已链接此院所", "The centre links this institute already")
    advice = Bilingual(
        "如需更正，先用 unlinkInstitute 结束", "To correct it, end that link first (unlinkInstitute)"
    )
