"""What HTTP may say to a need: the bodies and the filters. What leaves is in `views`."""

from typing import Any

import marshmallow as ma

from backbone.chinese import fold
from backbone.directory.fields import AreaCode, IndustryCode, RegionCode
from backbone.errors import Bilingual
from backbone.fields import Choice, Day, Fen, Flag, Identifier, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.needs import states
from sky_net.needs import vocabulary as words
from sky_net.needs.completeness import LABELS

SORTS = ("submitted_at", "created_at", "wanted_on", "number")
SAME_NAME = Bilingual("两项指标同名，请区分名称", "Two indicators have the same name: tell them apart")
MIN_OVER_MAX = Bilingual("下限 {least} 大于上限 {most}", "The minimum {least} is over the maximum {most}")
FIXED_IS_ONE = Bilingual(
    "固定预算只有一个数额：上下限应相等", "A fixed budget is one amount: minimum and maximum are equal"
)
AMOUNT_MISSING = Bilingual(
    "固定或区间预算至少给出一个数额，或改为面议", "Give at least one amount, or make it negotiable"
)
UNREACHABLE = Bilingual("电话、邮箱至少填写一项", "Give a phone or an e-mail address")
NEGOTIABLE_HAS_NONE = Bilingual("面议时不给金额", "A negotiable budget takes no amounts")


class NeedIndicator(Schema):
    """One thing to be reached; values are texts, since “≤0.5” and “10–20” are values too."""

    name = Text(100, required=True)
    now = Text(100, allow_none=True)
    target = Text(100, allow_none=True)
    unit = Text(40, allow_none=True)
    test_method = Text(300, allow_none=True)
    weight = Choice(words.WEIGHTS, load_default="must")


class NeedBudget(Schema):
    """Amounts in fen; with kind hidden they are known to the poster and the operators alone."""

    kind = Choice(words.BUDGET_KINDS, required=True)
    min_fen = Fen(allow_none=True)
    max_fen = Fen(allow_none=True)

    @ma.validates_schema
    def _in_order(self, budget: dict[str, Any], **kwargs: Any) -> None:
        least, most, kind = budget.get("min_fen"), budget.get("max_fen"), budget["kind"]
        if kind in ("fixed", "range") and (least, most) == (None, None):
            raise ma.ValidationError({"max_fen": [AMOUNT_MISSING]})
        if kind == "negotiable" and (least, most) != (None, None):
            raise ma.ValidationError({"min_fen" if most is None else "max_fen": [NEGOTIABLE_HAS_NONE]})
        if least is None or most is None:
            return
        if least > most:
            raise ma.ValidationError({"min_fen": [MIN_OVER_MAX.format(least=least, most=most)]})
        if kind == "fixed" and least != most:
            raise ma.ValidationError({"max_fen": [FIXED_IS_ONE]})


class NeedContact(Schema):
    """Whom to ask; personal data."""

    name = Text(40, required=True)
    phone = Text(30, allow_none=True)
    email = Text(120, allow_none=True)


class NeedContactPerson(NeedContact):
    """Whom to ask from now on; institutes rely on reaching somebody."""

    @ma.validates_schema(skip_on_field_errors=True)
    def _reachable(self, person: dict[str, Any], **kwargs: Any) -> None:
        if not person.get("phone") and not person.get("email"):
            raise ma.ValidationError({"phone": [UNREACHABLE]})


