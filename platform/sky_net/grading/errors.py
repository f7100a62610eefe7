"""What the choice of a ranker refuses."""

from backbone.errors import Bilingual, Conflict, NotFound

_ADVICE = Bilingual(
    "用 sanwang ranker list 查看全部版本；sanwang ranker restore blend 回到缺省排序",
    "See all versions by sanwang ranker list; sanwang ranker restore blend goes back to the default ranking",
)


class NoSuchRanker(NotFound):
    """No version has this number."""

    code = "no_such_ranker"
    title = Bilingual("没有这个排序版本", "There is no such ranker")
    detail = Bilingual("没有版本 {number}", "There is no version {number}")
    advice = _ADVICE


class RankerUnusable(Conflict):
    """The version was learned on other signals or with another encoder: its weights mean nothing here."""

    code = "ranker_unusable"
    title = Bilingual("该排序版本不适用", "This ranker cannot be used here")
    detail = Bilingual(
        "版本 {number} 是按其他信号或其他语义模型学得的",
        "Version {number} was learned on other signals or with another encoder",
    )
    advice = _ADVICE


class NothingToRollBack(Conflict):
    """The blend ranks already, and nothing says what came before it."""

    code = "nothing_to_roll_back"
    title = Bilingual("没有可退回的版本", "There is nothing to roll back")
    detail = Bilingual(
        "当前即为缺省排序，没有可退回的版本", "The default ranking is in use: there is nothing to roll back"
    )
    advice = Bilingual(
        "用 sanwang ranker list 查看版本，并以版本号指明",
        "See all versions by sanwang ranker list, and name one by its number",
    )
