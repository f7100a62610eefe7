"""What HTTP may say of offers: `AchievementOpen` to every account, `AchievementFull` to those responsible."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.directory.fields import AreaCode, IndustryCode, RegionCode
from backbone.directory.schemas import Contact
from backbone.errors import Bilingual, say
from backbone.fields import (
    Choice,
    Day,
    DayText,
    Fen,
    Flag,
    Identifier,
    Instant,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.http_problems import language
from backbone.pages import PageQuery, sort_field
from sky_net.achievements import vocabulary as words
from sky_net.achievements.reading import SORTS
from sky_net.achievements.states import STATES

FIXED = Bilingual(
    "固定价须给出 min_fen，max_fen 不给或与之相同",
    "A fixed price takes min_fen, and max_fen not at all or the same",
)
RANGE = Bilingual(
    "价格区间须给出 min_fen 与 max_fen，且前者不大于后者",
    "A range takes min_fen and max_fen, the first not above the second",
)
OPEN_END = Bilingual("面议时不给金额", "A negotiable price takes no amounts")


class Said(Text):
    """A sentence in the caller's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return say(value, language())


class Indicator(Schema):
    """What was measured: a name, a value as text (≤0.5, 3±0.1) and its unit."""

    name = Text(60, required=True)
    value = Text(100, required=True)
    unit = Text(40, allow_none=True)


class IpRight(Schema):
    """A patent, software copyright, variety right or layout design."""

    type = Text(40, required=True)
    number = Text(
        60,
        allow_none=True,
        metadata={"description": "专利号、登记号等 / number of the patent or registration"},
    )
    status = Text(40, allow_none=True)
    owner = Text(100, allow_none=True)
    expires_on = DayText(allow_none=True)


class Price(Schema):
    """Asking price: fixed (min_fen), range (min_fen to max_fen) or negotiable."""

    kind = Choice(words.PRICE_KINDS, required=True)
    min_fen = Fen(allow_none=True)
    max_fen = Fen(allow_none=True)

    @validates_schema
    def amounts_fit_the_kind(self, values: dict[str, Any], **_: object) -> None:
        """Refuse amounts that the kind does not take."""
        least, most = values.get("min_fen"), values.get("max_fen")
        match values["kind"]:
            case "fixed" if least is None or most not in (None, least):
                raise ValidationError({"min_fen": [FIXED]})
            case "range" if least is None or most is None or least > most:
                raise ValidationError({"max_fen": [RANGE]})
            case "negotiable" if (least, most) != (None, None):
                raise ValidationError({"min_fen": [OPEN_END]})


class AchievementAmendment(Schema):
    """The fields of an offer that its institute can change."""

    kind = Choice(words.KINDS)
    title = Text(120)
    registration_number = Text(60, allow_none=True)
    lab = Text(100, allow_none=True)
    team = Text(200, allow_none=True)
    keywords = Several(Text(40), 10, distinct=True)
    industry = IndustryCode()
    tech_field = Text(60, allow_none=True)
    chain_id = Identifier(
        allow_none=True,
        metadata={"description": "未关闭的产业链，见 listChains / an open chain, see listChains"},
    )
    chain_segment = Text(100, allow_none=True)
    summary = Text(5000)
    problem_solved = Text(2000, allow_none=True)
    gain = Text(1000, allow_none=True)
    cost_benefit = Text(1000, allow_none=True)
    indicators = Several(Record(Indicator), 30)
    stage = Choice(
        words.STAGES,
        allow_none=True,
        metadata={
            "description": "由成熟度决定并须一致；成熟度未知时可单独填写 / follows from trl, and must agree with it; by itself while trl is unknown"
        },
    )
    trl = Whole(words.TRL_LEAST, words.TRL_MOST, allow_none=True)
    trl_evidence = Text(1000, allow_none=True)
    attribute = Choice(words.ATTRIBUTES, allow_none=True)
    forms = Several(Choice(words.FORMS), len(words.FORMS), distinct=True)
    level_claimed = Choice(words.LEVELS, allow_none=True)
    level_evaluator = Text(200, allow_none=True)
    ip = Several(Record(IpRight), 50)
    funder = Text(200, allow_none=True)
    secrecy = Choice(words.SECRECY)
    use_cases = Several(Text(200), 30)
    transfer_modes = Several(Choice(words.TRANSFER_MODES), len(words.TRANSFER_MODES), distinct=True)
    price = Record(Price, allow_none=True)
    try_before_pay = Flag()
    open_licence = Flag()
    inventor_share_percent = Whole(0, 100, allow_none=True)
    inventor_use_years = Whole(0, 100, allow_none=True)
    pilot_need = Text(1000, allow_none=True)
    contact = Record(Contact, allow_none=True)
    region_code = RegionCode()
    valid_until_on = Day(allow_none=True)


