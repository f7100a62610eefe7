"""What HTTP may say to a lead. The form of a visit needs four things: node, company, words, when."""

from typing import Any

import marshmallow as ma

from backbone.directory.fields import CreditCode
from backbone.errors import Bilingual
from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from ground_net.leads import states, vocabulary
from sky_net.needs.schemas import NeedAmendment, NeedContact

SORTS = ("created_at", "happened_at", "number", "due_at")
FORMATS = ("csv", "xlsx")
LONGEST_NODE_KEY = 60
NAME_OR_ID = Bilingual(
    "写明企业：名称、统一社会信用代码或 enterprise_id 至少一项",
    "Say which enterprise: by its name, its credit code or its enterprise_id",
)
SAY_WHY = Bilingual("选择“其他”时须写明原因", "With the reason other, say why")
SAY_WHICH = Bilingual("写明与哪一条重复", "Say which one it repeats")
NOT_WITH = Bilingual("只与对应的重复原因同用", "Goes with its own reason of repetition alone")
_NOT_ASKED = (
    "chain_id", "chain_segment", "payment_terms", "region_preference", "partner_conditions", "visibility",
    "masked_title", "masked_summary", "nda_required", "source_channel", "collector", "valid_until_on", "urgency",
    "funding_wish", "related_policies", "contact", "decision_owner",
)  # fmt: skip


def _said(zh: str, en: str) -> dict[str, Any]:
    return {"description": f"{zh} / {en}"}


class LeadAnswers(NeedAmendment):
    """What the interview drew out, under the names that a need has for it; null takes an answer back."""

    class Meta(Schema.Meta):
        exclude = _NOT_ASKED


class LeadConsent(Schema):
    """Who agreed, how, when, and to what; the name is kept with the consent to keep it."""

    by = Text(
        40, allow_none=True, metadata=_said("同意人；同意保存联系方式时必填", "required with keep_contact")
    )
    how = Choice(vocabulary.CONSENT_WAYS, required=True)
    at = Instant(required=True)
    covers = Several(
        Choice(vocabulary.CONSENT_COVERS), distinct=True, required=True, validate=ma.validate.Length(min=1),
    )  # fmt: skip


class InterviewAnswers(Schema):
    """Answers to the questions, and to whom they lead; only what is sent is changed, indicators are merged by their names."""

    answers = Record(LeadAnswers)
    contact = Record(NeedContact, allow_none=True)
    decision_owner = Text(100, allow_none=True)
    consent = Record(
        LeadConsent,
        allow_none=True,
        metadata=_said("null 为撤回", "null takes it back, and the people with it"),
    )


class LeadAmendment(InterviewAnswers):
    """Corrections; what is not sent stays. Indicators are replaced as a whole."""

    channel = Choice(vocabulary.CHANNELS)
    happened_at = Instant()
    event_id = Identifier(
        allow_none=True, metadata=_said("活动，见 recordOutreach", "the event, see recordOutreach")
    )
    enterprise_id = Identifier()
    enterprise_name = Text(200)
    credit_code = CreditCode(allow_none=True)
    words = Text(4000)


class VisitEntry(LeadAmendment):
    """A visit, a call, or a talk at an event: everything but four things may come later."""

    node_key = Text(LONGEST_NODE_KEY, required=True)
    happened_at = Instant(required=True)
    words = Text(4000, required=True, metadata=_said("对方原话或情况", "their words, or what was seen"))
    client_id = Identifier(
        allow_none=True, metadata=_said("离线表单自己的编号：重发不重复登记", "the offline form's own id: sent again it doubles nothing")
    )  # fmt: skip

    @ma.validates_schema(skip_on_field_errors=True)
    def _of_somebody(self, sent: dict[str, Any], **kwargs: Any) -> None:
        if not any(sent.get(name) for name in ("enterprise_id", "enterprise_name", "credit_code")):
            raise ma.ValidationError({"enterprise_name": [NAME_OR_ID]})


class LeadClaim(Schema):
    """Who takes it on: whoever asks, or by an operator of the zone somebody else, also where it was claimed before."""

    for_id = Identifier(allow_none=True, load_default=None, metadata=_said(
        "由运营人员改派给该账号；缺省为本人认领", "given to this account by an operator; your own claim by default",
    ))  # fmt: skip


class LeadPromotion(Schema):
    """How it becomes a need."""

    submit = Flag(load_default=True, metadata=_said(
        "同时提交，三段响应时限起算；false 只起草，由企业或节点再提交",
        "submit it at once, so that the three promise clocks run; false leaves a draft for the enterprise or the node to submit",
    ))  # fmt: skip
    despite_duplicates = Flag(load_default=False, metadata=_said(
        "确认与所列的相近需求、线索不是同一件事", "it is not the same as the near duplicates that were named",
    ))  # fmt: skip


class LeadClosing(Schema):
    """A reason from the list; a repetition says of what, `other` says why."""

    reason_code = Choice(vocabulary.CLOSE_REASONS, required=True)
    words = Text(1000, allow_none=True)
    need_id = Identifier(allow_none=True)
    lead_id = Identifier(allow_none=True, metadata=_said("并入的线索", "the lead it is merged into"))

    @ma.validates_schema(skip_on_field_errors=True)
    def _reasoned(self, sent: dict[str, Any], **kwargs: Any) -> None:
        reason = sent["reason_code"]
        if reason == vocabulary.OTHER and not sent.get("words"):
            raise ma.ValidationError({"words": [SAY_WHY]})
        for field, own in (
            ("need_id", vocabulary.DUPLICATE_OF_NEED),
            ("lead_id", vocabulary.DUPLICATE_OF_LEAD),
        ):
            if (reason == own) != bool(sent.get(field)):
                raise ma.ValidationError({field: [SAY_WHICH if reason == own else NOT_WITH]})


class _LeadFilters(Schema):
    """Which leads; those given must all hold, of a repeated one any value."""

    node = Several(Text(LONGEST_NODE_KEY), 50, distinct=True)
    state = Several(Choice(states.STATES), len(states.STATES), distinct=True)
    channel = Several(Choice(vocabulary.CHANNELS), len(vocabulary.CHANNELS), distinct=True)
    owner_id = Identifier()
    mine = Flag(spelled=True, metadata=_said("由我认领的", "those that I claimed"))
    event_id = Identifier()
    import_id = Identifier()
    due_before = Instant(
        metadata=_said("未办结且期限早于此刻", "open ones whose deadline is before this instant")
    )
    q = Text(100, metadata=_said("企业名称或原话的一部分", "part of the company's name or of the words"))


class LeadQuery(PageQuery, _LeadFilters):
    """Filters and order of the list."""

    sort = sort_field(SORTS, "-created_at")


class QuestionsQuery(Schema):
    """How many questions at once: one on a telephone."""

    at_most = Whole(1, 30, spelled=True, load_default=3)


class LeadExportQuery(_LeadFilters):
    """Filters of the file; without a format as Accept says."""

    format = Choice(FORMATS, load_default="xlsx")
