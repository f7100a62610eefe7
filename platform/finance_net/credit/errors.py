"""What credit refuses."""

from backbone.errors import Bilingual, Conflict


class NoScorecard(Conflict):
    """No scorecard counts on the day."""

    code = "no_scorecard"
    title = Bilingual("当日没有生效的评分卡", "No scorecard counts on the day")
    detail = Bilingual(
        "{as_of} 没有标识为 {key} 的评分卡在生效期内",
        "No scorecard with the key {key} is in force on {as_of}",
    )
    advice = Bilingual(
        "先载入评分卡（loadScorecard 或 sanwang credit scorecard load）",
        "Load one first (loadScorecard, sanwang credit scorecard load)",
    )


class ScorecardKnown(Conflict):
    """The very same text is on record."""

    code = "scorecard_known"
    title = Bilingual("该评分卡已载入", "The scorecard is on record")
    detail = Bilingual("{key} 的同一文本已载入", "The same text of {key} is on record")
    advice = Bilingual(
        "无需再次载入，见 listScorecards；有修改的，载入修改后的文本",
        "There is nothing to load, see listScorecards; load the changed text where something has changed",
    )


class SourceNotYet(Conflict):
    """Nobody has read tomorrow's paper."""

    code = "source_not_yet"
    title = Bilingual("来源日期晚于今天", "The source is of a day to come")
    detail = Bilingual(
        "source_as_of 为 {source_as_of}，晚于今天（{today}）",
        "source_as_of is {source_as_of}, later than today, {today}",
    )
    advice = Bilingual("写明所依据文件的日期", "Give the day of the paper that it rests on")


class ConsentMissing(Conflict):
    """Nothing of an enterprise goes to a bank unless it says so."""

    code = "consent_missing"
    title = Bilingual("需要企业同意", "The enterprise has to consent")
    detail = Bilingual("未同意将企业信息交给银行", "There is no consent to hand anything to a bank")
    advice = Bilingual("同意时将 consents 写为 true", "Send consents: true to consent")


class WrongBankAnswer(Conflict):
    """The bank answered before it was asked."""

    code = "wrong_bank_answer"
    title = Bilingual("答复时间有误", "The answer comes at the wrong time")
    detail = Bilingual(
        "银行答复日 {said_on} 应在 {asked_on} 至今天（{today}）之间",
        "The bank's answer, {said_on}, must lie from {asked_on} to today, {today}",
    )
    advice = Bilingual("按银行答复所载日期填写", "Give the day that the bank's answer bears")
