"""What committees refuse, beside what deals refuse: `finance_net.equity.errors`."""

from backbone.errors import Bilingual, Conflict, Forbidden
from finance_net.ledger.errors import Amounts


class CommitteeSuperseded(Conflict):
    """Only what was entered last is confirmed."""

    code = "committee_superseded"
    title = Bilingual("之后另有登记", "Another one was entered since")
    detail = Bilingual(
        "“{fund}”的这份投委会名单之后另有登记，不能再确认",
        "Another committee was entered for “{fund}” since; this one is confirmed no more",
    )
    advice = Bilingual(
        "查看最新登记（showCommittee 的 waiting）后确认", "See the latest (waiting, in showCommittee), then confirm it"
    )  # fmt: skip


class CommitteeConfirmed(Conflict):
    """A committee is confirmed once."""

    code = "committee_confirmed"
    title = Bilingual("该投委会已经确认", "The committee is confirmed")
    detail = Bilingual("“{fund}”的这份投委会名单已经确认", "This committee of “{fund}” is confirmed")
    advice = Bilingual(
        "要变更的，重新登记（setCommittee）并由另一位基金经理确认",
        "To change it, set it anew (setCommittee) and have another manager confirm that",
    )


class QuorumReached(Conflict):
    """Whoever dislikes the votes does not put the meeting off."""

    code = "quorum_reached"
    title = Bilingual("已达法定人数，不能休会", "There is a quorum: the meeting decides")
    detail = Bilingual(
        "有效表决 {present} 人，法定人数 {quorum} 人", "{present} voted, the quorum is {quorum}"
    )
    advice = Bilingual("不写 is_adjourned，按表决结果结束会议", "Close it without is_adjourned, as was voted")


class NoCommittee(Conflict):
    """Nobody may decide for the fund yet."""

    code = "no_committee"
    title = Bilingual("基金尚无投委会", "The fund has no committee")
    detail = Bilingual(
        "“{fund}”还没有经两人登记、确认的投委会",
        "No committee of “{fund}” was set by one and confirmed by another",
    )
    advice = Bilingual(
        "先登记成员与法定人数（setCommittee），再由另一位基金经理确认（confirmCommittee）",
        "Record its members and quorum first (setCommittee), then have another manager confirm it (confirmCommittee)",
    )


class QuorumMissing(Conflict):
    """Too few who are not recused have voted: nothing is decided."""

    code = "quorum_missing"
    title = Bilingual("未达法定人数", "There is no quorum")
    detail = Bilingual(
        "有效表决 {present} 人（回避 {recused} 人不计），法定人数 {quorum} 人",
        "{present} voted ({recused} recused are not counted), the quorum is {quorum}",
    )
    advice = Bilingual(
        "请其他成员表决（castVote）；无法达到的，以 is_adjourned 休会后另行提请",
        "Have more members vote (castVote); where that cannot be, close it with is_adjourned and convene anew",
    )


class NoMember(Forbidden):
    """Votes are cast by the committee's members, each their own."""

    code = "no_member"
    detail = title = Bilingual("不是该投委会成员", "You are no member of this committee")
    advice = Bilingual(
        "投委会成员见 showCommittee；成员以本人账号表决",
        "showCommittee names the members; each votes with their own account",
    )


class MustRecuse(Forbidden):
    """Who belongs to the enterprise does not decide about it."""

    code = "must_recuse"
    title = Bilingual("应当回避", "You have to recuse yourself")
    detail = Bilingual(
        "您在被投企业任职，只能登记回避", "You belong to the enterprise: all you may do is recuse yourself"
    )
    advice = Bilingual("以 recused 登记回避", "Vote recused")


class VotedAlready(Conflict):
    """A vote is cast once."""

    code = "voted_already"
    title = Bilingual("已经表决", "You have voted")
    detail = Bilingual("您已表决：{said}", "Your vote stands: {said}")
    advice = Bilingual(
        "表决不可更改，等待会议结束（closeMeeting）",
        "A vote is not changed: wait until the meeting is closed (closeMeeting)",
    )


class MeetingClosed(Conflict):
    """What a meeting decided stands."""

    code = "meeting_closed"
    title = Bilingual("会议已结束", "The meeting is closed")
    advice = Bilingual(
        "需再议的，重新提请（conveneCommittee）",
        "To have it considered again, convene the committee anew (conveneCommittee)",
    )


class AboveAsked(Amounts):
    """A meeting approves what it was asked for, or less."""

    code = "above_asked"
    title = Bilingual("超过提请审议金额", "More than the meeting was asked for")
    detail = Bilingual(
        "提请审议 {most} 元，拟批准 {asked} 元",
        "The meeting was asked for {most} yuan; {asked} would be approved",
    )
    advice = Bilingual(
        "批准金额不超过提请金额；需要更多的，以新的金额另行提请（conveneCommittee）",
        "Approve no more than was asked for; for more, convene it anew with that sum (conveneCommittee)",
    )
