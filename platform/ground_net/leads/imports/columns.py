"""The columns of the offline form: their headings, how each is filled in, and which field of the form it becomes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backbone.chinese import fold
from backbone.directory.industries import INDUSTRIES
from backbone.errors import Bilingual
from backbone.word_lists import enumerated
from ground_net.leads import vocabulary
from ground_net.leads.imports import spelling

Read = Callable[[str], Any]
"""The value of the form, None where the text is none."""


@dataclass(frozen=True)
class FormColumn:
    """A column: `field` is its place in the form (dots lead into objects), `read` makes its value of the cell's text."""

    key: str
    field: str
    heading: Bilingual
    how: Bilingual
    read: Read = str
    required: bool = False


def _word(words: Mapping[str, Bilingual]) -> Read:
    known = {fold(spelled): word for word, label in words.items() for spelled in (word, label.zh, str(label))}
    return lambda text: known.get(fold(spelling.plain(text)))


def _words(words: Mapping[str, Bilingual]) -> Read:
    one = _word(words)

    def read(text: str) -> list[str] | None:
        found = [one(each) for each in spelling.listed(text)]
        return None if None in found or not found else sorted(set(found))

    return read


def _whole(text: str) -> int | None:
    said = spelling.plain(text)
    return int(said) if re.fullmatch("[0-9]{1,2}", said) else None


def _code(text: str) -> str:
    return spelling.plain(text).upper()


def _choices(words: Mapping[str, Bilingual]) -> Bilingual:
    return Bilingual("填写：{labels}", "One of: {labels}").format(labels=enumerated(words.values()))


_DAY_HOW = Bilingual("写作 2026-03-09", "Write 2026-03-09")
_TEXT = Bilingual("文字", "Text")
COLUMNS: tuple[FormColumn, ...] = (
    FormColumn("happened_at", "happened_at", Bilingual("时间", "when"),
               Bilingual("写作 2026-03-09 09:30（北京时间）", "Write 2026-03-09 09:30, Asia/Shanghai"), spelling.instant, required=True),
    FormColumn("channel", "channel", Bilingual("渠道", "channel"), _choices(vocabulary.CHANNELS), _word(vocabulary.CHANNELS)),
    FormColumn("enterprise_name", "enterprise_name", Bilingual("企业名称", "enterprise"),
               Bilingual("工商登记的全称", "As registered"), required=True),
    FormColumn("credit_code", "credit_code", Bilingual("统一社会信用代码", "credit code"),
               Bilingual("18 位；把这一列设为文本格式", "18 characters; format the column as text"), _code),
    FormColumn("words", "words", Bilingual("原话", "words"),
               Bilingual("对方怎么说的，照实写", "What they said, as they said it"), required=True),
    FormColumn("contact_name", "contact.name", Bilingual("联系人", "contact"),
               Bilingual("须有“保存联系方式”的同意", "With consent to keeping the contact alone")),
    FormColumn("contact_phone", "contact.phone", Bilingual("联系电话", "telephone"), _TEXT, spelling.plain),
    FormColumn("contact_email", "contact.email", Bilingual("邮箱", "e-mail"), _TEXT, spelling.plain),
    FormColumn("consent_by", "consent.by", Bilingual("同意人", "who consented"), Bilingual("谁同意的", "Who agreed")),
    FormColumn("consent_how", "consent.how", Bilingual("同意方式", "how"), _choices(vocabulary.CONSENT_WAYS), _word(vocabulary.CONSENT_WAYS)),
    FormColumn("consented_at", "consent.at", Bilingual("同意时间", "consented"), _DAY_HOW, spelling.instant),
    FormColumn("consent_covers", "consent.covers", Bilingual("同意内容", "to what"), _choices(vocabulary.CONSENT_COVERS),
               _words(vocabulary.CONSENT_COVERS)),
    FormColumn("title", "answers.title", Bilingual("需求名称", "title"), Bilingual("一句话", "One sentence")),
    FormColumn("problem", "answers.problem", Bilingual("技术问题", "problem"), _TEXT),
    FormColumn("scene", "answers.scene", Bilingual("应用场景", "scene"), _TEXT),
    FormColumn("present_state", "answers.present_state", Bilingual("现状", "present state"), _TEXT),
    FormColumn("tried", "answers.tried", Bilingual("已尝试的办法", "what was tried"), _TEXT),
    FormColumn("indicators", "answers.indicators", Bilingual("核心指标", "indicators"),
               Bilingual("名称|现在|目标|单位|检测方法，多项用分号隔开", "name|now|target|unit|how measured; several by semicolons"),
               spelling.indicators),
    FormColumn("wanted_on", "answers.wanted_on", Bilingual("期望完成日期", "wanted by"), _DAY_HOW, spelling.day),
    FormColumn("budget", "answers.budget", Bilingual("预算（万元）", "budget, 10,000 yuan"),
               Bilingual("写作 50、50-80 或 面议", "Write 50, 50-80 or 面议"), spelling.budget),
    FormColumn("decision_owner", "decision_owner", Bilingual("决策人", "decision owner"),
               Bilingual("须有“保存联系方式”的同意", "With consent to keeping the contact alone")),
    FormColumn("industry", "answers.industry", Bilingual("所属产业", "industry"),
               _choices({code: each.label for code, each in INDUSTRIES.items()}),
               _word({code: each.label for code, each in INDUSTRIES.items()})),
    FormColumn("trl_required", "answers.trl_required", Bilingual("要求成熟度", "required readiness"), Bilingual("1 至 9", "1 to 9"), _whole),
    FormColumn("event", "event_id", Bilingual("活动编号", "event"),
               Bilingual("如 HD-2026-000001，先登记活动", "Such as HD-2026-000001: record the event first"), _code),
    FormColumn("client_id", "client_id", Bilingual("客户端编号", "client id"),
               Bilingual("离线表单自带；手工填写时留空", "Filled by the offline form; leave it blank by hand"), spelling.plain),
)  # fmt: skip
BY_KEY: Mapping[str, FormColumn] = {column.key: column for column in COLUMNS}
BY_FIELD: Mapping[str, FormColumn] = {column.field: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.required)
ROW_NUMBER, PROBLEM = Bilingual("行号", "row"), Bilingual("问题", "problem")
PASSED_OVER = (ROW_NUMBER, PROBLEM)
"""Headings that our own file of refused rows adds: it can be corrected and sent again as it is."""


def key_of(heading: str) -> str | None:
    """The column that a heading names, in Chinese, in English, in both as our templates write it, or by its key."""
    return _SPELLED.get(_bare(heading))


def is_passed_over(heading: str) -> bool:
    """Whether the heading is one of ours that says nothing of a lead."""
    return _bare(heading) in {spelled for label in PASSED_OVER for spelled in _spellings(label)}


def column_of(field: str) -> FormColumn | None:
    """The column in which a field of the form stands: its own, one that holds it, or the first of its parts."""
    within = field
    while within:
        if within in BY_FIELD:
            return BY_FIELD[within]
        within = within.rpartition(".")[0]
    return next((column for column in COLUMNS if column.field.startswith(f"{field}.")), None)


def _bare(heading: str) -> str:
    return fold("".join(spelling.plain(heading).split())).replace("*", "")


def _spellings(label: Bilingual) -> tuple[str, ...]:
    return tuple(_bare(spelled) for spelled in (label.zh, str(label), f"{label.zh} {label}"))


_SPELLED = {
    spelled: column.key for column in COLUMNS for spelled in (*_spellings(column.heading), _bare(column.key))
}
