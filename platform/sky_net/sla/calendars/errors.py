"""What loading a calendar refuses, beside what the notice itself says wrong."""

from backbone.errors import Bilingual, Conflict, Invalid


class CalendarNameTaken(Conflict):
    """Another text was loaded under this name."""

    code = "calendar_name_taken"
    title = Bilingual("日历版本名已被使用", "The name of the version is taken")
    detail = Bilingual("已有名为 {name} 的日历版本", "There is a version of the calendar called {name}")
    advice = Bilingual("为本次通知的 version 换一个名称", "Give the notice's version another name")


class NoticeRefused(Invalid):
    """The text is no notice; `errors` names the fault by its line and field."""

    code = "notice_invalid"
    title = Bilingual("日历通知有误", "The notice is not valid")
    detail = Bilingual("{what}", "{what}")
    advice = Bilingual(
        "改正后重新载入（格式见 docs/calendars.md）",
        "Correct it and load it again; docs/calendars.md has the format",
    )

    def __init__(self, fault: Bilingual) -> None:
        super().__init__([{"field": "notice", "problem": fault}], what=fault)