class AchievementEntry(AchievementAmendment):
    """A new offer."""

    institute_id = Identifier(required=True)
    kind = Choice(words.KINDS, load_default="achievement")
    title = Text(120, required=True)
    industry = IndustryCode(required=True)
    summary = Text(5000, required=True)


class Hiding(Schema):
    """Why an offer is hidden; an operator must say it."""

    reason = Text(500)


class Reconfirmation(Schema):
    """Until when the institute vouches for the offer; a year unless said otherwise."""

    valid_until_on = Day()


class AchievementOpen(Schema):
    """An offer as every account sees it."""

    id = Identifier()
    number = Text()
    kind = Text()
    state = Text()
    institute_id = Identifier()
    zone_code = Text()
    region_code = Text()
    title = Text()
    registration_number = Text()
    lab = Text()
    team = Text()
    keywords = Several(Text())
    industry = Text()
    tech_field = Text()
    chain_id = Identifier()
    chain_segment = Text()
    summary = Text()
    problem_solved = Text()
    gain = Text()
    cost_benefit = Text()
    indicators = Several(Record(Indicator))
    stage = Text()
    trl = Whole()
    trl_evidence = Text()
    attribute = Text()
    forms = Several(Text())
    level_claimed = Text()
    level_evaluator = Text()
    ip = Several(Record(IpRight))
    funder = Text()
    secrecy = Text()
    use_cases = Several(Text())
    transfer_modes = Several(Text())
    price = Record(Price)
    try_before_pay = Flag()
    open_licence = Flag()
    inventor_share_percent = Whole()
    inventor_use_years = Whole()
    pilot_need = Text()
    last_confirmed_on = Day()
    valid_until_on = Day()
    created_at = Instant()
    updated_at = Instant()


class MissingAnswer(Schema):
    """A question of readers that the entry leaves open."""

    field = Text()
    label = Said()
    why = Said()


class AchievementFull(AchievementOpen):
    """An offer as its institute and the operators of its zone see it."""

    contact = Record(Contact)
    hidden_by = Text()
    hidden_reason = Text()
    withdrawn_at = Instant()
    missing = Several(Record(MissingAnswer))


class AchievementQuery(PageQuery):
    """Filters of the list of offers; lists of words are repeated parameters (industry=opto&industry=ai)."""

    sort = sort_field(tuple(SORTS), "-created_at")
    industry = Several(IndustryCode(), 20)
    region = Several(AreaCode(), 20)
    trl_min = Whole(words.TRL_LEAST, words.TRL_MOST, spelled=True)
    mode = Several(
        Choice(words.TRANSFER_MODES), 20, metadata={"description": "至少具备其中一种 / at least one of these"}
    )
    kind = Choice(words.KINDS)
    institute_id = Identifier()
    state = Choice(
        STATES,
        metadata={
            "description": "不带则含可见与隐藏的，以您可知晓者为限 / without it: visible and hidden, as far as you may know of them"
        },
    )
    expired = Flag(spelled=True)
    q = Text(
        100,
        metadata={
            "description": "在标题、编号、关键词、领域、实验室与团队中查找 / in title, numbers, keywords, field, laboratory and team"
        },
    )
