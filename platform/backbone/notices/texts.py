"""What a notice says, in both languages, made of its kind and payload when it is read.

A feature adds its kind here with the placeholders that its payload fills; an unknown placeholder is an error of the
writer and shows in the tests, not in somebody's inbox.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backbone.clock import SHANGHAI
from backbone.errors import Bilingual
from backbone.notices.award_texts import AWARD_WORDINGS, FACTS, WORDS
from backbone.notices.equity_texts import CREDIT_WORDINGS, EQUITY_WORDINGS
from backbone.notices.grant_texts import GRANT_WORDINGS
from backbone.notices.ground_texts import GROUND_WORDINGS
from backbone.notices.need_texts import NEED_WORDINGS
from backbone.notices.policy_texts import POLICY_WORDINGS
from backbone.notices.stages import stage_word
from backbone.notices.wording import Wording
from backbone.word_lists import enumerated

WORDINGS: Mapping[str, Wording] = {
    "clock_reminder": Wording(
        Bilingual("提醒：{number} 的{stage}将于 {due} 到期", "Reminder: {number}, {stage} is due {due}"),
        Bilingual(
            "请在 {due} 前办理，剩余工作时间 {left}。",
            "Please see to it before {due}; working time left: {left}.",
        ),
    ),
    "clock_escalated": Wording(
        Bilingual("升级督办：{number} 的{stage}仍未办结", "Escalation: {number}, {stage} is still open"),
        Bilingual(
            "期限 {due}，剩余工作时间 {left}，请督促办理。",
            "Due {due}, working time left: {left}. Please see that it is done.",
        ),
    ),
    "clock_breached": Wording(
        Bilingual("超时：{number} 的{stage}已过期限 {due}", "Overdue: {number}, {stage} was due {due}"),
        Bilingual("请立即办理，并说明原因。", "Please see to it now and say what kept it."),
    ),
    "clock_due_moved": Wording(
        Bilingual("期限变更：{number} 的{stage}现于 {due} 到期", "Moved: {number}, {stage} is now due {due}"),
        Bilingual("工作日历修订后重新计算。", "Computed anew after the working calendar was revised."),
    ),
    "search_found": Wording(
        Bilingual("检索“{number}”有 {count} 条新结果", "{count} new for your search “{number}”"),
        Bilingual(
            "在“检索新增结果”（listSearchFinds）中查看。",
            "See what is new for the saved search (listSearchFinds).",
        ),
    ),
    "password_changed": Wording(
        Bilingual("您的密码已更换", "Your password was changed"),
        Bilingual(
            "密码已凭原密码更换，此前的令牌全部失效。不是您本人所为的，请立即联系管理员重设（resetPassword）。",
            "It was changed by the former one, and every token has ended. If that was not you, ask an administrator at once to "
            "set another (resetPassword).",
        ),
    ),
    "password_reset": Wording(
        Bilingual("您的密码已由他人重设", "Another has set your password"),
        Bilingual(
            "重设的密码只能用来设置新密码（changePassword），此前的令牌全部失效。您没有要求重设的，请立即联系平台管理员。",
            "The password that was set only serves to set your own (changePassword), and every token has ended. If you did not "
            "ask for it, speak to an administrator at once.",
        ),
    ),
    **POLICY_WORDINGS,
    **NEED_WORDINGS,
    **GROUND_WORDINGS,
    **GRANT_WORDINGS,
    **AWARD_WORDINGS,
    **EQUITY_WORDINGS,
    **CREDIT_WORDINGS,
}
KINDS = tuple(WORDINGS)


REMINDER_PAST_DUE = Wording(
    Bilingual("提醒：{number} 的{stage}已于 {due} 到期", "Reminder: {number}, {stage} was due {due}"),
    Bilingual("期限 {due} 已过，仍请尽快办理。", "It was due {due}; please see to it all the same."),
)
"""An enterprise is reminded past its deadline too, until its need is set aside."""


def worded(kind: str, number: str, payload: Mapping[str, Any]) -> Wording:
    """Subject and text of a notice."""
    wording, said = WORDINGS[kind], _said(number, payload)
    if kind == "clock_reminder" and payload.get("remaining_minutes") == 0:
        wording = REMINDER_PAST_DUE
    return Wording(wording.subject.format(**said), wording.text.format(**said))


def _said(number: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": number,
        "stage": stage_word(payload.get("stage", "—")),
        "count": payload.get("count"),
    }
    said |= {name: payload.get(name, "—") for name in FACTS}
    said |= {name: _both(payload.get(name, {"zh": "—", "en": "—"})) for name in WORDS}
    said |= _said_of_policy(payload)
    due_at, left = payload.get("due_at"), payload.get("remaining_minutes")
    said["due"] = (
        datetime.fromisoformat(due_at).astimezone(SHANGHAI).strftime("%m-%d %H:%M") if due_at else "—"
    )
    said["left"] = Bilingual("—", "—") if left is None else Bilingual(
        f"{left // 60} 小时 {left % 60} 分", f"{left // 60} h {left % 60} min"
    )  # fmt: skip
    return said


def _said_of_policy(payload: Mapping[str, Any]) -> dict[str, Any]:
    labels = [_both(label) for label in payload.get("missing", ())]
    until, left = payload.get("until_on"), payload.get("working_days_left")
    days = "" if left is None else Bilingual(f"（还有 {left} 个工作日）", f" ({left} working days left)")
    return {
        "policy": _both(payload.get("policy", {"zh": "—", "en": "—"})),
        "missing": enumerated(labels),
        "until": Bilingual("{on}{days}", "{on}{days}").format(on=until, days=days)
        if until
        else Bilingual("未设截止日", "no last day is set"),
    }


def _both(words: Mapping[str, str]) -> Bilingual:
    return Bilingual(words["zh"], words["en"])
