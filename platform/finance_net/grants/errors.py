"""What grants refuse."""

from typing import Any

from backbone.errors import Bilingual, Conflict, Forbidden, StandsOtherwise


class RoundClosed(StandsOtherwise):
    """Applications are taken while the round is open, until its last instant."""

    code = "round_closed"
    title = Bilingual("该批次不在申报期内", "The round takes no applications now")
    detail = Bilingual(
        "批次 {number} 申报截止 {closes_at}，当前状态 {state}",
        "The round {number} closes at {closes_at} and is {state}",
    )
    advice = Bilingual(
        "申报期内的批次见 listRounds",
        "listRounds shows the rounds that take applications",
    )


class StillOpen(Conflict):
    """Reviews begin after the last instant for applications."""

    code = "round_still_open"
    title = Bilingual("申报尚未截止", "Applications may still come")
    detail = Bilingual(
        "批次 {number} 申报截止 {closes_at}", "The round {number} takes applications until {closes_at}"
    )
    advice = Bilingual("截止之后再办理", "Do it after that instant")


class ReviewerInvolved(Conflict):
    """Whoever belongs to a party of an application, or applies in the same round, does not review it; what the account belongs to is not told."""

    code = "reviewer_involved"
    title = Bilingual("该专家不能评审此项", "This account cannot review this application")
    advice = Bilingual("另请一位专家", "Name another reviewer")


class ReviewsMissing(Conflict):
    """Every admitted application has the reviews that the round wants."""

    code = "reviews_missing"
    title = Bilingual("评审尚未完成", "Reviews are missing")
    detail = Bilingual(
        "{count} 项缺评审（每项须 {wanted} 份）：{numbers}",
        "{count} applications lack reviews ({wanted} each): {numbers}",
    )
    advice = Bilingual(
        "请评审人提交（submitReview），或另行指派（assignReviewer）",
        "Have them handed in (submitReview), or ask others (assignReviewer)",
    )


class ReviewsClosed(Conflict):
    """The first selection closes the reviews: what came later would change scores that somebody has seen the outcome of."""

    code = "reviews_closed"
    title = Bilingual("评审已结束", "The reviews are closed")
    detail = Bilingual(
        "申报 {number} 已按收到的评审计分并参加遴选，不再评审",
        "The application {number} was scored by the reviews that came in, and selected from: it is reviewed no more",
    )
    advice = Bilingual(
        "计分与遴选结果见 showSelection",
        "showSelection shows its score and what came of it",
    )


class NotDecidedYet(Conflict):
    """Applications that were submitted are admitted or rejected before anybody selects."""

    code = "not_admitted_yet"
    title = Bilingual("形式审查尚未完成", "Applications wait to be admitted or rejected")
    detail = Bilingual("{count} 项待形式审查：{numbers}", "{count} wait: {numbers}")
    advice = Bilingual(
        "逐项受理（admitApplication）或不予受理（rejectApplication）",
        "Admit each (admitApplication), or reject it (rejectApplication)",
    )


class LedgerMoved(Conflict):
    """Between computing and approving something happened to the fund: nothing of the plan is set aside."""

    code = "ledger_moved"
    title = Bilingual("资金账本已变动，遴选结果作废", "The ledger has moved: this selection is stale")
    detail = Bilingual(
        "计算时账本序号 {then}，现为 {now}",
        "It was computed at version {then} of the ledger, which is now at {now}",
    )
    advice = Bilingual("重新遴选", "Select anew")


class RoundMoved(Conflict):
    """Applications, scores or objections changed since it was computed, or it is not the latest selection."""

    code = "selection_stale"
    title = Bilingual("申报或评审已变动，遴选结果作废", "The round has changed: this selection is stale")
    advice = Bilingual("重新遴选", "Select anew")


class NothingSelected(Conflict):
    """An infeasible round has nothing to approve, and a selection without anything new nothing to announce."""

    code = "nothing_selected"
    title = Bilingual("没有可批准的结果", "There is nothing to approve")
    detail = Bilingual("{why}", "{why}")
    advice = Bilingual(
        "额度、规则或申报有变更后重新遴选（selectGrants）",
        "Select anew once money, rules or applications have changed (selectGrants)",
    )


