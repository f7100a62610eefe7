"""What committees refuse, beside what deals refuse: `finance_net.equity.errors`."""

from backbone.errors import Bilingual, Conflict


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


class QuorumReached(Conflict):
    """Whoever dislikes the votes does not put the meeting off."""

    code = "quorum_reached"
    title = Bilingual("已达法定人数，不能休会", "There is a quorum: the meeting decides")
    detail = Bilingual(
        "有效表决 {present} 人，法定人数 {quorum} 人", "{present} voted, the quorum is {quorum}"
    )
    advice = Bilingual("不写 is_adjourned，按表决结果结束会议", "Close it without is_adjourned, as was voted")
