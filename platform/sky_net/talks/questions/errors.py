"""What questions refuse."""

from backbone.errors import Bilingual, Conflict


class AlreadyAnswered(Conflict):
    """A question is answered once; what was said stays, a correction is put beside it."""

    code = "already_answered"
    title = Bilingual("问题已有答复", "The question is answered already")
    detail = Bilingual("首次答复于 {since}", "It was answered first at {since}")
    advice = Bilingual(
        "如需更正，请以 is_correction=true 再次提交，原答复保留",
        "To correct it, send again with is_correction=true: the first answer stays beside it",
    )


class NothingToCorrect(Conflict):
    """A correction needs a first answer."""

    code = "nothing_to_correct"
    title = Bilingual("问题尚未答复，无从更正", "There is no answer to correct yet")
    advice = Bilingual("请直接答复", "Answer it without is_correction")


class QuestionWasWithdrawn(Conflict):
    """The asker took it back: nothing is owed and nothing more is said to it."""

    code = "question_withdrawn"
    title = Bilingual("问题已撤回", "The question was withdrawn")
    detail = Bilingual("撤回于 {since}", "It was withdrawn at {since}")
    advice = Bilingual("如仍需沟通，请发消息或另行提问", "Send a message, or ask anew")


class NotShareable(Conflict):
    """Only what the enterprise itself answered is shown to all: an institute's answer is its own."""

    code = "not_shareable"
    title = Bilingual("此问题不能公开给受邀院所", "This question cannot be shown to all invited institutes")
    detail = Bilingual(
        "只有企业已答复的问题可以公开，此问题企业没有答复",
        "Only questions that the enterprise has answered are shown to all; this one it has not",
    )
    advice = Bilingual("等待企业答复后再公开", "Wait for the enterprise's answer")