class SelectAnew(Conflict):
    """After one that was funded was excluded the pool is solved anew before anything else is decided."""

    code = "select_anew"
    title = Bilingual("有项目被排除，须先重新遴选", "One was excluded: the round is selected anew first")
    advice = Bilingual(
        "重新遴选（selectGrants），批准并公示后再决定",
        "Select anew (selectGrants), then have it approved and announced",
    )


class AnnouncerGone(Forbidden):
    """Who announced it is no fund manager any more: there are no two people behind the decision."""

    code = "announcer_gone"
    detail = title = Bilingual("公示人已不是基金经理", "Who announced it is no fund manager any more")
    advice = Bilingual(
        "由另一位现任基金经理对该遴选再次执行 announceGrants 接手公示，公示期不变",
        "Have another present fund manager announce the selection again (announceGrants) and take it over; its days stay",
    )


class AnnouncedAlready(Conflict):
    """What everybody has been shown is taken back by ruling on an objection, which says who found what."""

    code = "announced_already"
    title = Bilingual("该申报已公示", "It was announced already")
    detail = Bilingual("申报 {number} 已列入公示", "The application {number} stands in an announcement")
    advice = Bilingual(
        "公示期内提出异议（objectToGrant），由另一位基金经理裁定（ruleOnObjection）",
        "Object to it while the announcement runs (objectToGrant), and have another manager rule (ruleOnObjection)",
    )


class SecondPerson(Conflict):
    """The one who did the first half does not do the second."""

    code = "another_person_needed"
    title = Bilingual("须由另一人办理", "Another person has to do this")
    advice = Bilingual("请另一位有此权限的人办理", "Have somebody else with the same right do it")


class NoticeRunning(Conflict):
    """Nothing is decided while the announcement runs, or an objection is open."""

    code = "announcement_running"
    title = Bilingual("公示未满或有未处理异议", "The announcement still runs, or an objection is open")
    detail = Bilingual(
        "公示至 {ends_at}，未处理异议 {open} 件", "It runs until {ends_at}; {open} objections are open"
    )
    advice = Bilingual(
        "逐件处理异议（ruleOnObjection），公示期满后再决定",
        "Rule on each objection (ruleOnObjection), and decide when it has ended",
    )


class FundedHold(Conflict):
    """What a selection set aside is not let go of by hand: the application would be announced and could not be awarded."""

    code = "funded_hold"
    title = Bilingual("该预留属于入选项目", "A selection set this money aside")
    detail = Bilingual("预留属于申报 {number}", "It is that of the application {number}")
    advice = Bilingual(
        "异议成立时用 ruleOnObjection 释放", "An objection that is upheld lets go of it (ruleOnObjection)"
    )


class AnnouncementOver(Conflict):
    """Objections come while the announcement runs."""

    code = "announcement_over"
    title = Bilingual("公示已结束", "The announcement is over")
    detail = Bilingual("公示于 {ends_at} 结束", "It ended at {ends_at}")
    advice = Bilingual(
        "事后发现问题的，向基金经理反映，可依规追回（proposeClawback）",
        "Tell the fund's managers what came to light since: they may ask money back (proposeClawback)",
    )


class ObjectedAlready(Conflict):
    """One objection of one account to one application."""

    code = "objected_already"
    title = Bilingual("已提出过异议", "This account has objected already")
    advice = Bilingual(
        "处理情况见 listObjections",
        "listObjections shows what came of it",
    )


class RulesBroken(Conflict):
    """The rules of a round contradict the fund or themselves."""

    code = "round_rules"
    title = Bilingual("批次规则有误", "The rules of the round are wrong")
    detail = Bilingual("{why}", "{why}")
    advice = Bilingual("按所述修改后重新提交", "Correct what is named and send it again")

    def __init__(self, zh: str, en: str, **data: Any) -> None:
        super().__init__(why=Bilingual(zh, en), **data)


class AssignedAlready(Conflict):
    """One task of one reviewer on one application, also after a conflict was declared."""

    code = "assigned_already"
    title = Bilingual("该专家已被指派或已回避", "This account was asked already, or stepped back")
    advice = Bilingual("另选评审人", "Name another reviewer")
