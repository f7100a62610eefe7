"""What contacts refuse."""

from backbone.errors import Bilingual, Conflict


class AgreedBySilence(Conflict):
    """The enterprise had its two working days; from `since` on its silence stands as agreement."""

    code = "agreed_by_silence"
    title = Bilingual("已过异议期限", "The time to object is over")
    detail = Bilingual(
        "企业未在期限内提出异议，自 {since} 起视为同意",
        "Nobody objected in time: the contact counts as agreed since {since}",
    )
    advice = Bilingual("请联系运营人员更正", "Ask the operator of your zone for a correction")