class NeedAmendment(Schema):
    """The fields a poster writes; only those sent are changed, null clears an optional one."""

    title = Text(200)
    need_type = Choice(words.NEED_TYPES, allow_none=True)
    industry = IndustryCode(allow_none=True)
    tech_field = Text(100, allow_none=True)
    chain_id = Identifier(
        allow_none=True,
        metadata={"description": "未关闭的产业链，见 listChains / an open chain, see listChains"},
    )
    chain_segment = Text(100, allow_none=True)
    problem = Text(10_000, allow_none=True)
    scene = Text(5000, allow_none=True)
    present_state = Text(5000, allow_none=True)
    tried = Text(5000, allow_none=True)
    indicators = Several(Record(NeedIndicator), 30)
    trl_now = Whole(words.TRL_LEAST, words.TRL_MOST, allow_none=True)
    trl_required = Whole(words.TRL_LEAST, words.TRL_MOST, allow_none=True)
    deliverables = Several(Text(200), 30)
    acceptance_method = Text(2000, allow_none=True)
    cooperation_modes = Several(Choice(words.COOPERATION_MODES), distinct=True)
    budget = Record(NeedBudget, allow_none=True)
    payment_terms = Text(1000, allow_none=True)
    respond_by_on = Day(allow_none=True)
    wanted_on = Day(allow_none=True)
    ip_ownership = Choice(words.IP_OWNERSHIP, allow_none=True)
    region_preference = Several(RegionCode(), 20, distinct=True)
    partner_conditions = Text(2000, allow_none=True)
    visibility = Choice(words.VISIBILITY)
    masked_title = Text(200, allow_none=True)
    masked_summary = Text(2000, allow_none=True)
    nda_required = Flag()
    source_channel = Choice(words.SOURCE_CHANNELS)
    collector = Text(100, allow_none=True)
    valid_until_on = Day(allow_none=True)
    urgency = Choice(words.URGENCY)
    funding_wish = Text(500, allow_none=True)
    related_policies = Several(Text(200), 30)
    contact = Record(NeedContact, allow_none=True)
    decision_owner = Text(100, allow_none=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def _told_apart(self, sent: dict[str, Any], **kwargs: Any) -> None:
        """A proposal answers an indicator by its name: two of one name could not both be answered."""
        names = [fold(indicator["name"]).strip() for indicator in sent.get("indicators", ())]
        if len(set(names)) < len(names):
            raise ma.ValidationError({"indicators": [SAME_NAME]})

    @ma.post_load
    def _as_columns(self, sent: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """`budget` and `contact` are replaced as a whole: each becomes its three columns."""
        for group, parts in (
            ("budget", ("kind", "min_fen", "max_fen")),
            ("contact", ("name", "phone", "email")),
        ):
            if group in sent:
                given = sent.pop(group) or {}
                sent |= {f"{group}_{part}": given.get(part) for part in parts}
        return sent


class NeedDraft(NeedAmendment):
    """A new need; everything but the title may come later."""

    title = Text(200, required=True)
    enterprise_id = Identifier(
        metadata={
            "description": "您的企业；有多家时必填 / of your own enterprises; needed when you have several"
        }
    )


class NeedReturn(Schema):
    """What is missing, and the words to the enterprise."""

    missing = Several(Choice(LABELS), 30, distinct=True, required=True, validate=ma.validate.Length(min=1))
    message = Text(1000, required=True)


class NeedConfirmation(Schema):
    """How hard it is and who answers for it; the industry may be corrected."""

    complexity = Choice(words.COMPLEXITY, required=True)
    owner_id = Identifier(
        metadata={
            "description": "该地区的运营人员或经纪人；缺省为确认人 / an operator or broker of the zone; the confirming one by default"
        }
    )
    industry = IndustryCode()


class NeedRejection(Schema):
    """Why it is refused."""

    reason_code = Choice(words.REJECTION_CODES, required=True)
    message = Text(1000)


class NeedWithdrawal(Schema):
    """Why it is taken back, if one wants to say."""

    message = Text(1000)


class NeedParking(Schema):
    """Why it is a long-term problem."""

    message = Text(1000, required=True)


class NeedCountQuery(Schema):
    """Which needs a report counts; of a repeated one any value."""

    industry = Several(IndustryCode(), 20)
    chain_id = Several(Identifier(), 20)
    submitted_from = Day(
        metadata={"description": "提交日期起（Asia/Shanghai） / first day of submission, Asia/Shanghai"}
    )
    submitted_to = Day(
        metadata={
            "description": "提交日期止，含当日（Asia/Shanghai） / last day of submission, Asia/Shanghai"
        }
    )


class NeedQuery(PageQuery):
    """Filters of the list; those given must all hold, of a repeated one any value."""

    sort = sort_field(SORTS, "-submitted_at")
    state = Several(Choice(states.STATES), len(states.STATES))
    industry = Several(IndustryCode(), 20)
    chain_id = Several(
        Identifier(),
        20,
        metadata={"description": "只列这些产业链的；脱敏需求不显示产业链 / masked needs never show theirs"},
    )
    zone = AreaCode(
        metadata={
            "description": "地区（含其下所有地区）或地区组；脱敏需求不显示地区 / a region with all inside it, or a region group; masked needs never show theirs"
        }
    )
    visibility = Choice(words.VISIBILITY)
    urgency = Choice(words.URGENCY)
    mine = Flag(
        spelled=True,
        metadata={
            "description": "我的企业的，或分给我负责的 / of my enterprises, or given to me as their operator"
        },
    )
    q = Text(
        100,
        metadata={
            "description": "所示标题的一部分；繁体可查简体 / part of the title as shown; Traditional finds Simplified"
        },
    )
    submitted_from = Day(
        metadata={"description": "提交日期起（Asia/Shanghai） / first day of submission, Asia/Shanghai"}
    )
    submitted_to = Day(
        metadata={
            "description": "提交日期止，含当日（Asia/Shanghai） / last day of submission, Asia/Shanghai"
        }
    )
